"""Limits while a mail is parsed, so that none costs more than itself; what comes out is a tree of parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from email.message import Message as MimePart
from email.policy import Policy, compat32
from functools import cached_property
from itertools import islice
from typing import Any

from ingest.bulk import Bulk
from ingest.charset import from_transfer
from ingest.headers import raw_text

_FEED = 1 << 20  # octets at a time: smaller ones cost calls, larger ones memory
# The first line that is neither a field nor a continuation ends the header, as in the standard library's parser.
HEADER_END = re.compile(rb"(?:\A|\r\n|\r(?!\n)|\n)(?![!-9;-~]*:|[ \t]|From )")
_MISNAMED = {"plain/text": "text/plain", "html/text": "text/html", "text": "text/plain"}
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,80}", re.ASCII)
_TOKEN = re.compile(r"[\w-]+")
# A Content-* value is split and searched many times over; none in earnest has more.
_VALUE_LENGTH = 4_000
_VALUE_PARAMETERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseLimits:
    """What of one mail is read; what is beyond it is left out and told."""

    message_bytes: int = 50_000_000
    header_bytes: int = 262_144
    header_fields: int = 2_000
    encoded_words: int = 5_000
    addresses: int = 5_000
    parts: int = 1_000
    part_fields: int = 20_000  # header fields of all parts together
    lines: int = 500_000  # without those of base64; every line is a value while the mail is parsed
    nesting: int = 50
    nested_lines: int = 5_000_000  # lines times nesting: every level looks at every line inside it
    text_characters: int = 1_000_000


NO_MORE_THAN = ParseLimits()


class Part(MimePart):
    """One MIME part of the standard library's parser, which counts itself against the limits while it is parsed."""

    _payload: (
        object  # the standard library's own; its accessor would decode 8-bit text by a declared charset that may lie
    )

    def __init__(self, tally: _Tally, policy: Policy[Any]) -> None:
        super().__init__(policy)
        self.tally = tally
        self.depth = 0
        self._kind: str | None = None  # asked for many times over; none until all fields are there

    def attach(self, payload: MimePart | str) -> None:
        if isinstance(payload, Part):
            payload.depth = self.depth + 1
            self.tally.nested(payload.depth)
        super().attach(payload)

    def get_content_type(self) -> str:
        """Of a part so deep that it is not gone into, one that the parser looks for no parts in."""
        if self._kind is None:
            self._kind = super().get_content_type()
            if self.depth >= self.tally.limits.nesting and self._kind.startswith(("multipart/", "message/")):
                self.tally.closed()
                self._kind = "application/octet-stream"
        return self._kind

    @property
    def is_whole(self) -> bool:
        """Its body was come upon."""
        return self._payload is not None

    def set_raw(self, name: str, value: str) -> None:
        self.tally.field()
        self._kind = None
        if name[:8].lower() == "content-":
            value = raw_text(value)
            if len(value) > _VALUE_LENGTH or value.count(";") > _VALUE_PARAMETERS:
                value = ";".join(value[:_VALUE_LENGTH].split(";")[:_VALUE_PARAMETERS])
        super().set_raw(name, value)

    @property
    def children(self) -> list[Part]:
        """The parts inside: of a multipart, or the one mail inside a message/* part."""
        return self._payload if isinstance(self._payload, list) else []

    @property
    def source(self) -> bytes:
        """The octets of a part without parts, before its transfer encoding is taken off."""
        if not isinstance(self._payload, str):
            return b""
        return self.tally.bulk.put_back(self._payload.encode("ascii", "surrogateescape"))

    def restore(self) -> None:
        """Put back into the payloads, of this part and of all inside, what was taken out for parsing."""
        if isinstance(self._payload, str):
            self._payload = self.source.decode("ascii", "surrogateescape")
        for child in self.children:
            child.restore()

    @cached_property
    def media_type(self) -> str:
        """The content type alone, lower case, whatever else is written beside it."""
        found = _MEDIA_TYPE.match(self.get_content_type())
        return _MISNAMED.get(found[0], found[0]) if found else "text/plain"

    @property
    def transfer_encoding(self) -> str:
        token = _TOKEN.search(str(self.get("content-transfer-encoding", "")))
        return token[0].lower() if token else ""

    def octets(self) -> tuple[bytes, bool]:
        """The decoded octets, as far as they can be, and whether nothing in them was broken."""
        return from_transfer(self.source, self.transfer_encoding)


class _Enough(Exception):
    """A limit is reached: what was read so far is what is read."""


class _Tally:
    """Counts parts and header fields while one mail is parsed."""

    def __init__(self, limits: ParseLimits) -> None:
        self.bulk = Bulk()
        self.lines = 0  # of the whole mail
        self.limits = limits
        self.limited: list[str] = []
        self._root: Part | None = None
        self._parts = -1  # the parser makes one to try the factory
        self._fields = 0

    def part(self, policy: Policy[Any] = compat32) -> Part:
        self._parts += 1
        if self._parts > self.limits.parts:
            raise self._enough(f"parts: more than {self.limits.parts:,}, of which the first were read")
        part = Part(self, policy)
        if self._parts == 1:
            self._root = part
        return part

    def field(self) -> None:
        self._fields += 1
        if self._fields > self.limits.part_fields:
            raise self._enough(
                f"fields: more than {self.limits.part_fields:,} in all parts, of which the first were read"
            )

    def nested(self, depth: int) -> None:
        if depth * self.lines > self.limits.nested_lines:
            raise self._enough(f"nesting: {self.lines:,} lines in parts {depth} deep, of which the first were read")

    def closed(self) -> None:
        told = f"nesting: parts over {self.limits.nesting} deep, which were not gone into"
        if told not in self.limited:
            self.limited.append(told)

    def _enough(self, told: str) -> _Enough:
        self.limited.append(told)
        return _Enough(told)

    def begun(self) -> Part:
        """The tree so far, without the part that was being read."""
        if self._root is None:  # not even the first field was whole
            self._root = Part(self, compat32)
        part = self._root
        while part.children and part.children[-1].children:
            part = part.children[-1]
        if part.children and not part.children[-1].is_whole:
            part.children.pop()
        return self._root


def parse_parts(raw: bytes, limits: ParseLimits = NO_MORE_THAN) -> Part:
    """The tree of parts, by one pass of the standard library's parser; as far as the limits go, which `limited` tells.

    Where one is reached, the part that was being read, and all after it, are not in the tree.
    """
    policy: Any = compat32  # its declared type would make every part a plain Message
    tally = _Tally(limits)
    parser: BytesFeedParser[Part] = BytesFeedParser(tally.part, policy=policy)
    raw = _first_lines(tally.bulk.take_out(raw), tally)
    try:
        for start in range(0, len(raw), _FEED):
            parser.feed(raw[start : start + _FEED])
        return parser.close()
    except _Enough:
        return tally.begun()
    except RecursionError:
        tally.limited.append("nesting: parts inside parts too deep for the parser")
        return tally.begun()


def _first_lines(raw: bytes, tally: _Tally) -> bytes:
    """As many lines as the limit allows; what was taken out counts as one."""
    newline = b"\n" if raw.count(b"\n") >= (carriage_returns := raw.count(b"\r")) else b"\r"
    tally.lines = carriage_returns if newline == b"\r" else raw.count(b"\n")
    most = tally.limits.lines
    if tally.lines <= most:
        return raw
    tally.limited.append(f"lines: {tally.lines:,}, of which the first {most:,} were read")
    tally.lines = most
    return raw[: next(islice(re.finditer(newline, raw), most - 1, None)).end()]
