"""A mail that came by several mailboxes is one case, which tells of each copy; anything else is a mail of its own."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest
from support.conversing import Conversing
from support.mails import DESK, a_mail
from support.plans import plans
from support.working_desk import WorkingDesk

from processor.reading.reader import Reader, open_reader
from processor.stages.triage import triage_batch
from processor.store.copies import cases_of, same_bytes, same_content
from processor.store.models import CaseMessage, Inbound, Outbox, RawMessage

BOTH = f"Cc: Legal <legal@desk.example>\r\nReply-To: {DESK}\r\n"
_SENT = a_mail(1, fields=BOTH)


def by(server: str, mail: bytes = _SENT) -> bytes:
    """The mail as this server hands it over."""
    return (
        f"Return-Path: <client1@c1.example>\r\nDelivered-To: {server}@desk.example\r\n"
        f"Received: from c1.example by {server}.desk.example; Sat, 21 Nov 2026 09:01:02 +0100\r\n"
    ).encode() + mail


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
def test_copies_by_two_mailboxes_are_one_case_that_tells_of_both(talk: Conversing, together: bool) -> None:
    talk.put(by("accounts")) if together else talk.take_in(by("accounts"))
    talk.take_in(by("legal"), mailbox="legal")

    assert Counter(talk.states()) == {"case": 1, "duplicate": 1}
    assert (len(talk.cases()), len(talk.desk.rows(CaseMessage)), len(talk.desk.rows(Outbox))) == (1, 1, 1)
    assert len(talk.desk.rows(RawMessage)) == 2
    (event,) = talk.events("copy received")
    (first,), (copy,) = (
        [row for row in talk.desk.rows(Inbound) if row.state == state] for state in ("case", "duplicate")
    )
    assert (event.case_id, event.inbound_id) == (first.case_id, copy.id)
    assert event.data == {"mailbox": copy.mailbox, "sha256": copy.sha256}
    assert first.content_sha256 == copy.content_sha256
    assert f"a copy of the mail came to mailbox {copy.mailbox} too" in talk.act("show", talk.cases()[0].reference)


def test_a_copy_of_a_mail_that_joined_a_case_is_told_there(talk: Conversing) -> None:
    talk.take_in(a_mail(1))
    answer = talk.answer()
    talk.take_in(by("accounts", answer))
    talk.take_in(by("legal", answer), mailbox="legal")

    assert talk.states() == ["case", "appended", "duplicate"]
    assert [event.case_id for event in talk.events("copy received")] == [1]


@pytest.mark.parametrize(
    "other",
    [
        a_mail(1, fields=BOTH, words="I take that back.\n"),
        a_mail(1, fields=BOTH, subject="Another matter"),
        a_mail(1, fields=BOTH, sender="eve@evil.example"),
        a_mail(1, fields=BOTH, message_id="<other@c1.example>"),
        a_mail(1, fields=BOTH + "In-Reply-To: <x@c1.example>\r\n"),
        _SENT.replace(b":01:00 +0100", b":02:00 +0100"),
    ],
    ids=["words", "subject", "sender", "Message-ID", "thread", "date"],
)
def test_a_mail_that_differs_in_anything_its_writer_made_is_a_mail_of_its_own(talk: Conversing, other: bytes) -> None:
    talk.take_in(by("accounts"), by("legal", other))
    assert talk.states() == ["case", "case"]


FORGED = b"Authentication-Results: mx.desk.example; dmarc=fail header.from=c1.example\r\n"


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one after the other"])
def test_a_forged_copy_that_comes_first_does_not_stand_for_the_true_mail(talk: Conversing, together: bool) -> None:
    talk.desk.change(acknowledgement={"authserv_id": "mx.desk.example"})
    if together:
        talk.take_in(FORGED + by("accounts"), by("legal"), FORGED + by("another"))
    else:
        for mail in (FORGED + by("accounts"), by("legal"), FORGED + by("another")):
            talk.take_in(mail)

    assert talk.states() == ["case", "case", "duplicate"]
    assert [row.case_id for row in talk.desk.rows(Outbox)] == [talk.cases()[1].id]
    received = talk.events("received")
    assert received[1].data["suggested"] == [talk.cases()[0].reference]


def test_mails_without_a_message_id_are_never_taken_for_copies(talk: Conversing) -> None:
    bare = _SENT.replace(b"Message-ID: <mail-1@c1.example>\r\n", b"")
    talk.take_in(by("accounts", bare), by("legal", bare))
    assert talk.states() == ["case", "case"]


def test_of_mails_too_large_to_fetch_whole_the_beginning_proves_nothing(talk: Conversing) -> None:
    talk.desk.change(run={"message_bytes": 100_000})
    large = a_mail(1, fields=BOTH, words="invoice " * 20_000)
    talk.take_in(by("accounts", large), by("legal", large + b"and more\r\n"))
    assert talk.states() == ["case", "case"]
    assert [row.content_sha256 for row in talk.desk.rows(Inbound)] == [None, None]


@pytest.mark.parametrize("sender", ["", "From: Client <client1@c1.example>\r\n"], ids=["nobody", "a client"])
def test_two_workers_that_take_the_two_copies_at_the_same_moment_make_one_case(
    postgres_url: str, tmp_path: Path, reader: Reader, sender: str
) -> None:
    talk = Conversing(WorkingDesk(tmp_path, postgres_url), reader)
    for number in range(6):
        mail = a_mail(number, fields=BOTH).partition(b"\r\n")[2]
        talk.put(by("accounts", sender.encode() + mail))
        talk.put(by("legal", sender.encode() + mail), mailbox="legal")
    talk.desk.run_once("receive", talk.now)
    ready = threading.Barrier(3)

    def work() -> None:
        with talk.desk.opened(talk.now) as opened, open_reader(opened.policy.run) as own:
            ready.wait()
            while triage_batch(opened, own, batch=1):
                continue

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(talk.states()) == {"case": 6, "duplicate": 6}
    assert len(talk.cases()) == len(talk.events("copy received")) == 6
    assert {event.case_id for event in talk.events("copy received")} == {case.id for case in talk.cases()}


def test_copies_are_found_by_indexes_alone(talk: Conversing) -> None:
    with talk.desk.store() as store:
        found = plans(
            store,
            lambda session: (
                same_bytes(session, {"0" * 64}),
                same_content(session, {"1" * 64}),
                same_content(session, set()),
                cases_of(session, {1}),
            ),
        )
    assert [plan for plan in found if "SCAN" in plan or "Seq Scan" in plan] == []
    assert ["uq_inbound_taken_in" in found[0], "uq_inbound_content" in found[1]] == [True, True]
