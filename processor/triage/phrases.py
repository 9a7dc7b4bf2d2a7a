"""Finds which of many phrases a text holds, in one go: a mail has some hundred words, a policy some thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from processor.triage.folding import fold


def canonical(phrase: str) -> str:
    """The phrase as it is compared: folded, a last * kept, which stands for any ending."""
    folded = fold(phrase).strip()
    return f"{folded}*" if phrase.rstrip().endswith("*") else folded


def needle(phrase: str) -> str:
    """What stands in a folded text where this canonical phrase does."""
    return f" {phrase[:-1]}" if phrase.endswith("*") else f" {phrase} "


class PhraseIndex:
    """Canonical phrases by one whole word of theirs, so that a text is searched for those alone that can be in it."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        self._stems: list[tuple[str, str]] = []  # without a whole word: looked for in every text
        for phrase in sorted(set(phrases)):
            words = phrase.split()
            whole = words[:-1] if phrase.endswith("*") else words
            entry = (phrase, needle(phrase))
            if whole:
                self._by_word.setdefault(max(whole, key=len), []).append(entry)
            else:
                self._stems.append(entry)

    def found_in(self, folded: str) -> Collection[str]:
        """The canonical phrases that the folded text holds."""
        found = {phrase for phrase, sought in self._stems if sought in folded}
        for word in self._by_word.keys() & folded.split():
            found.update(phrase for phrase, sought in self._by_word[word] if sought in folded)
        return found
