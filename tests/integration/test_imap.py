"""An IMAP folder as a mailbox, on a real Dovecot."""

from __future__ import annotations

import dataclasses
import socket
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support.dovecot import Dovecot, running_dovecot, why_not_here
from support.proxy import proxy_to

import ingest.imap
from ingest.errors import Configuration, Transient
from ingest.imap import ImapAccount, ImapMailbox
from ingest.mailbox import Cursor, Limits
from ingest.message import FetchedMessage
from processor.policy.desk import Run

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def user() -> str:
    """A person with an empty inbox."""
    return f"user-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def prefixed_dovecot() -> Iterator[Dovecot]:
    """A server on which all folders lie under INBOX, as on Courier."""
    if reason := why_not_here():
        pytest.skip(reason)
    with running_dovecot(prefix="INBOX.", separator=".") as server:
        yield server


def account(server: Dovecot, user: str, **settings: Any) -> ImapAccount:
    usual: dict[str, Any] = {
        "name": "accounts",
        "host": server.host,
        "port": server.tls_port,
        "username": user,
        "password": server.password,
        "ca_file": str(server.ca_file),
        "start": "everything",
    }
    return ImapAccount(**usual | settings)


def raw(subject: str, size: int = 0) -> bytes:
    head = f"From: client@example.org\r\nSubject: {subject}\r\n\r\n".encode()
    return head + b"x" * max(0, size - len(head))


def passed(mailbox: ImapMailbox, cursor: Cursor) -> tuple[list[FetchedMessage], Cursor]:
    """All that a pass gives, and the cursor at its end."""
    messages: list[FetchedMessage] = []
    for reached, batch in mailbox.fetch_after(cursor):
        messages += batch
        cursor = reached
    return messages, cursor


def subjects(messages: Sequence[FetchedMessage]) -> list[str]:
    return [message.raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for message in messages]


def held(server: Dovecot, user: str, folder: str) -> int:
    with server.client(user) as client:
        return int(client.select_folder(folder, readonly=True)[b"EXISTS"])


# Getting in


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_mail_comes_in_over_every_kind_of_connection(dovecot: Dovecot, user: str, security: str) -> None:
    dovecot.deliver(user, [raw("one"), raw("two")])
    port = dovecot.tls_port if security == "tls" else dovecot.port
    with ImapMailbox(account(dovecot, user, security=security, port=port)) as mailbox:
        messages, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        assert subjects(messages) == ["one", "two"]
        assert [message.uid for message in messages] == [1, 2]
        assert cursor.uid == 2
        assert mailbox.name == "accounts"
        assert mailbox.folder == "INBOX"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_connection_is_encrypted(dovecot: Dovecot, user: str, security: str) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    with ImapMailbox(account(dovecot, user, security=security, port=port)) as mailbox:
        assert mailbox._connection.connected().socket().version() in ("TLSv1.2", "TLSv1.3")


def test_the_hidden_debug_level_that_slows_fetching_is_off(dovecot: Dovecot, user: str) -> None:
    with ImapMailbox(account(dovecot, user)) as mailbox:
        assert mailbox._connection.connected()._imap.debug == 0


def test_a_wrong_password_is_for_a_person_to_mend(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(
        Configuration, match=r'said "\[AUTHENTICATIONFAILED\] [^"\'.]*"\. Check username and password'
    ) as caught:
        ImapMailbox(account(dovecot, user, password="wrong-secret")).__enter__()
    assert "wrong-secret" not in str(caught.value)
    assert user in str(caught.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_certificate_is_refused_and_ca_file_is_named(dovecot: Dovecot, user: str, security: str) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    with pytest.raises(Configuration, match=r"certificate is not trusted.*ca_file"):
        ImapMailbox(account(dovecot, user, ca_file=None, security=security, port=port)).__enter__()


def test_a_ca_file_that_is_missing_is_named(dovecot: Dovecot, user: str) -> None:
    settings = {"security": "starttls", "port": dovecot.port, "ca_file": "/nowhere/ca.pem"}
    with pytest.raises(Configuration, match=r"/nowhere/ca\.pem cannot be used"):
        ImapMailbox(account(dovecot, user, **settings)).__enter__()


def test_tls_on_a_port_that_does_not_speak_it_says_so(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(Configuration, match="does not speak TLS"):
        ImapMailbox(account(dovecot, user, port=dovecot.port)).__enter__()


def test_a_server_that_is_away_is_tried_again_later(user: str, dovecot: Dovecot) -> None:
    with pytest.raises(Transient, match=r"could not connect: Connection refused\. .*next pass tries again"):
        ImapMailbox(account(dovecot, user, port=1)).__enter__()


def test_a_host_name_that_nobody_knows_is_named(user: str, dovecot: Dovecot) -> None:
    with pytest.raises(Transient, match=r"imap\.invalid was not found"):
        ImapMailbox(account(dovecot, user, host="imap.invalid")).__enter__()


def test_a_folder_that_is_not_there_is_for_a_person_to_mend(dovecot: Dovecot, user: str) -> None:
    with (
        ImapMailbox(account(dovecot, user, folder="Absent")) as mailbox,
        pytest.raises(Configuration, match=r"folder Absent\): could not open the folder.*Check that the folder"),
    ):
        mailbox.check()


def test_a_check_tells_what_was_found_and_changes_nothing(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    with ImapMailbox(account(dovecot, user)) as mailbox:
        said = mailbox.check()
    assert "logged in; messages 1, next UID 2; taken messages go to Processed." in said
    with dovecot.client(user) as client:
        assert [name for _, _, name in client.list_folders()] == ["INBOX"]
        client.select_folder("INBOX")
        assert client.search("UNSEEN") == [1]


def test_a_mailbox_can_be_entered_again_after_a_failure(dovecot: Dovecot, user: str) -> None:
    mailbox = ImapMailbox(account(dovecot, user, folder="Later"))
    with pytest.raises(Configuration), mailbox:
        mailbox.check()
    with dovecot.client(user) as client:
        client.create_folder("Later")
    with mailbox:
        assert "messages 0" in mailbox.check()


# What is fetched


def test_received_at_is_the_servers_date_in_utc(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")], received_at=NOW)
    with ImapMailbox(account(dovecot, user)) as mailbox:
        (message,), _ = passed(mailbox, mailbox.start_cursor(NOW))
    assert message.received_at == NOW
    assert message.received_at.tzinfo is UTC
    assert not message.oversize


def test_fetching_leaves_messages_unseen(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    with ImapMailbox(account(dovecot, user)) as mailbox:
        passed(mailbox, mailbox.start_cursor(NOW))
    with dovecot.client(user) as client:
        client.select_folder("INBOX")
        assert client.search("UNSEEN") == [1]


def test_a_batch_holds_at_most_so_many_messages_and_carries_its_cursor(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw(str(number)) for number in range(7)])
    with ImapMailbox(account(dovecot, user), Limits(batch_messages=3)) as mailbox:
        given = [(cursor.uid, len(batch)) for cursor, batch in mailbox.fetch_after(mailbox.start_cursor(NOW))]
    assert given == [(3, 3), (6, 3), (7, 1)]


def test_a_batch_holds_at_most_so_many_octets_and_at_least_one_message(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("a", 400), raw("b", 500), raw("c", 2_000), raw("d", 100)])
    with ImapMailbox(account(dovecot, user), Limits(batch_bytes=1_000)) as mailbox:
        given = [subjects(batch) for _, batch in mailbox.fetch_after(mailbox.start_cursor(NOW))]
    assert given == [["a", "b"], ["c"], ["d"]]


def test_of_a_message_above_the_limit_only_the_beginning_is_fetched(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("small", 900), raw("large", 200_000), raw("last", 1_000)])
    with ImapMailbox(account(dovecot, user), Limits(message_bytes=100_000)) as mailbox:
        messages, _ = passed(mailbox, mailbox.start_cursor(NOW))
    assert subjects(messages) == ["small", "large", "last"]
    assert [message.oversize for message in messages] == [False, True, False]
    assert messages[1].size == 200_000
    assert messages[1].raw == raw("large", 65_536)


def test_a_folder_larger_than_a_window_is_listed_window_by_window(
    dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.imap, "WINDOW", 3)
    dovecot.deliver(user, [raw(str(number)) for number in range(8)])
    with dovecot.client(user) as client:
        client.select_folder("INBOX")
        client.delete_messages([2, 3, 8])
        client.expunge()
    with ImapMailbox(account(dovecot, user)) as mailbox:
        given = [
            (cursor.uid, [message.uid for message in batch])
            for cursor, batch in mailbox.fetch_after(mailbox.start_cursor(NOW))
        ]
        assert mailbox.listing() == [1, 4, 5, 6, 7]
    assert given == [(1, [1]), (3, []), (6, [4, 5, 6]), (7, [7]), (8, [])]


def test_a_foreign_expunge_leaves_the_others_to_be_taken_in(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one"), raw("two"), raw("three"), raw("four")])
    with ImapMailbox(account(dovecot, user), Limits(batch_messages=2)) as mailbox:
        batches = mailbox.fetch_after(mailbox.start_cursor(NOW))
        assert subjects(next(batches)[1]) == ["one", "two"]
        with dovecot.client(user) as other:
            other.select_folder("INBOX")
            other.delete_messages([3])
            other.expunge()
        cursor, last = next(batches)
        assert subjects(last) == ["four"]
        assert cursor.uid == 4
        assert list(batches) == []


def test_an_idle_pass_gives_nothing_and_new_mail_is_seen_on_the_kept_connection(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    with ImapMailbox(account(dovecot, user)) as mailbox:
        _, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        assert list(mailbox.fetch_after(cursor)) == []
        dovecot.deliver(user, [raw("two")])
        messages, cursor = passed(mailbox, cursor)
        assert subjects(messages) == ["two"]
        assert list(mailbox.fetch_after(cursor)) == []


def test_mail_that_comes_while_a_pass_is_under_way_is_given_by_the_next_one(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one"), raw("two")])
    with ImapMailbox(account(dovecot, user), Limits(batch_messages=1)) as mailbox:
        batches = mailbox.fetch_after(mailbox.start_cursor(NOW))
        cursor, _ = next(batches)
        dovecot.deliver(user, [raw("three")])
        mailbox.file_away(cursor, [1])  # the server tells of the third one beside this answer
        cursor, _ = next(batches)
        mailbox.file_away(cursor, [2])
        assert list(batches) == []
        messages, cursor = passed(mailbox, cursor)
        assert subjects(messages) == ["three"]
        assert list(mailbox.fetch_after(cursor)) == []


def test_what_was_given_but_not_committed_is_given_again(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    with ImapMailbox(account(dovecot, user)) as mailbox:
        cursor = mailbox.start_cursor(NOW)
        assert len(passed(mailbox, cursor)[0]) == 1
        assert len(passed(mailbox, cursor)[0]) == 1


def test_a_folder_that_is_recreated_while_it_is_open_is_given_again_when_it_is_opened_again(
    dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.imap, "STALE_SECONDS", 0)
    with dovecot.client(user) as client:
        client.create_folder("Bills")
    dovecot.deliver(user, [raw("one")], folder="Bills")
    with ImapMailbox(account(dovecot, user, folder="Bills")) as mailbox:
        _, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        recreated(dovecot, user, "Bills", [raw("two")], NOW)
        messages, _ = passed(mailbox, cursor)
        assert subjects(messages) == ["two"]


def test_an_idle_pass_costs_under_200_octets(dovecot: Dovecot, user: str) -> None:
    with (
        proxy_to(dovecot.port) as relay,
        ImapMailbox(account(dovecot, user, security="plain", port=relay.port)) as mailbox,
    ):
        cursor = mailbox.start_cursor(NOW)
        before = relay.octets
        began = time.perf_counter()
        for _ in range(20):
            assert list(mailbox.fetch_after(cursor)) == []
        assert (relay.octets - before) / 20 < 200
        assert (time.perf_counter() - began) / 20 < 0.05  # the bench measures; here only no pause may creep in


def test_a_folder_name_may_hold_letters_beyond_ascii(dovecot: Dovecot, user: str) -> None:
    with dovecot.client(user) as client:
        client.create_folder("Büro & Recht")
    dovecot.deliver(user, [raw("one")], folder="Büro & Recht")
    with ImapMailbox(account(dovecot, user, folder="Büro & Recht", processed_folder="Geklärt")) as mailbox:
        messages, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        mailbox.file_away(cursor, [message.uid for message in messages])
    assert held(dovecot, user, "Geklärt") == 1


# Where a first start begins


def test_a_start_from_now_on_leaves_history_alone(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("old")])
    with ImapMailbox(account(dovecot, user, start="now")) as mailbox:
        cursor = mailbox.start_cursor(NOW)
        assert (cursor.uid, cursor.since) == (1, NOW)
        dovecot.deliver(user, [raw("new")])
        messages, _ = passed(mailbox, cursor)
    assert subjects(messages) == ["new"]


def test_a_start_since_a_date_takes_what_came_later_and_whatever_is_put_there_from_now_on(
    dovecot: Dovecot, user: str
) -> None:
    dovecot.deliver(user, [raw("before")], received_at=datetime(2026, 11, 9, 23, 59, 59, tzinfo=UTC))
    dovecot.deliver(user, [raw("after")], received_at=datetime(2026, 11, 10, tzinfo=UTC))
    with ImapMailbox(account(dovecot, user, start=date(2026, 11, 10))) as mailbox:
        cursor = mailbox.start_cursor(NOW)
        assert cursor.since == datetime(2026, 11, 10, tzinfo=UTC)
        dovecot.deliver(user, [raw("moved here")], received_at=datetime(2020, 1, 1, tzinfo=UTC))
        messages, reached = passed(mailbox, cursor)
        assert subjects(messages) == ["after", "moved here"]
        assert reached.uid == 3


def test_history_alone_moves_the_cursor_in_an_empty_batch(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("before")], received_at=NOW - timedelta(days=30))
    with ImapMailbox(account(dovecot, user, start=date(2026, 11, 10))) as mailbox:
        ((cursor, batch),) = mailbox.fetch_after(mailbox.start_cursor(NOW))
    assert (cursor.uid, list(batch)) == (1, [])


# A folder that was recreated


def recreated(server: Dovecot, user: str, folder: str, raws: Sequence[bytes], received_at: datetime) -> None:
    with server.client(user) as client:
        client.delete_folder(folder)
        client.create_folder(folder)
    server.deliver(user, raws, folder=folder, received_at=received_at)


def test_a_recreated_folder_is_given_again_under_its_new_uidvalidity(dovecot: Dovecot, user: str) -> None:
    with dovecot.client(user) as client:
        client.create_folder("Bills")
    dovecot.deliver(user, [raw("one"), raw("two")], folder="Bills")
    with ImapMailbox(account(dovecot, user, folder="Bills")) as mailbox:
        _, before = passed(mailbox, mailbox.start_cursor(NOW))
    recreated(dovecot, user, "Bills", [raw("two"), raw("three")], NOW)
    with ImapMailbox(account(dovecot, user, folder="Bills")) as mailbox:
        again, after = passed(mailbox, before)
        assert subjects(again) == ["two", "three"]
        assert {message.uidvalidity for message in again} == {after.uidvalidity}
        assert after.uidvalidity != before.uidvalidity
        assert list(mailbox.fetch_after(after)) == []


def test_uids_of_a_recreated_folder_move_nothing(dovecot: Dovecot, user: str) -> None:
    with dovecot.client(user) as client:
        client.create_folder("Bills")
    dovecot.deliver(user, [raw("one")], folder="Bills")
    with ImapMailbox(account(dovecot, user, folder="Bills")) as mailbox:
        _, before = passed(mailbox, mailbox.start_cursor(NOW))
    recreated(dovecot, user, "Bills", [raw("another")], NOW)
    with ImapMailbox(account(dovecot, user, folder="Bills")) as mailbox:
        assert mailbox.file_away(before, [1]) == [1]
    assert held(dovecot, user, "Bills") == 1


def test_history_stays_left_out_in_a_recreated_folder(dovecot: Dovecot, user: str) -> None:
    with dovecot.client(user) as client:
        client.create_folder("Bills")
    settings = {"folder": "Bills", "start": "now"}
    with ImapMailbox(account(dovecot, user, **settings)) as mailbox:
        first = mailbox.start_cursor(NOW)
    recreated(dovecot, user, "Bills", [raw("old")], NOW - timedelta(days=1))
    dovecot.deliver(user, [raw("since")], folder="Bills", received_at=NOW + timedelta(hours=1))
    with ImapMailbox(account(dovecot, user, **settings)) as mailbox:
        batches = list(mailbox.fetch_after(first))
    assert batches[0][0].uid == 0
    assert batches[0][0].history_uid == 2
    assert list(batches[0][1]) == []
    assert [subjects(batch) for _, batch in batches[1:]] == [["since"]]


# Filing away


def test_taken_messages_are_moved_to_the_processed_folder_which_people_see(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw(str(number)) for number in range(150)])
    with ImapMailbox(account(dovecot, user), Limits(batch_messages=120)) as mailbox:
        for cursor, batch in mailbox.fetch_after(mailbox.start_cursor(NOW)):
            uids = [message.uid for message in batch]
            assert mailbox.file_away(cursor, uids) == uids
        assert mailbox.listing() == []
    assert held(dovecot, user, "Processed") == 150
    with dovecot.client(user) as client:
        assert [name for _, _, name in client.list_sub_folders()] == ["Processed"]


def test_filing_away_can_be_repeated(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one"), raw("two")])
    with ImapMailbox(account(dovecot, user)) as mailbox:
        _, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        assert mailbox.file_away(cursor, [1]) == [1]
    with ImapMailbox(account(dovecot, user)) as mailbox:
        assert mailbox.file_away(cursor, [1, 2]) == [1, 2]
        assert mailbox.file_away(cursor, []) == []
    assert held(dovecot, user, "Processed") == 2


def test_what_another_program_expunged_counts_as_filed(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one"), raw("two")])
    with ImapMailbox(account(dovecot, user)) as mailbox:
        _, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        with dovecot.client(user) as other:
            other.select_folder("INBOX")
            other.delete_messages([1])
            other.expunge()
        assert mailbox.file_away(cursor, [1, 2]) == [1, 2]
    assert held(dovecot, user, "Processed") == 1


def test_the_policy_can_have_messages_flagged(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    with ImapMailbox(account(dovecot, user, after="flag")) as mailbox:
        assert "taken messages are flagged." in mailbox.check()
        mailbox.file_away(mailbox.start_cursor(NOW), [1])
        assert mailbox.listing() == [1]
    with dovecot.client(user) as client:
        client.select_folder("INBOX")
        assert client.search("SEEN") == [1]


def test_the_policy_can_have_messages_left_as_they_are(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    with ImapMailbox(account(dovecot, user, after="leave")) as mailbox:
        assert "stay as they are" in mailbox.check()
        messages, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        assert mailbox.file_away(cursor, [1]) == [1]
    assert subjects(messages) == ["one"]
    with dovecot.client(user) as client:
        client.select_folder("INBOX")
        assert client.search(["UNSEEN", "UNKEYWORD", "$Processed"]) == [1]


@pytest.mark.parametrize("written", ["Desk/Done", "INBOX.Desk/Done"])
def test_the_processed_folder_is_made_under_the_personal_namespace(
    prefixed_dovecot: Dovecot, user: str, written: str
) -> None:
    prefixed_dovecot.deliver(user, [raw("one")])
    with ImapMailbox(account(prefixed_dovecot, user, processed_folder=written)) as mailbox:
        mailbox.file_away(mailbox.start_cursor(NOW), [1])
    assert held(prefixed_dovecot, user, "INBOX.Desk.Done") == 1


@pytest.mark.parametrize("after", ["move", "flag"])
def test_a_read_only_folder_is_for_a_person_to_mend(dovecot: Dovecot, user: str, after: str) -> None:
    dovecot.deliver(user, [raw("one")])
    (dovecot.maildir(user) / "dovecot-acl").write_text("owner lr\n")
    with (
        ImapMailbox(account(dovecot, user, after=after)) as mailbox,
        pytest.raises(Configuration, match=r"read-only.*set after to leave"),
    ):
        mailbox.check()


def test_a_read_only_folder_can_be_read_where_messages_are_left(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    (dovecot.maildir(user) / "dovecot-acl").write_text("owner lr\n")
    with ImapMailbox(account(dovecot, user, after="leave")) as mailbox:
        messages, _ = passed(mailbox, mailbox.start_cursor(NOW))
    assert subjects(messages) == ["one"]


def test_the_right_to_move_that_is_missing_is_for_a_person_to_give(dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, [raw("one")])
    (dovecot.maildir(user) / "dovecot-acl").write_text("owner lrsw\n")
    with ImapMailbox(account(dovecot, user)) as mailbox:
        _, cursor = passed(mailbox, mailbox.start_cursor(NOW))
        with pytest.raises(Configuration, match="could not file messages away"):
            mailbox.file_away(cursor, [1])


def test_an_account_never_shows_its_password(dovecot: Dovecot, user: str) -> None:
    shown = repr(account(dovecot, user))
    assert dovecot.password not in shown
    assert "password" not in {field.name for field in dataclasses.fields(ImapAccount) if field.repr}


# A server that is gone without a word


@pytest.mark.parametrize("security", ["tls", "plain"])
def test_a_connection_notices_within_two_minutes_that_its_server_is_gone(
    dovecot: Dovecot, user: str, security: str
) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    with ImapMailbox(account(dovecot, user, security=security, port=port)) as mailbox:
        wire = mailbox._connection.connected().socket()
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        first, more, times = (
            wire.getsockopt(socket.IPPROTO_TCP, getattr(socket, option))
            for option in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
        )
        assert first + more * times <= 120
    usual = ImapAccount(name="a", host="h", username="u", password="p")
    assert Run().poll_seconds + usual.timeout_seconds <= 120  # where it is asked, and says nothing
