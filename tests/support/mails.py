"""Small mails as clients, machines and mail servers send them: quickly made, and always the same."""

from __future__ import annotations

import random
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from hashlib import sha256

DESK = "accounts@desk.example"

_SUBJECTS = (
    "Invoice {n}: when will it be paid?",
    "Facture {n} impayée",
    "Statement of account {n}",
    "Rechnung {n}",
    "Factura {n}",
)
_WORDS = (
    "Dear team,\n\nwe have not received the payment for invoice {n} yet. When may we expect it?\n\nJane\n",
    "Bonjour,\n\nsauf erreur de notre part, la facture {n} reste impayée à ce jour.\n\nCordialement,\nChloé\n",
    "Guten Tag,\n\nanbei erhalten Sie unsere Rechnung {n}. Bitte prüfen Sie die Überweisung.\n\nJürgen Schröder\n",
)
_MACHINES = (
    "Auto-Submitted: auto-replied\r\n",
    "List-Id: <news.list.example>\r\n",
    "Precedence: bulk\r\n",
    "X-Auto-Response-Suppress: All\r\n",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail, and what the desk is to make of it."""

    raw: bytes
    kind: str  # person, machine, duplicate

    @property
    def sha256(self) -> str:
        return sha256(self.raw).hexdigest()


def make_mails(count: int, seed: int = 7) -> list[Mail]:
    """Of every twenty: fifteen first mails of persons, two answers in unknown threads, two of machines, a duplicate."""
    draw = random.Random(seed)  # noqa: S311 - mails, no secrets
    mails: list[Mail] = []
    for number in range(count):
        place = number % 20
        if place == 19:
            mails.append(Mail(raw=draw.choice(mails).raw, kind="duplicate"))
        elif place in (9, 14):
            mails.append(Mail(raw=a_mail(number, draw, draw.choice(_MACHINES)), kind="machine"))
        elif place in (4, 12):
            thread = (
                f"In-Reply-To: <earlier-{number}@client.example>\r\nReferences: <earlier-{number}@client.example>\r\n"
            )
            mails.append(Mail(raw=a_mail(number, draw, thread), kind="person"))
        else:
            mails.append(Mail(raw=a_mail(number, draw), kind="person"))
    return mails


def a_mail(
    number: int = 1,
    draw: random.Random | None = None,
    fields: str = "",
    *,
    sender: str | None = None,
    message_id: str | None = None,
    subject: str | None = None,
    words: str | None = None,
) -> bytes:
    """The mail of this number; each has a sender, a subject and a Message-ID of its own."""
    draw = draw or random.Random(number)  # noqa: S311 - mails, no secrets
    invoice = f"INV-2026-{number:05}"
    head = (
        f"From: Client {number} <{sender or f'client{number}@c{number}.example'}>\r\n"
        f"To: Accounts <{DESK}>\r\n"
        f"Subject: {encoded(subject or draw.choice(_SUBJECTS).format(n=invoice))}\r\n"
        f"Date: Sat, 21 Nov 2026 09:{number % 60:02}:00 +0100\r\n"
        f"Message-ID: {message_id or f'<mail-{number}@c{number}.example>'}\r\n"
        f"{fields}"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    text = words or draw.choice(_WORDS).format(n=invoice)
    return head.encode("utf-8", "surrogateescape") + text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def encoded(words: str) -> str:
    """A subject as it goes over the wire."""
    return words if words.isascii() else f"=?utf-8?q?{''.join(f'={octet:02X}' for octet in words.encode())}?="


def an_answer(
    ours: bytes, number: int = 9000, *, sender: str | None = None, words: str = "Thank you.\n", fields: str = ""
) -> bytes:
    """What a client sends when he presses "reply" on a mail of ours."""
    mail = message_from_bytes(ours)
    recipient = sender or str(mail["To"]).strip("<>")
    thread = f"In-Reply-To: {mail['Message-ID']}\r\nReferences: {mail['Message-ID']}\r\n"
    subject = f"Re: {decoded(mail)}"
    return a_mail(number, fields=thread + fields, sender=recipient, subject=subject, words=words)


def a_bounce(
    ours: bytes,
    number: int = 1,
    *,
    recipient: str | None = None,
    action: str = "failed",
    status: str = "5.1.1",
    reply: str = "550 5.1.1 no such user",
    to: str = DESK,
) -> bytes:
    """What a mail server sends when it cannot hand over a mail of ours (RFC 3464)."""
    mail = message_from_bytes(ours)
    recipient = recipient or str(mail["To"]).strip("<>")
    header = ours.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.client.example>\r\n"
        f"To: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <bounce{number}@mx.client.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.client.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {reply}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{header}\r\n--b--\r\n"
    ).encode()


def message_id_of(content: bytes) -> str:
    """The Message-ID of this mail."""
    return str(message_from_bytes(content)["Message-ID"])


def decoded(mail: Message) -> str:
    return str(mail["Subject"]).replace("\r\n", "").strip()
