"""The octets of an attached mail as they were attached, found again in the raw mail (re-serialising changes them)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from ingest.charset import from_transfer
from ingest.gate import HEADER_END, Part

Trail = tuple[tuple[Part, int], ...]  # from the root: each multipart, and which of its parts is gone into
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_LAST_NEWLINE = re.compile(rb"(?:\r\n|\r|\n)\Z")


def attached_octets(raw: bytes, trail: Trail, part: Part) -> bytes:
    """The decoded content of a message/* part; built anew only where its place in the raw mail cannot be told."""
    octets = _body(raw)
    for multipart, index in trail:
        segments = _segments(octets, multipart.get_boundary() or "")
        if len(segments) != len(multipart.children):
            return _built_anew(part)
        octets = _body(segments[index])
    return from_transfer(octets, part.transfer_encoding)[0]


def _body(octets: bytes) -> bytes:
    """What stands below the header and its empty line."""
    end = HEADER_END.search(octets)
    if end is None:
        return b""
    empty_line = _NEWLINE.match(octets, end.end())
    return octets[empty_line.end() if empty_line else end.end() :]


def _segments(octets: bytes, boundary: str) -> Sequence[bytes]:
    """The parts between the delimiter lines (RFC 2046 section 5.1.1); the line end before a delimiter belongs to it."""
    delimiter = re.compile(
        rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?:\r?\n|\r?\Z)", re.MULTILINE
    )
    segments: list[bytes] = []
    start = -1
    for line in delimiter.finditer(octets):
        if start >= 0:
            segments.append(_LAST_NEWLINE.sub(b"", octets[start : line.start()]))
        start = line.end()
        if line[1]:
            return segments
    if start >= 0:
        segments.append(octets[start:])
    return segments


def _built_anew(part: Part) -> bytes:
    octets = b""
    with suppress(Exception):  # the library's generator does not stand everything that its parser does
        part.restore()
        octets = b"\n".join(child.as_bytes() for child in part.children)
    return octets
