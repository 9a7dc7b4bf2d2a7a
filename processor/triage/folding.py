"""Makes words comparable: without case, accents and punctuation, each between two blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PIECE = 1024  # characters
LIMIT = 65_536  # characters; nobody states his request after that, and triage must stay quick

_REMEMBERED = 40  # characters

_LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}  # NFKD leaves them whole
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen and zero-width characters: inside words, yet not shown
_REPLACED = re.compile(f"[\u0300-\u036f{_UNSEEN}{''.join(_LETTERS)}]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The words of the text, one blank before, between and after; a text without words is one blank.

    A phrase is in the text where `f" {phrase} " in fold(text)`; one with any ending where `f" {stem}" in fold(text)`.
    """
    text = text[:LIMIT]
    try:
        return _fold_western(text.encode("cp1252"))
    except UnicodeEncodeError:
        pass  # often no more than a narrow blank, an emoji or a Polish name
    try:
        return _fold_western(_FOREIGN.sub(_inside_run, text).encode("cp1252"))
    except UnicodeEncodeError:
        return _fold_any(text)


def _fold_any(text: str) -> str:
    text = _decomposed(_decomposed(text).casefold())
    words = _WORD.findall(_REPLACED.sub(lambda found: _LETTERS.get(found[0], ""), text))
    return f" {' '.join(words)} " if words else " "


def _decomposed(text: str) -> str:
    """NFKD, piece by piece: it sorts the marks of a letter in quadratic time, and a hostile letter has thousands."""
    if len(text) <= PIECE:
        return unicodedata.normalize("NFKD", text)
    return "".join(unicodedata.normalize("NFKD", text[at : at + PIECE]) for at in range(0, len(text), PIECE))


def _inside_run(found: re.Match[str]) -> str:
    """Short runs come again and again; a long one may be a whole mail, which nobody should keep."""
    return _inside(found[0]) if len(found[0]) <= _REMEMBERED else _inside.__wrapped__(found[0])


@lru_cache(maxsize=4096)
def _inside(characters: str) -> str:
    """What the characters become inside a word: letters, a blank, or nothing."""
    return _fold_any(f"a{characters}a")[2:-2]


def _tables() -> tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]:
    """For each octet of cp1252 its folded octet; the octets to delete; those that become several, by stand-in."""
    folded, deleted = bytearray(256), bytearray()
    several: list[tuple[bytes, bytes]] = []
    for octet in range(256):
        word = _inside(bytes((octet,)).decode("cp1252", errors="replace"))
        if word == "":
            deleted.append(octet)
        if len(word.encode()) > 1 and word.strip():
            several.append((bytes((len(several) + 1,)), word.encode()))
            folded[octet] = len(several)
        else:
            folded[octet] = ord(word or " ")
    return bytes(folded), bytes(deleted), tuple(several)


_FOLDED, _DELETED, _SEVERAL = _tables()
_FOREIGN = re.compile(f"[^{re.escape(bytes(range(256)).decode('cp1252', errors='ignore'))}]+")


def _fold_western(western: bytes) -> str:
    """The same as _fold_any, six times as fast, for the characters that most mail of Western Europe is made of."""
    folded = western.translate(_FOLDED, _DELETED)
    for stand_in, word in _SEVERAL:
        folded = folded.replace(stand_in, word)
    words = folded.split()
    return f" {b' '.join(words).decode()} " if words else " "
