"""Files that stand in the text itself, uuencoded or as yEnc: taken out of it, since to a reader they are noise."""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

TRIES = 500  # beginnings that are looked at in one mail; a file more than that stays in the text
_YENC_OCTETS = 20_000_000  # of one file; a longer one stays in the text
_FULL_LINE = ord("M")  # 45 octets: all lines of a file but its last are so long
_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.MULTILINE)
_END = re.compile(rb"(?:[` ][ ]*\r?\n|\r?\n)?end[ \t]*(?:\r?\n|\Z)")
_YENC_BEGIN = re.compile(
    rb"^=ybegin (?=[^\r\n]{0,200}?line=\d)(?=[^\r\n]{0,200}?size=\d)[^\r\n]{0,300}?name=([^\r\n]{1,300})\r?\n"
    rb"(?:=ypart [^\r\n]{0,200}\r?\n)?",
    re.MULTILINE,
)
_YENC_END = re.compile(rb"=yend ([^\r\n]{0,300})(?:\r?\n|\Z)")
_YENC_CRC = re.compile(rb"crc32=([0-9A-Fa-f]{1,8})\b")
_YENC_SHIFT = bytes((octet - 42) % 256 for octet in range(256))
_YENC_ESCAPES = 10  # of so many octets one may be escaped; in earnest it is one of sixty
_YENC_PIECE = re.compile(rb"(?:[^=]|=.?){1,500000}+", re.DOTALL)
_YENC_ESCAPE = re.compile(rb"=(.)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFile:
    """A file that stood in a text. `sound`: nothing of it was broken."""

    name: bytes
    octets: bytes
    sound: bool


_Found = tuple[bytes, int, bool] | None  # the octets, where they end, whether they are sound


def take_out(octets: bytes, most: int = TRIES) -> tuple[bytes, list[EmbeddedFile]]:
    """The text without them, and the files in their order. What only begins like one is prose, and stays."""
    files: list[EmbeddedFile] = []
    if b"begin " in octets:
        octets = _without(octets, _BEGIN, _uuencoded, files, most)
    if b"=ybegin " in octets:
        octets = _without(octets, _YENC_BEGIN, _yenc, files, most)
    return octets, files


def _without(
    octets: bytes,
    beginning: re.Pattern[bytes],
    read: Callable[[bytes, int], _Found],
    files: list[EmbeddedFile],
    most: int,
) -> bytes:
    kept: list[bytes] = []
    at = 0
    for begin in islice(beginning.finditer(octets), most):
        if begin.start() < at or (found := read(octets, begin.end())) is None:
            continue
        decoded, end, sound = found
        kept.append(octets[at : begin.start()])
        files.append(EmbeddedFile(name=begin[1].strip(), octets=decoded, sound=sound))
        at = end
    return b"".join([*kept, octets[at:]]) if files else octets


def _uuencoded(octets: bytes, start: int) -> _Found:
    """To its end; where there is none, as far as the lines are of that kind and begin with a full one."""
    lines: list[bytes] = []
    at = start
    while at < len(octets):
        if (end := _END.match(octets, at)) and (lines or not octets.startswith(b"end", at)):
            return b"".join(lines), end.end(), True
        after = octets.find(b"\n", at) + 1 or len(octets)
        line = _line(octets[at:after])
        if not line:
            break
        lines.append(line)
        at = after
    return (b"".join(lines), at, False) if lines and octets[start] == _FULL_LINE else None


def _line(line: bytes) -> bytes:
    """The octets of one line; none where it is no such line. Blanks at its end may have been lost on the way."""
    line = line.rstrip(b"\r\n")
    count = (line[0] - 32) & 63 if line and 32 < line[0] <= 96 else 0
    needed = (count + 2) // 3 * 4
    if not count or not needed - 16 <= len(line) - 1 <= needed + 1:
        return b""
    try:
        return binascii.a2b_uu(line[: needed + 1])
    except binascii.Error:
        return b""


def _yenc(octets: bytes, start: int) -> _Found:
    keyword = octets.find(b"\n=y", start - 1, start + _YENC_OCTETS) + 1  # what is encoded never holds such a line
    end = _YENC_END.match(octets, keyword) if keyword else None
    if end is None:
        return None
    encoded = octets[start : end.start()].translate(None, b"\r\n")
    if encoded.count(b"=") * _YENC_ESCAPES > len(encoded):
        return None
    decoded = b"".join(_yenc_piece(piece) for piece in _YENC_PIECE.findall(encoded))
    crc = _YENC_CRC.search(end[1])
    return decoded, end.end(), crc is None or int(crc[1], 16) == zlib.crc32(decoded)


def _yenc_piece(piece: bytes) -> bytes:
    return _YENC_ESCAPE.sub(lambda found: bytes(((found[1][0] - 64) % 256,)), piece).translate(_YENC_SHIFT)
