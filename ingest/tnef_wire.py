"""The bytes of TNEF (MS-OXTNEF) to attributes and properties; what they say of counts and lengths is not believed."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.charset import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
VALUES = 100  # of one property
_HEADER = struct.Struct("<BHHI")  # level, id, type, length
_NUMBER = struct.Struct("<I")
_SHORT, _INTEGER, _BOOLEAN, _STRING, _WIDE_STRING, _OBJECT, _BINARY = 0x02, 0x03, 0x0B, 0x1E, 0x1F, 0x0D, 0x102
_FIXED = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset((0x00, _STRING, _WIDE_STRING, _OBJECT, _BINARY))
_MANY, _NAMED = 0x1000, 0x8000
_CODE_PAGES = {65001: "utf-8", 20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 1200: "utf-16-le",
               50220: "iso-2022-jp", 50221: "iso-2022-jp",
               51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030"}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Budget:
    """What may still be spent on the TNEF of one mail."""

    steps: int = 200_000  # attributes and properties; each may be no more than a dozen octets
    rtf_octets: int = 2_000_000  # compressed ones, which cost a hundred times what others do
    mails: int = 20

    @property
    def spent(self) -> bool:
        return self.steps <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of the stream. `level` is 1 for the mail, 2 for an attachment."""

    level: int
    id: int
    data: memoryview


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The first value of a property."""

    kind: int
    octets: memoryview

    @property
    def number(self) -> int:
        return int.from_bytes(self.octets[:4], "little")

    def text(self, charset: str) -> str:
        """Strings of 8 bits are in the code page of the mail."""
        octets = bytes(self.octets)
        if self.kind == _WIDE_STRING:
            return octets.decode("utf-16-le", "replace").rstrip("\0")
        return decode(octets.rstrip(b"\0"), charset)[0]

    @property
    def wide(self) -> bool:
        return self.kind == _WIDE_STRING


def attributes(octets: memoryview, budget: Budget) -> Iterator[Attribute]:
    """Each attribute in turn, as far as the stream is whole and the budget lasts."""
    at = 6  # behind signature and key
    while at + _HEADER.size <= len(octets) and not budget.spent:
        budget.steps -= 1
        level, number, _, length = _HEADER.unpack_from(octets, at)
        if level not in (1, 2):
            return
        start = at + _HEADER.size
        yield Attribute(level=level, id=number, data=octets[start : start + length])
        at = start + length + 2  # behind the checksum


def properties(data: memoryview, budget: Budget) -> Mapping[int, Value]:
    """The properties by their id, named ones left out, as far as they can be followed; the first of an id counts."""
    found: dict[int, Value] = {}
    try:
        for number, value in _properties(data, budget):
            found.setdefault(number, value)
    except struct.error:  # it ends within a property
        pass
    return found


def charset_of(code_page: int) -> str:
    if code_page in _CODE_PAGES:
        return _CODE_PAGES[code_page]
    return f"iso-8859-{code_page - 28590}" if 28591 <= code_page <= 28605 else f"cp{code_page}"


def _properties(data: memoryview, budget: Budget) -> Iterator[tuple[int, Value]]:
    (count,) = _NUMBER.unpack_from(data)
    at = _NUMBER.size
    for _ in range(min(count, budget.steps)):
        budget.steps -= 1
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= _NAMED:
            at = _behind_name(data, at)
        many = bool(kind & _MANY)
        kind &= ~_MANY
        values, at = _values(data, at, kind, many)
        if values and number < _NAMED:
            yield number, Value(kind=kind, octets=values[0])
        elif kind not in _VARIABLE and kind not in _FIXED:
            return


def _behind_name(data: memoryview, at: int) -> int:
    """A named property has a GUID, and a number or a name."""
    kind, length = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (_padded(length) if kind else 0)


def _values(data: memoryview, at: int, kind: int, many: bool) -> tuple[list[memoryview], int]:
    """The values, and where the next property begins."""
    count = 1
    if many or kind in _VARIABLE:
        (count,) = _NUMBER.unpack_from(data, at)
        at += 4
    if count > VALUES:
        raise struct.error("more values than anybody writes")
    values = []
    for _ in range(count):
        if kind in _VARIABLE:
            (length,) = _NUMBER.unpack_from(data, at)
            at += 4
            values.append(data[at : at + length])
            at += _padded(length)
        elif size := _FIXED.get(kind):
            values.append(data[at : at + size])
            at += size
    return values, at if kind in _VARIABLE else _padded(at)


def _padded(length: int) -> int:
    return (length + 3) & ~3
