"""Tells English, French, German and Spanish apart by small words and letters; says None where it cannot be sure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Literal

from processor.triage.language_model import second_opinion
from processor.triage.small_words import ENDINGS, SMALL_WORDS

LONGEST = 1_000  # characters; more add nothing

Known = Literal["en", "fr", "de", "es"]
_KNOWN: dict[str, Known] = {"en": "en", "fr": "fr", "de": "de", "es": "es"}

_LETTERS = {
    "de": "ßäöü",
    "fr": "àâçèêëîïœùû",
    "es": "ñ¿¡áíóú",
    "it": "àèìòù",
    "pt": "ãõçáâêó",
    "sv": "åäöøæ",
    "pl": "ąćęłńśźżó",
    "ro": "ăâîșşțţ",
    "ca": "àèéíòóúç·",
    "other": "čďěňřšťůžğıőűľĺėųūāēģķļņ",
}
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_WORD = re.compile(r"\w+")
_LINK = re.compile(r"\w+://\S*")
_LEAST = 1.3  # what the small words and letters must amount to
_LEAD = 1.25  # how many times the next language's
_SHARE = 0.12  # of the number of words
_SCRIPT_SHARE = 0.2  # of the characters: a Japanese mail with an English signature is not English
_LETTER_WEIGHT = 0.6
_FEW, _MANY = 20, 200  # letters of a text on which a second opinion is asked
_LONG = 5  # letters of a word whose ending tells something


# What a word or letter speaks for, packed into one number of 24 bits a language: one sum adds up all tallies.
_BITS = 24
_WHOLE = 5040  # one word that no other language has; divisible by every number up to ten
_LANGUAGES = tuple(SMALL_WORDS)


def _packed(signs: Mapping[str, Iterable[str]], weight: int) -> dict[str, int]:
    """By sign its weight, shared among the languages that have it."""
    speakers: dict[str, list[int]] = {}
    for language, its_signs in signs.items():
        one = 1 << (_BITS * _LANGUAGES.index(language))
        for sign in its_signs:
            speakers.setdefault(sign, []).append(one)
    return {sign: (weight // len(ones)) * sum(ones) for sign, ones in speakers.items()}


_WORDS = _packed({language: set(words.split()) for language, words in SMALL_WORDS.items()}, _WHOLE)
# Of longer words that no list holds, the last three or four letters, at half a word's weight.
_ENDED = _packed({language: set(endings.split()) for language, endings in ENDINGS.items()}, _WHOLE // 2)
_ACCENTED = _packed(_LETTERS, int(_WHOLE * _LETTER_WEIGHT))


def detect(text: str) -> Known | None:
    """The language of the text, or None where it is another one, too short, or mixed.

    Small words and endings tell it. Of a short text that has too few of them, py3langid is asked where it is installed.
    """
    language, torn = by_small_words(text)
    if language is None and not torn and _FEW <= sum(map(str.isalpha, text[:LONGEST])) <= _MANY:
        return _KNOWN.get(second_opinion(text) or "")
    return _KNOWN.get(language or "")


def by_small_words(text: str) -> tuple[str | None, bool]:
    """The language, known or not; None where it cannot be told, and whether that is because two are in it."""
    text = text[:LONGEST].lower()
    if "://" in text:
        text = _LINK.sub(" ", text)
    letters = [] if text.isascii() else _NOT_ASCII.findall(text)
    if len(letters) > len(text) * _SCRIPT_SHARE:
        return None, True
    words = _WORD.findall(text)
    tally = (
        sum(map(_WORDS.get, words, repeat(0))) + sum(map(_ending, words)) + sum(map(_ACCENTED.get, letters, repeat(0)))
    )
    (next_most, _), (most, first) = sorted(_unpacked(tally))[-2:]
    enough = most >= max(_LEAST, len(words) * _SHARE)
    alone = most >= next_most * _LEAD
    return (first if enough and alone else None), enough and not alone


def _ending(word: str) -> int:
    if len(word) < _LONG or word in _WORDS:
        return 0
    return _ENDED.get(word[-4:], 0) or _ENDED.get(word[-3:], 0)


def _unpacked(tally: int) -> Iterator[tuple[float, str]]:
    for position, language in enumerate(_LANGUAGES):
        yield (tally >> (_BITS * position) & (1 << _BITS) - 1) / _WHOLE, language
