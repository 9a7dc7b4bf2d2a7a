"""What a learned model sees of a text: words, pairs of words, and runs of letters within words; never a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from processor.triage.folding import fold

LONGEST = 6_000  # characters of the folded text; what is asked for is said before
LONGEST_WORD = 24  # characters: nobody's language has longer ones that matter
WORD, LETTERS = "w ", "c "  # what a term begins with
_RUNS = (3, 4)  # letters, the blanks around the word among them
_DIGITS = re.compile(r"\w*\d\w*")


def terms(subject: str, text: str) -> list[str]:
    """The terms of a mail, as often as they come."""
    return list(_terms(learnable_words(f"{fold(subject)} {fold(text)}")))


def learnable_words(folded: str) -> list[str]:
    """The words of a folded text, within limits. One that holds a digit is the same sign for all of them: no account,
    amount or invoice can be learned.
    """
    return [word[:LONGEST_WORD] for word in _DIGITS.sub("0", folded[:LONGEST]).split()]


def _terms(words: list[str]) -> Iterator[str]:
    for word in words:
        yield WORD + word
        padded = f" {word} "
        for length in _RUNS:
            for at in range(len(padded) - length + 1):
                yield LETTERS + padded[at : at + length]
    for one, other in pairwise(words):
        yield f"{WORD}{one} {other}"
