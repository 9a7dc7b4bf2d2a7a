"""Small true PDF and PNG files for the sample mails, the same octets every time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

LINE_POINTS = 16


def pdf(lines: Sequence[str]) -> bytes:
    """One A4 page with these lines of text, in Windows-1252 letters (ISO 32000-1)."""
    page = f"BT /F1 11 Tf 60 780 Td {LINE_POINTS} TL " + " ".join(f"({_escaped(line)}) Tj T*" for line in lines) + " ET"
    content = page.encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    return _file(objects)


def png(width: int, height: int) -> bytes:
    """A grey sheet with darker lines, as a scan of a small receipt looks from afar (RFC 2083)."""
    rows = b"".join(b"\0" + bytes(_shade(row, column, width) for column in range(width)) for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)  # 8 bits of grey
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects, numbered from 1, and the table of where each of them begins."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, table)
    return bytes(out)


def _shade(row: int, column: int, width: int) -> int:
    written = row % 8 in (3, 4) and 6 < column < width - 6 - (row * 7) % 31
    return 90 if written else 236


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
