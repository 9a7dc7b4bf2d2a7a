"""Many processes on one database: whoever was overtaken, stopped or cut off can write nothing stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from support.dovecot import Dovecot
from support.mails import a_mail
from support.sums import assert_filed_once, assert_nothing_doubled, assert_nothing_lost
from support.working_desk import WorkingDesk

from ingest.errors import Transient
from ingest.mailbox import Mailbox
from processor.demo.smtp_sink import SmtpSink
from processor.stages.connections import open_mailbox
from processor.stages.desk import Desk
from processor.stages.receive import receive
from processor.store import ledger
from processor.store.database import Away
from processor.store.models import Cursor, Inbound, State


@contextmanager
def two_receivers(desk: WorkingDesk) -> Iterator[tuple[Desk, Mailbox, Mailbox]]:
    """As they are for a moment where one lost its lock and does not know it."""
    with (
        desk.opened() as opened,
        open_mailbox(opened.policy.mailboxes[0], opened.policy, opened.store) as one,
        open_mailbox(opened.policy.mailboxes[0], opened.policy, opened.store) as other,
    ):
        yield opened, one, other


@pytest.mark.cell(
    step="settle",
    fault="two receivers of one mailbox",
    outcome="The cursor moves only from where it was read: what the overtaken one took in is rolled back.",
)
def test_a_receiver_that_another_has_overtaken_writes_nothing(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    mails = [a_mail(number) for number in range(6)]
    dovecot.deliver(user, mails)
    desk.change(run={"batch_messages": 2})
    with two_receivers(desk) as (opened, slow, quick):
        overtaken = receive(opened, slow)
        next(overtaken)
        for _ in receive(opened, quick):
            pass
        after = desk.rows(Inbound), desk.rows(Cursor)

        with pytest.raises(Transient, match="read on by another process meanwhile"):
            next(overtaken)

        assert (desk.rows(Inbound), desk.rows(Cursor)) == after
    desk.run_once()
    assert_nothing_lost(desk, mails)
    assert_nothing_doubled(desk, sink)
    assert_filed_once(dovecot, user, mails)


def test_of_two_receivers_that_begin_at_once_both_begin_where_the_first_did(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(user, [a_mail(1)])
    with two_receivers(desk) as (opened, one, other):
        first = one.start_cursor(opened.now())
        for mailbox in (one, other):
            with opened.store.writing() as session:
                ledger.begin_cursor(session, mailbox.name, first, opened.now())
            dovecot.deliver(user, [a_mail(2)])
        with opened.store.reading() as session:
            assert ledger.read_cursor(session, one.name, one.folder) == first


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.cell(
    step="settle",
    fault="the connection of a worker that decides is lost",
    outcome="Its rows are free at once; what it decided is not written, and another worker decides anew.",
)
def test_what_was_decided_over_a_connection_that_died_is_not_written(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(user, [a_mail(number) for number in range(3)])
    desk.run_once("receive")

    with pytest.raises(Away, match="cannot be used now"):
        quarantined_after(desk, lambda: end_all_connections(desk))

    assert [row.state for row in desk.rows(Inbound)] == ["pending"] * 3
    desk.run_once("triage")
    assert [row.state for row in desk.rows(Inbound)] == ["case"] * 3


def quarantined_after(desk: WorkingDesk, act: Callable[[], None]) -> None:
    with desk.store() as store, store.claim(ledger.pending(50)) as claim:
        act()
        with claim.writing() as session:
            ledger.settle(session, [{"id": row.id, "state": State.QUARANTINED} for row in claim.rows])


def end_all_connections(desk: WorkingDesk, of: str = "%") -> None:
    """As a server that restarts, or that takes this process for dead (named in its connections), ends them."""
    with desk.store() as store, store.writing() as session:
        ended = session.scalars(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND application_name LIKE :of"
            ),
            {"of": of},
        ).all()
    assert ended
