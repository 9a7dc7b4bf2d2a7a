"""A mail's octets with some of it taken out for good: a text wherever it stands, an attachment, or all of it."""

from __future__ import annotations

import hashlib
import re
from base64 import encodebytes
from collections.abc import Collection
from email import message_from_bytes
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message as MimePart
from email.policy import compat32
from io import BytesIO

from ingest.charset import decode
from ingest.headers import header_text

MARK = "[redacted]"
MOST = 500  # symbols of a text that is taken out
FEWEST = 4  # of which at least so many must be letters or digits
_GAP = r"(?:[^\w<&]|_|<[^<>]{0,300}>|&nbsp;|&#\d{1,6};|&#x[0-9a-f]{1,5};){0,20}"  # blanks, quoting marks, tags, points
_KEPT = ("message-id", "date", "in-reply-to", "references", "mime-version")


def wherever(text: str) -> re.Pattern[str]:
    """Finds the text however it is spaced, quoted, broken or marked up. ValueError where it is too short or long."""
    symbols = [character for character in text if character.isalnum()]
    if not FEWEST <= len(symbols) <= MOST:
        raise ValueError(f"it has {len(symbols)} letters and digits: from {FEWEST} to {MOST:,} can be taken out")
    return re.compile(_GAP.join(map(re.escape, symbols)), re.IGNORECASE)


def without_text(raw: bytes, pattern: re.Pattern[str]) -> bytes:
    """The mail with a mark for each place where it stands: in fields, and in every part that is text."""
    mail = message_from_bytes(raw, policy=compat32)
    changed = False
    for part in mail.walk():
        changed |= _fields_without(part, pattern)
        if not part.is_multipart() and part.get_content_maintype() == "text":
            changed |= _words_without(part, pattern)
    return _octets(mail) if changed else raw


def without_files(raw: bytes, digests: Collection[str], note: str) -> bytes:
    """The mail with a note instead of each part of these digests, by their decoded octets."""
    mail = message_from_bytes(raw, policy=compat32)
    found = [part for part in mail.walk() if _digest(part) in digests]
    for part in found:
        for name in set(part.keys()):
            if name.lower().startswith("content-"):
                del part[name]
        part["Content-Type"] = 'text/plain; charset="utf-8"; name="redacted.txt"'
        part["Content-Disposition"] = 'attachment; filename="redacted.txt"'
        _put(part, note.encode())
    return _octets(mail) if found else raw


def without_all(raw: bytes, note: str) -> bytes:
    """A mail that says nothing but the note, and by which Message-ID it was known."""
    mail = message_from_bytes(raw, policy=compat32)
    stub = MimePart(policy=compat32)
    for name, value in mail.raw_items():
        if name.lower() in _KEPT:
            stub[name] = value
    stub["Content-Type"] = 'text/plain; charset="utf-8"'
    _put(stub, note.encode())
    return _octets(stub)


def _fields_without(part: MimePart, pattern: re.Pattern[str]) -> bool:
    told = [(name, header_text(str(value))) for name, value in part.raw_items()]
    hit = {name.lower() for name, value in told if pattern.search(value)}
    if not hit:
        return False
    raw = list(part.raw_items())
    for name in {name for name, _ in raw}:
        del part[name]
    for (name, value), (_, words) in zip(raw, told, strict=True):
        part[name] = Header(pattern.sub(MARK, words), "utf-8").encode() if pattern.search(words) else value
    return True


def _words_without(part: MimePart, pattern: re.Pattern[str]) -> bool:
    octets = part.get_payload(decode=True)
    words = decode(octets, part.get_content_charset())[0] if isinstance(octets, bytes) else ""
    if not pattern.search(words):
        return False
    part.set_param("charset", "utf-8")
    _put(part, pattern.sub(MARK, words).encode("utf-8", "replace"))
    return True


def _put(part: MimePart, octets: bytes) -> None:
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(octets).decode("ascii"))


def _digest(part: MimePart) -> str:
    octets = None if part.is_multipart() else part.get_payload(decode=True)
    return hashlib.sha256(octets).hexdigest() if isinstance(octets, bytes) else ""


def _octets(mail: MimePart) -> bytes:
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, maxheaderlen=0).flatten(mail, linesep="\r\n")
    return written.getvalue()
