"""Limits before and during parsing, so that no mail costs more than itself; what passes is a tree of parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from email.message import Message as MimePart
from email.policy import Policy, compat32
from functools import cached_property
from typing import Any

from ingest.bulk import Bulk
from ingest.charset import from_transfer, surrogates_to_text
from ingest.errors import Permanent

_FEED = 1 << 20  # octets at a time: smaller ones cost calls, larger ones memory
# The first line that is neither a field nor a continuation ends the header, as in the standard library's parser.
HEADER_END = re.compile(rb"(?:\A|\r\n|\r(?!\n)|\n)(?![!-9;-~]*:|[ \t]|From )")
_FIELD = re.compile(rb"(?:\A|[\r\n])(?=[!-~])")
_ADDRESS_FIELD = re.compile(
    rb"(?im)^(?:from|to|cc|bcc|reply-to|sender|resent-\w+)[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)"
)
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,80}", re.ASCII)
_TOKEN = re.compile(r"[\w-]+")
# A Content-* value is split and searched many times over; none in earnest has more.
_VALUE_LENGTH = 4_000
_VALUE_PARAMETERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseLimits:
    """What one mail may bring; beyond it the mail is refused, unread, and kept for a person."""

    message_bytes: int = 50_000_000
    header_bytes: int = 262_144
    header_fields: int = 2_000
    encoded_words: int = 5_000
    addresses: int = 5_000
    parts: int = 1_000
    part_fields: int = 20_000  # header fields of all parts together
    lines: int = 1_000_000  # without those of base64; every line is a value while the mail is parsed
    nesting: int = 50
    nested_lines: int = 10_000_000  # lines times nesting: every level looks at every line inside it
    text_characters: int = 1_000_000  # text beyond is cut, not refused


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

    def attach(self, payload: MimePart | str) -> None:
        if isinstance(payload, Part):
            payload.depth = self.depth + 1
            self.tally.nested(payload.depth)
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        self.tally.field()
        if name[:8].lower() == "content-":
            value = surrogates_to_text(value)
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
        return found[0] if found else "text/plain"

    @property
    def transfer_encoding(self) -> str:
        token = _TOKEN.search(str(self.get("content-transfer-encoding", "")))
        return token[0].lower() if token else ""

    def octets(self) -> tuple[bytes, bool]:
        """The decoded octets, as far as they can be, and whether nothing in them was broken."""
        return from_transfer(self.source, self.transfer_encoding)


class _Tally:
    """Counts parts and header fields while one mail is parsed."""

    def __init__(self, limits: ParseLimits) -> None:
        self.bulk = Bulk()
        self.lines = 0  # of the whole mail
        self._limits = limits
        self._parts = -1  # the parser makes one to try the factory
        self._fields = 0

    def part(self, policy: Policy[Any] = compat32) -> Part:
        self._parts += 1
        if self._parts > self._limits.parts:
            raise _refusal("parts", f"more than {self._limits.parts} parts", "parts")
        return Part(self, policy)

    def field(self) -> None:
        self._fields += 1
        if self._fields > self._limits.part_fields:
            raise _refusal("header fields", f"more than {self._limits.part_fields} in all its parts", "part_fields")

    def nested(self, depth: int) -> None:
        if depth > self._limits.nesting:
            raise _refusal("nesting", f"parts inside parts over {self._limits.nesting} deep", "nesting")
        if depth * self.lines > self._limits.nested_lines:
            raise _refusal("nesting", f"{self.lines:,} lines in parts {depth} deep", "nested_lines")


def _refusal(what: str, found: str, limit: str) -> Permanent:
    return Permanent(
        f"The mail was not read: {what}: {found} (limit {limit}). Its raw octets are kept; "
        f"look at it in the mailbox, and if it is genuine answer it by hand, or ask the sender for a plainer one."
    )


def check(raw: bytes, limits: ParseLimits) -> None:
    """Refuse by Permanent what is empty, or what would cost too much to parse; looks at the outer header alone."""
    if not raw:
        raise Permanent("The mail has no octet at all: there is nothing to read. Ask the sender to send it again.")
    if len(raw) > limits.message_bytes:
        raise _refusal("size", f"{len(raw):,} octets, over {limits.message_bytes:,}", "message_bytes")
    end = HEADER_END.search(raw)
    header = raw[: end.start()] if end else raw
    if len(header) > limits.header_bytes:
        raise _refusal("header", f"{len(header):,} octets, over {limits.header_bytes:,}", "header_bytes")
    fields = header.count(b"\n") + header.count(b"\r")
    if fields > limits.header_fields and (fields := sum(1 for _ in _FIELD.finditer(header))) > limits.header_fields:
        raise _refusal("header", f"{fields:,} fields, over {limits.header_fields:,}", "header_fields")
    words = header.count(b"=?")
    if words > limits.encoded_words:
        raise _refusal("header", f"{words:,} encoded words, over {limits.encoded_words:,}", "encoded_words")
    if header.count(b",") + header.count(b";") > limits.addresses:
        values = b",".join(_ADDRESS_FIELD.findall(header))
        if (addresses := values.count(b",") + values.count(b";")) > limits.addresses:
            raise _refusal("header", f"{addresses:,} addresses, over {limits.addresses:,}", "addresses")


def parse_parts(raw: bytes, limits: ParseLimits = NO_MORE_THAN) -> Part:
    """The tree of parts, by one pass of the standard library's parser; Permanent where a limit is passed on the way."""
    policy: Any = compat32  # its declared type would make every part a plain Message
    tally = _Tally(limits)
    parser: BytesFeedParser[Part] = BytesFeedParser(tally.part, policy=policy)
    raw = tally.bulk.take_out(raw)
    tally.lines = max(raw.count(b"\n"), raw.count(b"\r"))
    if tally.lines > limits.lines:
        raise _refusal("lines", f"{tally.lines:,}, over {limits.lines:,}", "lines")
    try:
        for start in range(0, len(raw), _FEED):
            parser.feed(raw[start : start + _FEED])
        return parser.close()
    except RecursionError as error:
        raise _refusal("nesting", "parts inside parts too deep for the parser", "nesting") from error
