"""Whatever stands in a mail of a mail system, it is read, and what is said of it stays within bounds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.parser import parse
from ingest.status import told_status, written_status
from ingest.undelivered import read_undelivered

PIECES = st.sampled_from(
    [
        "ada@client.example",
        "<ada@client.example>:",
        "bob@client.example",
        "\n",
        "\n\n",
        "    ",
        "550 5.1.1 ",
        "450-",
        "(#4.4.1)",
        "Final-Recipient: rfc822; ada@client.example\n",
        "Action: failed\n",
        "Status: 5.0.0\n",
        "To: ",
        "RCPT TO:",
        "user unknown",
        "mailbox full",
        "--- Below this line is a copy of the message.\n",
        "Received: from x\n",
        "Message-ID: <a@b>\n",
        "delayed",
        "permanent error",
        "host x.example not found",
        "\u3000",
        "recipient: ",
        "a" * 700,
        "@",
        "5.1.",
        "\0",
        "é",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=60).map("".join)
SENDERS = st.sampled_from(
    [
        "MAILER-DAEMON@mx.example",
        "postmaster@mx.example",
        "no-reply@sns.amazonaws.com",
        "<>",
        "Mail <MAILER-DAEMON>",
        "",
    ]
)
STATUS = re.compile(r"[245]\.\d\.\d{1,3}")


@given(TEXTS, st.text(max_size=40), st.lists(st.just("bob@client.example"), max_size=2))
def test_each_recipient_has_an_action_a_status_and_words(text: str, subject: str, named: list[str]) -> None:
    found = read_undelivered(text, subject, named)
    assert 1 <= len(found.recipients) <= 100
    for one in found.recipients:
        assert one.action in ("failed", "delayed", "delivered")
        assert STATUS.fullmatch(one.status)
        assert len(one.diagnostic) <= 1_000
        assert len(one.recipient) <= 320


@given(SENDERS, st.sampled_from(["failure notice", "Undeliverable: x", "words"]), TEXTS)
def test_a_mail_of_a_mail_system_is_read(sender: str, subject: str, text: str) -> None:
    head = f"From: {sender}\r\nReturn-Path: <>\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    report = parse((head + text).encode()).report
    assert report is None or report.kind == "delivery-status"


@given(TEXTS)
def test_words_come_to_a_status_or_to_none(text: str) -> None:
    for status in (written_status(text), told_status(text, lasting=True), told_status(text, lasting=False)):
        assert not status or STATUS.fullmatch(status)
