"""A winmail.dat made by hand, attribute by attribute (MS-OXTNEF)."""

from __future__ import annotations

import struct
import zlib
from base64 import encodebytes

RENDERING, TITLE, DATA, SUBJECT, BODY = 0x9002, 0x8010, 0x800F, 0x8004, 0x800C
MAIL_PROPERTIES, FILE_PROPERTIES, CODE_PAGE = 0x9003, 0x9005, 0x9007
STRING, WIDE_STRING, OBJECT, BINARY, LONG = 0x1E, 0x1F, 0x0D, 0x102, 0x03
MAIL_OBJECT = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"


def tnef(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def attribute(number: int, data: bytes, level: int = 1) -> bytes:
    return struct.pack("<BHHI", level, number, 0, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def a_file(name: bytes, data: bytes, *properties: bytes) -> bytes:
    """How a file is drawn, its short name, its octets, its properties."""
    parts = [attribute(RENDERING, bytes(14), 2), attribute(TITLE, name + b"\0", 2), attribute(DATA, data, 2)]
    return b"".join([*parts, attribute(FILE_PROPERTIES, table(*properties), 2)] if properties else parts)


def table(*properties: bytes) -> bytes:
    return struct.pack("<I", len(properties)) + b"".join(properties)


def prop(kind: int, number: int, value: bytes | int) -> bytes:
    """One property with one value; numbers have four octets."""
    head = struct.pack("<HH", kind, number)
    if isinstance(value, int):
        return head + struct.pack("<I", value)
    return head + struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)


def compressed_rtf(rtf: bytes) -> bytes:
    """As literals alone, which is allowed and takes more room."""
    inside = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    checksum = zlib.crc32(inside, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return struct.pack("<II4sI", len(inside) + 12, len(rtf), b"LZFu", checksum) + inside


def a_mail_with(octets: bytes, words: bytes = b"") -> bytes:
    """The mail that carries it."""
    return (
        b"From: Ada <ada@client.example>\r\nSubject: Files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\n" + words + b"\r\n"
        b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + encodebytes(octets)
        + b"--b--\r\n"
    )
