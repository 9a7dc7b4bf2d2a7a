"""Does a mail ask that money go elsewhere than before? What says so is told by the desk's own words for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import re2

from processor.triage import diversion_words as words

_BESIDE = 24  # characters between "new" and the account
_SENTENCE = 70  # characters within which an account "has changed"
_CLAUSE = 30  # the same of a bank
_NEAR_MONEY = 100


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    words: str


class Wanted:
    """The words of payment diversion, made ready."""

    def __init__(self) -> None:
        self._accounts, self._loose = _compiled(words.ACCOUNTS), _compiled(words.LOOSE_ACCOUNTS)
        self._banks, self._loose_banks = _compiled(words.BANKS), _compiled(words.LOOSE_BANKS)
        self._other, self._elsewhere = _compiled(words.OTHER), _compiled(words.ELSEWHERE)
        self._unchanged = _compiled(words.UNCHANGED)
        self._no_bank = _compiled(words.NO_BANK)
        self._moved, self._locked = _compiled(words.MOVED), _compiled(words.LOCKED)
        self._earned = _compiled(words.EARNED)
        self._ours_locked = _compiled(words.OURS_LOCKED)
        self._alone, self._money = _compiled(words.ALONE), _compiled(words.MONEY)
        self._urgency, self._secrecy = _compiled(words.URGENCY), _compiled(words.SECRECY)

    def change(self, text: str, *, named: bool, unread: bool) -> str:
        """The words by which an undisguised text asks for it; empty where it does not."""
        octets = self._unchanged.sub(b" ", text.encode())
        if not named:
            octets = self._no_bank.sub(rb"\1 ", octets)
        if alone := self._alone.search(octets):
            return repr(_safe(alone[0].decode(errors="replace")))
        other, moved = _places(self._other, octets), _places(self._moved, octets)
        elsewhere, locked = _places(self._elsewhere, octets), _places(self._locked, octets)
        numbered = named or unread
        if not (other or moved or elsewhere or locked):
            return ""
        if pair := _pair(_places(self._accounts, octets), other + elsewhere, moved + locked):
            return _told(*pair)
        if pair := _pair(_places(self._banks, octets), other + elsewhere, moved + locked, _CLAUSE):
            return _told(*pair)
        money = _Row(_places(self._money, octets))
        loose = [one for one in _places(self._loose, octets) if numbered or money.nearest(one, _NEAR_MONEY)]
        if numbered:
            loose += _places(self._loose_banks, octets)
            if pair := _pair(loose, other + elsewhere, moved + (locked if named else [])):
                return _told(*pair)
        earned = _Row(_places(self._earned, octets))
        earning = (one for one in loose if earned.nearest(one, _NEAR_MONEY))
        paying = (one for one in _places(self._loose_banks, octets) if money.nearest(one, _NEAR_MONEY))
        if pair := _pair(loose, other, moved) or _pair(paying, other, moved, _CLAUSE) or _pair(earning, elsewhere, []):
            return _told(*pair)
        ours = (one for one in _places(self._ours_locked, octets) if money.nearest(one, _NEAR_MONEY))
        return next((repr(_safe(one.words)) for one in ours), "")

    def urgency(self, text: str) -> str:
        """The first word of haste."""
        return _first(self._urgency, text)

    def secrecy(self, text: str) -> str:
        """The first words that want nobody to know, or nobody to call."""
        return _first(self._secrecy, text)


def _compiled(alternation: str) -> re2._Regexp[bytes]:
    return re2.compile(rf"\b(?:{alternation})\b".encode())


def _places(pattern: re2._Regexp[bytes], octets: bytes) -> list[_Place]:
    found = pattern.finditer(octets)
    return [_Place(one.start(), one.end(), one[0].decode(errors="replace")) for one in found]


class _Row:
    """Places in the order of the text, so that the nearest one is found without a look at all of them."""

    def __init__(self, places: Iterable[_Place]) -> None:
        self._after = sorted(places, key=lambda place: place.start)
        self._before = sorted(self._after, key=lambda place: place.end)
        self._starts = [place.start for place in self._after]
        self._ends = [place.end for place in self._before]

    def nearest(self, one: _Place, most: int) -> _Place | None:
        """The nearest within so many characters of the one, after it or else before it."""
        after, before = bisect_left(self._starts, one.end), bisect_right(self._ends, one.start) - 1
        if after < len(self._after) and self._starts[after] - one.end <= most:
            return self._after[after]
        return self._before[before] if before >= 0 and one.start - self._ends[before] <= most else None


def _pair(
    accounts: Iterable[_Place], other: list[_Place], moved: list[_Place], sentence: int = _SENTENCE
) -> tuple[_Place, _Place] | None:
    """An account, and what says that it is another one."""
    others, moves = _Row(other), _Row(moved)
    for account in accounts:
        found = others.nearest(account, _BESIDE) or moves.nearest(account, sentence)
        if found is not None:
            return account, found
    return None


def _told(one: _Place, other: _Place) -> str:
    first, second = sorted((one, other), key=lambda place: place.start)
    return f"{_safe(first.words)!r} ... {_safe(second.words)!r}"


def _first(pattern: re2._Regexp[bytes], text: str) -> str:
    found = pattern.search(text.encode())
    return _safe(found[0].decode(errors="replace")) if found else ""


def _safe(words: str) -> str:
    """A pattern may have taken in a word of the mail: one with digits may be of a bank account, and is not shown."""
    return " ".join(word if word.isalpha() else "..." for word in words.split())
