"""Reads a multipart/report (RFC 6522): delivery status (RFC 3464), receipt (RFC 8098), feedback (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from ingest.charset import clean_line, decode
from ingest.gate import Part
from ingest.headers import header_text, message_ids
from ingest.message import Report, ReportedRecipient
from ingest.status import is_unspecific, told_status, written_status

RECIPIENTS_KEPT = 1_000
_READ = 262_144  # octets of a report or a returned header that are looked at
_DIAGNOSTIC = 1_000
_KINDS = {
    "message/delivery-status": "delivery-status",
    "message/global-delivery-status": "delivery-status",
    "message/disposition-notification": "disposition-notification",
    "message/global-disposition-notification": "disposition-notification",
    "message/feedback-report": "feedback-report",
}
STATUS_PARTS = frozenset(name for name, kind in _KINDS.items() if kind == "delivery-status")
_REPEATED = frozenset(("original-rcpt-to", "removal-recipient"))  # RFC 5965 section 3.2
_NAMES_LENGTH = 20_000  # characters of all of them
_FIELDS = 10_000  # of a group
_ADDRESSES = {
    "delivery-status": ("original-recipient", "final-recipient"),
    "disposition-notification": ("original-recipient", "final-recipient"),
    "feedback-report": ("original-rcpt-to", "removal-recipient"),
}
RETURNED = frozenset(
    {"message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers", "message/global-headers"}
)
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_BLANK_LINE = re.compile(rb"\r\n[ \t]*\r\n|\n[ \t]*\n|\r[ \t]*\r")
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)


def is_report(root: Part) -> Part | None:
    """The multipart/report that this mail is, or that a mailing list or gateway has wrapped with its footer.

    A mail that is nothing but the status of one is a report as well.
    """
    if root.media_type == "multipart/report" or root.media_type in _KINDS:
        return root
    if root.media_type in ("multipart/mixed", "multipart/signed") and root.children:
        first = root.children[0]
        if first.media_type == "multipart/report":
            return first
    return None


def read_report(part: Part, sources: Mapping[int, bytes]) -> Report:
    """What a multipart/report says; `sources` are the decoded octets of its message/* parts by their id()."""
    declared = part.get_param("report-type")
    kind = clean_line(declared).lower()[:60] if isinstance(declared, str) else ""
    kind = kind.removeprefix("global-")
    recipients: list[ReportedRecipient] = []
    original: str | None = None
    feedback = ""
    for child in part.children if part.media_type == "multipart/report" else (part,):
        content_type = child.media_type
        if content_type in _KINDS:
            kind = kind or _KINDS[content_type]
            groups = list(_groups(_text(octets_of(child, sources))))
            recipients += _recipients(_KINDS[content_type], groups)
            original = original or _first_id(groups, "original-message-id", "x-original-message-id")
            feedback = feedback or next((_first_word(group.get("feedback-type", "")) for group in groups), "")
        elif content_type in RETURNED:
            original = returned_id(octets_of(child, sources)) or original
    return Report(
        kind=kind, recipients=tuple(recipients[:RECIPIENTS_KEPT]), original_message_id=original, feedback=feedback
    )


def returned_id(octets: bytes) -> str | None:
    """The Message-ID of a mail that is attached, or of which the header alone is."""
    header = _BLANK_LINE.split(octets[:_READ].lstrip(b"\r\n"), 1)[0]
    return _first_id(list(islice(_groups(_text(header)), 1)), "message-id")


def read_fields(written: bytes | str) -> Iterator[ReportedRecipient]:
    """The recipients of a delivery status, be it a part of its own or among other words."""
    yield from _recipients("delivery-status", list(_groups(written if isinstance(written, str) else _text(written))))


def octets_of(part: Part, sources: Mapping[int, bytes]) -> bytes:
    """The decoded octets of a part, be it a mail's or not."""
    return sources[id(part)] if id(part) in sources else part.octets()[0]


def _text(octets: bytes) -> str:
    return decode(octets[:_READ], None)[0].replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")


def _groups(text: str) -> Iterator[dict[str, str]]:
    """Groups of fields, parted by blank lines; of a repeated field the first one counts, but where all of them do."""
    for block in re.split(r"\n[ \t]*\n", text):
        group: dict[str, str] = {}
        for field in islice(_FIELD.finditer(block), _FIELDS):
            name, value = field[1].lower(), header_text(field[2])
            if name in group and name in _REPEATED and len(group[name]) < _NAMES_LENGTH:
                group[name] += f",{value}"
            group.setdefault(name, value)
        if group:
            yield group


def _first_id(groups: list[dict[str, str]], *names: str) -> str | None:
    ids = message_ids(tuple(group[name] for group in groups for name in names if name in group))
    return ids[0] if ids else None


def _recipients(kind: str, groups: list[dict[str, str]]) -> Iterator[ReportedRecipient]:
    for address, group in ((address, one) for one in groups for address in _named(kind, one)):
        if kind == "delivery-status":
            yield _delivery(address, group)
        elif kind == "disposition-notification":
            action = _first_word(group.get("disposition", "").rpartition(";")[2])
            yield ReportedRecipient(recipient=address, action=action, status="")
        else:
            yield ReportedRecipient(recipient=address, action=_first_word(group.get("feedback-type", "")), status="")


def _named(kind: str, group: dict[str, str]) -> list[str]:
    """The addresses that a group is about: one, but for a complaint, which may name several."""
    for name in _ADDRESSES[kind]:
        values = group.get(name, "").split(",") if name in _REPEATED else (group.get(name, ""),)
        if found := [address for value in values if (address := _address(value))]:
            return found
    return []


def _delivery(address: str, group: dict[str, str]) -> ReportedRecipient:
    """One recipient of a delivery status.

    What the server itself answered counts before the status that its client made of it, which is often "other" (5.0.0)
    or that of the command at which it happened: a refusal of us, at RCPT, becomes "no such address" on the way.
    """
    action = _first_word(group.get("action", ""))
    diagnostic = group.get("diagnostic-code", "")[:_DIAGNOSTIC]
    found = _STATUS.search(group.get("status", ""))
    status, answered = found[0] if found else "", written_status(diagnostic)
    if not status or is_unspecific(status) or (status[0] == answered[:1] == "5" and not is_unspecific(answered)):
        status = answered or status
    told = status or told_status(diagnostic, lasting=action != "delayed")
    return ReportedRecipient(
        recipient=address, action=action, status=told, diagnostic=diagnostic, inferred=bool(told and not status)
    )


def _address(value: str) -> str:
    """The address of "rfc822; user@example.com"; empty where it is none."""
    text = value.rpartition(";")[2].strip("<> ")
    return text if "@" in text else ""


def _first_word(value: str) -> str:
    word = re.match(r"[\w-]{1,40}", value.strip().lower())
    return word[0] if word else ""
