"""Rich text as Outlook wraps it: decompressed (MS-OXRTFCP), and its words alone. Bounded, and linear."""

from __future__ import annotations

import re
import struct
import zlib

from ingest.charset import decode

RTF_OCTETS = 1_000_000  # decompressed; more is not made
_HEADER = struct.Struct("<II4sI")  # compressed size, raw size, kind, checksum
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20"
    b"\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4_096
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t"}
_SIGNS = {b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
          b"bullet": "•", b"emspace": " ", b"enspace": " "}  # fmt: skip
_UNSEEN = frozenset((b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"themedata", b"header",
                     b"footer", b"listtable", b"listoverridetable", b"fldinst", b"xmlnstbl", b"rsidtbl"))  # fmt: skip


def decompressed(octets: bytes) -> bytes:
    """The rich text; nothing where the octets are none, or not whole."""
    if len(octets) < _HEADER.size:
        return b""
    size, raw_size, kind, checksum = _HEADER.unpack_from(octets)
    inside = octets[_HEADER.size : size + 4]
    if kind == b"MELA":
        return inside[: min(raw_size, RTF_OCTETS)]
    if kind != b"LZFu" or raw_size > RTF_OCTETS or checksum != zlib.crc32(inside, 0xFFFFFFFF) ^ 0xFFFFFFFF:
        return b""
    return _unpacked(inside)[:raw_size]


def _unpacked(inside: bytes) -> bytes:
    """Literals, and references to what stands up to 4,096 octets before; each pair of octets makes at most 17."""
    out = bytearray(_DICTIONARY)
    at = 0
    while at < len(inside) and len(out) < RTF_OCTETS:
        control = inside[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += inside[at : at + 1]
                at += 1
                continue
            if at + 1 >= len(inside):
                return bytes(out[len(_DICTIONARY) :])
            reference = inside[at] << 8 | inside[at + 1]
            at += 2
            back = (len(out) - (reference >> 4)) % _WINDOW
            if not back:  # a reference to the place itself ends the text
                return bytes(out[len(_DICTIONARY) :])
            for _ in range((reference & 15) + 2):
                out.append(out[-back] if back <= len(out) else 0x20)
    return bytes(out[len(_DICTIONARY) :])


def rtf_to_text(rtf: bytes) -> str:
    """The words that a reader sees; of rich text made from HTML those of the HTML."""
    out: list[str] = []
    charset = "cp1252"
    unseen, hidden, skip, fallback = 0, False, 0, 1  # depth of a group that is not shown; characters behind \\u
    depth = 0
    waiting = bytearray()  # octets of a character of several

    def flush() -> None:
        if waiting:
            out.append(decode(bytes(waiting), charset)[0])
            waiting.clear()

    for token in _TOKEN.finditer(rtf[:RTF_OCTETS]):
        octet, word, number, sign, brace, words = token.groups()
        if brace:
            flush()
            depth += 1 if brace == b"{" else -1
            unseen = unseen if depth >= unseen else 0
            skip = 0
        elif unseen:
            continue
        elif word == b"htmlrtf":
            hidden = number != b"0"
        elif hidden and word not in (b"ansicpg", b"uc"):
            continue
        elif octet is not None:
            skip, kept = (skip - 1, False) if skip else (0, True)
            waiting += bytes((int(octet, 16),)) if kept else b""
        elif words is not None:
            flush()
            out.append(decode(words[skip:], charset)[0])
            skip = max(0, skip - len(words))
        elif word == b"u" and number:
            flush()
            out.append(chr(int(number) & 0xFFFF))
            skip = fallback
        elif word == b"uc" and number:
            fallback = min(int(number), 8) if int(number) >= 0 else 1
        elif word == b"ansicpg" and number:
            charset = f"cp{int(number)}" if number != b"65001" else "utf-8"
        elif word in _UNSEEN or sign == b"*":
            flush()
            unseen = depth
        elif word is not None:
            flush()
            out.append(_BREAKS.get(word, "") or _SIGNS.get(word, ""))
        elif sign in (b"\\", b"{", b"}"):
            flush()
            out.append(sign.decode())
        elif sign in (b"~", b"\r", b"\n"):
            flush()
            out.append(" " if sign == b"~" else "\n")
    flush()
    return "".join(out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
