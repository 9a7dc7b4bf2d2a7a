"""Which words of the policy's vocabulary a mail holds, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from processor.triage.learned_words import NOTHING_LEARNED, Learned
from processor.triage.phrases import PhraseIndex, canonical, needle

ASKING, PASSING_OVER = "asking", "passing-over"
LOUDER = 1.5  # how much more the subject and a sentence that asks count than one that tells
BY_ITSELF = 1  # the bit of evidence without words


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and which words of the vocabulary are in it: a bit for each name."""

    mask: int
    place: str  # "subject", "request" or "text"
    phrases: tuple[str, ...]
    loudness: float  # what evidence that is met here counts; 1 in a sentence that tells


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail, as the rules that weigh look at it."""

    sentences: tuple[Sentence, ...]
    mask: int  # of all sentences together
    learned: Learned = NOTHING_LEARNED


class Vocabulary:
    """The words of the policy, made ready: each name is a bit."""

    def __init__(self, words: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        self.bits = {name: 1 << place for place, name in enumerate(words, 1)}
        self.masks: dict[str, int] = {}
        for name, by_language in words.items():
            for phrase in map(canonical, chain.from_iterable(by_language.values())):
                self.masks[phrase] = self.masks.get(phrase, 0) | self.bits[name]
        self._index = PhraseIndex(self.masks)
        self._asking, self._passing = self.bits.get(ASKING, 0), self.bits.get(PASSING_OVER, 0)

    def read(self, subject: str, parts: Iterable[tuple[str, bool]]) -> Reading:
        """The folded subject and sentences, each with whether it ends as a question does."""
        places = ((subject, "subject"), *((part, "request" if question else "text") for part, question in parts))
        found = [(phrase, needle(phrase)) for phrase in sorted(self._index.found_in("\n".join([p for p, _ in places])))]
        read = []
        for part, place in places:
            if phrases := tuple([phrase for phrase, sought in found if sought in part]):
                mask = any_of([self.masks[phrase] for phrase in phrases])
                if not mask & self._passing:
                    heard = "request" if place == "text" and mask & self._asking else place
                    read.append(Sentence(mask, heard, phrases, 1.0 if heard == "text" else LOUDER))
        return Reading(tuple(read), any_of([one.mask for one in read]))

    def names(self, mask: int) -> list[str]:
        """The names that these bits stand for."""
        return [name for name, bit in self.bits.items() if mask & bit]

    def mask(self, term: str) -> int:
        """The bits of a name, or of several parted by |."""
        return any_of(self.bits[name] for name in term.split("|"))


def any_of(masks: Iterable[int]) -> int:
    """The bits of all of them."""
    together = 0
    for mask in masks:
        together |= mask
    return together
