"""Is the desk well? The real command, and the figures behind it, on both databases."""

from __future__ import annotations

import dataclasses
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.mails import a_mail
from support.working_desk import WorkingDesk

from ingest.errors import DeskError, Transient
from processor.demo.smtp_sink import SmtpSink
from processor.reports.health import SUBJECTS, Finding, health
from processor.stages.heartbeat import EVERY, heartbeat
from processor.store import heartbeats
from processor.store.database import Store
from processor.store.locks import receiver_lock
from processor.store.models import Case, Inbound, Outbox, State
from processor.workers import run_once

MINUTE = timedelta(minutes=1)
NO_DISK_HAS_IT = 10**12  # megabytes


@pytest.fixture
def desk(sink: SmtpSink, database_url: str, tmp_path: Path) -> WorkingDesk:
    """A desk with a folder of .eml files, the sink, and a database of each kind."""
    (tmp_path / "mail").mkdir()
    made = WorkingDesk(tmp_path, database_url, smtp={"port": sink.port})
    made.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}], acknowledgement={"stale_hours": 10**6})
    return made


def bring(desk: WorkingDesk, *numbers: int) -> None:
    for number in numbers:
        (desk.folder / "mail" / f"{number}.eml").write_bytes(a_mail(number))


def found(desk: WorkingDesk, later: timedelta = timedelta()) -> dict[str, Finding]:
    """What is found so much later, by subject and name."""
    with desk.opened() as opened:
        findings = health(opened.store, opened.policy, datetime.now(UTC) + later)
    return {f"{finding.what} {finding.name}".strip(): finding for finding in findings}


def changed(desk: WorkingDesk, table: Any, **values: Any) -> None:
    with desk.store() as store, store.writing() as session:
        session.execute(sa.update(table).values(values))


def test_a_desk_that_works_is_well(desk: WorkingDesk) -> None:
    bring(desk, 1, 2)
    desk.run_once()

    done = desk.command("health")

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    expected = ["mailbox inbox", "stage triage", "stage deliver", "outbox", "quarantine", "promises"]
    expected += ["disk"] if desk.tables["database"]["url"].startswith("sqlite") else []
    assert [line.partition(":")[0] for line in lines] == [f"ok    {name}" for name in expected]
    assert "last success" in lines[0]
    assert "nothing pending" in lines[0]
    assert "2 clients wait for a promised answer, 0 overdue; the first promise, of DD-" in lines[5]


def test_programs_get_every_figure(desk: WorkingDesk) -> None:
    bring(desk, 1)
    desk.run_once()

    told = json.loads(desk.command("health", "--json").stdout)

    assert told["ok"] is True
    mailbox, triage, _deliver, outbox, quarantine, promises = told["findings"][:6]
    assert {one["what"] for one in told["findings"]} <= {*SUBJECTS}
    assert (mailbox["name"], mailbox["ok"], mailbox["figures"]["pending"]) == ("inbox", True, 0)
    assert datetime.fromisoformat(mailbox["figures"]["last_success"]).tzinfo is not None
    assert 0 <= triage["figures"]["silent_seconds"] < 60
    assert outbox["figures"] == {
        "due": 0, "attempted": 0, "unknown": 0, "oldest_seconds": None, "failed": 0, "failed_lately": 0, "bounced": 0,
    }  # fmt: skip
    assert quarantine["figures"] == {"mails": 0}
    assert promises["figures"]["unanswered"] == 1
    assert 0 < promises["figures"]["seconds_left"] <= 24 * 3600


def test_a_desk_that_never_ran_is_not_well(desk: WorkingDesk) -> None:
    done = desk.command("health")

    assert done.returncode == 1
    assert done.stdout.startswith("WRONG mailbox inbox: no success yet; nothing pending\n")


def test_a_desk_that_stopped_is_missed_after_the_minutes_of_the_policy(desk: WorkingDesk) -> None:
    desk.run_once()

    assert all(finding.ok for finding in found(desk, 14 * MINUTE).values())

    late = found(desk, 16 * MINUTE)
    assert [name for name, finding in late.items() if not finding.ok] == [
        "mailbox inbox", "stage triage", "stage deliver",
    ]  # fmt: skip
    desk.change(run={"poll_seconds": 3600})
    assert found(desk, 16 * MINUTE)["mailbox inbox"].ok  # it is not meant to be read more often
    desk.change(run={"poll_seconds": 1}, health={"silent_minutes": 20})
    assert all(finding.ok for finding in found(desk, 16 * MINUTE).values())


def test_what_keeps_a_mailbox_from_being_read_is_told_and_forgotten_once_it_can_be(desk: WorkingDesk) -> None:
    desk.run_once()
    (desk.folder / "mail").rename(desk.folder / "elsewhere")
    with pytest.raises(DeskError):
        desk.run_once()

    broken = found(desk)["mailbox inbox"]
    (desk.folder / "elsewhere").rename(desk.folder / "mail")
    desk.run_once()
    mended = found(desk)["mailbox inbox"]

    assert "ago; nothing pending; since then: " in broken.words
    assert str(desk.folder / "mail") in broken.words
    assert broken.ok  # it is tried again, and not silent for long
    assert (mended.figures["error"], "since then" in mended.words) == (None, False)


def test_mail_that_nobody_decides_is_missed(desk: WorkingDesk) -> None:
    bring(desk, 1, 2)
    desk.run_once("receive")

    soon, late = found(desk)["mailbox inbox"], found(desk, 16 * MINUTE)["mailbox inbox"]

    assert soon.ok
    assert (late.ok, late.figures["pending"]) == (False, 2)
    assert "2 pending, the oldest for 16 min" in late.words


def test_mail_of_a_mailbox_that_left_the_policy_is_not_forgotten(desk: WorkingDesk) -> None:
    bring(desk, 1)
    desk.run_once("receive")
    desk.change(mailboxes=[{"kind": "folder", "name": "other", "path": "mail"}])

    gone = found(desk, 16 * MINUTE)["mailbox inbox"]

    assert not gone.ok
    assert gone.words.startswith("no longer in the policy; 1 pending")


def test_acknowledgements_that_wait_or_fail_are_told(desk: WorkingDesk, sink: SmtpSink) -> None:
    bring(desk, 1, 2)
    desk.run_once("receive")
    desk.run_once("triage")

    soon, late = found(desk)["outbox"], found(desk, 61 * MINUTE)["outbox"]
    assert (soon.ok, soon.figures["due"], late.ok) == (True, 2, False)
    assert "due 2, the oldest for 1 h" in late.words

    changed(desk, Outbox, state="failed", settled_at=datetime.now(UTC))
    failed, long_ago = found(desk)["outbox"], found(desk, 25 * 60 * MINUTE)["outbox"]
    assert (failed.ok, failed.figures["failed"], failed.figures["failed_lately"]) == (False, 2, 2)
    assert (long_ago.ok, long_ago.figures["failed"], long_ago.figures["failed_lately"]) == (True, 2, 0)


def test_a_mail_in_quarantine_wants_a_person_unless_the_policy_takes_it(desk: WorkingDesk) -> None:
    bring(desk, 1)
    desk.run_once("receive")
    changed(desk, Inbound, state=State.QUARANTINED, settled_at=datetime.now(UTC))
    desk.run_once()

    assert (found(desk)["quarantine"].ok, found(desk)["quarantine"].words) == (False, "1 mail")
    desk.change(health={"quarantined": 1})
    assert found(desk)["quarantine"].ok


def test_a_discarded_mail_wants_nobody(desk: WorkingDesk) -> None:
    bring(desk, 1, 2)
    desk.run_once("receive")
    changed(desk, Inbound, state=State.QUARANTINED, settled_at=datetime.now(UTC))
    (first, _second) = desk.rows(Inbound)

    done = desk.command("inbox", "quarantine", "discard", str(first.id), "--actor", "ada", "--reason", "junk")

    assert (done.returncode, done.stderr) == (0, "")
    assert found(desk)["quarantine"].words == "1 mail"


def test_the_clock_of_the_first_promise_is_told_and_counts_where_the_policy_says_so(desk: WorkingDesk) -> None:
    bring(desk, 1)
    desk.run_once()
    ((reference, promise_at),) = desk.rows(Case, Case.reference, Case.promise_at)
    changed(desk, Case, promise_at=datetime.now(UTC) - 61 * MINUTE)

    passed = found(desk)["promises"]
    assert passed.ok  # people's work, not the desk's
    assert f"1 client waits for a promised answer, 1 overdue; the first promise, of {reference}, " in passed.words
    assert "has passed 1 h 1 min ago" in passed.words
    assert passed.figures["seconds_left"] < -3600

    desk.change(health={"overdue": True})
    assert not found(desk)["promises"].ok
    changed(desk, Case, first_response_at=datetime.now(UTC))
    assert found(desk)["promises"].words == "no client waits for a promised answer"
    assert promise_at is not None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_disk_of_a_postgresql_is_not_ours_to_see(desk: WorkingDesk, sink: SmtpSink) -> None:
    bring(desk, 1)
    desk.change(health={"disk_floor_megabytes": NO_DISK_HAS_IT})

    done, well = desk.command_here("run", "--once"), desk.command_here("health")

    assert (done.returncode, len(desk.rows(Inbound)), len(sink.received)) == (0, 1, 1)
    assert (well.returncode, "disk" in well.stdout) == (0, False)


def test_a_database_that_is_away_is_a_lack(desk: WorkingDesk) -> None:
    desk.change(database={"url": "postgresql://desk:open-sesame@127.0.0.1:1/desk"})

    done = desk.command("health")

    assert (done.returncode, done.stdout) == (75, "")
    assert "cannot be used now" in done.stderr
    assert "open-sesame" not in done.stderr


def test_an_idle_worker_writes_every_half_minute_and_no_more(desk: WorkingDesk) -> None:
    clock = [datetime(2026, 11, 21, 12, 0, tzinfo=UTC)]
    writes = []
    with desk.opened(lambda: clock[0]) as opened:
        sa.event.listen(opened.store.engine, "commit", lambda _connection: writes.append(clock[0]))
        with heartbeat(opened, "triage") as beating:
            step = beating(lambda: (0,))
            for seconds in (0, 1, 29, 30, 31, 59, 60, -3600):  # at last the clock is put back
                clock[0] = datetime(2026, 11, 21, 12, 0, tzinfo=UTC) + timedelta(seconds=seconds)
                assert list(step()) == [0]

    assert [(at - writes[0]).total_seconds() for at in writes] == [0, 30, 60, -3600]
    assert timedelta(seconds=30) == EVERY


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_kept_a_worker_is_told_though_the_database_is_away_as_well(desk: WorkingDesk) -> None:
    away = Store("postgresql://desk@127.0.0.1:1/desk")
    with (
        desk.opened() as opened,
        pytest.raises(Transient, match="the mailbox is away"),
        heartbeat(dataclasses.replace(opened, store=away), "receive inbox"),
    ):
        raise Transient("the mailbox is away")
    away.close()


def test_a_mistake_of_ours_is_written_down_without_its_words_which_may_be_a_mails(desk: WorkingDesk) -> None:
    with desk.opened() as opened, pytest.raises(ValueError, match="Ada's secret"), heartbeat(opened, "triage"):
        raise ValueError("Ada's secret")

    with desk.store() as store, store.reading() as session:
        assert heartbeats.read(session)["triage"].error == "ValueError: a mistake in daydesk, see its log."


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_second_receiver_in_waiting_is_no_failure_of_the_mailbox(desk: WorkingDesk) -> None:
    desk.run_once()
    with (
        desk.store() as first,
        receiver_lock(first, "inbox"),
        desk.opened() as second,
        pytest.raises(Transient, match="is being read by"),
    ):
        run_once(second)

    assert found(desk)["mailbox inbox"].figures["error"] is None


def test_many_workers_of_one_name_write_their_first_heartbeat_at_once(store: Store) -> None:
    now = datetime.now(UTC)
    ready = threading.Barrier(8)
    errors: list[Exception] = []

    def beat() -> None:
        try:
            ready.wait(10)
            with store.writing() as session:
                heartbeats.succeeded(session, "triage", now)
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=beat) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert errors == []
    with store.reading() as session:
        assert heartbeats.read(session)["triage"].succeeded_at == now


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_figure_reads_a_whole_table(desk: WorkingDesk) -> None:
    bring(desk, 1)
    desk.run_once()
    asked: list[tuple[str, Any]] = []
    with desk.opened() as opened:
        sa.event.listen(
            opened.store.engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
        )
        health(opened.store, opened.policy, datetime.now(UTC))
        with opened.store.engine.connect() as connection:
            plans = [
                row[3]
                for statement, values in tuple(asked)
                if statement.startswith("SELECT")
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            ]

    scans = {plan for plan in plans if plan.startswith("SCAN")}
    assert {plan for plan in scans if "INDEX" not in plan} <= {"SCAN heartbeat"}
    assert len(scans) >= 5
