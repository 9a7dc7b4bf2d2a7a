"""A text made ready for being read: in small letters without their marks, each character in its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import re2

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FIGURES = 2_000  # runs of digits in one text
_LONG = 60  # characters
_BLANKS = "\t\u00a0\u2002\u2003\u2007\u2009\u202f"
_QUOTES = "\u2018\u2019\u02bc\u00b4`"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_FIGURES = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A text as it is written, and plain: of the same length, so that places in the one are places in the other."""

    written: str  # with a blank for each line break within a paragraph, since mail programs break lines anywhere
    text: str  # É is e, a narrow blank a blank, a curly apostrophe a straight one
    octets: bytes  # the same, a question mark for each character beyond ASCII
    figures: tuple[int, ...]  # where each run of digits begins


def read_plain(text: str) -> Plain:
    """The text made ready."""
    written = unwrapped(text)
    folded = plain(written)
    figures = tuple(match.start() for match in islice(_FIGURES.finditer(folded), MOST_FIGURES))
    return Plain(written=written, text=folded, octets=folded.encode("ascii", "replace"), figures=figures)


def plain(text: str) -> str:
    """The text in small letters without their marks, of the same length."""
    return text.translate(_TABLE) if not text.isascii() else text.lower().replace("\t", " ").replace("`", "'")


def unwrapped(text: str) -> str:
    """Of the same length: a blank in the place of each line break behind a line so long that a program broke it."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
    glued = [lines[0]]
    for before, line in pairwise(lines):
        within = len(before) >= _LONG and line[:1].isalnum() and before.rstrip()[-1:] not in ".!?:;"
        glued.append((" " if within else "\n") + line)
    return "".join(glued)


def finder(pattern: str) -> Callable[[Plain, int], Iterator[Any]]:
    """Finds the matches of an RE2 pattern in a plain text, so many at most; places are those of the text."""
    expression = re2.compile(pattern.encode())

    def find(read: Plain, most: int) -> Iterator[Any]:
        return islice(expression.finditer(read.octets), most)

    return find


def _letter(character: str) -> str:
    small = unicodedata.normalize("NFD", character.lower())[:1]
    return small if small.isascii() else character.lower()[:1]


_TABLE = {
    **{code: _letter(chr(code)) for code in range(0x41, 0x250) if chr(code).isalpha()},
    **{ord(blank): " " for blank in _BLANKS},
    **{ord(quote): "'" for quote in _QUOTES},
    **{ord(dash): "-" for dash in _DASHES},
}
