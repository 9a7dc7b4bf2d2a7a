"""What learned weights see of a mail: words, pairs of words, and how longer words begin; never a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from processor.triage.ngrams import learnable_words
from processor.triage.sentences import Folded

SUBJECT = "subject:"
FILE = "file:"
SAID = "said:"
BEGINNING = 5  # letters that stand for all forms of a word


def words_of(mail: Folded) -> list[str]:
    """The words of its subject and text that can be learned."""
    return learnable_words(f"{mail.subject} {mail.text}")


def word_terms(mail: Folded, words: Sequence[str], met: Iterable[str]) -> Iterator[str]:
    """The terms of a mail with these words, as often as they come: of its subject, its text, the names of its files,
    and the names of the vocabulary that are met in it.
    """
    yield from words
    for word in words:
        if len(word) > BEGINNING:
            yield f"{word[:BEGINNING]}*"
    for one, other in pairwise(words):
        yield f"{one} {other}"
    for word in learnable_words(mail.subject):
        yield f"{SUBJECT} {word[:BEGINNING]}"
    for name in mail.files:
        yield FILE
        for word in learnable_words(name):
            yield f"{FILE} {word}"
    for name in met:
        yield f"{SAID} {name}"


def in_words(term: str) -> str:
    """A term as people read it."""
    kind, _, word = term.partition(" ")
    if term == FILE:
        return "a file"
    if kind == FILE:
        return f"{word!r} in the name of a file"
    if kind == SUBJECT:
        return f"{word!r} in the subject"
    return word if kind == SAID else repr(term)
