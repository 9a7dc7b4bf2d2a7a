"""Reports are of one moment and appear whole; times are right whatever the clocks do."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.cells import cell
from support.desk import add_case
from support.nursery import born
from support.trial import Trial

from processor.reports.queues import queue_report
from processor.store.models import Case, Outbox

HOUR = timedelta(hours=1)
CASES = 80
OLD = "the report of yesterday"


@pytest.fixture
def report(trial: Trial) -> Path:
    """Written before; many cases came since then."""
    with trial.desk.store() as store:
        for _ in range(CASES):
            add_case(store, datetime.now(UTC), subject="a long subject " * 60)
    page = trial.desk.folder / "queues.html"
    page.write_text(OLD)
    return page


@pytest.mark.cell(
    "report",
    "SIGKILL while a report is written",
    "A report is written beside its name and renamed into place when it is whole: readers find the old one, complete, "
    "until then. The next one takes its place.",
)
def test_a_report_that_was_cut_short_is_never_seen(trial: Trial, report: Path) -> None:
    beside = report.with_name(f".{report.name}.new")
    os.mkfifo(beside)  # it takes 64 kB, then the writer waits
    writing = born(trial.desk.config, trial.desk.folder / "stderr", "report", "queues", "-f", "html", "-o", str(report))
    with beside.open("rb", buffering=0) as begun:
        assert begun.read(10)
        writing.kill()
        writing.join()
    assert (writing.exitcode, report.read_text()) == (-9, OLD)
    writing.close()

    beside.unlink()
    assert trial.desk.command_here("report", "queues", "-f", "html", "-o", str(report)).returncode == 0
    assert report.read_text().rstrip().endswith("</html>")
    assert not beside.exists()


@pytest.mark.cell(
    "report",
    "the disk is full while a report is written",
    "The command ends with exit code 1 and says so; the old report stays as it is.",
)
def test_a_report_that_finds_no_room_leaves_the_old_one(trial: Trial, report: Path) -> None:
    report.with_name(f".{report.name}.new").symlink_to("/dev/full")
    done = trial.desk.command_here("report", "queues", "-f", "html", "-o", str(report))
    assert (done.returncode, report.read_text()) == (1, OLD)
    assert "cannot be written (No space left on device)" in done.stderr


@pytest.mark.cell(
    "report",
    "cases come and go while a report is counted",
    "The report is of one moment: every figure is the number of the cases that are listed.",
)
def test_a_report_shows_one_moment_however_much_is_written_meanwhile(trial: Trial, report: Path) -> None:
    with trial.desk.opened() as opened, trial.desk.store() as another:
        sa.event.listen(
            opened.store.engine,
            "after_cursor_execute",
            lambda *_: add_case(another, datetime.now(UTC)),
        )
        with opened.store.reading() as session:
            shown = queue_report(session, opened.policy, datetime.now(UTC), per_queue=None)
        later = len(trial.desk.rows(Case))
    assert later > CASES + 2
    assert shown.totals.open == sum(len(queue.cases) for queue in shown.queues)
    assert CASES <= shown.totals.open < later


# Clocks


@pytest.mark.parametrize(
    ("received", "told"),
    [
        cell(
            "report",
            "the clocks go forward in the night (Europe/Paris)",
            "A promise is 24 hours by the server's clock, and is told in the time of its own day.",
            datetime(2026, 3, 28, 12, 0, tzinfo=UTC),
            "Sunday 29 March 2026 at 14:00 (CEST, UTC+02:00)",
        ),
        cell(
            "report",
            "the clocks go back in the night (Europe/Paris)",
            "A promise is 24 hours by the server's clock, and is told in the time of its own day.",
            datetime(2026, 10, 24, 12, 0, tzinfo=UTC),
            "Sunday 25 October 2026 at 13:00 (CET, UTC+01:00)",
        ),
    ],
)
def test_a_promise_is_as_long_on_the_days_when_the_clocks_change(trial: Trial, received: datetime, told: str) -> None:
    trial.bring_english(received_at=received)

    trial.desk.run_once(now=lambda: received + HOUR)

    (case,) = trial.desk.rows(Case)
    assert (case.received_at, case.promise_at) == (received, received + 24 * HOUR)
    assert told in " ".join(trial.sink.received[0].content.decode().replace("=\r\n", "").split())
    trial.comes_home()


@pytest.mark.cell(
    "report",
    "the desk's clock jumps a month ahead, then back",
    "Cases are made with the times of the mail server. While the clock is ahead their promise would be a false one, so "
    "no acknowledgement goes out (STALE); when it is right again, all goes on.",
)
def test_a_clock_that_jumps_ahead_makes_no_false_promise(trial: Trial, clock: Callable[[timedelta], None]) -> None:
    trial.bring(1)
    clock(timedelta(days=30))
    assert trial.sink.received == []
    (case,) = trial.desk.rows(Case)
    assert abs(case.received_at - datetime.now(UTC)) < HOUR
    trial.bring(2)
    clock(timedelta())
    assert len(trial.desk.rows(Case)) == 3
    assert [row.state for row in trial.desk.rows(Outbox)] == ["sent"] * 2
    clock(timedelta(days=30))
    assert len(trial.sink.received) == 2


@pytest.mark.cell(
    "report",
    "the desk's clock jumps a day back",
    "Mail is taken in, decided and acknowledged as always, with the times of the mail server. An acknowledgement that "
    "was decided or deferred before the jump goes out at once; after a smaller jump it waits for "
    "`longest_pause_seconds` at most.",
)
def test_a_clock_that_jumps_back_loses_and_doubles_nothing(trial: Trial, clock: Callable[[timedelta], None]) -> None:
    trial.bring(1)
    trial.passes(only="receive")
    trial.passes(only="triage")
    clock(timedelta(days=-1))
    assert len(trial.sink.received) == 1
    trial.bring(1)
    clock(timedelta(days=-1))
    assert len(trial.sink.received) == 2
    trial.comes_home()
    assert len(trial.sink.received) == 2


@pytest.fixture
def clock(trial: Trial) -> Callable[[timedelta], None]:
    """A pass of the desk while its clock is so far ahead."""

    def passed(ahead: timedelta) -> None:
        trial.desk.run_once(now=lambda: datetime.now(UTC) + ahead)

    return passed
