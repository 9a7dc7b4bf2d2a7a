"""What learned weights see of a mail: words, pairs of words, and how longer words begin; never a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from processor.triage.sentences import Folded

LONGEST = 6_000  # characters of the folded text; what is asked for is said before
LONGEST_WORD = 24  # characters: nobody's language has longer ones that matter
FILE = "file:"
BEGINNING = 5  # letters that stand for all forms of a word
_DIGITS = re.compile(r"\w*\d\w*")


def words_of(mail: Folded) -> list[str]:
    """The words of its subject and text. One that holds a digit is the same sign for all of them: no account, amount or
    invoice can be learned.
    """
    return _words(f"{mail.subject} {mail.text}")


def word_terms(mail: Folded, met: Iterable[str]) -> Iterator[str]:
    """The terms of a mail, as often as they come: of its subject, its text, the names of its files, and the names of
    the vocabulary that are met in it.
    """
    words = words_of(mail)
    yield from words
    for word in words:
        if len(word) > BEGINNING:
            yield f"{word[:BEGINNING]}*"
    for one, other in pairwise(words):
        yield f"{one} {other}"
    for word in _words(mail.subject):
        yield f"subject: {word[:BEGINNING]}"
    for name in mail.files:
        yield FILE
        for word in _words(name):
            yield f"{FILE} {word}"
    for name in met:
        yield f"said: {name}"


def _words(folded: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in _DIGITS.sub("0", folded[:LONGEST]).split()]
