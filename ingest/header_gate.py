"""The header of a mail cut to what may safely be read. The fields that matter are read, however far down they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ingest.gate import HEADER_END, ParseLimits
from ingest.message import HEADER_CUT

_LOOKED_AT = 4_000_000  # octets; what is beyond is not even searched for the fields that matter
_FIELD = re.compile(rb"(?:\A|[\r\n])(?=[!-~])")
_FOLDED = re.compile(rb"[\r\n](?:\n?)(?=[!-~])")
_ADDRESS_FIELD = re.compile(
    rb"(?im)^(?:from|to|cc|bcc|reply-to|sender|resent-\w+)[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)"
)
# What automatic mail shows itself by, who wrote to whom, what the body is: what would be hidden behind padding.
_MATTERS = re.compile(
    rb"(?i)(?:auto-submitted|x-auto[\w-]*|x-fc-machinegenerated|precedence|x-precedence|list-[\w-]*|mailing-list|"
    rb"x-beenthere|x-mailman-version|x-daydesk-loop|return-path|from|sender|reply-to|to|cc|subject|date|message-id|"
    rb"in-reply-to|references|content-type|content-transfer-encoding|mime-version|delivered-to|x-original-to|"
    rb"envelope-to|resent-to|resent-cc|authentication-results)[ \t]*:"
)
_MATTERING_OCTETS = 8_000  # of one such field
_MATTERING_FIELDS = 500
_SEPARATOR = re.compile(rb"[,;]")
_WORD = re.compile(rb"=\?")


@dataclass(slots=True)
class _Left:
    """What of the header may still be read."""

    octets: int
    fields: int
    words: int
    addresses: int
    mattering: int = _MATTERING_FIELDS


def cut_header(raw: bytes, limits: ParseLimits) -> tuple[bytes, list[str]]:
    """The mail with a header within the limits, and in words what was beyond them; as a rule the mail itself."""
    end = HEADER_END.search(raw)
    length = end.start() if end else len(raw)
    header = raw[: min(length, _LOOKED_AT)]
    found = list(_beyond(header, length, limits))
    if not found:
        return raw, []
    return b"\r\n".join(_fields(header, limits)) + raw[length:], [HEADER_CUT + ", ".join(found)]


def _beyond(header: bytes, length: int, limits: ParseLimits) -> Iterator[str]:
    if length > limits.header_bytes:
        yield f"{length:,} octets, over {limits.header_bytes:,}"
    fields = header.count(b"\n") + header.count(b"\r")
    if fields > limits.header_fields and (fields := sum(1 for _ in _FIELD.finditer(header))) > limits.header_fields:
        yield f"{fields:,} fields, over {limits.header_fields:,}"
    if (words := header.count(b"=?")) > limits.encoded_words:
        yield f"{words:,} encoded words, over {limits.encoded_words:,}"
    if header.count(b",") + header.count(b";") > limits.addresses:
        values = b",".join(_ADDRESS_FIELD.findall(header))
        if (addresses := values.count(b",") + values.count(b";")) > limits.addresses:
            yield f"{addresses:,} addresses, over {limits.addresses:,}"


def _fields(header: bytes, limits: ParseLimits) -> Iterator[bytes]:
    """Each field as far as it is read: whole ones while there is room, then those that matter, shortened."""
    left = _Left(limits.header_bytes, limits.header_fields, limits.encoded_words, limits.addresses)
    at = 0
    while at < len(header):
        end = _FOLDED.search(header, at)
        field = header[at : end.start() if end else len(header)]
        at = end.end() if end else len(header)
        if len(field) <= left.octets and left.fields:
            left.octets -= len(field)
            left.fields -= 1
        elif _MATTERS.match(field) and left.mattering:
            left.mattering -= 1
            field = field[:_MATTERING_OCTETS]
        else:
            continue
        yield _thinned(field, left)


def _thinned(field: bytes, left: _Left) -> bytes:
    """Without the encoded words and addresses that are too many."""
    field, left.words = _up_to(field, _WORD, left.words)
    if _ADDRESS_FIELD.match(field):
        field, left.addresses = _up_to(field, _SEPARATOR, left.addresses)
    return field


def _up_to(field: bytes, what: re.Pattern[bytes], left: int) -> tuple[bytes, int]:
    """As much of the field as holds so many of these, and how many are left then."""
    beyond = next(islice(what.finditer(field), left, None), None)
    if beyond:
        return field[: beyond.start()], 0
    return field, left - len(what.findall(field))
