"""From a mail in an inbox to a case and its acknowledgement, on real servers and both kinds of database."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.dovecot import Dovecot
from support.mails import a_bounce, a_mail, an_answer, make_mails, message_id_of
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.reading.reader import open_reader
from processor.stages.triage import triage_batch
from processor.store.models import Case, CaseMessage, Event, Inbound, Outbox, RawMessage
from processor.store.stories import tell_story

pytestmark = pytest.mark.no_cover


def test_every_mail_becomes_a_case_or_a_duplicate_and_every_person_is_answered_once(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    mails = make_mails(300)
    kinds = Counter(mail.kind for mail in mails)
    dovecot.deliver(user, [mail.raw for mail in mails])

    desk.run_once()

    states = Counter(row.state for row in desk.rows(Inbound))
    assert states == {"case": kinds["person"] + kinds["machine"], "duplicate": kinds["duplicate"]}
    assert len(desk.rows(Case)) == states["case"]
    assert {row.sha256 for row in desk.rows(RawMessage)} == {mail.sha256 for mail in mails}
    decisions = [row.data["send"] for row in desk.rows(Event) if row.kind == "acknowledgement decided"]
    assert Counter(decisions) == {True: kinds["person"], False: kinds["machine"]}
    outbox = desk.rows(Outbox)
    assert [row.state for row in outbox] == ["sent"] * kinds["person"]
    assert Counter(ids(sink)) == dict.fromkeys((row.message_id for row in outbox), 1)
    assert folders(dovecot, user) == {"INBOX": 0, "Processed": 300}

    everything = counts(desk)
    desk.run_once()

    assert counts(desk) == everything
    assert len(sink.received) == kinds["person"]


def test_an_answer_to_our_acknowledgement_joins_its_case_and_is_not_acknowledged_again(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    desk.run_once()
    ours = ours_to(sink, "client1@c1.example")
    dovecot.deliver(user, [an_answer(ours)])

    desk.run_once()

    answer = desk.rows(Inbound)[-1]
    assert answer.state == "appended"
    story = story_to(desk, "client1@c1.example")
    assert [message["from_address"] for message in story["messages"]] == ["client1@c1.example"] * 2
    decided = [event["data"] for event in story["events"] if event["kind"] == "acknowledgement decided"]
    assert [data["send"] for data in decided] == [True, False]
    assert [code for code, _ in decided[1]["reasons"]] == ["EXISTING"]
    assert len(sink.received) == 2


def test_a_bounce_of_our_acknowledgement_is_shown_on_its_case(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    dovecot.deliver(user, [a_mail(1), a_mail(2)])
    desk.run_once()
    dovecot.deliver(user, [a_bounce(ours_to(sink, "client2@c2.example"))])

    desk.run_once()

    assert [row.state for row in desk.rows(Inbound)] == ["case", "case", "appended"]
    last = story_to(desk, "client2@c2.example")["messages"][-1]
    assert (last["automatic"], last["standing"]) == ("bounce", "reporter")
    assert len(sink.received) == 2


def test_the_same_bytes_in_two_mailboxes_are_one_case_and_one_duplicate(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    desk.add_mailbox(dovecot, f"{user}-legal", "legal")
    for person in (user, f"{user}-legal"):
        dovecot.deliver(person, [a_mail(1)])

    desk.run_once()

    rows = desk.rows(Inbound)
    assert sorted(row.mailbox for row in rows) == ["inbox", "legal"]
    assert sorted(row.state for row in rows) == ["case", "duplicate"]
    assert (len(desk.rows(Case)), len(sink.received)) == (1, 1)


def test_the_same_message_id_with_other_bytes_is_never_dropped(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    first = a_mail(1, message_id="<same@client.example>")
    second = a_mail(2, message_id="<same@client.example>", words="I take that back, and this is new.\n")
    dovecot.deliver(user, [first, second])

    desk.run_once()

    cases = desk.rows(Case)
    assert [row.state for row in desk.rows(Inbound)] == ["case", "case"]
    assert [row.requester_address for row in cases] == ["client1@c1.example", "client2@c2.example"]
    suggested = [row.data["suggested"] for row in desk.rows(Event) if row.kind == "received"]
    assert suggested == [[], [cases[0].reference]]  # a person sees that they may belong together


def test_no_row_that_is_too_large_for_an_index_blocks_the_desk(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    # 3.9 kB that do not compress, where PostgreSQL's index takes 2.7.
    ideographs = "".join(chr(0x20000 + (number * 7919) % 40_000) for number in range(990))
    dovecot.deliver(user, [a_mail(1), a_mail(2, message_id=f"<{ideographs}@x>"), a_mail(3)])

    desk.run_once()

    first, large, third = desk.rows(Inbound)
    assert (first.state, third.state) == ("case", "case")
    assert large.state == ("case" if "sqlite" in desk.tables["database"]["url"] else "quarantined")
    assert ideographs[:5] not in (large.reason or "")  # a mail's words reach no reason or log
    assert len(sink.received) >= 2


def test_hostile_octets_in_every_field_still_make_a_case(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    hostile = "\x01 \udce9\udcff =?utf-7?q?+2AA-?= =?utf-8?q?=00=ED=A0=80?= =?utf-16?b?ANg=?= \u202e"
    fields = (
        f"Reply-To: {hostile} <a@b.example>\r\nReferences: <{hostile}@x>\r\nIn-Reply-To: <{hostile}>\r\n"
        f"Cc: {hostile} <c@d.example>\r\nX-{hostile.split()[0]}: x\r\n"
    )
    nasty = a_mail(1, fields=fields, message_id=f"<{hostile}@x>", words=f"invoice {hostile}\n", subject="S")
    nasty = nasty.replace(b"Subject: S", b"Subject: " + hostile.encode("utf-8", "surrogateescape"))
    named = (
        b"From: x@y.example\r\nTo: accounts@desk.example\r\nSubject: file\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n"
        b"\x00\xd8\x00\x00\r\n--b\r\nContent-Type: application/x\x00y; name*=utf-7''%2B2AA-%00.pdf\r\n"
        b'Content-Disposition: attachment; filename="a\x01\xff.pdf"\r\n\r\n%PDF\r\n--b--\r\n'
    )
    dovecot.deliver(user, [nasty, named])

    desk.run_once()

    assert [row.reason for row in desk.rows(Inbound)] == [None, None]
    assert [row.state for row in desk.rows(Inbound)] == ["case", "case"]


def test_events_can_be_neither_changed_nor_deleted(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [a_mail(1)])
    desk.run_once()
    before = desk.rows(Event)

    for act in ("UPDATE event SET actor = 'nobody'", "DELETE FROM event"):
        with (
            desk.store() as store,
            store.engine.connect() as connection,
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
        ):
            connection.execute(sa.text(act))

    assert desk.rows(Event) == before
    assert len(before) > 0


def test_taken_mail_is_flagged_where_the_policy_says_so(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    mailbox = desk.tables["mailboxes"][0]
    desk.change(mailboxes=[mailbox | {"after": "flag"}])
    dovecot.deliver(user, [a_mail(1), a_mail(2)])

    desk.run_once()
    desk.run_once()

    assert len(desk.rows(Case)) == 2
    assert folders(dovecot, user) == {"INBOX": 2}
    assert [flags >= {b"\\Seen", b"$Processed"} for flags in inbox_flags(dovecot, user)] == [True, True]


def test_taken_mail_is_left_as_it_is_where_the_policy_says_so(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    mailbox = desk.tables["mailboxes"][0]
    desk.change(mailboxes=[mailbox | {"after": "leave"}])
    dovecot.deliver(user, [a_mail(1), a_mail(2)])

    desk.run_once()
    desk.run_once()

    assert len(desk.rows(Case)) == 2
    assert folders(dovecot, user) == {"INBOX": 2}
    assert [flags & {b"\\Seen", b"$Processed"} for flags in inbox_flags(dovecot, user)] == [set(), set()]


def test_a_desk_that_starts_now_leaves_the_mail_that_was_there_before(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    mailbox = desk.tables["mailboxes"][0]
    desk.change(mailboxes=[mailbox | {"start": "now"}])
    dovecot.deliver(user, [a_mail(1)])
    desk.run_once()
    dovecot.deliver(user, [a_mail(2)])

    desk.run_once()

    assert [row.requester_address for row in desk.rows(Case)] == ["client2@c2.example"]
    assert len(sink.received) == 1
    assert folders(dovecot, user) == {"INBOX": 1, "Processed": 1}


def test_a_desk_that_starts_at_a_date_takes_in_the_mail_since_then(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    mailbox = desk.tables["mailboxes"][0]
    desk.change(mailboxes=[mailbox | {"start": date(2026, 3, 1)}])
    first = datetime(2026, 3, 1, tzinfo=UTC)
    for number, received_at in ((1, first - timedelta(seconds=1)), (2, first), (3, first + timedelta(days=9))):
        dovecot.deliver(user, [a_mail(number)], received_at=received_at)

    desk.run_once()

    cases = desk.rows(Case)
    assert [row.received_at for row in cases] == [first, first + timedelta(days=9)]  # the server's clock (I6)
    assert sink.received == []  # stale: the promise would be false
    assert folders(dovecot, user) == {"INBOX": 1, "Processed": 2}


def test_two_mails_that_are_too_large_and_begin_alike_are_two_cases(
    desk: WorkingDesk, dovecot: Dovecot, user: str
) -> None:
    desk.change(run={"message_bytes": 100_000})
    begin = a_mail(1, words="Where is invoice 4711?\n" + "All the rest of it.\n" * 10_000)
    dovecot.deliver(user, [begin + b"one", begin + b"number two"])

    desk.run_once()

    assert [row.state for row in desk.rows(Inbound)] == ["case", "case"]
    assert len(desk.rows(RawMessage)) == 1


def test_thirty_mailboxes_are_read_side_by_side(database_url: str, sink: SmtpSink, tmp_path: Path) -> None:
    desk = WorkingDesk(tmp_path, database_url, smtp={"port": sink.port})
    desk.change(mailboxes=[{"kind": "folder", "name": f"box{n}", "path": f"box{n}"} for n in range(30)])
    for number in range(30):
        (tmp_path / f"box{number}").mkdir()
        (tmp_path / f"box{number}" / "mail.eml").write_bytes(a_mail(number))

    desk.run_once()

    assert len({row.mailbox for row in desk.rows(Inbound) if row.state == "case"}) == 30
    assert len(sink.received) == 30


def test_two_workers_on_one_postgresql_give_each_mail_one_verdict(
    dovecot: Dovecot, user: str, sink: SmtpSink, postgres_url: str, tmp_path: Path
) -> None:
    desk = WorkingDesk(tmp_path, postgres_url, smtp={"port": sink.port})
    desk.add_mailbox(dovecot, user)
    mails = make_mails(200)
    dovecot.deliver(user, [mail.raw for mail in mails])
    desk.run_once("receive")

    def work() -> None:
        with desk.opened() as opened, open_reader(opened.policy.run) as reader:
            while triage_batch(opened, reader, batch=7):
                continue

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.run_once()

    kinds = Counter(mail.kind for mail in mails)
    rows = desk.rows(Inbound)
    assert Counter(row.state for row in rows) == {"case": 200 - kinds["duplicate"], "duplicate": kinds["duplicate"]}
    assert max(row.tries for row in rows) == 0
    assert len({row.inbound_id for row in desk.rows(CaseMessage)}) == len(desk.rows(Case)) == 200 - kinds["duplicate"]
    assert Counter(ids(sink)) == dict.fromkeys((row.message_id for row in desk.rows(Outbox)), 1)


def ids(sink: SmtpSink) -> list[str]:
    """The Message-ID of each mail that the sink took."""
    return [message_id_of(mail.content) for mail in sink.received]


def ours_to(sink: SmtpSink, recipient: str) -> bytes:
    """The acknowledgement that this client got."""
    (ours,) = [mail.content for mail in sink.received if mail.recipients == (recipient,)]
    assert message_from_bytes(ours)["Auto-Submitted"] == "auto-replied"
    return ours


def story_to(desk: WorkingDesk, requester: str) -> dict[str, Any]:
    """The story of this client's one case."""
    (case,) = [row for row in desk.rows(Case) if row.requester_address == requester]
    with desk.store() as store, store.reading() as session:
        story = tell_story(session, case.reference)
    assert story is not None
    return story


def folders(dovecot: Dovecot, user: str) -> dict[str, int]:
    """How many messages each folder holds."""
    with dovecot.client(user) as client:
        names = [name for _flags, _separator, name in client.list_folders()]
        return {name: client.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for name in names}


def inbox_flags(dovecot: Dovecot, user: str) -> list[set[bytes]]:
    with dovecot.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        return [set(flags) for flags in client.get_flags(client.search()).values()]


def counts(desk: WorkingDesk) -> dict[str, int]:
    return {
        table.__tablename__: len(desk.rows(table)) for table in (Inbound, RawMessage, Case, CaseMessage, Event, Outbox)
    }
