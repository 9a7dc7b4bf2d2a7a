"""The sample mails of the demo, built from the files in mails/ as if they had come in over the last hours."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from babel.dates import format_date

from ingest.message import utc
from processor.demo.papers import pdf, png

ACCOUNTS = "accounts@daydesk.example"  # the desk's address in the files
DOMAIN = "@daydesk.example"
TRIP = timedelta(seconds=4)  # from the sender's Date to our mailbox

_DAY = re.compile(r"\{day ([+-]?\d+) ([^{}]+)\}")
_FIELDS = {
    *("name", "kind", "from", "to", "cc", "subject", "text", "html", "attachments", "headers", "minutes_ago"),
    *("language", "charset", "encoding", "replies_to", "return_path", "dmarc", "eml", "copy_of"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMail:
    """A mail that waits in the demo's inbox."""

    name: str
    kind: str  # what it is an example of
    raw: bytes
    received_at: datetime


def gateway(desk_address: str) -> str:
    """The authserv-id (RFC 8601) under which the demo's gateway writes its Authentication-Results."""
    return "mx." + desk_address.rpartition("@")[2]


def sample_mails(desk_address: str, now: datetime) -> tuple[SampleMail, ...]:
    """All of them, oldest first. The same desk and moment give the same octets."""
    scribe = _Scribe(desk_address, utc(now).replace(microsecond=0))
    mails = [scribe.mail(entry) for entry in _entries()]
    return tuple(sorted(mails, key=lambda mail: mail.received_at))


def _entries() -> Iterator[dict[str, Any]]:
    """Each mail's table; a copy comes as its original, but for its own name, kind and time."""
    originals: dict[str, dict[str, Any]] = {}
    for file in sorted(_folder().iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for entry in tomllib.loads(file.read_text(encoding="utf-8"))["mail"]:
                _refuse_unknown(entry, file.name)
                originals[entry["name"]] = entry
    for entry in originals.values():
        copied = originals[entry["copy_of"]] if "copy_of" in entry else {}
        whole = {"written": copied.get("minutes_ago", entry["minutes_ago"]), **copied, **entry}
        if answered := originals.get(whole.get("replies_to", "")):
            whole["replies_to"] = _message_id(answered)
        yield whole


def _refuse_unknown(entry: dict[str, Any], file: str) -> None:
    if unknown := entry.keys() - _FIELDS:
        raise ValueError(f"{file}: the mail {entry.get('name')} has no field {', '.join(sorted(unknown))}")


def _folder() -> Traversable:
    return files("processor.demo") / "mails"


class _Scribe:
    """Writes mails to one desk, seen from one moment."""

    def __init__(self, desk_address: str, now: datetime) -> None:
        self._desk = desk_address
        self._now = now

    def mail(self, entry: dict[str, Any]) -> SampleMail:
        written = self._now - timedelta(minutes=entry["written"])
        outer = self._envelope(entry, written)
        return SampleMail(
            name=entry["name"],
            kind=entry["kind"],
            raw=outer + (self._eml(entry, written) if "eml" in entry else self._composed(entry, written)),
            received_at=self._now - timedelta(minutes=entry["minutes_ago"]),
        )

    def _envelope(self, entry: dict[str, Any], written: datetime) -> bytes:
        """What the desk's own mail servers write on top of a mail."""
        sender = parseaddr(self._filled(entry["from"], entry))[1]
        origin = sender.rpartition("@")[2]
        host = gateway(self._desk)
        lines = (
            f"Return-Path: <{self._filled(entry.get('return_path', sender), entry)}>",
            f"Delivered-To: {self._filled(parseaddr(entry['to'])[1], entry)}",
            f"Authentication-Results: {host}; dmarc={entry.get('dmarc', 'pass')} header.from={origin}",
            f"Received: from mail.{origin} (mail.{origin} [192.0.2.25])",
            f" by {host} with ESMTPS id {_digest(entry)[:8]}; {format_datetime(written)}",
        )
        return "".join(line + "\r\n" for line in lines).encode()

    def _eml(self, entry: dict[str, Any], written: datetime) -> bytes:
        """A mail kept as it came over the wire; Latin-1 carries every octet through the filling in unchanged."""
        raw = (_folder() / entry["eml"]).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        text = raw.decode("latin-1").replace("{date}", format_datetime(written - TRIP))
        return self._filled(text, entry).encode("latin-1")

    def _composed(self, entry: dict[str, Any], written: datetime) -> bytes:
        mail = EmailMessage(policy=SMTP)
        mail["Date"] = format_datetime(written - TRIP)
        for field in ("from", "to", "cc", "subject"):
            if field in entry:
                mail[field.title()] = self._filled(entry[field], entry)
        mail["Message-ID"] = self._filled(_message_id(entry), entry)
        if "replies_to" in entry:
            mail["In-Reply-To"] = mail["References"] = self._filled(entry["replies_to"], entry)
        for name, value in entry.get("headers", {}).items():
            mail[name] = self._filled(value, entry)
        self._write_body(mail, entry)
        for number, part in enumerate(mail.walk()):
            if part.is_multipart():
                part.set_boundary(f"=_{_digest(entry)[:16]}_{number}")
        return mail.as_bytes()

    def _write_body(self, mail: EmailMessage, entry: dict[str, Any]) -> None:
        charset = entry.get("charset", "utf-8")
        if "text" in entry or "html" not in entry:
            encoding = entry.get("encoding", "quoted-printable")
            mail.set_content(self._filled(entry.get("text", ""), entry), charset=charset, cte=encoding)
        if "html" in entry:
            html = self._filled(entry["html"], entry)
            put = mail.add_alternative if "text" in entry else mail.set_content
            put(html, subtype="html", charset=charset, cte="quoted-printable")
        for paper in entry.get("attachments", ()):
            self._attach(mail, paper, entry)

    def _attach(self, mail: EmailMessage, paper: dict[str, Any], entry: dict[str, Any]) -> None:
        if "pdf" in paper:
            data, kind = pdf(self._filled(paper["pdf"], entry).strip().splitlines()), ("application", "pdf")
        elif "png" in paper:
            data, kind = png(*paper["png"]), ("image", "png")
        else:
            data, kind = self._filled(paper["csv"], entry).encode(), ("text", "csv")
        mail.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=paper["name"])

    def _filled(self, text: str, entry: dict[str, Any]) -> str:
        """The text with this desk's addresses, and each `{day -12 d MMMM}` as a date in the mail's language."""

        def day(found: re.Match[str]) -> str:
            moment = self._now - timedelta(minutes=entry["written"]) + timedelta(days=int(found[1]))
            return str(format_date(moment.date(), found[2], locale=entry.get("language", "en")))

        own = text.replace(ACCOUNTS, self._desk).replace(DOMAIN, "@" + self._desk.rpartition("@")[2])
        return _DAY.sub(day, own)


def _digest(entry: dict[str, Any]) -> str:
    return sha256(str(entry.get("copy_of", entry["name"])).encode()).hexdigest()


def _message_id(entry: dict[str, Any]) -> str:
    return f"<{_digest(entry)[:20]}@{parseaddr(entry['from'])[1].rpartition('@')[2]}>"
