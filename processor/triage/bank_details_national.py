"""Account numbers as each country writes them: a bank's code that shows itself, and the account beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cache

import re2

from processor.triage import bank_details_words as patterns
from processor.triage.bank_detail import BankDetail, Kind
from processor.triage.bank_details_checks import card_in, is_bic, is_ccc, is_rib, is_routing, may_be_date
from processor.triage.bank_details_reading import Squeezed
from processor.triage.patterns import compile_set

_LEAST, _MOST = 6, 28  # digits of an account
_FULL = 8  # digits after which another kind of gap, or a new line, ends a number
_FOLLOWING = re.compile(
    rb"[ ,]{1,6}(?:a[ ,]c[ ,]{1,4}|acc(?:oun)?t[ ,]{1,4}(?:n(?:o|umber)[ ,]{1,4})?)?([0-9]{6,17})(?![0-9a-z])"
)
_SORT_FOLLOWING = re.compile(rb"[ ,]{1,6}([0-9](?: ?[0-9]){5})(?![0-9a-z])")
_GROUPS = re.compile(rb"[0-9]+")
_CARD_NEAR = (80, 40)  # octets before and after a card in which a word says that it is one


@cache  # most runs of the desk meet no such text
def _expression(pattern: str) -> re2._Regexp:
    return re2.compile(pattern.encode())


@dataclass(frozen=True, slots=True)
class _Written:
    """A way to write a detail, and what is checked of what is written so."""

    kind: Kind
    pattern: str
    is_right: Callable[[str], bool] = bool


# Introduced by words; an account may stand right behind.
_CODES = (
    _Written("sort-code", patterns.SORT_CODE),
    _Written("aba", patterns.ROUTING, is_routing),
    _Written("ifsc", patterns.IFSC),
    _Written("blz", patterns.BLZ),
)
_WHOLE = (
    _Written("rib", patterns.RIB_IN_WORDS),
    _Written("rib", patterns.RIB_AS_TABLE, is_rib),
    _Written("rib", patterns.RIB_ANY, is_rib),
    _Written("account", patterns.CCC_AS_TABLE, is_ccc),
    _Written("account", patterns.CCC_ANY, is_ccc),
)
_OTHERS = (patterns.SORT_PAIR, patterns.BANK_ACCOUNT, patterns.ANY_ACCOUNT, patterns.BANKING, patterns.CARD_WORDS)
_ALL = (*(one.pattern for one in (*_CODES, *_WHOLE)), *_OTHERS)


@cache
def _matching() -> Callable[[bytes], Collection[int]]:
    """Most of them find nothing in most texts: asked together, in one pass."""
    return compile_set(_ALL)


def may_hold_some(words: bytes) -> bool:
    """Is there any word, or pair of numbers, with which these details come? Most texts have none."""
    return bool(_expression(patterns.SIGNS).search(words))


def national(text: str, words: bytes, with_iban: bool) -> list[BankDetail]:
    """All of them in this text, those inside others included. `with_iban`: it has an IBAN, so it talks of accounts."""
    squeezed = Squeezed(words)
    looked = _Look(text=text, squeezed=squeezed, there={_ALL[number] for number in _matching()(squeezed.words)})
    looked.codes()
    looked.whole()
    looked.accounts(patterns.BANK_ACCOUNT)
    if with_iban or looked.found or patterns.BANKING in looked.there:
        looked.accounts(patterns.ANY_ACCOUNT)
    if patterns.CARD_WORDS in looked.there:
        looked.cards()
    if with_iban or any(one.kind != "card" for one in looked.found):
        looked.bics()
    return looked.found


@dataclass(slots=True, kw_only=True)
class _Look:
    """One text that is looked through, and what was found in it so far."""

    text: str
    squeezed: Squeezed
    there: Set[str]  # the patterns that match somewhere
    found: list[BankDetail] = field(default_factory=list)

    @property
    def words(self) -> bytes:
        return self.squeezed.words

    def matches(self, pattern: str) -> Iterable[re2._Match]:
        return _expression(pattern).finditer(self.words) if pattern in self.there else ()

    def codes(self) -> None:
        for one in _CODES:
            for match in self.matches(one.pattern):
                if one.is_right(_number(match[1])):
                    self._add(one.kind, *match.span(1))
                    self._account_behind(match.end(1))
        for match in self.matches(patterns.SORT_PAIR):
            code, account = (1, 2) if match[1] else (4, 3)
            if self._is_sort_code(*match.span(code)):
                self._add("sort-code", *match.span(code))
                self._add("account", *match.span(account))

    def whole(self) -> None:
        for one in _WHOLE:
            for match in self.matches(one.pattern):
                groups = [match.span(number + 1) for number, group in enumerate(match.groups()) if group]
                if one.is_right("".join(_number(self.words[start:end]) for start, end in groups)):
                    self._add(one.kind, groups[0][0], groups[-1][1], groups)

    def accounts(self, pattern: str) -> None:
        for match in self.matches(pattern):
            end = self._account_end(match.start(1))
            if end is None:
                continue
            self._add("account", match.start(1), end)
            behind = _SORT_FOLLOWING.match(self.words, end) if b"sort" in match[0] else None
            if behind:
                self._add("sort-code", *behind.span(1))

    def cards(self) -> None:
        said = _expression(patterns.CARD_WORDS)
        for match in _expression(patterns.CARD).finditer(self.words):
            start, end = match.span()
            before, after = self.words[max(0, start - _CARD_NEAR[0]) : start], self.words[end : end + _CARD_NEAR[1]]
            digits = card_in(_number(match[0]))
            if digits and (said.search(before) or said.search(after)):
                self._add("card", start, _after(self.words, start, len(digits)))

    def bics(self) -> None:
        for match in _expression(patterns.BIC).finditer(self.words):
            start, end = self.squeezed.place(match.start(2)), self.squeezed.place(match.end(2) - 1) + 1
            in_capitals = not any(character.islower() for character in self.text[start:end])
            if is_bic(_number(match[2])) and (in_capitals or match[1] == b"bic"):
                self._add("bic", *match.span(2))

    def _account_behind(self, end: int) -> None:
        if behind := _FOLLOWING.match(self.words, end):
            self._add("account", *behind.span(1))

    def _account_end(self, start: int) -> int | None:
        """Where the account that begins here ends: a number in one piece, or in pieces with one kind of gap between."""
        count, gap, end = 0, None, start
        for piece in _GROUPS.finditer(self.words, start):
            if count:
                between = self.text[self.squeezed.place(end - 1) + 1 : self.squeezed.place(piece.start())]
                gap = between if gap is None else gap
                whole = count >= _LEAST and (
                    between != gap or len(piece[0]) > 5 or (count >= _FULL and "\n" in between)
                )
                if self.words[end : piece.start()] != b" " or whole or count + len(piece[0]) > _MOST:
                    break
            count += len(piece[0])
            end = piece.end()
        ends_well = not self.words[end : end + 1].isalnum() and not _is_amount(self.words, end)
        return end if _LEAST <= count <= _MOST and ends_well else None

    def _is_sort_code(self, start: int, end: int) -> bool:
        """By its dashes; a date needs a word beside that says otherwise."""
        written = self.text[self.squeezed.place(start) : self.squeezed.place(end - 1) + 1]
        dashed = len(written) == 8 and not written[2].isspace() and written[2] not in "./:" and written[2] == written[5]
        return dashed and (not may_be_date(_number(self.words[start:end])) or b"sort" in self.words)

    def _add(self, kind: Kind, start: int, end: int, groups: Sequence[tuple[int, int]] = ()) -> None:
        pieces = groups or ((start, end),)
        number = "".join(_number(self.words[first:last]) for first, last in pieces)
        place, last = self.squeezed.place(start), self.squeezed.place(end - 1) + 1
        self.found.append(BankDetail(kind=kind, start=place, end=last, number=number))


def _number(octets: bytes) -> str:
    return octets.translate(None, b" ,!").upper().decode()


def _after(words: bytes, start: int, count: int) -> int:
    """Where the digit ends that is the so-manieth from here."""
    places: Iterator[re.Match[bytes]] = re.finditer(rb"[0-9]", words[start : start + 2 * count])
    return start + [place.end() for place in places][count - 1]


def _is_amount(words: bytes, end: int) -> bool:
    """A decimal comma and two digits stand behind it."""
    return (
        words[end : end + 1] == b"," and words[end + 1 : end + 3].isdigit() and not words[end + 3 : end + 4].isdigit()
    )
