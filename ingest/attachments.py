"""Attachments as values: a name that is no path, the type by its octets, the digest of what was attached."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress

import filetype

from ingest.charset import clean_line
from ingest.gate import Part
from ingest.headers import decode_words, header_text
from ingest.message import Attachment
from ingest.parameters import parameter

_NAME_LENGTH = 200
_SNIFFED = 8_192  # octets that tell the type
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TNEF = b"\x78\x9f\x3e\x22"
_NAMED_BY = (("content-disposition", ("filename", "name")), ("content-type", ("name", "filename")))
_PATH = re.compile(r"[/\\]")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_EXTENSIONS = {
    "application/json": ".json",
    "application/ms-tnef": ".dat",
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/vnd.ms-tnef": ".dat",
    "application/x-ole-storage": ".ole",
    "application/xml": ".xml",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "message/delivery-status": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/xml": ".xml",
}


def attachment(part: Part, octets: bytes) -> Attachment:
    """The value of one attached part, given its decoded octets."""
    disposition = part.get_content_disposition()
    content_id = clean_line(str(part.get("content-id", ""))).strip("<> ")[:_NAME_LENGTH]
    return file_value(
        octets,
        name=part_name(part),
        declared_type=part.media_type,
        inline=disposition == "inline" or (disposition is None and bool(content_id)),
        content_id=content_id,
    )


def file_value(
    octets: bytes, *, name: str, declared_type: str, inline: bool = False, content_id: str = ""
) -> Attachment:
    """The value of a file, whatever it was found in; the name is made of its content where it has none."""
    detected, extension = (None, "") if declared_type.startswith("message/") else detect(octets)
    digest = hashlib.sha256(octets).hexdigest()
    return Attachment(
        name=name or f"unnamed-{digest[:8]}{extension or _EXTENSIONS.get(declared_type, '.bin')}",
        declared_type=declared_type,
        detected_type=detected,
        size=len(octets),
        sha256=digest,
        inline=inline,
        content_id=content_id or None,
    )


def part_name(part: Part) -> str:
    """The file name that the sender gave: no path, no control characters, of bounded length; empty where none."""
    for field, parameters in _NAMED_BY:
        if value := part.get(field):
            for name in parameters:
                if found := safe_name(decode_words(parameter(str(value), name))):
                    return found
    described = safe_name(header_text(str(part.get("content-description", ""))))
    return described if _EXTENSION.search(described) and " " not in described else ""


def safe_name(name: str) -> str:
    """A name as data: without path and control characters, of bounded length; empty where it is none."""
    name = _PATH.split(clean_line(name))[-1].strip()
    if not name.strip(". "):
        return ""
    if len(name) > _NAME_LENGTH:
        extension = _EXTENSION.search(name)
        tail = extension[0] if extension else ""
        name = name[: _NAME_LENGTH - len(tail)] + tail
    return name


def detect(octets: bytes) -> tuple[str | None, str]:
    """The type that the first octets show, and the extension of its files; None where they show nothing."""
    if octets.startswith(_TNEF):
        return "application/vnd.ms-tnef", ".dat"
    kind = None
    with suppress(Exception):  # the library reads offsets out of the file, which a hostile one makes up
        kind = filetype.guess(octets[:_SNIFFED])
    if kind is not None:
        return str(kind.mime), f".{kind.extension}"
    if octets.startswith(_OLE):
        return "application/x-ole-storage", ".ole"
    return None, ""
