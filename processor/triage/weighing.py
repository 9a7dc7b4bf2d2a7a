"""Weighs what speaks for a rule and against it in one mail.

What it says of it quotes the policy alone, never the mail: people read it, and a mail may hold bank details (I9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from processor.policy import Rule
from processor.policy.routing import Evidence
from processor.triage.conditions import Facts, compile_when
from processor.triage.learned_words import Learned
from processor.triage.vocabulary import BY_ITSELF, Reading, Sentence, Vocabulary, any_of
from processor.triage.word_terms import in_words

_TOLD = {"subject": "in the subject", "request": "in a sentence that asks", "text": "in the text"}


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece of evidence that is in the mail."""

    weight: float
    piece: _Piece
    sentence: Sentence | None  # where it is loudest; None where it is of the whole mail
    learned: Learned | None = None  # of evidence by what was learned, what that says of the mail


class _Piece:
    """One piece of evidence, made ready."""

    def __init__(self, evidence: Evidence, vocabulary: Vocabulary) -> None:
        self._terms = evidence.all
        self._groups = tuple(vocabulary.mask(term) for term in evidence.all)
        self._none = any_of(map(vocabulary.mask, evidence.none))
        self._conditions = tuple(compile_when(evidence.when))
        self._whole_mail = not evidence.all or evidence.where == "mail"
        self._places = {"subject": ("subject",), "request": ("subject", "request")}.get(evidence.where, tuple(_TOLD))
        self._learned = evidence.learned
        self._weight = evidence.weight
        self.first = self._groups[0] if self._groups else BY_ITSELF  # a mail that has none of these lacks it

    def hear(self, reading: Reading, facts: Facts) -> Heard | None:
        """What it weighs in this mail; None where it is not in it."""
        whole = reading.mask
        for group in self._groups:
            if not whole & group:
                return None
        for condition in self._conditions:
            if bool(condition.found(facts)) is not condition.wanted:
                return None
        if self._learned:
            said = reading.learned.speaks.get(self._learned)
            return None if said is None else Heard(round(self._weight * said, 1), self, None, reading.learned)
        if self._whole_mail:
            return None if whole & self._none else Heard(self._weight, self, None)
        loudest: Sentence | None = None
        for sentence in reading.sentences:
            if (loudest is None or sentence.loudness > loudest.loudness) and self._met(sentence):
                loudest = sentence
        return Heard(self._weight * loudest.loudness, self, loudest) if loudest else None

    def _met(self, sentence: Sentence) -> bool:
        mask = sentence.mask
        for group in self._groups:
            if not mask & group:
                return False
        return not mask & self._none and sentence.place in self._places

    def told(self, heard: Heard, facts: Facts, vocabulary: Vocabulary) -> str:
        """In words: what was met, and where."""
        words = [self._named(term, group, heard.sentence, vocabulary) for term, group in self._of_terms()]
        words += [self._by_words(heard.learned)] if heard.learned else []
        held = [found for one in self._conditions if (found := one.found(facts))]
        place = f" {_TOLD[heard.sentence.place]}" if heard.sentence else ""
        return f"{heard.weight:+g} {', '.join((*([' + '.join(words) + place] if words else ()), *held)) or 'by itself'}"

    def _by_words(self, learned: Learned) -> str:
        return ", ".join(map(in_words, learned.words(self._learned or ""))) + f" as in mails of {self._learned}"

    def _of_terms(self) -> Iterator[tuple[str, int]]:
        return zip(self._terms, self._groups, strict=True)

    def _named(self, term: str, group: int, sentence: Sentence | None, vocabulary: Vocabulary) -> str:
        said = (phrase for phrase in sentence.phrases if vocabulary.masks[phrase] & group) if sentence else iter(())
        return next((f"{term} {phrase!r}" for phrase in said), term)


@dataclass(frozen=True, slots=True)
class Weight:
    """What all that was heard comes to."""

    sum: float
    heard: tuple[Heard, ...]


_NOTHING = Weight(0.0, ())


class WeighingRule:
    """A rule with evidence, made ready."""

    def __init__(self, rule: Rule, vocabulary: Vocabulary) -> None:
        self.enough = rule.enough
        self._vocabulary = vocabulary
        self._pieces = tuple((piece.first, piece) for piece in (_Piece(one, vocabulary) for one in rule.evidence))
        self.any = any_of(first for first, _ in self._pieces)

    def weigh(self, reading: Reading, facts: Facts) -> Weight:
        """What speaks for the rule and against it in this mail."""
        mask = reading.mask | BY_ITSELF
        heard = [one for first, piece in self._pieces if mask & first and (one := piece.hear(reading, facts))]
        weight = sum([one.weight for one in heard])
        if weight <= 0 and all(one.learned for one in heard):  # most rules, of most mails
            return _NOTHING
        return Weight(weight, tuple(heard))

    def told(self, weight: Weight, facts: Facts) -> str:
        """In words: what it weighs of how much, and the evidence, the heaviest first."""
        order = sorted(weight.heard, key=lambda one: -abs(one.weight))
        pieces = "; ".join(one.piece.told(one, facts, self._vocabulary) for one in order)
        return f"weighs {weight.sum:g} of {self.enough:g}: {pieces}"
