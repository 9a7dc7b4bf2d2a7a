"""Mails that a mailbox lists and does not give: three tries, then quarantine, and the neighbours go on (I5)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.commoner import commoner
from support.dovecot import Dovecot
from support.mails import a_mail
from support.scripted_imap import ScriptedImap, ending, refusing, scripted_imap
from support.shelf import Shelf
from support.working_desk import WorkingDesk

from ingest.errors import Transient
from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Cursor, Event, Inbound, RawMessage

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
IBAN = "DE89 3704 0044 0532 0130 00"
BROKEN = refusing(f"NO [SERVERBUG] cannot read {IBAN} {'of mail ' * 200}".encode())

CUT = ending(b"")


@pytest.fixture
def lone_desk(sqlite_url: str, sink: SmtpSink, tmp_path: Path) -> WorkingDesk:
    """A desk without a mailbox yet."""
    return WorkingDesk(tmp_path, sqlite_url, smtp={"port": sink.port})


@pytest.fixture
def either_desk(database_url: str, sink: SmtpSink, tmp_path: Path) -> WorkingDesk:
    """The same on each kind of database."""
    return WorkingDesk(tmp_path, database_url, smtp={"port": sink.port})


@contextmanager
def served(desk: WorkingDesk, shelf: Shelf, **settings: Any) -> Iterator[ScriptedImap]:
    """The shelf as the desk's only mailbox."""
    with scripted_imap(shelf.script()) as server:
        (desk.folder / "password").write_text("s3cret\n")
        mailbox = {"kind": "imap", "name": "inbox", "host": "127.0.0.1", "port": server.port, "security": "plain"}
        login = {"username": "anna", "password": {"file": "password"}, "start": "everything"}
        desk.change(mailboxes=[mailbox | login | settings])
        yield server


def passed(desk: WorkingDesk, minutes: float) -> None:
    """A pass as cron runs it, so many minutes after noon: nothing is remembered but in the database."""
    desk.run_once(now=lambda: NOON + timedelta(minutes=minutes))


def breaks(desk: WorkingDesk, minutes: float, words: str = "could not fetch messages: the connection ended") -> None:
    """A pass that ends with these words."""
    with pytest.raises(Transient, match=words):
        passed(desk, minutes)


def ledger(desk: WorkingDesk) -> list[tuple[int, str, int]]:
    return [(row.uid, row.state, row.tries) for row in desk.rows(Inbound)]


@pytest.mark.cell(
    "fetch",
    "the server refuses one mail, always",
    "It is set aside in the ledger with the server's words and stays where it is; its neighbours come in in the same "
    "pass. It is asked for again after 1 and after 5 minutes, then quarantined; a person may have it retried.",
)
def test_a_mail_that_the_server_always_refuses_is_quarantined_after_three_tries_and_its_neighbours_go_on(
    either_desk: WorkingDesk, sink: SmtpSink
) -> None:
    shelf = Shelf([a_mail(1), a_mail(2), a_mail(3)], {2: BROKEN})
    with served(either_desk, shelf):
        passed(either_desk, 0)
        assert ledger(either_desk) == [(1, "case", 0), (2, "pending", 1), (3, "case", 0)]
        assert len(sink.received) == 2
        shelf.put(a_mail(4))
        passed(either_desk, 0.5)  # not again so soon
        assert ledger(either_desk)[1:] == [(2, "pending", 1), (3, "case", 0), (4, "case", 0)]
        passed(either_desk, 2)
        assert ledger(either_desk)[1] == (2, "pending", 2)
        passed(either_desk, 4)
        assert ledger(either_desk)[1] == (2, "pending", 2)
        passed(either_desk, 10)
        passed(either_desk, 60)

    row = either_desk.rows(Inbound)[1]
    assert (row.state, row.tries, row.sha256, row.filed_at) == ("quarantined", 3, None, None)
    assert row.settled_at == NOON + timedelta(minutes=10)
    assert row.reason.startswith('It could not be fetched: the server refused it: "')
    assert "[IBAN ...3000]" in row.reason
    assert len(row.reason) <= 500
    assert [(e.inbound_id, e.data["reason"]) for e in either_desk.rows(Event) if e.kind == "quarantined"] == [
        (row.id, row.reason)
    ]
    assert shelf.moved == [1, 3, 4]
    assert 2 in shelf.mails
    assert len(either_desk.rows(RawMessage)) == 3


@pytest.mark.cell(
    "fetch",
    "the server refuses one mail, breaks off at it or sends nothing for it, and gives it later",
    "It is set aside, and becomes a case like any other once it is given, with the time when the mail server "
    "received it.",
)
@pytest.mark.parametrize("fault", [BROKEN, CUT, b"NIL"], ids=["refused", "cut", "NIL"])
def test_a_mail_that_the_server_gives_at_last_becomes_a_case_like_any_other(
    either_desk: WorkingDesk, sink: SmtpSink, fault: Any
) -> None:
    shelf = Shelf([a_mail(1), a_mail(2)], {1: fault})
    with served(either_desk, shelf):
        if fault is CUT:
            breaks(either_desk, 0)
        passed(either_desk, 0)
        assert ledger(either_desk) == [(2, "case", 0), (1, "pending", 1)][::-1]
        shelf.faults.clear()
        passed(either_desk, 2)
    row = either_desk.rows(Inbound)[0]
    assert (row.state, row.tries, row.reason, row.size) == ("case", 0, None, len(a_mail(1)))
    assert row.received_at == datetime(2026, 11, 21, 11, tzinfo=UTC)
    assert row.fetched_at == NOON + timedelta(minutes=2)
    assert sorted(shelf.moved) == [1, 2]
    assert len(sink.received) == 2


@pytest.mark.cell(
    "fetch",
    "the server dies at one mail, again and again",
    "The pass ends with exit code 75. The next one fetches there mail by mail, so that this one is found and set "
    "aside; its neighbours wait for one try.",
)
def test_a_server_that_is_gone_for_a_while_whenever_it_meets_a_mail_holds_up_its_neighbours_for_one_try(
    lone_desk: WorkingDesk,
) -> None:
    shelf = Shelf([a_mail(number) for number in range(1, 6)], {3: ending(b"* BYE out of memory\r\n")})
    away = {"LOGIN": ending(b"* BYE later\r\n")}
    with served(lone_desk, shelf) as server:
        server.scripts = (shelf.script(), away, shelf.script(), away, shelf.script(), away, shelf.script())
        breaks(lone_desk, 0, "out of memory")
        assert [cursor.careful_uid for cursor in lone_desk.rows(Cursor)] == [5]
        breaks(lone_desk, 1, "could not log in")
        breaks(lone_desk, 2, "could not log in")  # after the third mail; the next pass is not due to it
        assert ledger(lone_desk) == [(1, "case", 0), (2, "case", 0), (3, "pending", 1)]
        breaks(lone_desk, 4, "could not log in")  # it is tried again after its neighbours
    assert ledger(lone_desk) == [(1, "case", 0), (2, "case", 0), (3, "pending", 1), (4, "case", 0), (5, "case", 0)]


@pytest.mark.cell(
    "fetch",
    "a mail that was set aside is gone when it is asked for again",
    "The ledger says that it vanished: moved or deleted by another client.",
)
def test_a_mail_that_is_gone_when_it_is_tried_again_has_vanished(lone_desk: WorkingDesk) -> None:
    shelf = Shelf([a_mail(1)], {1: BROKEN})
    with served(lone_desk, shelf):
        passed(lone_desk, 0)
        del shelf.mails[1]
        passed(lone_desk, 2)
    row = lone_desk.rows(Inbound)[0]
    assert (row.state, row.reason) == ("vanished", "It was withheld, and is in its folder no more: moved or deleted.")


def test_a_folder_that_was_recreated_gives_its_mails_anew(lone_desk: WorkingDesk) -> None:
    shelf = Shelf([a_mail(1)], {1: BROKEN})
    with served(lone_desk, shelf):
        passed(lone_desk, 0)
        shelf.uidvalidity = 8
        shelf.faults.clear()
        passed(lone_desk, 0.2)
        passed(lone_desk, 0.4)
    assert [(row.uidvalidity, row.state) for row in lone_desk.rows(Inbound)] == [(7, "vanished"), (8, "case")]


def test_a_mail_that_another_folder_withheld_is_for_a_person_to_look_at(lone_desk: WorkingDesk) -> None:
    shelf = Shelf([a_mail(1)], {1: BROKEN})
    with served(lone_desk, shelf):
        passed(lone_desk, 0)
    with served(lone_desk, Shelf([]), folder="Bills"):
        passed(lone_desk, 1)
    row = lone_desk.rows(Inbound)[0]
    assert (row.state, row.reason) == ("quarantined", "It was withheld by a folder that the policy names no more.")


@pytest.mark.cell(
    "fetch",
    "the server is restarted while it sends mail",
    "The pass ends with exit code 75; no mail is blamed. The next pass fetches the batch again.",
)
def test_a_restarted_mail_server_is_no_mails_fault(lone_desk: WorkingDesk) -> None:
    shelf = Shelf([a_mail(1), a_mail(2)])
    with served(lone_desk, shelf) as server:
        server.scripts = ({**shelf.script(), "UID FETCH 1,2 (BODY": ending(b"* BYE\r\n")}, shelf.script())
        breaks(lone_desk, 0)
        passed(lone_desk, 0)
    assert ledger(lone_desk) == [(1, "case", 0), (2, "case", 0)]


def test_a_quarantined_mail_without_bytes_can_be_shown_retried_and_discarded(either_desk: WorkingDesk) -> None:
    shelf = Shelf([a_mail(1), a_mail(2)], {1: BROKEN, 2: BROKEN})
    with served(either_desk, shelf):
        for minute in (0, 2, 10):
            passed(either_desk, minute)
        assert [row["id"] for row in ask(either_desk, "list")] == [2, 1]
        told = ask(either_desk, "show", "1")
        assert (told["sha256"], told["fields"]) == (None, [])
        assert "Its bytes never came" in told["reason"]
        for act in (("show", "1", "--raw", str(either_desk.folder / "raw.eml")), ("release", "1")):
            ended = either_desk.command_here("inbox", "quarantine", *act)
            assert (ended.returncode, "Its bytes never came" in ended.stderr) == (1, True)
        assert not (either_desk.folder / "raw.eml").exists()

        ask(either_desk, "discard", "1", "--reason", "advertising")
        ask(either_desk, "retry", "--all")
        assert ledger(either_desk) == [(1, "quarantined", 3), (2, "pending", 0)]
        shelf.faults.clear()
        passed(either_desk, 11)
        assert ledger(either_desk) == [(1, "quarantined", 3), (2, "case", 0)]
        ask(either_desk, "retry", "1")
        passed(either_desk, 12)
    assert ledger(either_desk) == [(1, "case", 0), (2, "case", 0)]


def test_a_comparison_names_withheld_mails_and_a_repair_fetches_them(either_desk: WorkingDesk) -> None:
    shelf = Shelf([a_mail(number) for number in range(1, 6)], dict.fromkeys((1, 2, 3, 4), BROKEN))
    with served(either_desk, shelf, after="leave"):
        for minute in (0, 2, 10):
            passed(either_desk, minute)
        ask(either_desk, "discard", "3", "--reason", "advertising")
        ask(either_desk, "discard", "4", "--reason", "advertising")
        del shelf.faults[1], shelf.mails[2], shelf.mails[4]

        code, told = reconciled(either_desk)
        assert code == 1
        assert [(one["kind"], one["uid"]) for one in told["differences"]] == [("withheld", 1), ("lost", 2)]
        assert told["agreement"] == {"agreed": 1, "discarded": 1, "gone, on record": 1}
        code, told = reconciled(either_desk, "--repair", "--actor", "amina")
        assert [one["mended"] for one in told["differences"]] == ["fetched", "put on record as vanished"]
        assert code == 0
        assert reconciled(either_desk)[1]["differences"] == []
        passed(either_desk, 11)
    assert [row.state for row in either_desk.rows(Inbound)] == [
        "case",
        "vanished",
        "quarantined",
        "quarantined",
        "case",
    ]
    acts = [(e.actor, e.data["difference"]) for e in either_desk.rows(Event) if e.kind == "reconciled"]
    assert acts == [("amina", "withheld"), ("amina", "lost")]


def test_a_repair_counts_no_try_and_takes_in_what_it_cannot_have(lone_desk: WorkingDesk) -> None:
    shelf = Shelf([a_mail(1)], {1: BROKEN})
    with served(lone_desk, shelf, after="leave"):
        passed(lone_desk, 0)
        code, told = reconciled(lone_desk, "--repair")
        assert (code, told["differences"][0]["mended"]) == (1, None)
        assert ledger(lone_desk) == [(1, "pending", 1)]
        delete_everything(lone_desk)
        code, told = reconciled(lone_desk, "--repair")
        assert (code, told["differences"][0]["kind"]) == (0, "missed")
        assert told["differences"][0]["mended"] == "taken in without its bytes"
    assert ledger(lone_desk) == [(1, "pending", 1)]


def test_a_file_that_the_server_may_not_read_is_quarantined_and_stays_where_it_is(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(user, [a_mail(number) for number in range(1, 6)])
    (file,) = [file for file in (dovecot.maildir(user) / "new").iterdir() if b"<mail-3@" in file.read_bytes()]
    file.chmod(0)
    if os.getuid() == 0:
        os.chown(file, 0, 0)  # the server is no root
    breaks(desk, 0)
    for minute in (0, 2, 10):
        passed(desk, minute)

    assert ledger(desk) == [(1, "case", 0), (2, "case", 0), (3, "quarantined", 3), (4, "case", 0), (5, "case", 0)]
    assert "the connection ended" in desk.rows(Inbound)[2].reason
    with dovecot.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search() == [3]
    assert [one["kind"] for one in reconciled(desk)[1]["differences"]] == ["withheld"]


@pytest.mark.cell(
    "fetch",
    "a file of a Maildir or folder of mail cannot be read",
    "It is set aside and then quarantined like a mail that a server refuses; its neighbours become cases.",
)
@pytest.mark.parametrize("kind", ["maildir", "folder"])
def test_an_unreadable_file_is_set_aside_and_its_neighbours_go_on(
    sqlite_url: str, tmp_path: Path, sink: SmtpSink, kind: str
) -> None:
    desk = WorkingDesk(tmp_path, sqlite_url, smtp={"port": sink.port})
    mail = desk.folder / "mail"
    place = mail / "new" if kind == "maildir" else mail
    for part in ("new", "cur", "tmp") if kind == "maildir" else (".",):
        (mail / part).mkdir(parents=True, exist_ok=True)
    for number in (1, 2, 3):
        (place / f"{number}.eml").write_bytes(a_mail(number))
    (place / "2.eml").chmod(0)
    desk.change(mailboxes=[{"kind": kind, "name": "inbox", "path": "mail", "after": "move"}])
    with commoner():
        for minute in (0, 2):
            passed(desk, minute)
        assert sorted(row.state for row in desk.rows(Inbound)) == ["case", "case", "pending"]
        passed(desk, 10)
        (set_aside,) = [row for row in desk.rows(Inbound) if row.state == "quarantined"]
        assert set_aside.reason.endswith("2.eml cannot be read (Permission denied).")
        assert (place / "2.eml").exists()
        (place / "2.eml").chmod(0o600)
        ask(desk, "retry", "--all")
        passed(desk, 11)
    assert [row.state for row in desk.rows(Inbound)] == ["case"] * 3
    assert not (place / "2.eml").exists()
    assert len(sink.received) == 3


def delete_everything(desk: WorkingDesk) -> None:
    with desk.store() as store, store.writing() as session:
        for row in desk.rows(Inbound):
            found = session.get(Inbound, row.id)
            session.delete(found)


def ask(desk: WorkingDesk, *arguments: str) -> Any:
    ended = desk.command_here("inbox", "quarantine", *arguments, "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def reconciled(desk: WorkingDesk, *options: str) -> tuple[int, Any]:
    ended = desk.command_here("inbox", "reconcile", "--json", *options)
    assert ended.stdout, ended.stderr
    return ended.returncode, json.loads(ended.stdout)["mailboxes"]["inbox"]
