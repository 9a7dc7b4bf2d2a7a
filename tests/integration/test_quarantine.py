"""What people do with a mail that nothing could be made of."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.dovecot import Dovecot
from support.mails import a_mail
from support.poison import a_poison, put_on_path
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Case, Event, Inbound, RawMessage

IBAN = "DE89 3704 0044 0532 0130 00"


def a_bomb(number: int) -> bytes:
    return a_poison("crash", number, subject=f"Pay to {IBAN} \x1b[31m now")


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb crashes whatever process reads it."""
    path = put_on_path(tmp_path / "path")
    monkeypatch.syspath_prepend(path)
    monkeypatch.setenv("PYTHONPATH", str(path))  # for the real command


@pytest.fixture
def shunted(poisoned: None, desk: WorkingDesk, dovecot: Dovecot, user: str) -> WorkingDesk:
    """A desk with two mails in quarantine, rows 1 and 3."""
    dovecot.deliver(user, [a_bomb(1), a_mail(2), a_bomb(3)])
    desk.run_once()
    assert [row.state for row in desk.rows(Inbound)] == ["quarantined", "case", "quarantined"]
    return desk


def test_quarantined_mails_are_listed_newest_first_with_the_reason(shunted: WorkingDesk) -> None:
    assert [row["id"] for row in ask(shunted, "list")] == [3, 1]
    words = " ".join(shunted.command_here("inbox", "quarantine", "list").stdout.split())
    assert "inbox, INBOX UID 3" in words
    assert "killed by SIGSEGV" in words


def test_a_quarantined_mail_is_shown_with_its_fields_redacted_and_harmless(shunted: WorkingDesk) -> None:
    told = ask(shunted, "show", "1")
    fields = dict(told["fields"])
    assert fields["From"] == "Client 1 <client1@c1.example>"
    assert fields["Subject"] == "Pay to [IBAN ...3000] [31m now"
    assert [event["kind"] for event in told["events"]] == ["quarantined"]
    words = shunted.command_here("inbox", "quarantine", "show", "1").stdout
    assert "[IBAN ...3000]" in words
    assert "\x1b" not in words
    assert "quarantined by daydesk" in words


def test_reading_the_raw_bytes_is_on_record_with_the_actor(shunted: WorkingDesk, tmp_path: Path) -> None:
    file = tmp_path / "raw.eml"
    ask(shunted, "show", "1", "--raw", str(file))
    assert file.read_bytes() == a_bomb(1)
    assert file.stat().st_mode & 0o777 == 0o600
    assert acts(shunted, "raw bytes read") == [(1, getpass.getuser())]

    again = shunted.command_here("inbox", "quarantine", "show", "1", "--raw", str(file))
    assert (again.returncode, "name a new file" in again.stderr) == (1, True)
    nobody = shunted.command_here("inbox", "quarantine", "show", "2", "--raw", str(tmp_path / "none.eml"))
    assert (nobody.returncode, "No mail 2 is in quarantine" in nobody.stderr) == (1, True)
    assert not (tmp_path / "none.eml").exists()
    assert len(acts(shunted, "raw bytes read")) == 1


def test_a_retried_mail_gets_all_its_tries_again_in_the_next_pass(shunted: WorkingDesk) -> None:
    assert ask(shunted, "retry", "1", "--actor", "amina") == {"retried": [1]}
    assert [(row.state, row.tries) for row in shunted.rows(Inbound)] == [
        ("pending", 0),
        ("case", 0),
        ("quarantined", 3),
    ]
    assert acts(shunted, "retried") == [(1, "amina")]

    shunted.run_once()

    assert [row["id"] for row in ask(shunted, "list")] == [3, 1]
    assert shunted.command_here("inbox", "quarantine", "retry").returncode == 2


def test_a_retried_mail_whose_fault_is_mended_becomes_a_case(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.deliver(user, [a_mail(1)])
    desk.run_once("receive")
    kept = desk.rows(RawMessage)[0]
    change(desk, sa.update(RawMessage).values(data=b"no frame"))
    desk.run_once()
    told = ask(desk, "show", "1")
    assert (told["fields"], "cannot be used" in told["reason"]) == ([], True)
    change(desk, sa.update(RawMessage).values(data=kept.data))

    assert ask(desk, "retry", "--all") == {"retried": [1]}
    desk.run_once()

    assert [row.state for row in desk.rows(Inbound)] == ["case"]
    assert len(sink.received) == 1
    assert ask(desk, "retry", "--all") == {"retried": []}


def test_a_discarded_mail_leaves_the_list_and_nothing_is_deleted(shunted: WorkingDesk) -> None:
    assert shunted.command_here("inbox", "quarantine", "discard", "1").returncode == 2
    blank = shunted.command_here("inbox", "quarantine", "discard", "1", "--reason", " ")
    assert (blank.returncode, "--reason" in blank.stderr) == (1, True)
    ask(shunted, "discard", "1", "--reason", f"spam about {IBAN}", "--actor", "amina")

    assert [row["id"] for row in ask(shunted, "list")] == [3]
    discarded = ask(shunted, "list", "--all")[1]
    assert discarded["reason"] == "Discarded by amina: spam about [IBAN ...3000]"
    assert acts(shunted, "discarded") == [(1, "amina")]
    assert [row.state for row in shunted.rows(Inbound)] == ["quarantined", "case", "quarantined"]
    assert len(shunted.rows(RawMessage)) == 3
    assert "spam" not in shunted.command_here("inbox").stdout
    assert ask(shunted, "retry", "--all") == {"retried": [3]}

    ask(shunted, "retry", "1")  # by its number it can be taken up again
    shunted.run_once()
    assert [row["id"] for row in ask(shunted, "list")] == [3, 1]


def test_a_released_mail_is_a_case_for_people_and_nobody_is_written_to(shunted: WorkingDesk, sink: SmtpSink) -> None:
    sent = len(sink.received)
    reference = ask(shunted, "release", "1", "--actor", "amina")["case"]
    shunted.run_once()

    row, case = shunted.rows(Inbound)[0], shunted.rows(Case)[-1]
    assert (row.state, row.case_id, case.reference) == ("case", case.id, reference)
    assert (case.queue, case.promise_at, case.received_at) == ("triage", None, row.received_at)
    assert (case.requester_address, case.subject) == ("client1@c1.example", "Pay to [IBAN ...3000] [31m now")
    assert acts(shunted, "released") == [(1, "amina")]
    assert len(sink.received) == sent
    why = shunted.command_here("explain", reference).stdout
    assert "Acknowledged: no" in why
    assert "QUARANTINED" in why
    assert "killed by SIGSEGV" in " ".join(shunted.command_here("case", "show", reference).stdout.split())
    assert shunted.command_here("inbox", "reconcile").returncode == 0


def test_the_same_bytes_are_released_once(poisoned: None, desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [a_bomb(1), a_bomb(1)])
    desk.run_once()
    reference = ask(desk, "release", "1")["case"]

    second = desk.command_here("inbox", "quarantine", "release", "2")

    assert (second.returncode, f"belong to case {reference}" in second.stderr) == (1, True)
    assert len(desk.rows(Case)) == 1


def ask(desk: WorkingDesk, *arguments: str) -> Any:
    ended = desk.command_here("inbox", "quarantine", *arguments, "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def acts(desk: WorkingDesk, kind: str) -> list[tuple[int, str]]:
    return [(event.inbound_id, event.actor) for event in desk.rows(Event) if event.kind == kind]


def change(desk: WorkingDesk, statement: Any) -> None:
    with desk.store() as store, store.writing() as session:
        session.execute(statement, execution_options={"synchronize_session": False})
