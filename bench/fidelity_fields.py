"""Figure 1: the fields of public mails as Daydesk reads them beside the standard library, each difference judged."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from ingest.html_text import html_to_text
from ingest.message import Message
from ingest.parser import parse

FOLDERS = ("mikel_mail", "enmime")
JUDGED = Path(__file__).with_name("fidelity_fields.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field of one mail that the two read differently."""

    file: str
    field: str
    ours: Any
    theirs: Any
    judged: str  # "ours", "theirs" or "neither", and why; empty where nobody has looked yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What was compared, and what came out."""

    mails: int
    raised: Sequence[str]  # mails at which we raised
    same: int  # fields
    rows: Sequence[Row]
    files: int  # attached ones that the standard library finds
    lost: Sequence[str]  # of them those whose octets we have not

    @property
    def against_us(self) -> list[Row]:
        """Where the standard library is right, or nobody has looked yet."""
        return [row for row in self.rows if not row.judged.startswith(("ours", "neither"))]


def fields(corpus: Path) -> Fields:
    """Every mail of the two folders."""
    judged = tomllib.loads(JUDGED.read_text(encoding="utf-8"))
    rows: list[Row] = []
    raised, lost = [], []
    mails = same = files = 0
    for file in mails_of(corpus):
        name = str(file.relative_to(corpus))
        raw = file.read_bytes()
        mails += 1
        try:
            message = parse(raw)
        except Exception as error:  # noqa: BLE001 - that is what is counted
            raised.append(f"{name}: {type(error).__name__}")
            continue
        theirs = message_from_bytes(raw, policy=policy.default)
        for field, (our_way, their_way) in READ.items():
            one, other = our_way(message), _tried(their_way, theirs)
            if one == other:
                same += 1
            else:
                rows.append(Row(file=name, field=field, ours=one, theirs=other, judged=_judgement(judged, name, field)))
        found = list(_files(theirs))
        files += len(found)
        have = {one.sha256 for one in message.attachments}
        missing = [one for one in found if one[1] and one[1] not in have and name not in judged["files"]]
        lost += [f"{name}: {one[0] or '(no name)'}" for one in missing]
    return Fields(mails=mails, raised=raised, same=same, rows=rows, files=files, lost=lost)


def mails_of(corpus: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (one for one in sorted((corpus / folder).rglob("*")) if one.is_file())


def _judgement(judged: Mapping[str, Any], file: str, field: str) -> str:
    return str(judged.get(field, {}).get(file, ""))


def _tried(read: Callable[[EmailMessage], Any], mail: EmailMessage) -> Any:
    try:
        return read(mail)
    except Exception as error:  # noqa: BLE001 - the standard library's own failures are a reading, too
        return f"raised {type(error).__name__}"


def _addresses(name: str) -> Callable[[EmailMessage], Any]:
    return lambda mail: [one.addr_spec.lower() for one in mail[name].addresses] if mail[name] is not None else []


def _date(mail: EmailMessage) -> Any:
    return None if mail["date"] is None or mail["date"].datetime is None else mail["date"].datetime.timestamp()


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_content()
    return _words(html_to_text(content) if body.get_content_subtype() == "html" else content)


def _words(text: str) -> str:
    return " ".join(text.split())


def _names(mail: EmailMessage) -> list[str]:
    return sorted(name for name, _ in _files(mail) if name)


def _files(mail: EmailMessage) -> Iterator[tuple[str, str]]:
    """Name and digest of each part that is not its text; those of attached mails are not its own."""
    parts = [mail]
    while parts:
        part = parts.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            parts[:0] = list(part.iter_parts())
        elif part.get_content_maintype() == "message":
            yield str(part.get_filename() or ""), ""  # it writes them anew, so their octets say nothing
        elif part.get_content_maintype() not in ("text", "multipart") or part.get_content_disposition() == "attachment":
            octets = part.get_payload(decode=True) if not part.is_multipart() else None
            yield str(part.get_filename() or ""), hashlib.sha256(octets or b"").hexdigest()


READ: Mapping[str, tuple[Callable[[Message], Any], Callable[[EmailMessage], Any]]] = {
    "subject": (lambda one: _words(one.subject), lambda mail: _words(str(mail["subject"] or ""))),
    "from": (lambda one: [a.address.lower() for a in one.from_], _addresses("from")),
    "to": (lambda one: [a.address.lower() for a in one.to], _addresses("to")),
    "date": (lambda one: one.sent_at.timestamp() if one.sent_at else None, _date),
    "message_id": (lambda one: one.message_id or "", lambda mail: str(mail["message-id"] or "").strip()),
    "text": (lambda one: _words(one.text), _text),
    "names": (
        lambda one: sorted(a.name for a in one.attachments if not a.name.startswith("unnamed-")),
        _names,
    ),
}
