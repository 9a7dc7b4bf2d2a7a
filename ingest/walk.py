"""One walk over the parts of a mail: what is its text, what is attached. It never goes into an attached mail."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.attached_mail import RawParts, Trail
from ingest.attachments import attachment, part_name
from ingest.body import MARKED_UP, PLAIN, Piece, choose, plain_piece
from ingest.gate import ParseLimits, Part, parse_parts
from ingest.headers import header_text
from ingest.message import AttachedMessage, Attachment
from ingest.reports import RETURNED, returned_id

_METHOD = re.compile(rb"^METHOD[^:\r\n]{0,60}:[ \t]*([A-Za-z-]{1,40})", re.MULTILINE | re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z-]{1,40}")
_SHOWN_BOUNDARY = re.compile(rb"^--([^\s\"\\]{1,200})[ \t]*\r?\n(?=Content-|\r?\n)", re.MULTILINE | re.IGNORECASE)
_SUBJECT_READ = 262_144
_SUBJECT_LENGTH = 4_000  # characters as they came; decoding takes time, and the outer header alone has passed the gate


@dataclass(slots=True, kw_only=True)
class Findings:
    """What the walk has come upon."""

    raw_parts: RawParts
    limits: ParseLimits
    pieces: list[Piece] = field(default_factory=list)
    named: list[Piece] = field(default_factory=list)  # text with a file name: read only where there is no other
    attachments: list[Attachment] = field(default_factory=list)
    attached_messages: list[AttachedMessage] = field(default_factory=list)
    attached_ids: list[str] = field(default_factory=list)
    calendar_methods: list[str] = field(default_factory=list)
    sources: dict[int, bytes] = field(default_factory=dict)  # decoded octets of message/* parts by id() of the part
    defects: list[str] = field(default_factory=list)


def walk(raw: bytes, root: Part, limits: ParseLimits) -> Findings:
    """Text parts chosen, attachments valued; every part decoded once."""
    findings = Findings(raw_parts=RawParts(raw), limits=limits)
    if root.get_content_maintype() == "multipart" and not root.children:
        findings.defects += [type(defect).__name__ for defect in root.defects]
        if shown := _with_shown_boundary(root, limits):
            findings.raw_parts, root = RawParts(shown[0]), shown[1]
    findings.pieces = _visit(root, (), findings)
    if all(one.blank for one in findings.pieces):
        findings.pieces += findings.named[:1]
    return findings


def _visit(part: Part, trail: Trail, findings: Findings) -> list[Piece]:
    findings.defects.extend(type(defect).__name__ for defect in part.defects)
    maintype = part.get_content_maintype()
    if maintype == "message":
        _attached_mail(part, trail, findings)
        return []
    if maintype != "multipart" or not part.children:
        return _leaf(part, findings)
    inside = [_visit(child, (*trail, (part, index)), findings) for index, child in enumerate(part.children)]
    if part.get_content_subtype() == "alternative":
        return choose(inside)
    return [one for pieces in inside for one in pieces]


def _leaf(part: Part, findings: Findings) -> list[Piece]:
    content_type = part.media_type
    disposition = part.get_content_disposition()
    readable = disposition != "attachment" and (
        content_type in PLAIN or content_type in MARKED_UP or content_type.startswith("multipart/")
    )
    name = part_name(part) if readable else ""
    if content_type in MARKED_UP and readable and not name:
        return [Piece(part=part, plain=False)]
    octets, sound = part.octets()
    if not sound:
        findings.defects.append(f"transfer-encoding: {content_type} part is broken")
    if not readable or name:
        findings.attachments.append(attachment(part, octets))
    if content_type == "text/calendar":
        findings.calendar_methods += _method(part, octets)
    _returned(content_type, octets, findings)
    if not readable:
        return []
    one = Piece(part=part, plain=False) if content_type in MARKED_UP else plain_piece(part, octets, findings.defects)
    if name and disposition != "inline":
        findings.named.append(one)
        return []
    return [one]


def _method(part: Part, octets: bytes) -> list[str]:
    """What an invitation asks for (RFC 5546 section 1.4), such as REQUEST: its parameter, else its content says so."""
    declared = _WORD.match(str(part.get_param("method", "")))
    if declared:
        return [declared[0].upper()]
    found = _METHOD.search(octets)
    return [found[1].decode("ascii").upper()] if found else []


def _attached_mail(part: Part, trail: Trail, findings: Findings) -> None:
    octets = findings.raw_parts.attached_octets(trail, part)
    findings.sources[id(part)] = octets
    findings.attachments.append(attachment(part, octets))
    _returned(part.media_type, octets, findings)
    if part.media_type not in ("message/rfc822", "message/global"):
        return
    mail = part.children[0] if part.children else None
    if part.transfer_encoding in ("base64", "quoted-printable"):  # forbidden by RFC 2046 section 5.2.1, yet met
        mail = parse_parts(octets[:_SUBJECT_READ], findings.limits)
    subject = next((value for name, value in mail.raw_items() if name.lower() == "subject"), "") if mail else ""
    findings.attached_messages.append(
        AttachedMessage(subject=header_text(str(subject)[:_SUBJECT_LENGTH]), sha256=findings.attachments[-1].sha256)
    )


def _returned(content_type: str, octets: bytes, findings: Findings) -> None:
    """A mail that is attached, or its header alone, is known by its Message-ID."""
    if content_type in RETURNED and (known := returned_id(octets)):
        findings.attached_ids.append(known)


def _with_shown_boundary(root: Part, limits: ParseLimits) -> tuple[bytes, Part] | None:
    """A multipart whose declared boundary never comes, read again by the one that its own lines show."""
    octets = root.source
    shown = _SHOWN_BOUNDARY.search(octets)
    if shown is None:
        return None
    raw = b'Content-Type: multipart/mixed; boundary="' + shown[1] + b'"\n\n' + octets
    return raw, parse_parts(raw, limits)
