"""Tells a mail from its second copy: what the writer made is the same, what servers add on the way is not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from ingest.gate import HEADER_END

# The fields of RFC 5322 sections 3.6.1 to 3.6.5 and of RFC 2045: a writer's, which no server rewrites in passing.
_WRITTEN = ("date", "from", "sender", "reply-to", "to", "cc", "message-id", "in-reply-to", "references", "subject",
            "content-type", "content-transfer-encoding")  # fmt: skip


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
    header_end = HEADER_END.search(raw)
    body = raw[header_end.end() :] if header_end else b""
    digest.update(body.replace(b"\r\n", b"\n").strip(b"\n"))
    return digest.hexdigest()
