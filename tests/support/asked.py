"""The labelled requests of tests/messages/requests: each mail with what a careful accountant reads in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from support.plain_pdf import plain_pdf

FOLDER = Path(__file__).resolve().parents[1] / "messages" / "requests"
DESK = "accounts@desk.example"
SENT = "Wed, 18 Nov 2026 10:05:00 +0000"  # of every mail; relative dates in their texts count from it
HALVES = ("build", "report")
KEYS = frozenset(("half", "subject", "from", "text", "attachments", "automatic", "request_type", "queue", "urgent",
                  "diversion", "details", "may", "documents", "bank"))  # fmt: skip
_TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv"}

Values = Mapping[str, tuple[str, ...]]  # a kind of detail, and what may stand for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """An attachment: its name, and the text in it where the set tells one."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One mail and its label. Where several answers are defensible all of them are listed."""

    name: str  # file, number and subject
    language: str
    half: str
    sender: str  # as in From
    subject: str
    text: str
    attachments: tuple[Enclosed, ...]
    automatic: bool
    request_types: tuple[str, ...]
    queues: tuple[str, ...]
    urgent: tuple[bool, ...]
    diversion: tuple[bool, ...]  # empty where nobody would think of it
    details: Values  # that must be found
    may: Values  # that may be found
    documents: Values  # that only the text of an attachment tells
    bank: tuple[str, ...]  # bank details in it, text or attachment; parts are parted by a blank

    @property
    def sender_name(self) -> str:
        return parseaddr(self.sender)[0]

    @property
    def message_id(self) -> str:
        return f"<{re.sub(r'[^a-z0-9]+', '.', self.name.lower())}@client.example>"

    @property
    def words(self) -> str:
        """All that is written in it: field, text, names and text of attachments."""
        enclosed = (f"{one.name} {one.text}" for one in self.attachments)
        return "\n".join((self.subject, self.sender, self.text, *enclosed))

    @property
    def raw(self) -> bytes:
        """The mail as it would lie in the inbox."""
        mail = EmailMessage(policy=SMTP.clone(cte_type="8bit"))
        mail["From"], mail["To"], mail["Subject"], mail["Date"] = self.sender, DESK, self.subject, SENT
        mail["Message-ID"] = self.message_id
        if self.automatic:
            mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self.text)
        for one in self.attachments:
            kind, _, subtype = _TYPES.get(one.name.rpartition(".")[2].lower(), "application/octet-stream").partition(
                "/"
            )
            mail.add_attachment(_octets(one), maintype=kind, subtype=subtype, filename=one.name)
        return mail.as_bytes()


@cache
def asked() -> tuple[Asked, ...]:
    """All of them, file by file."""
    return tuple(one for file in sorted(FOLDER.glob("*.toml")) for one in _of(file))


def _of(file: Path) -> Iterator[Asked]:
    for number, told in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["mail"], 1):
        name = f"{file.stem} {number}: {told['subject']}"
        if unknown := told.keys() - KEYS:
            raise ValueError(f"{name}: {', '.join(unknown)} means nothing")
        yield Asked(
            name=name,
            language=file.stem.partition("-")[0],
            half=told["half"],
            sender=told["from"],
            subject=told["subject"],
            text=told["text"].strip() + "\n",
            attachments=tuple(_enclosed(one) for one in told.get("attachments", ())),
            automatic=told.get("automatic", False),
            request_types=_all(told["request_type"]),
            queues=_all(told["queue"]),
            urgent=_all(told.get("urgent", False)),
            diversion=_all(told.get("diversion", ())),
            details=_values(told["details"]),
            may=_values(told.get("may", {})),
            documents=_values(told.get("documents", {})),
            bank=tuple(told.get("bank", ())),
        )


def _values(told: Mapping[str, Any]) -> Values:
    return {kind: _all(value) for kind, value in told.items()}


def _all(told: Any) -> tuple[Any, ...]:
    return tuple(told) if isinstance(told, list | tuple) else (told,)


def _enclosed(told: str | Mapping[str, str]) -> Enclosed:
    if isinstance(told, str):
        return Enclosed(name=told)
    return Enclosed(name=told["name"], text=told["text"].strip() + "\n")


def _octets(one: Enclosed) -> bytes:
    ending = one.name.rpartition(".")[2].lower()
    if ending == "pdf":
        return plain_pdf(one.text or "A scan without text")
    return (
        one.text.encode() if one.text else {"jpg": b"\xff\xd8\xff\xe0", "png": b"\x89PNG\r\n\x1a\n"}.get(ending, b"\0")
    )
