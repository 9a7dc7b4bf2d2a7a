"""One walk over the parts of a mail: what is its text, what is attached. It never goes into an attached mail."""

from __future__ import annotations

import re

from ingest.attached_mail import RawParts, Trail
from ingest.attachments import attachment, part_name
from ingest.body import MARKED_UP, PLAIN, Piece, choose
from ingest.calendar_part import read_calendar
from ingest.charset import clean_line
from ingest.findings import ATTACHMENTS, AttachedMail, Findings
from ingest.gate import ParseLimits, Part, parse_parts
from ingest.message import Attachment
from ingest.packed import ENVELOPE_TYPES, TNEF_TYPES, open_envelope, text_piece, unpack_tnef
from ingest.protection import of_multipart
from ingest.reports import RETURNED, returned_id

_METHOD = re.compile(rb"^METHOD[^:\r\n]{0,60}:[ \t]*([A-Za-z-]{1,40})", re.MULTILINE | re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z-]{1,40}")
_SHOWN_BOUNDARY = re.compile(rb"^--([^\s\"\\]{1,200})[ \t]*\r?\n(?=Content-|\r?\n)", re.MULTILINE | re.IGNORECASE)
_WRAPPED = re.compile(rb"(?:file)?name\*?\d?\*?=[^\r\n]*\r?\n", re.IGNORECASE)
_FIELD = re.compile(rb"[!-9;-~]{1,100}:[^\r\n]*\r?\n")
_MAILS = ("message/rfc822", "message/global")
_ENCODED = ("base64", "quoted-printable")
_TOLD = 100  # characters of a parameter that is told


def walk(raw: bytes, root: Part, limits: ParseLimits, *, words_alone: bool = False) -> Findings:
    """Text parts chosen, attachments valued; every part decoded once."""
    findings = Findings(raw_parts=RawParts(raw), limits=limits, words_alone=words_alone)
    if root.get_content_maintype() == "multipart" and not root.children:
        findings.defects += [type(defect).__name__ for defect in root.defects]
        if shown := _with_shown_boundary(root, limits):
            findings.raw_parts, root = RawParts(shown[0]), shown[1]
    findings.pieces = _visit(root, (), findings)
    findings.limited[:0] = root.tally.limited
    for spare in (findings.packed, findings.named):
        if all(one.blank for one in findings.pieces):
            findings.pieces += spare[:1]
    if findings.more_attachments:
        findings.limited.append(f"attachments: {findings.more_attachments} more than {ATTACHMENTS:,}")
    return findings


def _visit(part: Part, trail: Trail, findings: Findings) -> list[Piece]:
    findings.defects.extend(type(defect).__name__ for defect in part.defects)
    part = _mended(part, findings)
    maintype = part.get_content_maintype()
    if maintype == "message":
        return _message(part, trail, findings)
    if maintype != "multipart" or not part.children:
        return _leaf(part, findings)
    if kind := of_multipart(part):
        findings.protected(kind)
    inside = [_visit(child, (*trail, (part, index)), findings) for index, child in enumerate(part.children)]
    if part.get_content_subtype() == "alternative":
        chosen = choose(inside)
        findings.unread += [one for pieces in inside if pieces is not chosen for one in pieces]
        return chosen
    return [one for pieces in inside for one in pieces]


def _mended(part: Part, findings: Findings) -> Part:
    """A part whose header broke off before a parameter that somebody had wrapped without a blank."""
    if not part.defects or part.children or not _WRAPPED.match(source := part.source):
        return part
    header = b"".join(
        f"{name}: {value}\r\n".encode("utf-8", "surrogateescape")
        for name, value in sorted(part.raw_items(), key=lambda field: field[0].lower() == "content-type")
    )
    return parse_parts(header + b" " + source, findings.limits)


def _leaf(part: Part, findings: Findings) -> list[Piece]:
    content_type = part.media_type
    readable = part.get_content_disposition() != "attachment" and (
        content_type in PLAIN or content_type in MARKED_UP or content_type.startswith("multipart/")
    )
    name = part_name(part) if readable else ""
    if content_type in MARKED_UP and readable and not name:
        return [Piece(part=part, plain=False)]
    if findings.words_alone and (name or (not readable and content_type not in ENVELOPE_TYPES)):
        return []
    octets, sound = part.octets()
    if not sound:
        findings.defects.append(f"transfer-encoding: {content_type} part is broken")
    if not readable or name:
        value = attachment(part, octets)
        findings.attach(value, octets, _said(part, "charset") or None)
        pieces = _packed(part, octets, value, findings)
        if not readable:
            return pieces
    one = Piece(part=part, plain=False) if content_type in MARKED_UP else text_piece(part, octets, findings)
    if name and part.get_content_disposition() != "inline":
        findings.named.append(one)
        return []
    return [one]


def _packed(part: Part, octets: bytes, value: Attachment, findings: Findings) -> list[Piece]:
    """What is inside an attachment and matters to the desk; pieces of text where it is the mail itself."""
    content_type = part.media_type
    if content_type == "text/calendar":
        method = _method(part, octets)
        findings.calendar_methods += method
        findings.calendar.append(read_calendar(octets, _said(part, "charset") or None, "".join(method)))
    elif content_type in TNEF_TYPES or value.detected_type in TNEF_TYPES:
        unpack_tnef(octets, findings)
    elif content_type in ENVELOPE_TYPES:
        inside = open_envelope(octets, value.name, findings)
        return _inside(inside, findings) if inside is not None else []
    elif content_type in RETURNED:
        _returned(octets, findings)
    elif value.name.lower().endswith(".eml") and _FIELD.match(octets):  # a mail by its name alone
        findings.attached.append(AttachedMail(mail=None, octets=octets, sha256=value.sha256))
    return []


def _inside(octets: bytes, findings: Findings) -> list[Piece]:
    """The parts of a mail that stood in an envelope; they are this mail's own."""
    outer, findings.raw_parts = findings.raw_parts, RawParts(octets)
    try:
        root = parse_parts(octets, findings.limits)
        findings.limited += root.tally.limited
        return _visit(root, (), findings)
    finally:
        findings.raw_parts = outer


def _method(part: Part, octets: bytes) -> list[str]:
    """What an invitation asks for (RFC 5546 section 1.4), such as REQUEST: its parameter, else its content says so."""
    declared = _WORD.match(str(part.get_param("method", "")))
    if declared:
        return [declared[0].upper()]
    found = _METHOD.search(octets)
    return [found[1].decode("ascii").upper()] if found else []


def _message(part: Part, trail: Trail, findings: Findings) -> list[Piece]:
    """A message/* part: a mail that is attached, a piece of one, one that is elsewhere, or a report's fields."""
    octets = findings.raw_parts.attached_octets(trail, part)
    findings.sources[id(part)] = octets
    value = attachment(part, octets)
    findings.attach(value, octets)
    if part.media_type in RETURNED:
        _returned(octets, findings)
    if part.media_type in _MAILS:
        mail = part.children[0] if part.children and part.transfer_encoding not in _ENCODED else None
        findings.attached.append(AttachedMail(mail=mail, octets=octets, sha256=value.sha256))
    elif part.media_type == "message/partial":
        return _partial(part, trail, findings)
    elif part.media_type == "message/external-body":
        findings.limited.append(f"external-body: a part is elsewhere ({_said(part, 'access-type')}), never fetched")
    return []


def _partial(part: Part, trail: Trail, findings: Findings) -> list[Piece]:
    """A piece of a mail that was cut up (RFC 2046 section 5.2.2): of the first one the beginning can be read."""
    number, total = _said(part, "number"), _said(part, "total")
    findings.limited.append(f"partial: piece {number} of {total or 'several'} of the mail {_said(part, 'id')}")
    return _visit(part.children[0], (*trail, (part, 0)), findings) if number == "1" and part.children else []


def _said(part: Part, parameter: str) -> str:
    value = part.get_param(parameter, "")
    return clean_line(value[2] if isinstance(value, tuple) else str(value))[:_TOLD]


def _returned(octets: bytes, findings: Findings) -> None:
    """A mail that is attached, or its header alone, is known by its Message-ID."""
    if known := returned_id(octets):
        findings.attached_ids.append(known)


def _with_shown_boundary(root: Part, limits: ParseLimits) -> tuple[bytes, Part] | None:
    """A multipart whose declared boundary never comes, read again by the one that its own lines show."""
    octets = root.source
    shown = _SHOWN_BOUNDARY.search(octets)
    if shown is None:
        return None
    raw = b'Content-Type: multipart/mixed; boundary="' + shown[1] + b'"\n\n' + octets
    return raw, parse_parts(raw, limits)
