"""A mail that crashes, hangs or bloats its reader costs itself three tries, and its neighbours none (I5)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from support.cells import cell
from support.mails import a_mail
from support.poison import a_poison, put_on_path
from support.working_desk import CHECKOUT, WorkingDesk

from processor.reading.reader import open_reader
from processor.stages.triage import triage_batch
from processor.store.models import Case, Event, Inbound, Outbox

TRIED = (
    "It is tried three times, the second and third time after all other mail and by itself, then quarantined with the "
    "reason. Its neighbours become cases in the same pass, which ends with exit code 0."
)
ONCE = "It becomes a case at its second try, which comes after all other mail."
WORDS = {"crash": "killed by SIGSEGV", "hang": "more than 1 s of processor time", "bloat": "more than 100 MB of memory"}
FATES = {
    "crash": "a mail that crashes the process that reads it",
    "hang": "a mail whose reading never ends (`run.parse_seconds`)",
    "bloat": "a mail whose reading takes ever more memory (`run.parse_megabytes`)",
}


@pytest.fixture
def desk(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingDesk:
    """A desk with a folder of files, whose reading process has the poisonous codecs on its path."""
    (tmp_path / "mail").mkdir()
    path = put_on_path(tmp_path / "path")
    monkeypatch.syspath_prepend(path)
    monkeypatch.setenv("PYTHONPATH", str(path))  # for the real command
    made = WorkingDesk(tmp_path, database_url, mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
    made.change(run={"parse_seconds": 1, "parse_megabytes": 100})
    return made


def take_in(desk: WorkingDesk, *mails: bytes) -> None:
    for number, raw in enumerate(mails):
        (desk.folder / "mail" / f"{number:04}.eml").write_bytes(raw)
    desk.run_once("receive")


def states(desk: WorkingDesk) -> list[tuple[str, int]]:
    return [(str(row.state), row.tries) for row in desk.rows(Inbound, Inbound.state, Inbound.tries)]


@pytest.mark.parametrize("act", [cell("parse", fault, TRIED, act) for act, fault in FATES.items()])
def test_a_poison_is_tried_three_times_the_last_of_all_and_alone_then_quarantined(desk: WorkingDesk, act: str) -> None:
    take_in(desk, a_mail(1), a_poison(act, 2), a_mail(3), a_mail(4))

    seen = []
    with desk.opened() as opened, open_reader(opened.policy.run) as reader:
        for _ in range(5):
            handled = triage_batch(opened, reader)
            seen.append((handled, states(desk)))

    good, waits = ("case", 0), ("pending", 0)
    assert seen == [
        (2, [good, ("pending", 1), waits, waits]),
        (2, [good, ("pending", 1), good, good]),
        (1, [good, ("pending", 2), good, good]),
        (1, [good, ("quarantined", 3), good, good]),
        (0, [good, ("quarantined", 3), good, good]),
    ]
    (reason,) = [row.reason for row in desk.rows(Inbound) if row.reason]
    assert WORDS[act] in reason
    assert [row.data for row in desk.rows(Event) if row.kind == "quarantined"] == [{"reason": reason}]
    assert len(desk.rows(Outbox)) == 3


@pytest.mark.parametrize("act", [cell("parse", f"{fault}, once", ONCE, act) for act, fault in FATES.items()])
def test_a_mail_that_harms_its_reader_only_once_becomes_a_case(desk: WorkingDesk, act: str) -> None:
    take_in(desk, a_mail(1), a_poison(f"{act}_once", 2), a_mail(3))

    desk.run_once("triage")

    assert states(desk) == [("case", 0), ("case", 1), ("case", 0)]
    assert [row.reason for row in desk.rows(Inbound)] == [None] * 3
    assert len(desk.rows(Outbox)) == 3


@pytest.mark.cell(
    "parse",
    "the process that reads is killed from outside (the system lacks memory)",
    "The mail in hand loses one of its three tries and becomes a case at its next; the others lose none.",
)
def test_a_reader_that_is_killed_from_outside_costs_the_mail_in_hand_one_try(desk: WorkingDesk) -> None:
    take_in(desk, *(a_mail(number) for number in range(5)), a_poison("killed_once", 5), a_mail(6))

    desk.run_once("triage")

    assert states(desk) == [*[("case", 0)] * 5, ("case", 1), ("case", 0)]


@pytest.mark.cell(
    "parse",
    "many mails that end the process that reads them, among many good ones",
    "All good ones become cases before any of the others is tried a second time; the others are quarantined.",
)
def test_poison_among_good_mails_keeps_none_of_them_from_becoming_a_case(desk: WorkingDesk) -> None:
    acts = ("crash", "abort", "bloat", "leave", "killed")
    mails = [a_mail(number) for number in range(200)]
    for place, act in enumerate(acts):
        mails[place * 41] = a_poison(act, place * 41)
    take_in(desk, *mails)

    desk.run_once("triage")

    assert Counter(states(desk)) == {("case", 0): 195, ("quarantined", 3): 5}
    assert len(desk.rows(Case)) == 195


def test_a_poison_in_a_batch_that_the_database_refuses_loses_no_more_than_one_try_a_round(
    desk: WorkingDesk,
) -> None:
    ideographs = "".join(chr(0x20000 + (number * 7919) % 40_000) for number in range(990))
    take_in(desk, a_mail(1, message_id=f"<{ideographs}@x>"), a_poison("crash", 2), a_mail(3))

    with desk.opened() as opened, open_reader(opened.policy.run) as reader:
        triage_batch(opened, reader)

    refused = ("case", 0) if "sqlite" in desk.tables["database"]["url"] else ("pending", 1)
    assert states(desk)[:2] == [refused, ("pending", 1)]


def test_the_real_command_ends_well_with_poison_and_leaves_no_process(desk: WorkingDesk) -> None:
    take_in(desk, a_mail(1), a_poison("hang", 2), a_mail(3))

    done = desk.command("run", "--once", "--only", "triage")

    assert (done.returncode, done.stdout) == (0, "")
    assert "quarantined" in done.stderr
    assert left_behind(desk) == []
    assert states(desk) == [("case", 0), ("quarantined", 3), ("case", 0)]


@pytest.mark.cell(
    "parse",
    "SIGTERM while a mail is read whose reading never ends",
    "The batch in hand is finished: that mail has had its try, what was read before it is a case, and the process ends "
    "with exit code 0. It leaves no other process behind.",
)
def test_a_daemon_that_is_told_to_stop_while_a_mail_hangs_ends_soon_and_that_mail_has_its_try(
    desk: WorkingDesk,
) -> None:
    take_in(desk, a_mail(1), a_poison("hang_once", 2), a_mail(3))
    with desk.start("run", "--only", "triage") as daemon:
        while not (desk.folder / "path" / "hang").exists():
            assert daemon.poll() is None
            time.sleep(0.02)
        daemon.terminate()
        daemon.communicate(timeout=30)

    assert daemon.returncode == 0
    assert left_behind(desk) == []
    assert states(desk) == [("case", 0), ("pending", 1), ("pending", 0)]


def test_a_mail_that_was_quarantined_gets_three_more_tries_when_a_person_says_so(desk: WorkingDesk) -> None:
    take_in(desk, a_poison("crash"))
    desk.run_once("triage")

    desk.command_here("inbox", "quarantine", "retry", "1", "--actor", "ada")

    assert states(desk) == [("pending", 0)]
    desk.run_once("triage")
    assert states(desk) == [("quarantined", 3)]


def test_a_hostile_file_does_not_hang_the_operators_shell(desk: WorkingDesk) -> None:
    file = desk.folder / "hostile.eml"
    file.write_bytes(a_poison("crash"))

    explained = desk.command_here("explain", str(file))
    parsed = subprocess.run(
        [sys.executable, "-m", "processor.cli", "parse", file],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    for done in (explained, parsed):
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "killed by SIGSEGV" in done.stderr


def left_behind(desk: WorkingDesk) -> list[str]:
    """The processes, this one aside, that have the poisonous codecs on their path."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if file.parent.name != str(os.getpid()) and str(desk.folder / "path") in file.read_text(errors="replace"):
                found.append(file.parent.name)
    return found
