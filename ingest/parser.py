"""Raw octets to a Message: what a mail says, and what is broken in it."""

from __future__ import annotations

import hashlib
import re

from ingest.addresses import read_addresses, read_date
from ingest.attached_message import attached_messages
from ingest.body import read_told
from ingest.errors import Permanent
from ingest.findings import Findings
from ingest.forwarded import forwarded
from ingest.gate import NO_MORE_THAN, ParseLimits, Part, parse_parts
from ingest.header_gate import cut_header
from ingest.headers import header_text, message_ids
from ingest.hidden_beside import hidden_beside
from ingest.identity import content_digest
from ingest.message import Message, Views
from ingest.new_words import new_words
from ingest.parameters import parameter
from ingest.reporting import report_of
from ingest.walk import walk

_BLANK_FIRST = re.compile(rb"\s{1,100}[!-9;-~]{1,100}:")
_DEFECTS_KEPT = 50
_DATE_LENGTH = 100
_ID_FIELDS = ("message-id", "in-reply-to", "references")


def parse(raw: bytes, limits: ParseLimits = NO_MORE_THAN, *, views: bool = False) -> Message:
    """What a mail says. What is broken in it is data (`defects`); Permanent alone is raised, where nothing can be read.

    `views`: with what is only shown, which costs as much again.

    A mail beyond the limits is read as far as they go, which `limited` tells. MemoryError is raised as it is: it may be
    the machine that lacks memory.
    """
    try:
        return _read(raw, limits, views)
    except (Permanent, MemoryError):
        raise
    except Exception as error:
        raise Permanent(
            f"The mail was not read: the parser failed with {type(error).__name__}. Its raw octets are kept; "
            f"look at it in the mailbox, and report the mail as one that the desk cannot read."
        ) from error


def _read(raw: bytes, limits: ParseLimits, shown: bool) -> Message:
    read_from, limited = _within(raw, limits)
    root = parse_parts(read_from, limits)
    charset = _charset_of(root)
    headers, fields = _header(root, charset)
    subject = next((text for name, text in headers if name.lower() == "subject"), "")
    defects: list[str] = [] if headers else ["header: there is none" if raw else "empty: no octet at all"]
    senders, certain = read_addresses(fields, "from", defects, charset)
    findings = walk(read_from, root, limits)
    words = read_told(findings.pieces, limits.text_characters, findings.defects)
    report = report_of(root, findings.sources, findings.attached_ids, senders, fields, subject, words.marked)
    attached = attached_messages(findings)
    ids = {name: message_ids(tuple(value for key, value in headers if key.lower() == name)) for name in _ID_FIELDS}
    sent_at = read_date(fields.get("date", []), defects)
    taken = (value.rpartition(";")[2].strip()[-_DATE_LENGTH:] for value in fields.get("received", [])[:1])
    return Message(
        sha256=hashlib.sha256(raw).hexdigest(),
        content_sha256=content_digest(raw, fields),
        headers=tuple(headers),
        message_id=next(iter(ids["message-id"]), None),
        in_reply_to=ids["in-reply-to"],
        references=ids["references"],
        sent_at=sent_at,
        received_at=read_date(list(taken), []),
        from_=senders,
        from_ambiguous=not (certain and len(senders) == 1 and len(fields["from"]) == 1),
        reply_to=read_addresses(fields, "reply-to", defects, charset)[0],
        to=read_addresses(fields, "to", defects, charset)[0],
        cc=read_addresses(fields, "cc", defects, charset)[0],
        subject=subject,
        content_type=root.media_type,
        text=words.marked,
        new_text=new_words(words.seen),
        attachments=tuple(findings.attachments),
        attached_messages=attached,
        attached_ids=tuple(dict.fromkeys(findings.attached_ids)),
        report=report,
        calendar_methods=tuple(findings.calendar_methods),
        calendar=tuple(findings.calendar),
        protection=findings.protection,
        limited=tuple(dict.fromkeys(limited + findings.limited)),
        forwarded=forwarded(words.seen, subject),
        hidden_text=words.hidden or hidden_beside(findings.unread),
        views=_views(findings, words.marked, limits) if shown else None,
        defects=tuple(dict.fromkeys(defects + findings.defects))[:_DEFECTS_KEPT],
    )


def _header(root: Part, charset: str) -> tuple[list[tuple[str, str]], dict[str, list[str]]]:
    """Every field in order, as people read it; and the raw values by lower-case name, topmost first."""
    headers: list[tuple[str, str]] = []
    fields: dict[str, list[str]] = {}
    for name, value in root.raw_items():
        fields.setdefault(name.lower(), []).append(str(value))
        headers.append((name, header_text(str(value), charset)))
    return headers, fields


def _charset_of(root: Part) -> str:
    """What the first text of the mail declares: in octets of a header that say nothing it is the best guess."""
    part = root
    while part.children:
        part = part.children[0]
    return parameter(str(part.get("content-type", "")), "charset")


def _within(raw: bytes, limits: ParseLimits) -> tuple[bytes, list[str]]:
    """The mail as far as the limits of size and header go, and what is beyond them."""
    most = limits.message_bytes
    larger = [f"size: {len(raw):,} octets, of which the first {most:,} were read"] if len(raw) > most else []
    read_from, limited = cut_header(raw[:most] if larger else raw, limits)
    if read_from[:1].isspace() and _BLANK_FIRST.match(read_from):  # as a file, never as a server passes it on
        read_from = read_from.lstrip()
    return read_from, limited + larger


def _views(findings: Findings, text: str, limits: ParseLimits) -> Views:
    from ingest.views import views  # only who asks for them pays for what makes them

    return views(findings.pieces + findings.unread, text, limits.text_characters)
