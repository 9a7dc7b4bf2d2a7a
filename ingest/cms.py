"""What an S/MIME envelope holds (RFC 5652): signed content, found by a small reader of BER; nothing is verified."""

from __future__ import annotations

from dataclasses import dataclass

_STEPS = 200_000  # elements that are looked at; content in pieces of 1,000 octets has 50,000
_SEQUENCE, _SET, _OID, _OCTETS, _EXPLICIT = 0x30, 0x31, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_PKCS7 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_SMIME = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01"
_SIGNED = _PKCS7 + b"\x02"
_ENCRYPTED = frozenset((_PKCS7 + b"\x03", _PKCS7 + b"\x04", _PKCS7 + b"\x06", _SMIME + b"\x17"))


class _Broken(Exception):
    """It is no BER, or beyond the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`content` is None where there is none: it is encrypted, or only signatures or certificates are inside."""

    signed: bool = False
    encrypted: bool = False
    content: bytes | None = None


def read_envelope(octets: bytes) -> Envelope:
    """What kind it is, and the content where it is only signed. That it is signed does not mean that this is valid."""
    reader = _Reader(octets)
    kind = b""
    try:
        reader.enter(_SEQUENCE)
        kind = reader.primitive(_OID)
        if kind != _SIGNED:
            return Envelope(encrypted=kind in _ENCRYPTED)
        reader.enter(_EXPLICIT)
        reader.enter(_SEQUENCE)
        reader.skip()  # the version
        reader.skip()  # the digest algorithms
        reader.enter(_SEQUENCE)
        reader.skip()  # the type of the content
        reader.enter(_EXPLICIT)
        return Envelope(signed=True, content=reader.content())
    except _Broken:
        return Envelope(signed=kind == _SIGNED)


class _Reader:
    """Goes forward through the elements; every length is checked against what is there."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0
        self._left = _STEPS

    def enter(self, tag: int) -> None:
        if self._head()[0] != tag:
            raise _Broken

    def primitive(self, tag: int) -> bytes:
        found, length = self._head()
        if found != tag or length is None:
            raise _Broken
        return self._take(length)

    def skip(self) -> None:
        """Past the next element; one without a length is gone through, what is inside it too."""
        depth = 0
        while True:
            tag, length = self._head()
            if length is None:
                depth += 1
                continue
            self._at += length
            depth -= tag == 0 and length == 0
            if depth <= 0:
                return

    def content(self) -> bytes:
        """An octet string: whole, or in pieces that are octet strings in turn."""
        tag, length = self._head()
        if tag == _OCTETS and length is not None:
            return self._take(length)
        if tag != _OCTETS | _CONSTRUCTED:
            raise _Broken
        end = len(self._octets) if length is None else min(len(self._octets), self._at + length)
        pieces: list[bytes] = []
        while self._at < end:
            tag, length = self._head()
            if tag == _OCTETS and length is not None:
                pieces.append(self._take(length))
            elif tag != _OCTETS | _CONSTRUCTED:  # the end of the pieces
                break
        return b"".join(pieces)

    def _take(self, length: int) -> bytes:
        taken = self._octets[self._at : self._at + length]
        self._at += length
        return taken

    def _head(self) -> tuple[int, int | None]:
        """The tag, and the length: None where an end is marked instead."""
        self._left -= 1
        if self._left < 0 or self._at + 2 > len(self._octets):
            raise _Broken
        tag, length = self._octets[self._at], self._octets[self._at + 1]
        self._at += 2
        if length < 0x80:
            return tag, length
        if length == 0x80:
            return tag, None
        count = length & 0x7F
        length = int.from_bytes(self._octets[self._at : self._at + count], "big")
        self._at += count
        if count > 8:
            raise _Broken
        return tag, length
