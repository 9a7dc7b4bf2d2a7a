"""What was acknowledged lately counts for the mailbox, and for its domain where strangers do not share it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from support.desk import add_case

from processor.store.answers import look_up_answers
from processor.store.database import Store
from processor.store.models import Case, Dispatch, Outbox
from processor.triage.context import Answered, Given
from processor.triage.subject import subject_key

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SHARED = ("gmail.com",)


def add(store: Store, mailbox: str, *, minutes: int, subject: str = "x", sent: int | None = None) -> Given:
    """An acknowledgement so many minutes ago, and when its server took it."""
    made_at = NOW - timedelta(minutes=minutes)
    sent_at = NOW - timedelta(minutes=sent) if sent is not None else None
    reference = add_case(store, made_at)
    row = {
        "case_id": sa.select(Case.id).where(Case.reference == reference).scalar_subquery(),
        "purpose": "acknowledgement",
        "message_id": f"<{reference}@desk.example>",
        "envelope_from": "",
        "recipient": mailbox,
        "recipient_key": mailbox,
        "recipient_domain": mailbox.rpartition("@")[2],
        "subject_key": subject_key(subject),
        "content": b"",
        "state": Dispatch.SENT if sent_at else Dispatch.DUE,
        "tries": 0,
        "created_at": made_at,
        "next_at": made_at,
        "settled_at": sent_at,
        "last_reply": None,
    }
    with store.writing() as session:
        session.execute(sa.insert(Outbox).values(row))
    return Given(mailbox=mailbox, reference=reference, made_at=made_at, sent_at=sent_at or made_at)


def about(store: Store, address: str, subject: str = "x", *others: str) -> Answered:
    """What counts for a mail of this sender, in a batch with others."""
    with store.reading() as session:
        return look_up_answers(session, {address, *others}, SHARED, NOW).about(address, subject)


def test_the_day_counts_for_the_mailbox_and_the_hour_for_its_domain(store: Store) -> None:
    add(store, "jane@client.example", minutes=24 * 60 + 1, subject="Invoice 1")
    one = add(store, "jane@client.example", minutes=1439, subject="Re: Invoice 1", sent=1400)
    two = add(store, "jane@client.example", minutes=59)
    other = add(store, "bob@client.example", minutes=10)
    add(store, "jane@other.example", minutes=10)

    found = about(store, "Jane+x@client.example", "Invoice 1")

    assert (found.same_subject_day, found.address_day, found.domain_hour, found.all_hour) == (1, 2, 2, 3)
    assert set(found.given) == {one, two, other}


def test_of_a_domain_that_strangers_share_only_the_own_mailbox_is_told(store: Store) -> None:
    one = add(store, "jdoe@gmail.com", minutes=5)
    add(store, "bob@gmail.com", minutes=5)

    found = about(store, "j.doe@googlemail.com", "x", "bob@gmail.com")

    assert (found.address_day, found.domain_hour, found.given) == (1, 2, (one,))


def test_colleagues_in_one_batch_hear_of_each_other(store: Store) -> None:
    one = add(store, "jane@client.example", minutes=5)
    two = add(store, "bob@client.example", minutes=6)

    assert set(about(store, "jane@client.example", "x", "bob@client.example").given) == {one, two}


def test_what_a_batch_sends_is_counted_and_cannot_be_answered_by_it(store: Store) -> None:
    with store.reading() as session:
        answers = look_up_answers(session, {"jane@client.example"}, SHARED, NOW)

    answers.note("JANE@client.example", "Re: Invoice")
    found = answers.about("jane@client.example", "Invoice")

    assert found == Answered(same_subject_day=1, address_day=1, domain_hour=1, all_hour=1)


def test_a_sender_without_address_has_no_past(store: Store) -> None:
    add(store, "jane@client.example", minutes=5)

    assert about(store, "") == Answered(all_hour=1)
