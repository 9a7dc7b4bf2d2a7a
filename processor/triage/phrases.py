"""Finds which of many phrases a text holds, in one go: a mail has some hundred words, a policy some thousand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain

from processor.triage.folding import fold

_CANONICAL = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*\*?")  # as most phrases of a policy are written
_BEGINNING = 4  # letters of a stem that choose whether it is looked for


def canonical(phrase: str) -> str:
    """The phrase as it is compared: folded, a last * kept, which stands for any ending."""
    if _CANONICAL.fullmatch(phrase):
        return phrase
    folded = fold(phrase).strip()
    return f"{folded}*" if phrase.rstrip().endswith("*") else folded


def needle(phrase: str) -> str:
    """What stands in a folded text where this canonical phrase does."""
    return f" {phrase[:-1]}" if phrase.endswith("*") else f" {phrase} "


def _whole_words(phrase: str) -> list[str]:
    words = phrase.split()
    return words[:-1] if phrase.endswith("*") else words


class PhraseIndex:
    """Canonical phrases by the rarest word of theirs, so that a text is searched for those alone that can be in it."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        self._by_beginning: dict[str, list[tuple[str, str]]] = {}  # phrases that are one stem
        ordered = sorted(set(phrases))
        common = Counter(word for phrase in ordered for word in _whole_words(phrase))
        for phrase in ordered:
            entry = (phrase, needle(phrase))
            if words := _whole_words(phrase):
                rarest = min(words, key=lambda word: (common[word], -len(word)))
                self._by_word.setdefault(rarest, []).append(entry)
            else:
                self._by_beginning.setdefault(phrase[:-1][:_BEGINNING], []).append(entry)
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})

    def found_in(self, folded: str) -> frozenset[str]:
        """The canonical phrases that the folded text holds."""
        words = set(folded.split())
        beginnings = {word[:length] for length in self._lengths for word in words}
        entries = chain(
            chain.from_iterable(map(self._by_word.__getitem__, self._by_word.keys() & words)),
            chain.from_iterable(map(self._by_beginning.__getitem__, self._by_beginning.keys() & beginnings)),
        )
        return frozenset(phrase for phrase, sought in entries if sought in folded)
