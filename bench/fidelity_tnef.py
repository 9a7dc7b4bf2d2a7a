"""Figure 4: every file that a list of the public winmail.dat files names comes out with its bytes."""

from __future__ import annotations

import hashlib
import struct
from base64 import encodebytes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.parser import parse

BODIES = ("body.html", "body.rtf")  # the text of the mail, which the lists count as a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What was listed, and what of it is missing or not proven."""

    lists: int  # those whose winmail.dat is there
    listed: int
    missed: Sequence[str]

    @property
    def found(self) -> int:
        return self.listed - len(self.missed)


def packed(corpus: Path) -> Packed:
    """Each winmail.dat with a list, as an attachment of a mail, as the desk would get it."""
    missed: list[str] = []
    lists = listed = 0
    for file in sorted((corpus / "tnef").glob("*.tnef")):
        names = [name for name in file.with_suffix(".list").read_text(encoding="utf-8").split("\n") if name]
        lists += 1
        listed += len(names)
        raw = file.read_bytes()
        proven = set(proofs(raw))
        have = [one for one in parse(_mail_with(raw)).attachments if one.declared_type != "application/ms-tnef"]
        for name in names:
            one = next((one for one in have if one.name == name), None)
            if one is None:
                missed.append(f"{file.name}: {name} is not there")
                continue
            have.remove(one)
            if one.sha256 not in proven and (name, one.size) not in proven:
                missed.append(f"{file.name}: {name} has not the bytes that stand in it")
    return Packed(lists=lists, listed=listed, missed=missed)


def proofs(raw: bytes) -> Iterator[str | tuple[str, int]]:
    """Digests of what stands in the file as a file, by its lengths alone; of compressed text how long it is to be.

    Knows nothing of our reader: attributes of file data (MS-OXTNEF 2.1.3), and every value of a property whose length
    is written before it.
    """
    at = 6
    while at + 9 <= len(raw):
        _, number, _, length = struct.unpack_from("<BHHI", raw, at)
        data = raw[at + 9 : at + 9 + length]
        at += 9 + length + 2
        if number == 0x800F:
            yield hashlib.sha256(data).hexdigest()
        elif number in (0x9003, 0x9005):
            yield from _values(data)


def _values(data: bytes) -> Iterator[str | tuple[str, int]]:
    """Properties of binary data, objects and HTML, wherever their tag, a count of one and a fitting length stand."""
    for tag in (
        b"\x02\x01\x01\x37",
        b"\x0d\x00\x01\x37",
        b"\x02\x01\x13\x10",
        b"\x1e\x00\x13\x10",
        b"\x02\x01\x09\x10",
    ):
        at = data.find(tag)
        while at >= 0:
            count, length = struct.unpack_from("<II", data.ljust(at + 12, b"\0"), at + 4)
            value = data[at + 12 : at + 12 + length]
            if count == 1 and len(value) == length:
                yield from (hashlib.sha256(one).hexdigest() for one in (value, value[16:], value.rstrip(b"\0")))
                if value[8:12] in (b"LZFu", b"MELA"):
                    yield "body.rtf", struct.unpack_from("<I", value, 4)[0]
            at = data.find(tag, at + 1)


def _mail_with(raw: bytes) -> bytes:
    head = b"From: a@client.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(raw)
