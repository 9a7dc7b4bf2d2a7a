"""Raw octets to a Message: what a mail says, and what is broken in it. The only file that knows mailparser."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from email.utils import parsedate_to_datetime

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from ingest.body import read
from ingest.charset import clean_line, surrogates_to_text
from ingest.errors import Permanent
from ingest.gate import NO_MORE_THAN, ParseLimits, Part, check, parse_parts
from ingest.headers import header_text, message_ids
from ingest.identity import content_digest
from ingest.message import Address, Message, Report
from ingest.new_words import new_words
from ingest.reports import is_report, read_report
from ingest.walk import Findings, walk

_ADDRESS_LENGTH = 320  # RFC 3696 erratum 1690 says 254; servers have let longer ones through
_DEFECTS_KEPT = 50
_DATE_LENGTH = 100
_LOCAL, _DOMAIN = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*", r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
# What nine of ten fields hold, and what no reading of the grammar doubts. Only tried on short values: it takes
# quadratic time on a name of blanks.
_PLAIN_LENGTH = 300
_PLAIN_ADDRESS = re.compile(rf"(?:([A-Za-z0-9][A-Za-z0-9 '-]*?)? *<)?({_LOCAL})@({_DOMAIN})(?(1)>|)")
_ID_FIELDS = ("message-id", "in-reply-to", "references")

_Fields = dict[str, list[str]]  # raw values by lower-case name, topmost first


def parse(raw: bytes, limits: ParseLimits = NO_MORE_THAN) -> Message:
    """What a mail says. What is broken in it is data (`defects`); Permanent alone is raised, where nothing can be read.

    A mail that costs more than the limits allow is refused by Permanent as well; the caller keeps the raw octets.
    MemoryError is raised as it is: it may be the machine that lacks memory.
    """
    check(raw, limits)
    try:
        return _read(raw, limits)
    except (Permanent, MemoryError):
        raise
    except Exception as error:
        raise Permanent(
            f"The mail was not read: the parser failed with {type(error).__name__}. Its raw octets are kept; "
            f"look at it in the mailbox, and report the mail as one that the desk cannot read."
        ) from error


def _read(raw: bytes, limits: ParseLimits) -> Message:
    root = parse_parts(raw, limits)
    fields: _Fields = {}
    headers: list[tuple[str, str]] = []
    for name, value in root.raw_items():
        fields.setdefault(name.lower(), []).append(str(value))
        headers.append((name, header_text(str(value))))
    texts: dict[str, str] = {}
    for name, text in headers:
        texts.setdefault(name.lower(), text)
    defects: list[str] = [] if headers else ["header: there is none"]
    senders, certain = _addresses(fields, "from", defects)
    findings = walk(raw, root, limits)
    text = read(findings.pieces, limits.text_characters, findings.defects)
    report = _report(root, findings)
    ids = {name: message_ids(tuple(value for key, value in headers if key.lower() == name)) for name in _ID_FIELDS}
    sent_at = _date(fields.get("date", []), defects)
    taken = (value.rpartition(";")[2].strip()[-_DATE_LENGTH:] for value in fields.get("received", [])[:1])
    return Message(
        sha256=hashlib.sha256(raw).hexdigest(),
        content_sha256=content_digest(raw, fields),
        headers=tuple(headers),
        message_id=next(iter(ids["message-id"]), None),
        in_reply_to=ids["in-reply-to"],
        references=ids["references"],
        sent_at=sent_at,
        received_at=_date(list(taken), []),
        from_=senders,
        from_ambiguous=not (certain and len(senders) == 1 and len(fields["from"]) == 1),
        reply_to=_addresses(fields, "reply-to", defects)[0],
        to=_addresses(fields, "to", defects)[0],
        cc=_addresses(fields, "cc", defects)[0],
        subject=texts.get("subject", ""),
        content_type=root.media_type,
        text=text,
        new_text=new_words(text),
        attachments=tuple(findings.attachments),
        attached_messages=tuple(findings.attached_messages),
        attached_ids=tuple(dict.fromkeys(findings.attached_ids)),
        report=report,
        calendar_methods=tuple(findings.calendar_methods),
        defects=tuple(dict.fromkeys(defects + findings.defects))[:_DEFECTS_KEPT],
    )


def _report(root: Part, findings: Findings) -> Report | None:
    part = is_report(root)
    return read_report(part, findings.sources) if part is not None else None


def _addresses(fields: _Fields, name: str, defects: list[str]) -> tuple[tuple[Address, ...], bool]:
    """Every address of every field of this name, and whether nothing in them could mean another one."""
    found: list[Address] = []
    certain = True
    values = fields.get(name, [])
    if len(values) > 1:
        defects.append(f"{name}: {len(values)} fields")
    for value in values:
        mailboxes, sure = _mailboxes(surrogates_to_text(value), defects, name)
        certain = certain and sure
        utf8 = value.isascii() or _is_utf8(value)
        for display_name, address in mailboxes:
            local, at, domain = address.rpartition("@")
            if not (local and at and domain) or len(address) > _ADDRESS_LENGTH or clean_line(address) != address:
                defects.append(f"{name}: an address is not one")
            elif not (utf8 or address.isascii()):
                defects.append(f"{name}: an address is not UTF-8")
            else:
                found.append(Address(name=clean_line(display_name), address=f"{local}@{domain.lower()}"))
    return tuple(found), certain


def _mailboxes(value: str, defects: list[str], name: str) -> tuple[list[tuple[str, str]], bool]:
    """Names and addresses as mail-parser reads them: strictly, with evidence of every doubt."""
    if len(value) <= _PLAIN_LENGTH and (plain := _PLAIN_ADDRESS.fullmatch(value.strip())):
        return [(plain[1] or "", f"{plain[2]}@{plain[3]}")], True
    evidence: list[dict[str, object]] = []
    mailboxes: list[tuple[str, str]] = []
    with suppress(Exception):  # without an answer there is no address: never guess whom a mail is from
        mailboxes = [
            (str(display), str(address))
            for display, address in get_addresses(value, defects=evidence, decode_names=True)
            if address
        ]
    defects.extend(f"{name}: {one['reason']}" for one in evidence)
    return mailboxes, not any(_doubtful(one) for one in evidence)


def _doubtful(evidence: dict[str, object]) -> bool:
    """Does it hold an @ that is neither quoted nor in a comment nor the recovered address's own?"""
    return _bare_ats(str(evidence["raw"])) > (1 if evidence["recovered"] else 0)


def _bare_ats(value: str) -> int:
    """How many @ stand outside quoted strings and comments (RFC 5322 section 3.2)."""
    quoted = escaped = False
    depth = bare = 0
    for character in value:
        if escaped:
            escaped = False
        elif character == "\\" and (quoted or depth):
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif not quoted:
            depth = max(0, depth + (character == "(") - (character == ")"))
            bare += character == "@" and not depth
    return bare


def _is_utf8(value: str) -> bool:
    try:
        value.encode("utf-8", "surrogateescape").decode()
    except UnicodeDecodeError:
        return False
    return True


def _date(values: list[str], defects: list[str]) -> datetime | None:
    """The first of these values in UTC; where it breaks the grammar, what the standard library makes of it."""
    if not values:
        return None
    found = parse_mail_date(values[0])
    defects.extend(f"date: {reason}" for reason in found.reasons)
    moment: datetime | None = found.value
    if moment is None:
        with suppress(ValueError, TypeError, OverflowError, IndexError):
            moment = parsedate_to_datetime(values[0])
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment is not None and not MINYEAR < moment.year < MAXYEAR:  # in some zone no calendar holds it
        defects.append("date: no such year")
        return None
    return moment
