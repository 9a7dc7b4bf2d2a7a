"""The real command as a process: as a daemon under signals, and as a pass for cron."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.dovecot import Dovecot
from support.mails import a_mail, make_mails
from support.working_desk import WorkingDesk

from ingest.errors import Configuration
from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Case, Inbound, Outbox
from processor.workers import run_once

pytestmark = pytest.mark.no_cover

SECONDS = 30


class Told:
    """The lines that a daemon logs, as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        self._lines = process.stderr

    def until(self, event: str) -> dict[str, str]:
        """Wait for this event; returns it."""
        for line in self._lines:
            entry: dict[str, str] = json.loads(line)
            if entry["event"] == event:
                return entry
        raise AssertionError(f"the daemon ended and never told of {event!r}")


@contextmanager
def running(desk: WorkingDesk) -> Iterator[tuple[subprocess.Popen[str], Told]]:
    """The daemon, at work; ended at the end where the test has not."""
    with desk.start("run") as process:
        try:
            told = Told(process)
            told.until("started")
            yield process, told
        finally:
            process.kill()


def await_(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def await_mails(sink: SmtpSink, count: int) -> None:
    await_(lambda: len(sink.received) == count)


def test_the_daemon_takes_mail_in_and_ends_well_on_sigterm(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    with running(desk) as (process, told):
        for number in (1, 2):  # the second comes while it waits
            dovecot.deliver(user, [a_mail(number)])
            await_mails(sink, number)
        process.send_signal(signal.SIGTERM)
        told.until("stopped")
        assert process.wait(SECONDS) == 0

    assert [row.state for row in desk.rows(Outbox)] == ["sent", "sent"]


def test_sigterm_lets_the_batch_in_hand_be_finished(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    desk.change(run={"batch_messages": 5})
    dovecot.deliver(user, [mail.raw for mail in make_mails(100)])
    with running(desk) as (process, _told):
        await_(lambda: len(sink.received) > 0)
        process.terminate()
        assert process.wait(SECONDS) == 0

    left = [row.state for row in desk.rows(Outbox) if row.state != "sent"]
    assert set(left) <= {"due"}  # nothing is left half done: what was attempted is settled
    assert len([row for row in desk.rows(Inbound) if row.filed_at is None]) == 0
    desk.run_once()
    assert len(sink.received) == len(desk.rows(Outbox)) == 75 + 10


def test_sighup_brings_a_new_policy_and_keeps_the_old_one_where_the_new_one_is_wrong(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    with running(desk) as (process, told):
        desk.change(rules=[{"name": "all-else", "queue": "triage"}])
        process.send_signal(signal.SIGHUP)
        told.until("started")
        dovecot.deliver(user, [a_mail(1)])
        await_mails(sink, 1)

        desk.change(rules=[{"name": "wrong", "queue": "nowhere"}])
        process.send_signal(signal.SIGHUP)
        refused = told.until("the new policy is not used")
        told.until("started")
        dovecot.deliver(user, [a_mail(2)])
        await_mails(sink, 2)
        process.terminate()
        assert process.wait(SECONDS) == 0

    assert "'nowhere' is not defined" in refused["reason"]
    assert [row.rule for row in desk.rows(Case)] == ["all-else", "all-else"]


def test_the_daemon_goes_on_when_the_mail_server_comes_back(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    mailbox = desk.tables["mailboxes"][0]
    desk.change(mailboxes=[mailbox | {"password": {"file": "not-there-yet"}}])
    dovecot.deliver(user, [a_mail(1)])
    with running(desk) as (process, told):
        refused = told.until("try again later")
        (desk.folder / "not-there-yet").write_text(dovecot.password)
        await_mails(sink, 1)
        process.terminate()
        assert process.wait(SECONDS) == 0

    assert "not-there-yet cannot be read" in refused["reason"]


def test_a_pass_for_cron_is_silent_when_all_is_well(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.deliver(user, [mail.raw for mail in make_mails(20)])

    first, second = desk.command("run", "--once"), desk.command("run", "--once")

    for done in (first, second):
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(desk.rows(Inbound)) == 20


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port: int = nobody.getsockname()[1]
        return port


def an_smtp_server_that_is_away(desk: WorkingDesk) -> None:
    desk.run_once("receive")
    desk.run_once("triage")
    desk.change(smtp={"port": free_port()})


def no_password_file(desk: WorkingDesk) -> None:
    (desk.folder / "inbox.password").unlink()


def no_tables(desk: WorkingDesk) -> None:
    desk.change(database={"url": f"sqlite:///{desk.folder / 'empty.db'}"})


def a_queue_that_is_not_defined(desk: WorkingDesk) -> None:
    desk.change(rules=[{"name": "rest", "queue": "nowhere"}])


def not_toml(desk: WorkingDesk) -> None:
    desk.config.write_text("queues = [")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (an_smtp_server_that_is_away, 75, "cannot be reached now"),
        (no_password_file, 78, "cannot be read"),
        (no_tables, 78, "run `daydesk db upgrade`"),
        (a_queue_that_is_not_defined, 78, "'nowhere' is not defined"),
        (not_toml, 78, "is not TOML"),
    ],
)
def test_a_lack_is_told_in_one_message_with_its_exit_code(
    desk: WorkingDesk, dovecot: Dovecot, user: str, fault: Callable[[WorkingDesk], None], code: int, words: str
) -> None:
    dovecot.deliver(user, [a_mail(1)])
    fault(desk)

    done = desk.command("run", "--once")

    assert done.returncode == code
    assert words in done.stderr
    assert done.stderr.startswith("daydesk: ")
    assert done.stderr.count("daydesk: ") == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_database_that_was_never_created_is_told_as_such(desk: WorkingDesk, postgres_url: str) -> None:
    desk.change(database={"url": postgres_url.replace("/desk", "/nowhere")})

    done = desk.command("run", "--once")

    assert done.returncode == 78
    assert "create it, or mend its url" in done.stderr


def test_of_two_at_once_the_second_says_who_is_first_and_tries_again_later(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    with running(desk) as (process, _told):
        dovecot.deliver(user, [a_mail(1)])
        await_mails(sink, 1)

        second = desk.command("run", "--once")

        process.terminate()
        assert process.wait(SECONDS) == 0
    assert second.returncode == 75
    assert f"process {process.pid} on {socket.gethostname()} since 20" in second.stderr
    assert second.stderr.count("\n") == 1


def test_a_lock_dies_with_its_holder(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    with running(desk) as (process, _told):
        process.kill()
        process.wait(SECONDS)

    assert desk.command("run", "--once").returncode == 0


def test_one_dead_mailbox_does_not_hold_up_another(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    desk.add_mailbox(dovecot, f"{user}-dead", "dead", port=free_port())
    desk.change(mailboxes=desk.tables["mailboxes"][::-1])
    mails = make_mails(40)
    dovecot.deliver(user, [mail.raw for mail in mails])

    done = desk.command("run", "--once")

    assert done.returncode == 75
    assert "Mailbox dead" in done.stderr
    assert "Mailbox inbox" not in done.stderr
    assert len([row for row in desk.rows(Inbound) if row.state in ("case", "duplicate")]) == 40
    assert len(sink.received) == len([mail for mail in mails if mail.kind == "person"])


def test_no_mail_is_taken_in_that_could_not_be_decided(sqlite_url: str, tmp_path: Path) -> None:
    desk = WorkingDesk(tmp_path, sqlite_url, mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
    desk.tables = {"word_weights": "words.json"} | desk.tables  # above all tables
    desk.change()
    (tmp_path / "mail").mkdir()
    with desk.opened() as idle:
        run_once(idle)  # nothing to decide: nothing is missed
    (tmp_path / "mail" / "1.eml").write_bytes(a_mail(1))
    with pytest.raises(Configuration, match=r"word_weights: .*words\.json cannot be read"):
        desk.run_once()
    assert desk.rows(Inbound) == []

    for arguments in (["run"], ["check"]):
        ended = desk.command(*arguments)
        assert (ended.returncode, "words.json cannot be read" in ended.stderr) == (78, True)
    assert desk.rows(Inbound) == []
