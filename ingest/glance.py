"""What can be told of a mail that nothing can be made of: the fields that people know, from its first octets."""

from __future__ import annotations

import re

from ingest.charset import clean_line
from ingest.gate import HEADER_END
from ingest.headers import header_text, message_ids

OCTETS = 65_536  # looked at, however long the header is
VALUE_OCTETS = 8_000
FIELDS = ("From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "Content-Type")

_FIELD = re.compile(rb"(?im)^(" + "|".join(FIELDS).encode() + rb")[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*){0,50})")
_ONE_ADDRESS = re.compile(r"[^<>@]*<([^\s<>@,;]{1,64}@[^\s<>@,;]{1,255})>|([^\s<>@,;]{1,64}@[^\s<>@,;]{1,255})")


def glance(raw: bytes) -> list[tuple[str, str]]:
    """The name and the cleaned value of each of these fields, in the order in which they stand; the first ones only."""
    head = raw[:OCTETS]
    end = HEADER_END.search(head)
    found = _FIELD.findall(head[: end.start()] if end else head)[: 2 * len(FIELDS)]
    return [(name.decode("ascii"), _value(value)) for name, value in found]


def sender_in(fields: list[tuple[str, str]]) -> str:
    """The one address of the one From field; empty where there is any doubt."""
    senders = [value for name, value in fields if name.lower() == "from"]
    one = _ONE_ADDRESS.fullmatch(senders[0]) if len(senders) == 1 else None
    return (one[1] or one[2]) if one else ""


def message_id_in(fields: list[tuple[str, str]]) -> str | None:
    """The Message-ID, with its angle brackets."""
    ids = message_ids(tuple(value for name, value in fields if name.lower() == "message-id"))
    return ids[0] if ids else None


def _value(octets: bytes) -> str:
    text = header_text(octets[:VALUE_OCTETS].decode("utf-8", "surrogateescape"))
    return clean_line(text.encode("utf-8", "replace").decode("utf-8"))
