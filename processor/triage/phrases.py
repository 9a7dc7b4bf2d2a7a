"""Finds which of many phrases a text holds, in one go: a mail has some hundred words, a policy some thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from processor.triage.folding import fold

_BEGINNING = 4  # letters of a stem that choose whether it is looked for


def canonical(phrase: str) -> str:
    """The phrase as it is compared: folded, a last * kept, which stands for any ending."""
    folded = fold(phrase).strip()
    return f"{folded}*" if phrase.rstrip().endswith("*") else folded


def needle(phrase: str) -> str:
    """What stands in a folded text where this canonical phrase does."""
    return f" {phrase[:-1]}" if phrase.endswith("*") else f" {phrase} "


class PhraseIndex:
    """Canonical phrases by one word of theirs, so that a text is searched for those alone that can be in it."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        self._by_beginning: dict[str, list[tuple[str, str]]] = {}  # phrases that are one stem
        for phrase in sorted(set(phrases)):
            words = phrase.split()
            whole = words[:-1] if phrase.endswith("*") else words
            entry = (phrase, needle(phrase))
            if whole:
                self._by_word.setdefault(max(whole, key=len), []).append(entry)
            else:
                self._by_beginning.setdefault(phrase[:-1][:_BEGINNING], []).append(entry)
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})

    def found_in(self, folded: str) -> Collection[str]:
        """The canonical phrases that the folded text holds."""
        words = set(folded.split())
        beginnings = {word[:length] for length in self._lengths for word in words}
        entries = chain(
            chain.from_iterable(map(self._by_word.__getitem__, self._by_word.keys() & words)),
            chain.from_iterable(map(self._by_beginning.__getitem__, self._by_beginning.keys() & beginnings)),
        )
        return {phrase for phrase, sought in entries if sought in folded}
