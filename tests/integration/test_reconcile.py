"""The ledger against the server, after people and accidents changed one of them behind the desk's back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.dovecot import Dovecot
from support.mails import a_mail
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Case, CaseMessage, Event, Inbound, Outbox, RawMessage

PROCESSED = "Processed"


def test_ledger_and_server_agree_after_an_ordinary_pass(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2), a_mail(1)])
    desk.run_once()
    dovecot.deliver(user, [a_mail(3)])

    code, told = reconciled(desk)

    assert (code, told["differences"]) == (0, [])
    assert told["ledger"] == {"case": 2, "duplicate": 1}
    assert told["server"] == {"INBOX": 1, PROCESSED: 3}
    assert told["agreement"] == {"agreed": 3, "waiting": 1}
    assert "agreed 3, waiting 1; differences 0" in desk.command_here("inbox", "reconcile").stdout


def test_a_row_deleted_by_hand_is_found_and_joined_to_its_case_again(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2), a_mail(3)])
    desk.run_once()
    before = desk.rows(Inbound)[1]
    delete_from_ledger(desk, before.id)

    code, told = reconciled(desk)
    assert code == 1
    assert found(told) == [("missed", PROCESSED, 2)]

    code, told = reconciled(desk, "--repair", "--actor", "amina")
    assert (code, told["differences"][0]["mended"]) == (0, "joined to its case again")
    desk.run_once()

    mended = desk.rows(Inbound)[-1]
    assert (mended.sha256, mended.state, mended.case_id) == (before.sha256, "case", before.case_id)
    assert (mended.received_at, mended.filed_at is None) == (before.received_at, False)
    assert [row.inbound_id for row in desk.rows(CaseMessage)] == [1, mended.id, 3]
    assert (len(desk.rows(Case)), len(desk.rows(Outbox)), len(sink.received)) == (3, 3, 3)
    assert ("amina", "missed") in [(e.actor, e.data.get("difference")) for e in desk.rows(Event)]
    repair_changes_nothing(desk)


def test_a_row_deleted_by_hand_before_triage_is_taken_in_again_and_becomes_its_case(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    desk.run_once("receive")
    delete_from_ledger(desk, 1)

    assert found(reconciled(desk)[1]) == [("missed", PROCESSED, 1)]
    assert reconciled(desk, "--repair")[1]["differences"][0]["mended"] == "taken in"
    desk.run_once()

    assert [row.state for row in desk.rows(Inbound)] == ["case", "case"]
    assert len(sink.received) == 2
    repair_changes_nothing(desk)


def test_a_mail_that_went_past_the_desk_into_the_processed_folder_is_taken_in(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.deliver(user, [a_mail(1)])
    desk.run_once()
    dovecot.deliver(user, [a_mail(2)])
    with dovecot.client(user) as client:
        client.select_folder("INBOX")
        client.move(client.search(), PROCESSED)

    assert found(reconciled(desk)[1]) == [("missed", PROCESSED, 2)]
    assert reconciled(desk, "--repair")[0] == 0
    desk.run_once()

    assert [row.state for row in desk.rows(Inbound)] == ["case", "case"]
    assert len(sink.received) == 2
    repair_changes_nothing(desk)


def test_a_mail_moved_elsewhere_by_hand_is_named_and_then_put_on_record(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2), a_mail(3)])
    desk.run_once()
    with dovecot.client(user) as client:
        client.create_folder("Elsewhere")
        client.select_folder(PROCESSED)
        client.move([2], "Elsewhere")

    code, told = reconciled(desk)
    assert code == 1
    assert [(one["kind"], one["inbound_id"]) for one in told["differences"]] == [("gone", 2)]
    words = desk.command_here("inbox", "reconcile").stdout
    assert "GONE" in words
    assert "Its bytes are kept" in " ".join(words.split())

    code, told = reconciled(desk, "--repair", "--actor", "amina")
    assert (code, told["differences"][0]["mended"]) == (0, "put on record")
    assert reconciled(desk)[1]["agreement"] == {"agreed": 2, "gone, on record": 1}
    assert [(e.actor, e.inbound_id) for e in desk.rows(Event) if e.kind == "gone from server"] == [("amina", 2)]
    assert len(desk.rows(RawMessage)) == 3
    repair_changes_nothing(desk)


@pytest.mark.parametrize("how", ["move", "copy"])
def test_a_mail_put_back_into_the_inbox_is_named_and_opens_no_second_case(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink, how: str
) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    desk.run_once()
    with dovecot.client(user) as client:
        client.select_folder(PROCESSED)
        getattr(client, how)([1], "INBOX")

    code, told = reconciled(desk)
    assert (code, found(told)) == (1, [("put back", "INBOX", 3)])

    assert reconciled(desk, "--repair")[0] == 0
    desk.run_once()

    assert [row.state for row in desk.rows(Inbound)] == ["case", "case", "duplicate"]
    assert len(sink.received) == 2
    assert reconciled(desk)[1]["server"] == {"INBOX": 0, PROCESSED: 3 if how == "copy" else 2}
    repair_changes_nothing(desk)


def test_what_a_killed_pass_left_in_the_inbox_is_filed_away(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    left_there = {**desk.tables["mailboxes"][0], "after": "leave"}
    moved = desk.tables["mailboxes"]
    dovecot.deliver(user, [a_mail(1)])
    desk.change(mailboxes=[left_there])
    desk.run_once()
    change(desk, sa.update(Inbound).values(filed_at=None))
    desk.change(mailboxes=moved)

    assert found(reconciled(desk)[1]) == [("unfiled", "INBOX", 1)]
    assert reconciled(desk, "--repair")[0] == 0
    repair_changes_nothing(desk)


def test_bytes_that_the_database_lost_are_fetched_again(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    desk.run_once("receive")
    kept = desk.rows(RawMessage)
    change(desk, sa.delete(RawMessage))
    with dovecot.client(user) as client:
        client.select_folder(PROCESSED)
        client.delete_messages([2])
        client.expunge()

    code, told = reconciled(desk)
    assert (code, [one["kind"] for one in told["differences"]]) == (1, ["no bytes", "no bytes"])
    code, told = reconciled(desk, "--repair")
    assert [one["mended"] for one in told["differences"]] == ["bytes fetched again", "put on record as vanished"]
    desk.run_once()

    assert [row.state for row in desk.rows(Inbound)] == ["case", "vanished"]
    assert desk.rows(RawMessage) == [row for row in kept if row.sha256 == desk.rows(Inbound)[0].sha256]
    repair_changes_nothing(desk)


def test_a_deep_comparison_tells_bytes_apart_that_look_alike(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [a_mail(1)])
    desk.run_once()
    mail = desk.rows(Inbound)[0]
    with dovecot.client(user) as client:
        client.select_folder(PROCESSED)
        client.delete_messages([1])
        client.expunge()
        other = a_mail(1).replace(b"Client 1", b"Client 2", 1)
        client.append(PROCESSED, other, msg_time=mail.received_at)

    assert reconciled(desk)[0] == 0
    assert found(reconciled(desk, "--deep")[1]) == [("missed", PROCESSED, 2), ("gone", "INBOX", 1)]


def test_other_bytes_under_a_known_uid_are_told_and_left_to_a_person(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    desk.change(mailboxes=[{**desk.tables["mailboxes"][0], "after": "leave"}])
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    desk.run_once("receive")
    change(desk, sa.update(Inbound).where(Inbound.id == 1).values(sha256=desk.rows(Inbound)[1].sha256))

    assert reconciled(desk)[0] == 0
    code, told = reconciled(desk, "--deep", "--repair")

    assert (code, found(told), told["differences"][0]["mended"]) == (1, [("altered", "INBOX", 1)], None)


def test_a_recreated_folder_waits_for_the_next_pass_and_mail_that_people_took_away_is_no_difference(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    desk.change(mailboxes=[{**desk.tables["mailboxes"][0], "after": "leave", "folder": "Team"}])
    for mails in ([a_mail(1), a_mail(2)], [a_mail(1)]):
        with dovecot.client(user) as client:
            if client.folder_exists("Team"):
                client.delete_folder("Team")
            client.create_folder("Team")
        dovecot.deliver(user, mails, folder="Team")
        if len(mails) == 2:
            desk.run_once()

    code, told = reconciled(desk)

    assert (code, told["agreement"]["waiting"]) == (0, 1)
    desk.run_once()
    assert reconciled(desk)[1]["agreement"] == {"agreed": 1, "taken away": 2}


def test_history_from_before_the_desk_is_no_difference(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    desk.change(mailboxes=[{**desk.tables["mailboxes"][0], "start": "now"}])
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    desk.run_once()
    dovecot.deliver(user, [a_mail(3)])
    desk.run_once()

    code, told = reconciled(desk)

    assert (code, told["agreement"]) == (0, {"agreed": 1, "history": 2})


def test_two_mailboxes_of_one_account_may_share_the_processed_folder(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    with dovecot.client(user) as client:
        client.create_folder("Legal")
        client.create_folder(PROCESSED)
    desk.add_mailbox(dovecot, user, "legal", folder="Legal")
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    dovecot.deliver(user, [a_mail(3)], folder="Legal")
    desk.run_once()

    ended = desk.command_here("inbox", "reconcile", "--json")

    assert ended.returncode == 0
    assert [one["differences"] for one in json.loads(ended.stdout)["mailboxes"].values()] == [[], []]


def test_a_mailbox_in_trouble_does_not_keep_the_others_from_being_compared(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    desk.add_mailbox(dovecot, user, "away", port=1)
    dovecot.deliver(user, [a_mail(1)])

    ended = desk.command_here("inbox", "reconcile", "--json")

    assert ended.returncode == 75
    assert json.loads(ended.stdout)["mailboxes"]["inbox"]["agreement"] == {"waiting": 1}
    assert "Mailbox away" in ended.stderr
    wrong = desk.command_here("inbox", "reconcile", "--mailbox", "nobody")
    assert (wrong.returncode, "There is no mailbox 'nobody'" in wrong.stderr) == (1, True)


@pytest.mark.parametrize("kind", ["maildir", "folder", "mbox"])
def test_mail_in_files_is_compared_too(sqlite_url: str, sink: SmtpSink, tmp_path: Path, kind: str) -> None:
    desk = WorkingDesk(tmp_path, sqlite_url, smtp={"port": sink.port})
    after = "leave" if kind == "mbox" else "move"
    desk.change(mailboxes=[{"kind": kind, "name": "inbox", "path": "mail", "after": after}])
    places = put_files(tmp_path / "mail", kind)
    desk.run_once()
    assert reconciled(desk)[1]["agreement"] == {"agreed": 2}
    delete_from_ledger(desk, 1)

    assert [one["kind"] for one in reconciled(desk)[1]["differences"]] == ["missed"]
    assert reconciled(desk, "--repair")[0] == 0
    repair_changes_nothing(desk)
    assert sorted(row.state for row in desk.rows(Inbound)) == ["case", "case"]
    if kind != "mbox":
        for place in places:
            for file in place.rglob("*mail-2*"):
                file.unlink()
        assert [one["kind"] for one in reconciled(desk)[1]["differences"]] == ["gone"]


def put_files(path: Path, kind: str) -> list[Path]:
    """Two mails in files; returns where they lie now or later."""
    raws = {"mail-1.eml": a_mail(1), "mail-2.eml": a_mail(2)}
    if kind == "mbox":
        lines = (b"From client Sat Nov 21 09:00:00 2026\n" + raw.replace(b"\r\n", b"\n") for raw in raws.values())
        path.write_bytes(b"\n".join(lines))
        return []
    for part in ("new", "cur", "tmp") if kind == "maildir" else ("",):
        (path / part).mkdir(parents=True)
    for name, raw in raws.items():
        (path / ("new" if kind == "maildir" else "") / name).write_bytes(raw)
    return [path]


def reconciled(desk: WorkingDesk, *options: str) -> tuple[int, Any]:
    """The exit code, and what is told of the mailbox."""
    ended = desk.command_here("inbox", "reconcile", "--json", *options)
    assert ended.stdout, ended.stderr
    return ended.returncode, json.loads(ended.stdout)["mailboxes"]["inbox"]


def found(told: Any) -> list[tuple[str, str, int]]:
    return [(one["kind"], one["folder"], one["uid"]) for one in told["differences"]]


def repair_changes_nothing(desk: WorkingDesk) -> None:
    """A further repair finds no difference and writes no row."""
    tables = (Inbound, RawMessage, Case, CaseMessage, Event, Outbox)
    before = [desk.rows(table) for table in tables]
    code, told = reconciled(desk, "--repair")
    assert (code, told["differences"]) == (0, [])
    assert [desk.rows(table) for table in tables] == before


def delete_from_ledger(desk: WorkingDesk, row_id: int) -> None:
    """As somebody does it in the database's own shell, where SQLite looks at no foreign key."""
    change(desk, sa.delete(Inbound).where(Inbound.id == row_id))


def change(desk: WorkingDesk, statement: Any) -> None:
    """By hand: foreign keys do not hold."""
    with desk.store() as store:
        unguarded = "PRAGMA foreign_keys = OFF" if store.sqlite else "SET session_replication_role = replica"
        with store.engine.connect() as connection:
            connection.connection.driver_connection.execute(unguarded)
            connection.execute(statement)
            connection.commit()
            connection.invalidate()
