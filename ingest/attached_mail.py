"""The octets of an attached mail as they were attached, found again in the raw mail (re-serialising changes them)."""

from __future__ import annotations

import re
from contextlib import suppress

from ingest.charset import from_transfer
from ingest.gate import HEADER_END, Part

Trail = tuple[tuple[Part, int], ...]  # from the root: each multipart, and which of its parts is gone into
_Span = tuple[int, int]  # first octet, and one past the last
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_DELIMITER_TAIL = re.compile(rb"(--)?[ \t]*(?:\r\n|\r|\n|\Z)")


class RawParts:
    """Where the parts of one mail stand in its raw octets; every multipart is looked through once."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._inside: dict[Trail, list[_Span]] = {}

    def attached_octets(self, trail: Trail, part: Part) -> bytes:
        """The decoded content of a message/* part; built anew only where its place in the raw mail cannot be told."""
        span = self._span(trail)
        if span is None:
            return _built_anew(part)
        start, end = self._below_header(span)
        return from_transfer(self._raw[start:end], part.transfer_encoding)[0]

    def _span(self, trail: Trail) -> _Span | None:
        """Where the part at the end of this trail stands, its header included."""
        if not trail:
            return 0, len(self._raw)
        outer = self._span(trail[:-1])
        multipart, index = trail[-1]
        if outer is None:
            return None
        key = (*trail[:-1], (multipart, -1))
        if key not in self._inside:
            self._inside[key] = self._segments(self._below_header(outer), multipart.get_boundary() or "")
        spans = self._inside[key]
        return spans[index] if len(spans) == len(multipart.children) else None

    def _below_header(self, span: _Span) -> _Span:
        """What stands below the header and its empty line."""
        header_end = HEADER_END.search(self._raw, *span)
        start = header_end.end() if header_end else span[1]
        empty_line = _NEWLINE.match(self._raw, start, span[1])
        return (empty_line.end() if empty_line else start), span[1]

    def _segments(self, span: _Span, boundary: str) -> list[_Span]:
        """The parts between the delimiter lines (RFC 2046 section 5.1.1), without the line end before a delimiter."""
        segments: list[_Span] = []
        delimiter = b"--" + boundary.encode("utf-8", "replace")
        start = -1
        at = self._raw.find(delimiter, *span)
        while at >= 0:
            after = at + len(delimiter)
            tail = _DELIMITER_TAIL.match(self._raw, after, span[1])
            if tail and (at == span[0] or self._raw[at - 1 : at] in (b"\n", b"\r")):
                if start >= 0:
                    segments.append((start, max(start, at - self._line_end_before(at))))
                if tail[1]:
                    return segments
                start = after = tail.end()
            at = self._raw.find(delimiter, after, span[1])
        return [*segments, (start, span[1])] if start >= 0 else segments

    def _line_end_before(self, at: int) -> int:
        return 2 if self._raw[at - 2 : at] == b"\r\n" else 1


def _built_anew(part: Part) -> bytes:
    octets = b""
    with suppress(Exception):  # the library's generator does not stand everything that its parser does
        part.restore()
        octets = b"\n".join(child.as_bytes() for child in part.children)
    return octets
