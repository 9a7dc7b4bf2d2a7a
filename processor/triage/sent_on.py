"""The words of mails that this one sends on: what a client wrote to a colleague is what the mail is about."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import islice

from ingest.message import ForwardedHeader, Message
from processor.triage.folding import LIMIT

_MOST = 5  # mails within one
_HEADER_LINES = 20
_FIELD = 30  # characters before the colon of a header field


def sent_on(message: Message, own_domains: Set[str]) -> str:
    """What others than the desk's own people wrote in the mails that are sent on, without what those quote."""
    if not message.forwarded:
        return ""
    text = message.text[:LIMIT]
    parts = list(_parts(text, message.forwarded[:_MOST]))
    told = [body for header, body in parts if header.from_ is None or header.from_.domain.lower() not in own_domains]
    return "\n\n".join(body for body in told if body)


def _parts(text: str, headers: tuple[ForwardedHeader, ...]) -> Iterator[tuple[ForwardedHeader, str]]:
    starts = []
    at = 0
    for header in headers:
        sender = header.from_.address if header.from_ else header.from_name
        at = text.find(sender, at) if sender else -1
        if at < 0:
            break
        at += len(sender)
        starts.append(at)
    ends = [*(text.rfind("\n", 0, start) for start in starts[1:]), len(text)]
    for header, start, end in zip(headers, starts, ends, strict=False):
        yield header, _body(text[start:end])


def _body(text: str) -> str:
    """The lines below the header fields, up to what they quote."""
    lines = text.split("\n")
    begin = next((number for number, line in enumerate(islice(lines, 1, _HEADER_LINES), 1) if not _is_field(line)), 1)
    own = [line for line in lines[begin:] if not line.lstrip().startswith(">")]
    return "\n".join(own).strip()


def _is_field(line: str) -> bool:
    return ":" in line[:_FIELD] or line[:1] in " \t"
