"""Many processes on one database: whoever was overtaken, stopped or cut off can write nothing stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.colleague import at_work, await_
from support.dovecot import Dovecot
from support.mails import a_mail
from support.postgresql import PostgreSql, at_port, socket_of
from support.proxy import Proxy, Rule, Way, proxy_to
from support.sums import assert_filed_once, assert_nothing_doubled, assert_nothing_lost
from support.working_desk import WorkingDesk

from ingest.errors import Transient
from ingest.mailbox import Mailbox
from processor.demo.smtp_sink import SmtpSink
from processor.stages.connections import open_mailbox
from processor.stages.deliver import LEASE
from processor.stages.desk import Desk
from processor.stages.receive import receive
from processor.store import ledger
from processor.store.database import Away
from processor.store.models import Cursor, Event, Inbound, Outbox, State

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

_HOLDERS = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_database ON oid = database
WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND pg_database.datname = current_database()
"""


@contextmanager
def two_receivers(desk: WorkingDesk) -> Iterator[tuple[Desk, Mailbox, Mailbox]]:
    """As they are for a moment where one lost its lock and does not know it."""
    with (
        desk.opened() as opened,
        open_mailbox(opened.policy.mailboxes[0], opened.policy, opened.store, opened.tokens) as one,
        open_mailbox(opened.policy.mailboxes[0], opened.policy, opened.store, opened.tokens) as other,
    ):
        yield opened, one, other


@pytest.mark.cell(
    "settle",
    "two receivers of one mailbox",
    "The cursor moves only from where it was read: what the overtaken one took in is rolled back.",
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


@on_postgresql
@pytest.mark.cell(
    "settle",
    "the connection of a worker that decides is lost",
    "Its rows are free at once; what it decided is not written, and another worker decides anew.",
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


def reached_by(desk: WorkingDesk, folder: Path, *, mail: Proxy | None = None, sink: Proxy | None = None,
               database: Proxy | None = None) -> WorkingDesk:  # fmt: skip
    """The same desk on another machine, which reaches these servers through proxies."""
    folder.mkdir()
    url, smtp, mailbox = (desk.tables[name] for name in ("database", "smtp", "mailboxes"))
    for file in desk.folder.glob("*.password"):
        (folder / file.name).write_text(file.read_text())
    return WorkingDesk(
        folder,
        at_port(url["url"], database.port) if database else url["url"],
        smtp=smtp | ({"port": sink.port} if sink else {}),
        mailboxes=[mailbox[0] | ({"port": mail.port} if mail else {})],
    )


@on_postgresql
@pytest.mark.cell(
    "settle",
    "a receiver is killed",
    "Another process, which waited, reads its mailbox on within ten seconds.",
)
def test_a_mailbox_is_taken_over_when_its_receiver_is_killed(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    with at_work(desk) as first:
        first.tells("first start")
        with at_work(desk) as second:
            waits = second.tells("waits for another", f"process {first.process.pid} on")
            first.process.kill()
            mails = [a_mail(1), a_mail(2)]
            dovecot.deliver(user, mails)
            second.tells("received")
            await_(lambda: [row.state for row in desk.rows(Outbox)] == ["sent"] * 2)

    assert waits["level"] == "info"
    assert [entry for entry in second.told() if entry["event"] == "try again later"] == []
    assert_nothing_lost(desk, mails)
    assert_nothing_doubled(desk, sink)


@on_postgresql
@pytest.mark.cell(
    "settle",
    "a receiver is stopped while a mail is on its way, taken over, and continued",
    "What it took in is not written; it says so, and waits for the lock like any other.",
)
def test_a_receiver_that_was_stopped_and_goes_on_writes_nothing_of_what_another_has_taken_in(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink, tmp_path: Path
) -> None:
    mails = [a_mail(number) for number in range(5)]
    with proxy_to(dovecot.port) as proxy:
        slow = reached_by(desk, tmp_path / "slow", mail=proxy)
        with at_work(slow, "--only", "receive") as stopped:
            stopped.tells("first start")
            proxy.obey(Rule(way=Way.TO_SERVER, seen=rb"BODY\.PEEK", call=stopped.stop))
            dovecot.deliver(user, mails)
            assert proxy.struck()
            end_all_connections(desk, stopped.name)  # as the server does after 16 seconds without a sign of life
            desk.run_once()
            after = desk.rows(Inbound), desk.rows(Cursor)

            stopped.go_on()
            refused = stopped.tells("try again later")
            await_(lambda: len(holders(desk)) == 1)  # it has the lock again, and looks anew

    assert "read on by another process meanwhile" in refused["reason"]
    assert (desk.rows(Inbound), desk.rows(Cursor)) == after
    assert_nothing_lost(desk, mails)
    assert_nothing_doubled(desk, sink)
    assert_filed_once(dovecot, user, mails)


@on_postgresql
@pytest.mark.cell(
    "settle",
    "a worker is stopped while it writes its verdicts, its rows are decided by another, and it is continued",
    "The server has ended its transaction: nothing of it is written, and it goes on with what is left.",
)
def test_a_triager_that_was_stopped_and_goes_on_writes_nothing_of_what_another_has_decided(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink, tmp_path: Path
) -> None:
    mails = [a_mail(number) for number in range(5)]
    dovecot.deliver(user, mails)
    with proxy_to(socket_of(desk.tables["database"]["url"])) as proxy:
        slow = reached_by(desk, tmp_path / "slow", database=proxy)
        with at_work(slow, "--only", "triage") as stopped:
            proxy.obey(Rule(way=Way.TO_SERVER, seen=rb"INSERT INTO cases", call=stopped.stop))
            desk.run_once("receive")
            assert proxy.struck()
            desk.run_once("triage")  # all that it has in hand is left alone
            assert [row.state for row in desk.rows(Inbound)] == ["pending"] * 5
            end_all_connections(desk, stopped.name)  # as the server does after 20 seconds
            desk.run_once()

            stopped.go_on()
            stopped.tells("try again later", "cannot be used now")

    assert [row.tries for row in desk.rows(Inbound)] == [0] * 5  # the mails are not to blame
    assert_nothing_lost(desk, mails)
    assert_nothing_doubled(desk, sink)


@on_postgresql
@pytest.mark.cell(
    "settle",
    "a worker is stopped before it hears the 250, its attempt is made again by another, and it is continued",
    "The outcome of the later attempt stands. The client may get the mail twice, with one Message-ID.",
)
def test_a_deliverer_that_was_stopped_and_goes_on_settles_nothing_that_another_has_sent_since(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink, tmp_path: Path
) -> None:
    dovecot.deliver(user, [a_mail(1)])
    with proxy_to(sink.port) as proxy:
        slow = reached_by(desk, tmp_path / "slow", sink=proxy)
        with at_work(slow, "--only", "deliver") as stopped:
            proxy.obey(Rule(way=Way.TO_SERVER, seen=rb"\r\n\.\r\n", call=stopped.stop))
            desk.run_once("receive")
            desk.run_once("triage")
            assert proxy.struck()
            await_(lambda: len(sink.received) == 1, stopped.log)
            desk.run_once("deliver", now=lambda: datetime.now(UTC) + LEASE)
            (second,) = desk.rows(Outbox)

            stopped.go_on()
            stopped.tells("delivered")
            await_(lambda: "acknowledgement overtaken" in {row.kind for row in desk.rows(Event)}, stopped.log)

    assert (second.state, second.tries) == ("sent", 2)
    assert desk.rows(Outbox) == [second]
    assert len({mail.content for mail in sink.received}) == 1
    assert len(sink.received) == 2


@on_postgresql
@pytest.mark.cell(
    "store",
    "PostgreSQL is killed under load, and comes back",
    "The daemon says that the database is away, and goes on within ten seconds of its return.",
)
def test_the_daemon_outlives_a_postgresql_that_is_killed_under_load(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink, postgres: PostgreSql
) -> None:
    mails = [a_mail(number) for number in range(30)]
    dovecot.deliver(user, mails[:20])
    desk.change(run={"batch_messages": 2}, smtp={"batch": 2})
    with at_work(desk) as daemon:
        daemon.tells("delivered")
        postgres.kill()
        daemon.tells("try again later", "cannot be used now")
        away = desk.command_here("health")
        postgres.start()
        dovecot.deliver(user, mails[20:])
        await_(lambda: [row.state for row in desk.rows(Outbox)] == ["sent"] * len(mails))
        daemon.process.terminate()
        daemon.process.join(20)
        assert daemon.process.exitcode == 0

    assert (away.returncode, away.stdout) == (75, "")
    assert "cannot be used now" in away.stderr
    assert {entry["event"] for entry in daemon.told()} >= {"started", "stopped"}
    assert_nothing_lost(desk, mails)
    assert_nothing_doubled(desk, sink)
    assert_filed_once(dovecot, user, mails)


def holders(desk: WorkingDesk) -> list[str]:
    """Who has a lock that only one can have."""
    with desk.store() as store, store.reading() as session:
        return list(session.scalars(sa.text(_HOLDERS)))


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
