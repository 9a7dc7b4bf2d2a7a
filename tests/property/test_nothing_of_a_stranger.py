"""Whatever a sender whom nobody has confirmed writes, his acknowledgement is octet for octet that of an empty mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.working_desk import WorkingDesk

from ingest.parser import parse
from processor.stages.acknowledging import acknowledge
from processor.stages.desk import Desk
from processor.triage.context import Claims, Context
from processor.triage.verdict import Verdict, triage

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
REFERENCE = "DD-431R-DEY4-J"
SENDER = "jane@client.example"
GATEWAY = "mx.desk.example"
IDS = "Message-ID: <a@client.example>\r\nReferences: <b@client.example> <c@client.example>\r\n"

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=200)
PHRASES = """
invoice INV-2026-00017 statement of account Rechnung 4711 facture impayée paid on 3 March 2026 £1,200.00
{{ 7*7 }} <b>bold</b> =?utf-8?q?x?= VAT DE123456789 please
"""
phrases = st.lists(st.sampled_from(PHRASES.split()), max_size=30).map(" ".join)
anything = words | phrases


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, upgraded_sqlite: Path) -> Iterator[Callable[[], Desk]]:
    """With the shipped rules, request types and details."""
    folder = tmp_path_factory.mktemp("stranger")
    working = WorkingDesk(folder, f"sqlite:///{upgraded_sqlite}")
    for name in ("queues", "rules"):
        del working.tables[name]
    working.change(
        include=["default"],
        acknowledgement={"authserv_id": GATEWAY},
        mailboxes=[{"kind": "folder", "name": "inbox", "path": "."}],
    )
    with working.opened() as found:
        yield lambda: found  # a failing example would print a desk whole


@given(name=anything, subject=anything, text=anything, file=anything, reply_to=words)
def test_the_words_of_a_stranger_leave_no_octet(
    opened: Callable[[], Desk], name: str, subject: str, text: str, file: str, reply_to: str
) -> None:
    desk = opened()
    full, verdict = _decided(desk, _mail(name, subject, text, file, reply_to))
    _empty, bare = _decided(desk, EMPTY)
    assume(verdict.promise_at is not None)  # an automatic answer by its subject, say, is promised nothing
    same = replace(bare, answer_in=verdict.answer_in, missing=verdict.missing)  # what we ask for, and in which language

    assert not verdict.acknowledgement.authenticated
    assert full == _acknowledged(desk, EMPTY, same)


def test_a_confirmed_sender_sees_his_subject_again(opened: Callable[[], Desk]) -> None:
    raw = f"Authentication-Results: {GATEWAY}; dmarc=pass header.from=client.example\r\n".encode()
    full, verdict = _decided(opened(), raw + _mail("", "Zwackelgrumpf", "", "", ""))

    assert verdict.acknowledgement.authenticated
    assert b"Zwackelgrumpf" in full


def _decided(desk: Desk, raw: bytes) -> tuple[bytes, Verdict]:
    message = parse(raw)
    verdict = triage(message, Context(received_at=NOW, claims=Claims()), desk.compiled, NOW)
    return _acknowledged(desk, raw, verdict), verdict


def _acknowledged(desk: Desk, raw: bytes, verdict: Verdict) -> bytes:
    message = parse(raw)
    assert message.sender is not None
    return acknowledge(desk, message, message.sender, verdict, REFERENCE, NOW)[0].content


def _mail(name: str, subject: str, text: str, file: str, reply_to: str) -> bytes:
    mail = EmailMessage(policy=SMTP.clone(refold_source="none"))
    mail["To"] = "accounts@desk.example"
    for field, value in (("Subject", subject), ("Comments", subject), ("X-Anything", reply_to), ("Keywords", file)):
        mail[field] = value
    mail.set_content(text)
    if file:
        mail.add_attachment(text.encode(), "application", "pdf", filename=file)
    quoted = name.replace("\\", "").replace('"', "")
    return f'{IDS}From: "{quoted}" <{SENDER}>\r\n'.encode() + mail.as_bytes()


EMPTY = _mail("", "", "", "", "")
