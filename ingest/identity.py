"""Tells a mail from its second copy: what the writer made is the same, what servers add on the way is not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

# The fields of RFC 5322 sections 3.6.1 to 3.6.5 and of RFC 2045: a writer's, which no server rewrites in passing.
_WRITTEN = ("date", "from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "references", "subject",
            "content-type", "content-transfer-encoding")  # fmt: skip
_FIRST_LINES = 10_000  # octets that show how lines end; a whole mail is not copied only to be compared


def content_digest(raw: bytes, fields: Mapping[str, Sequence[str]]) -> str | None:
    """SHA-256 of the writer's fields and of the body; None where no Message-ID says that two of them are one mail.

    `fields` are the raw values by lower-case name. Folds and line ends do not count: servers change them.
    """
    if not fields.get("message-id"):
        return None
    digest = hashlib.sha256()
    for name in _WRITTEN:
        for value in fields.get(name, ()):
            digest.update(f"{name}:{''.join(value.split())}\n".encode("utf-8", "surrogateescape"))
    digest.update(_body(raw))
    return digest.hexdigest()


def _body(raw: bytes) -> memoryview:
    """What is below the first empty line, with CRLF as in transport, without the empty lines at its end."""
    if b"\r\n" not in raw[:_FIRST_LINES]:
        raw = raw.replace(b"\r", b"").replace(b"\n", b"\r\n")
    start = raw.find(b"\r\n\r\n")
    end = len(raw)
    while end > start >= 0 and raw[end - 1] in b"\r\n":
        end -= 1
    return memoryview(raw)[start:end] if start >= 0 else memoryview(b"")
