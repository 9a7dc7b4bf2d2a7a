"""Mails that forge one victim as their sender, so that a desk may write to him in the attacker's words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from support.autoresponders import new_database
from support.delivering import Watch
from support.working_desk import WorkingDesk

from processor import workers
from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Inbound

VICTIM = "victim@target.example"
GATEWAY = "mx.desk.example"
SPELLINGS = (VICTIM, "VICTIM@Target.Example", "victim+{n}@target.example", '"victim"@target.example')
INSULT = "Zwackelgrumpf"  # in every place where an attacker can write, and in no mail of ours
LET_THROUGH = re.compile(rb"(?im)^(?:To|In-Reply-To|References):[^\r\n]*(?:\r\n [^\r\n]*)*\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backscatter:
    """What the victim got."""

    taken_in: int
    mails: tuple[bytes, ...]
    busiest_day: int  # the most within any 24 hours

    @property
    def with_words(self) -> int:
        """How many hold a word of the attacker's anywhere, in whatever encoding."""
        return sum(INSULT.casefold() in seen(mail).casefold() for mail in self.mails)


def a_forgery(number: int, dmarc: str) -> bytes:
    """The attacker's word in name, subject, words, HTML, attachment, and every field that a desk might repeat."""
    sender = SPELLINGS[number % len(SPELLINGS)].format(n=number)
    word = f"{INSULT}{number}"
    verdict = f"Authentication-Results: {GATEWAY}; dmarc={dmarc} header.from=target.example\r\n" if dmarc else ""
    return (
        f"Return-Path: <{word}@evil.example>\r\n{verdict}From: {word} {word} <{sender}>\r\n"
        f"To: accounts@desk.example\r\nSubject: {word}: =?utf-8?q?{word}?= {number}\r\n"
        f"Reply-To: {word}@evil.example\r\nSender: {word}@evil.example\r\n"
        f"Message-ID: <forged-{number}@evil.example>\r\nComments: {word}\r\nOrganization: {word}\r\n"
        f"References: <{'x' * 1500}@evil.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear team, {word}. Invoice {word} when is it paid?\r\n"
        f"--b\r\nContent-Type: text/html\r\n\r\n<p>{word} <b>invoice</b></p>\r\n"
        f'--b\r\nContent-Type: application/pdf; name="{word}.pdf"\r\n'
        f'Content-Disposition: attachment; filename="{word}.pdf"\r\n\r\n%PDF {word}\r\n--b--\r\n'
    ).encode()


def attack(
    folder: Path, mails: int, dmarc: str, start: datetime, hours: int, upgraded: Path | None = None
) -> Backscatter:
    """So many mails, spread evenly over so many hours, each hour's taken in and answered at its end."""
    (folder / "mail").mkdir(parents=True)
    url = new_database(folder, upgraded)
    now, times = Watch(start), []
    with SmtpSink() as sink:
        desk = WorkingDesk(folder, url, smtp={"port": sink.port, "batch": 100})
        desk.tables["acknowledgement"] = {"authserv_id": GATEWAY}  # and the usual caps
        desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail", "after": "move"}])
        for hour in range(hours):
            for number in range(mails * hour // hours, mails * (hour + 1) // hours):
                _put(
                    folder / "mail" / f"{number}.eml",
                    a_forgery(number, dmarc),
                    now.time + timedelta(seconds=number % 3600),
                )
            now.forward(hours=1)
            with desk.opened(now) as opened:
                workers.run_once(opened)
            times += [now.time] * (len(sink.received) - len(times))
        contents = tuple(mail.content for mail in sink.received)
        assert all(mail.recipients[0].casefold().startswith(("victim", '"victim')) for mail in sink.received)
    busiest = max((sum(at <= other < at + timedelta(hours=24) for other in times) for at in times), default=0)
    return Backscatter(taken_in=len(desk.rows(Inbound, Inbound.id)), mails=contents, busiest_day=busiest)


def seen(mail: bytes) -> str:
    """All that its reader could see, decoded, and the octets as they are; without the fields that may repeat."""
    plain = LET_THROUGH.sub(b"", mail)
    parsed = message_from_bytes(mail, _class=EmailMessage, policy=policy.default)
    return "\n".join([plain.decode("utf-8", "replace"), *_texts(parsed)])


def _texts(mail: EmailMessage) -> Iterator[str]:
    for name, value in mail.items():
        if name.lower() not in ("to", "in-reply-to", "references"):
            yield str(value)
    for part in mail.walk():
        if not part.is_multipart():
            yield str(part.get_content())


def _put(file: Path, raw: bytes, at: datetime) -> None:
    file.write_bytes(raw)
    os.utime(file, (at.timestamp(), at.timestamp()))
