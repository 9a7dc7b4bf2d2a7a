"""The mails that are attached to a mail, as values: read as the outer one is, within bounds, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.addresses import read_addresses, read_date
from ingest.body import Piece, read
from ingest.findings import Findings
from ingest.gate import Part, parse_parts
from ingest.headers import header_text, message_ids
from ingest.message import AttachedMessage
from ingest.packed import ATTACHED_TEXT
from ingest.walk import walk

MAILS = 100  # that are read, those inside others included
_OCTETS = 10_000_000  # of all of them whose words are read
_MARKUP_OCTETS = 500_000  # of all of them
_HEADER_OCTETS = 65_536  # of one that is not read whole
_VALUE = 4_000  # characters of a field; the outer header alone has passed the gate
_FIELDS = 20  # of one name
_READ = frozenset(("message-id", "from", "to", "subject", "date"))


@dataclass(slots=True)
class _Left:
    """What may still be spent on the attached mails of one mail."""

    mails: int = MAILS
    octets: int = _OCTETS
    markup: int = _MARKUP_OCTETS


def attached_messages(findings: Findings) -> tuple[AttachedMessage, ...]:
    """Each with those that are attached to it right behind it. What is too much is told in `limited`."""
    left = _Left()
    found = tuple(_all(findings, left))
    if left.mails < 0:
        findings.limited.append(f"attached mails: {-left.mails} more than {MAILS}, which were not read")
    if left.octets < 0 or left.markup < 0:
        findings.limited.append("attached mails: so large that not all of their words were read")
    return found


def _all(findings: Findings, left: _Left) -> Iterator[AttachedMessage]:
    for one in findings.attached:
        left.mails -= 1
        if left.mails < 0:
            continue
        if isinstance(one, AttachedMessage):
            yield one
            continue
        left.octets -= len(one.octets)
        whole = left.octets >= 0
        mail = one.mail or parse_parts(one.octets if whole else one.octets[:_HEADER_OCTETS], findings.limits)
        inside = walk(one.octets, mail, findings.limits, words_alone=True) if whole else None
        yield _value(mail, one.sha256, _words(inside, left) if inside else "")
        if inside:
            yield from _all(inside, left)


def _words(inside: Findings, left: _Left) -> str:
    pieces: list[Piece] = []
    for piece in inside.pieces:
        left.markup -= 0 if piece.plain else len(piece.part.source)
        if left.markup < 0:
            break
        pieces.append(piece)
    return read(pieces, ATTACHED_TEXT, [])


def _value(mail: Part, sha256: str, text: str) -> AttachedMessage:
    fields: dict[str, list[str]] = {}
    for name, value in mail.raw_items():
        values = fields.setdefault(name.lower(), [])
        if name.lower() in _READ and len(values) < _FIELDS:
            values.append(str(value)[:_VALUE])
    ids = message_ids(tuple(map(header_text, fields.get("message-id", ()))))
    return AttachedMessage(
        message_id=ids[0] if ids else None,
        from_=read_addresses(fields, "from", [])[0],
        to=read_addresses(fields, "to", [])[0],
        subject=header_text(next(iter(fields.get("subject", ())), "")),
        sent_at=read_date(fields.get("date", ()), []),
        text=text,
        sha256=sha256,
    )
