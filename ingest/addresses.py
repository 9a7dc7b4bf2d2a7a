"""Address and date fields to values: strictly, with evidence of every doubt. The only file that knows mailparser."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from email.utils import parsedate_to_datetime

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from ingest.charset import clean_line
from ingest.headers import decode_words, raw_text
from ingest.message import Address

Fields = Mapping[str, Sequence[str]]  # raw values by lower-case name, topmost first

_ADDRESS_LENGTH = 320  # RFC 3696 erratum 1690 says 254; servers have let longer ones through
_LOCAL, _DOMAIN = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*", r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
# What nine of ten fields hold, and what no reading of the grammar doubts. Only tried on short values: it takes
# quadratic time on a name of blanks.
_PLAIN_LENGTH = 300
_PLAIN_ADDRESS = re.compile(rf"(?:([A-Za-z0-9][A-Za-z0-9 '-]*?)? *<)?({_LOCAL})@({_DOMAIN})(?(1)>|)")

_RECOVERED, _RECOVERED_FROM = 10, 4_000
_QUOTED = re.compile(r"\"[^\"]*\"|\([^()]*\)")
_IN_BRACKETS = re.compile(r"<([^<>\s@,;:\"()]{1,64}@[^<>\s@,;:\"()]{1,255})>")
_BARE = re.compile(r"(?<![^\s,;:<>])([^<>\s@,;:\"()]{1,64}@[^<>\s@,;:\"()]{1,255})(?![^\s,;:<>])")


def read_addresses(
    fields: Fields, name: str, defects: list[str], charset: str = ""
) -> tuple[tuple[Address, ...], bool]:
    """Every address of every field of this name, and whether nothing in them could mean another one."""
    found: list[Address] = []
    certain = True
    values = fields.get(name, [])
    if len(values) > 1:
        defects.append(f"{name}: {len(values)} fields")
    for value in values:
        mailboxes, sure = _mailboxes(raw_text(value, charset), defects, name)
        certain = certain and sure
        utf8 = value.isascii() or _is_utf8(value)
        for display_name, address in mailboxes:
            local, at, domain = address.rpartition("@")
            if not (local and at and domain) or len(address) > _ADDRESS_LENGTH or clean_line(address) != address:
                defects.append(f"{name}: an address is not one")
            elif not (utf8 or address.isascii()):
                defects.append(f"{name}: an address is not UTF-8")
            else:
                found.append(Address(name=clean_line(decode_words(display_name)), address=f"{local}@{domain.lower()}"))
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
            for display, address in get_addresses(value, defects=evidence, decode_names=False)
            if address
        ]
    defects.extend(f"{name}: {one['reason']}" for one in evidence)
    if not mailboxes and "@" in value:
        return [("", address) for address in _recovered(value)], False
    return mailboxes, not any(_doubtful(one) for one in evidence)


def _recovered(value: str) -> list[str]:
    """Where the grammar is broken: the addresses in angle brackets, else the bare ones. Shown, never relied on."""
    bare = _QUOTED.sub(" ", value[:_RECOVERED_FROM])
    return (_IN_BRACKETS.findall(bare) or _BARE.findall(bare))[:_RECOVERED]


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


def read_date(values: Sequence[str], defects: list[str]) -> datetime | None:
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
