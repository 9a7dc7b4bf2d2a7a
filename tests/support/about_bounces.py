"""Two hundred mails of people about bounces, as hard to tell from bounces as people make them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

BOUNCE = """From: Mail Delivery System <MAILER-DAEMON@mx.client.example>
To: jane@client.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r

This is the mail system at host mx.client.example.

<accounts@desk.example>: host mx.desk.example[192.0.2.1] said: 550 5.1.1 user unknown

--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.client.example

Final-Recipient: rfc822; accounts@desk.example
Action: failed
Status: 5.1.1

--r--
"""
WORDS = """<accounts@desk.example>: host mx.desk.example[192.0.2.1] said: 550 5.1.1
    <accounts@desk.example>: Recipient address rejected: User unknown"""
SUBJECTS = (
    "Fwd: Undelivered Mail Returned to Sender",
    "FW: Mail delivery failed: returning message to sender",
    "WG: Unzustellbar: Rechnung 4711",
    "TR: Échec de la remise : facture 4711",
    "RV: No se puede entregar: factura 4711",
    "Re: failure notice",
    "Returned mail: invoice",
    "Undelivered: order 4711",
    "Undeliverable goods, credit note wanted",
    "Delivery failure of pallet 12",
    "Delivery status of our order?",
    "Failed delivery - invoice 4711 disputed",
    "Your invoice could not be delivered to our portal",
    "Not delivered: 3 of 10 items",
    "Mail delivery failed, what now?",
    "Message returned to sender - wrong address on your invoice",
    "Warning: message about unpaid invoice",
    "Lieferung nicht zugestellt",
    "Colis non distribué, avoir demandé",
    "Entrega fallida: pedido no entregado",
)
TEXTS = (
    f"Hello,\n\nthis came back when I wrote to you:\n\n{WORDS}\n\nCan you tell me the right address?\n\nJane",
    f"Hello,\n\n> This is the mail system at host mx.client.example.\n>\n> {WORDS}\n\nWhat is wrong?\n\nJane",
    f"-------- Forwarded Message --------\nSubject: Undelivered Mail Returned to Sender\n"
    f"From: MAILER-DAEMON@mx.client.example\nTo: jane@client.example\n\n{WORDS}\n",
    f"Jane\n\nVon: Mail Delivery System <mailer-daemon@client.example>\nGesendet: 1.3.\nBetreff: Fehler\n{WORDS}\n",
    "The parcel was undeliverable, delivery has failed twice, and it was returned to sender. Please credit us.\n",
    "accounts@desk.example\n\nis the address that I have. Mail to it could not be delivered. Is it right?\n",
    "Your mail to bob@client.example was not delivered: he has left. Please write to me.\n\nJane Doe\nPostmaster",
    "550 units were ordered, 5.1.1 of the contract says 30 days. We could not deliver to <your@address.example>.\n",
)
SENDERS = (
    "Jane Doe <jane@client.example>",
    "Mail Delivery System <jane@client.example>",
    "Postmaster <jane@client.example>",
    "jane@client.example",
    "MAILER-DAEMON Ltd <info@client.example>",
    "Dae Mon <mailer@client.example>",
    "Tom, Postmaster <postmaster@client.example>",
)


def mails() -> Iterator[tuple[str, bytes]]:
    """Each with what it is: a subject under one of these texts, or over a bounce that is attached."""
    senders = cycle(SENDERS)
    for subject in SUBJECTS:
        for number, text in enumerate(TEXTS):
            yield f"{subject} / {number}", _plain(next(senders), subject, text)
        for wrapped in (_attached, _wrapped):
            yield f"{subject} / {wrapped.__name__}", wrapped(next(senders), subject)


def _head(sender: str, subject: str) -> str:
    back = sender.rpartition("<")[2].strip(">")
    return (
        f"Return-Path: <{back}>\nFrom: {sender}\nTo: accounts@desk.example\nSubject: {subject}\n"
        "Message-ID: <one@client.example>\nMIME-Version: 1.0\n"
    )


def _plain(sender: str, subject: str, text: str) -> bytes:
    return f"{_head(sender, subject)}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()


def _attached(sender: str, subject: str) -> bytes:
    """Sent on as an attachment."""
    return (
        f'{_head(sender, subject)}Content-Type: multipart/mixed; boundary="w"\n\n--w\n\n{TEXTS[0]}\n'
        f"--w\nContent-Type: message/rfc822\n\n{BOUNCE}\n--w--\n"
    ).encode()


def _wrapped(sender: str, subject: str) -> bytes:
    """Sent on by a program that puts its parts beside the words."""
    report = BOUNCE.partition("\n\n")[2]
    return (
        f'{_head(sender, subject)}Content-Type: multipart/mixed; boundary="w"\n\n--w\n\nSee below.\n'
        f'--w\nContent-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n{report}\n--w--\n'
    ).encode()
