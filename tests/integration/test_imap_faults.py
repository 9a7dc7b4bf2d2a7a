"""An IMAP folder as a mailbox, on servers that stall, break off, or say what no server should."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from support.scripted_imap import USUAL, Answer, HangUp, Peer, ScriptedImap, ending, refusing, scripted_imap
from support.shelf import Shelf

import ingest.imap
from ingest.errors import Configuration, Transient
from ingest.imap import ImapAccount, ImapMailbox
from ingest.mailbox import Cursor, Limits
from ingest.message import FetchedMessage, Withheld

CURSOR = Cursor(folder="INBOX", uidvalidity=7, uid=0)
EMPTY = b"* 0 EXISTS\r\n* OK [UIDNEXT 1] next\r\n* OK [UIDVALIDITY 7] valid\r\n"
SIZES = "UID FETCH 1 (RFC822.SIZE"
BODY = "UID FETCH 1 (BODY"


def mailbox_of(server: ScriptedImap, limits: Limits | None = None, **settings: Any) -> ImapMailbox:
    usual: dict[str, Any] = {
        "name": "accounts",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "plain",
        "username": "anna",
        "password": "s3cret",
        "timeout_seconds": 5,
    }
    return ImapMailbox(ImapAccount(**usual | settings), limits)


def broken(mailbox: ImapMailbox, cursor: Cursor, words: str) -> Cursor:
    """The cursor at the end of a pass that fails with these words."""
    reached = [cursor]
    with pytest.raises(Transient, match=words):
        reached.extend(cursor for cursor, _batch in mailbox.fetch_after(cursor))
    return reached[-1]


def messages_of(script: Mapping[str, Answer], limits: Limits | None = None) -> list[FetchedMessage]:
    with scripted_imap(script) as server, mailbox_of(server, limits) as mailbox:
        return [message for _, batch in mailbox.fetch_after(CURSOR) for message in batch]


def test_the_script_that_every_other_test_departs_from_gives_its_message() -> None:
    (message,) = messages_of({})
    assert (message.uid, message.raw) == (1, b"hello")
    assert message.received_at == datetime(2026, 11, 21, 11, tzinfo=UTC)


# Time


def test_a_body_that_comes_an_octet_now_and_then_meets_the_deadline_and_holds_up_no_other() -> None:
    def trickle(peer: Peer, _tag: bytes) -> None:
        peer.say(b"* 1 FETCH (UID 1 BODY[] {90000}\r\n")
        peer.trickle()

    with scripted_imap({BODY: trickle}) as server:
        began = time.monotonic()
        with mailbox_of(server, deadline_seconds=0.3) as mailbox:
            cursor = broken(mailbox, CURSOR, r"could not fetch messages: the server took longer than 0\.3 seconds")
            ((cursor, batch),) = mailbox.fetch_after(cursor)
        assert time.monotonic() - began < 30  # endless without the deadline
    assert cursor.uid == 1
    assert withheld(batch) == [(1, "the server took longer than 0.3 seconds altogether")]


def test_a_greeting_that_never_ends_meets_the_deadline() -> None:
    with (
        scripted_imap(greeting=lambda peer: peer.trickle()) as server,
        pytest.raises(Transient, match="could not connect: the server took longer"),
    ):
        mailbox_of(server, deadline_seconds=0.3).__enter__()


def test_a_server_that_stalls_meets_the_time_out() -> None:
    with (
        scripted_imap({"SELECT": lambda peer, _tag: peer.stall()}) as server,
        mailbox_of(server, timeout_seconds=0.3) as mailbox,
        pytest.raises(Transient, match=r"could not open the folder: no answer within 0\.3 seconds"),
    ):
        list(mailbox.fetch_after(CURSOR))


def test_a_logout_that_is_not_answered_ends_all_the_same() -> None:
    with scripted_imap({"LOGOUT": lambda peer, _tag: peer.stall()}) as server:
        began = time.monotonic()
        with mailbox_of(server, timeout_seconds=0.3) as mailbox:
            mailbox.start_cursor(datetime(2026, 11, 21, tzinfo=UTC))
        assert time.monotonic() - began < 30  # endless without the time-out


# Connections that end


@pytest.mark.parametrize(
    "last_words",
    [b"* BYE shutting down\r\n", b"* 1 FETCH (UID 1 BODY[] {5}\r\nhel", b"* 1 FE", b""],
    ids=["BYE", "inside a literal", "inside a line", "at once"],
)
def test_a_connection_that_ends_in_a_fetch_is_made_anew_by_the_next_pass_and_no_message_is_blamed(
    last_words: bytes,
) -> None:
    with scripted_imap({BODY: ending(last_words)}, {}) as server, mailbox_of(server) as mailbox:
        remembered = broken(mailbox, CURSOR, r"could not fetch messages: the connection ended.*next pass tries again")
        assert (remembered.uid, remembered.careful_uid) == (0, 1)
        ((cursor, batch),) = mailbox.fetch_after(remembered)
        assert (cursor.uid, batch[0].raw) == (1, b"hello")
        assert server.connections == 2


def test_what_was_in_hand_when_a_connection_ended_is_fetched_alone_after_the_server_answered() -> None:
    with scripted_imap({BODY: ending(b"")}, {}) as server, mailbox_of(server) as mailbox:
        cursor = broken(mailbox, CURSOR, "could not fetch messages")
        before = len(server.heard)
        list(mailbox.fetch_after(cursor))
        asked = [command for command in server.heard[before:] if command.startswith(("NOOP", "UID FETCH"))]
    assert [command.partition(" (")[0] for command in asked] == ["NOOP", "UID FETCH 1", "NOOP", "UID FETCH 1"]


def test_a_connection_that_ends_between_two_passes_costs_one_pass() -> None:
    def once(peer: Peer, tag: bytes) -> None:
        peer.say(EMPTY + tag + b" OK done\r\n* BYE idle too long\r\n")
        raise HangUp

    with scripted_imap({"SELECT": once}, {}) as server, mailbox_of(server) as mailbox:
        assert list(mailbox.fetch_after(CURSOR)) == []
        with pytest.raises(Transient, match="could not look whether mail came"):
            list(mailbox.fetch_after(CURSOR))
        assert len(list(mailbox.fetch_after(CURSOR))) == 1


def test_after_a_new_connection_filing_away_opens_the_folder_again() -> None:
    with scripted_imap({"UID MOVE": ending(b"")}, {}) as server, mailbox_of(server) as mailbox:
        cursor, _ = next(iter(mailbox.fetch_after(CURSOR)))
        with pytest.raises(Transient, match="could not file messages away"):
            mailbox.file_away(cursor, [1])
        assert mailbox.file_away(cursor, [1]) == [1]
        assert [command for command in server.heard if command.startswith(("SELECT", "UID MOVE"))] == [
            'SELECT "INBOX"',
            'UID MOVE 1 "Processed"',
            'SELECT "INBOX"',
            'UID MOVE 1 "Processed"',
        ]


def test_a_greeting_that_says_goodbye_is_transient() -> None:
    with (
        scripted_imap(greeting=b"* BYE overloaded\r\n") as server,
        pytest.raises(Transient, match=r"could not connect.*overloaded"),
    ):
        mailbox_of(server).__enter__()


# Login


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusing(b"NO [AUTHENTICATIONFAILED] no"), Configuration),
        (refusing(b"NO no"), Configuration),
        (refusing(b"BAD no"), Configuration),
        (refusing(b"NO [UNAVAILABLE] the directory is down"), Transient),
        (ending(b"* BYE too many connections\r\n"), Transient),
        (ending(b""), Transient),
    ],
    ids=["failed", "no", "bad", "unavailable", "bye", "cut"],
)
def test_a_refused_login_is_told_from_a_server_that_cannot_now(answer: Answer, error: type[Exception]) -> None:
    with scripted_imap({"LOGIN": answer}) as server, pytest.raises(error, match="could not log in"):
        mailbox_of(server).__enter__()


def test_a_password_that_the_server_repeats_is_not_shown() -> None:
    with (
        scripted_imap({"LOGIN": refusing(b"BAD LOGIN anna \x1b[31ms3cret")}) as server,
        pytest.raises(Configuration, match=r"\(password\)") as caught,
    ):
        mailbox_of(server).__enter__()
    assert "s3cret" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_a_password_beyond_ascii_is_sent_as_utf8() -> None:
    heard = []

    def plain(peer: Peer, tag: bytes) -> None:
        peer.say(b"+ \r\n")
        heard.append(base64.b64decode(peer.hear()))
        peer.say(tag + b" OK done\r\n")

    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
        "AUTHENTICATE PLAIN": plain,
    }
    with scripted_imap(script) as server, mailbox_of(server, password="geheimnisträger"):
        assert heard == ["\0anna\0geheimnisträger".encode()]


@pytest.mark.parametrize("security", ["starttls", "plain"])
def test_a_connection_that_claims_to_be_logged_in_already_is_refused(security: str) -> None:
    with scripted_imap(greeting=b"* PREAUTH hello\r\n") as server:
        with pytest.raises(Configuration, match="PREAUTH"):
            mailbox_of(server, security=security).__enter__()
        assert server.heard == ["CAPABILITY"]


def test_without_starttls_there_is_no_fall_back_to_clear_text() -> None:
    with scripted_imap() as server:
        with pytest.raises(Configuration, match=r"could not encrypt the connection.*Set security to tls"):
            mailbox_of(server, security="starttls").__enter__()
        assert set(server.heard) == {"CAPABILITY"}


def test_a_starttls_that_is_refused_ends_the_connection() -> None:
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n",
        "STARTTLS": refusing(b"BAD no certificate here"),
    }
    with scripted_imap(script) as server:
        with pytest.raises(Configuration, match="could not encrypt"):
            mailbox_of(server, security="starttls").__enter__()
        assert server.heard[-1] == "STARTTLS"


# Answers that are wrong, or unusual


def withheld(batch: Sequence[FetchedMessage | Withheld]) -> list[tuple[int, str]]:
    """Which messages, and why."""
    return [(message.uid, message.reason) for message in batch if isinstance(message, Withheld)]


@pytest.mark.parametrize("body", [b"* 1 FETCH (UID 1 BODY[] NIL)\r\n", b"* 1 FETCH (UID 1 FLAGS ())\r\n", b""])
@pytest.mark.parametrize("listed", [True, False], ids=["listed still", "expunged meanwhile"])
def test_a_message_without_a_body_is_withheld_where_the_server_still_lists_it(body: bytes, listed: bool) -> None:
    script: dict[str, Answer] = {BODY: body, "UID SEARCH UID 1": b"* SEARCH 1\r\n" if listed else b"* SEARCH\r\n"}
    script["UID SEARCH UID 1:1"] = b"* SEARCH 1\r\n"
    with scripted_imap(script) as server, mailbox_of(server) as mailbox:
        ((cursor, batch),) = mailbox.fetch_after(CURSOR)
    assert cursor.uid == 1
    assert withheld(batch) == ([(1, "the server lists it, and gives nothing of it")] if listed else [])
    assert len(batch) == listed


@pytest.mark.parametrize("listed", [True, False], ids=["listed still", "expunged meanwhile"])
def test_a_message_without_a_size_is_withheld_where_the_server_still_lists_it(listed: bool) -> None:
    script: dict[str, Answer] = {SIZES: b"", "UID SEARCH UID 1": b"* SEARCH 1\r\n" if listed else b"* SEARCH\r\n"}
    script["UID SEARCH UID 1:1"] = b"* SEARCH 1\r\n"
    with scripted_imap(script) as server, mailbox_of(server) as mailbox:
        given = list(mailbox.fetch_after(CURSOR))
    assert given[-1][0].uid == 1
    assert [uid for _, batch in given for uid, _ in withheld(batch)] == ([1] if listed else [])


def test_no_octets_of_a_message_that_has_a_size_are_no_body() -> None:
    with scripted_imap({BODY: b'* 1 FETCH (UID 1 BODY[] "")\r\n'}) as server, mailbox_of(server) as mailbox:
        ((_cursor, batch),) = mailbox.fetch_after(CURSOR)
    assert [uid for uid, _ in withheld(batch)] == [1]


def test_a_fetch_refused_for_expunged_messages_is_asked_once_more() -> None:
    answers = [refusing(b"NO [EXPUNGEISSUED] gone"), None]

    def first_no(peer: Peer, tag: bytes) -> None:
        answer = answers.pop(0)
        if callable(answer):
            answer(peer, tag)
        else:
            peer.say(b"* 1 FETCH (UID 1 BODY[] {5}\r\nhello)\r\n" + tag + b" OK done\r\n")

    assert [message.raw for message in messages_of({BODY: first_no})] == [b"hello"]


@pytest.mark.parametrize("refused", [BODY, SIZES])
@pytest.mark.parametrize("words", [b"NO [SERVERBUG] index broken", b"BAD index broken"])
def test_a_message_whose_fetch_is_always_refused_is_withheld_with_the_servers_words(refused: str, words: bytes) -> None:
    with scripted_imap({refused: refusing(words)}) as server, mailbox_of(server) as mailbox:
        given = list(mailbox.fetch_after(CURSOR))
        assert server.connections == 1
    ((uid, reason),) = [one for _, batch in given for one in withheld(batch)]
    assert uid == given[-1][0].uid == 1
    assert re.fullmatch(r'the server refused it: ".*index broken.*"', reason)


@pytest.mark.parametrize(
    ("words", "error"), [(b"NO [UNAVAILABLE] later", Transient), (b"NO [NOPERM] not you", Configuration)]
)
def test_a_refusal_that_is_not_about_a_message_is_no_messages_fault(words: bytes, error: type[Exception]) -> None:
    with (
        scripted_imap({BODY: refusing(words)}) as server,
        mailbox_of(server) as mailbox,
        pytest.raises(error, match="could not fetch messages: the server said"),
    ):
        list(mailbox.fetch_after(CURSOR))


def test_of_many_messages_the_refused_ones_are_found_by_halves() -> None:
    shelf = Shelf([b"mail %d" % number for number in range(1, 41)], dict.fromkeys((7, 30), refusing(b"NO bad")))
    with scripted_imap(shelf.script()) as server, mailbox_of(server) as mailbox:
        ((cursor, batch),) = mailbox.fetch_after(CURSOR)
    assert cursor.uid == 40
    assert [message.uid for message in batch] == [*range(1, 41)]
    assert [uid for uid, _ in withheld(batch)] == [7, 30]
    assert len(shelf.asked) < 50


@pytest.mark.parametrize("sizes_too", [False, True], ids=["the body", "the size"])
def test_of_many_messages_the_one_that_breaks_the_connection_is_found_and_its_neighbours_come(sizes_too: bool) -> None:
    shelf = Shelf([b"mail %d" % number for number in range(1, 10)], {4: ending(b"* BYE cannot\r\n")})
    shelf.sizes_fail_too = sizes_too
    with scripted_imap(shelf.script()) as server, mailbox_of(server, Limits(batch_messages=5)) as mailbox:
        cursor = broken(mailbox, CURSOR, "could not fetch messages")
        assert (cursor.uid, cursor.careful_uid) == (0, 9 if sizes_too else 5)
        given = list(mailbox.fetch_after(cursor))
        assert server.connections == 3
    messages = [message for _, batch in given for message in batch]
    assert [message.uid for message in messages] == [*range(1, 10)]
    ((uid, reason),) = withheld(messages)
    assert uid == 4
    assert reason.startswith("the connection ended (")
    assert ([6, 7, 8, 9] in [uids for uids, items in shelf.asked if "BODY" in items]) is not sizes_too


@pytest.mark.parametrize("date", [b'"00-Jan-0000 00:00:00 +0000"', b'"21-Nov-2026 12:00:00"', b"NIL"])
def test_a_message_without_a_readable_time_counts_as_old(date: bytes) -> None:
    script = {SIZES: b"* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE " + date + b")\r\n"}
    (message,) = messages_of(script)
    assert message.received_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_size_that_was_only_an_estimate_does_not_make_a_message_oversize() -> None:
    script = {SIZES: b'* 1 FETCH (UID 1 RFC822.SIZE 9 INTERNALDATE "21-Nov-2026 12:00:00 +0100")\r\n'}
    (message,) = messages_of(script)
    assert (message.size, message.oversize) == (5, False)


def test_a_message_that_came_whole_is_not_oversize_whatever_size_was_announced() -> None:
    script = {
        SIZES: b'* 1 FETCH (UID 1 RFC822.SIZE 99000 INTERNALDATE "21-Nov-2026 12:00:00 +0100")\r\n',
        BODY: b"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nhello)\r\n",
    }
    (message,) = messages_of(script, Limits(message_bytes=80_000))
    assert (message.size, message.oversize) == (5, False)


LARGE = b"x" * 99_000
BEGINNING = 65_536


@pytest.mark.parametrize(
    ("key", "given", "more"),
    [
        (b"BODY[]", LARGE, None),
        (b"BODY[]<0>", LARGE, None),
        (b"BODY[]<0>", LARGE[:BEGINNING], None),
        (b"BODY[]<0>", LARGE[:1000], b"* 1 FETCH (UID 1 BODY[]<1000> {1}\r\nx)\r\n"),
    ],
    ids=["all of it, as if it were asked for", "all of it", "as asked", "fewer octets than asked"],
)
def test_however_a_server_gives_the_beginning_of_a_large_message_it_is_oversize(
    key: bytes, given: bytes, more: bytes | None
) -> None:
    script: dict[str, Answer] = {
        SIZES: b'* 1 FETCH (UID 1 RFC822.SIZE 99000 INTERNALDATE "21-Nov-2026 12:00:00 +0100")\r\n',
        "UID FETCH 1 (BODY.PEEK[]<0.65536>": b"* 1 FETCH (UID 1 %s {%d}\r\n%s)\r\n" % (key, len(given), given),
    }
    if more is not None:
        script["UID FETCH 1 (BODY.PEEK[]<1000.1>"] = more
    with scripted_imap(script) as server, mailbox_of(server, Limits(message_bytes=80_000)) as mailbox:
        ((_cursor, (message,)),) = mailbox.fetch_after(CURSOR)
        bodies = [command for command in server.heard if "BODY" in command]
    assert isinstance(message, FetchedMessage)
    assert (message.raw, message.size, message.oversize) == (given[:BEGINNING], 99_000, True)
    assert len(bodies) == (1 if more is None else 2)


@pytest.mark.parametrize("size", [b"NIL", b"-1", b"99999999999999999999", b"x"])
def test_a_size_that_can_be_none_is_told_by_nobody(size: bytes) -> None:
    with (
        scripted_imap({SIZES: b"* 1 FETCH (UID 1 RFC822.SIZE %s)\r\n" % size}) as server,
        mailbox_of(server) as mailbox,
    ):
        given = [message for _, batch in mailbox.fetch_after(CURSOR) for message in batch]
    assert [uid for uid, _ in withheld(given)] == [1]


def test_a_literal_of_absurd_length_is_refused_before_memory_is_given_to_it() -> None:
    script = {BODY: b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n"}
    with scripted_imap(script) as server, mailbox_of(server) as mailbox:
        cursor = broken(mailbox, CURSOR, "announced 99999999999 octets at once")
        ((cursor, batch),) = mailbox.fetch_after(cursor)
    assert "announced 99999999999 octets at once" in withheld(batch)[0][1]


def test_uids_outside_the_window_are_not_taken_again() -> None:
    status = {
        "SELECT": b"* 1 EXISTS\r\n* OK [UIDNEXT 5] next\r\n* OK [UIDVALIDITY 7] valid\r\n",
        "UID SEARCH": b"* SEARCH 3\r\n",
    }
    cursor = Cursor(folder="INBOX", uidvalidity=7, uid=3)
    with scripted_imap(status) as server, mailbox_of(server) as mailbox:
        ((reached, batch),) = mailbox.fetch_after(cursor)
        assert (reached.uid, list(batch)) == (4, [])
        assert "UID SEARCH UID 4:4" in server.heard


def test_a_next_uid_that_went_back_stops_and_says_what_happened() -> None:
    cursor = Cursor(folder="INBOX", uidvalidity=7, uid=90)
    with (
        scripted_imap() as server,
        mailbox_of(server) as mailbox,
        pytest.raises(Transient, match=r"next UID went back to 2, though 90 was taken in.*restored"),
    ):
        list(mailbox.fetch_after(cursor))


def test_a_folder_that_is_recreated_within_a_pass_is_left_to_the_next_one() -> None:
    two = b"* 2 EXISTS\r\n* OK [UIDNEXT 3] next\r\n* OK [UIDVALIDITY %d] valid\r\n"
    sizes = b'* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE "21-Nov-2026 12:00:00 +0100")\r\n'
    before: dict[str, Answer] = {
        "SELECT": two % 7,
        "UID SEARCH": b"* SEARCH 1 2\r\n",
        "UID FETCH 1,2 (RFC822.SIZE": sizes + sizes.replace(b"* 1 FETCH (UID 1", b"* 2 FETCH (UID 2"),
        "UID MOVE": ending(b""),
    }
    with (
        scripted_imap(before, {"SELECT": two % 8}) as server,
        mailbox_of(server, Limits(batch_messages=1)) as mailbox,
    ):
        batches = mailbox.fetch_after(CURSOR)
        cursor, _ = next(batches)
        with pytest.raises(Transient, match="could not file messages away"):
            mailbox.file_away(cursor, [1])
        with pytest.raises(Transient, match="the folder was recreated meanwhile"):
            next(batches)


@pytest.mark.parametrize(
    "select",
    [
        b"",
        b"* 1 EXISTS\r\n* OK [UIDNEXT 2] next\r\n",
        b"* 1 EXISTS\r\n* OK [UIDNEXT x] next\r\n* OK [UIDVALIDITY 7] valid\r\n",
    ],
)
def test_an_answer_that_cannot_be_understood_is_transient(select: bytes) -> None:
    with (
        scripted_imap({"SELECT": select, "STATUS": b""}) as server,
        mailbox_of(server) as mailbox,
        pytest.raises(Transient, match="could not open the folder: the answer cannot be understood"),
    ):
        list(mailbox.fetch_after(CURSOR))


def test_a_server_that_does_not_tell_the_next_uid_when_it_opens_a_folder_is_asked_for_it() -> None:
    select = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n"
    assert [message.raw for message in messages_of({"SELECT": select})] == [b"hello"]


def test_mail_that_a_server_forgets_to_tell_of_is_found_when_the_folder_is_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([EMPTY, USUAL["SELECT"]])

    def select(peer: Peer, tag: bytes) -> None:
        answer = next(answers)
        assert isinstance(answer, bytes)
        peer.say(answer + tag + b" OK done\r\n")

    monkeypatch.setattr(ingest.imap, "STALE_SECONDS", 0)
    with scripted_imap({"SELECT": select}) as server, mailbox_of(server) as mailbox:
        assert list(mailbox.fetch_after(CURSOR)) == []
        assert len(list(mailbox.fetch_after(CURSOR))) == 1


@pytest.mark.parametrize(
    ("listed", "path"),
    [
        (b'* LIST (\\Noselect) "." ""\r\n', "Desk.Done"),
        (b'* LIST (\\Noselect) NIL ""\r\n', "Desk/Done"),
        (b"", "Desk/Done"),
    ],
)
def test_without_namespaces_the_separator_is_the_one_that_list_tells(listed: bytes, path: str) -> None:
    script: dict[str, Answer] = {'LIST "" ""': listed, "LIST": b"", "CREATE": b"", "SUBSCRIBE": b""}
    with scripted_imap(script) as server, mailbox_of(server, processed_folder="Desk/Done") as mailbox:
        mailbox.file_away(CURSOR, [1])
        assert f'CREATE "{path}"' in server.heard
        assert server.heard.count(f'UID MOVE 1 "{path}"') == 1


def test_a_server_without_personal_namespaces_has_no_prefix() -> None:
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 MOVE NAMESPACE\r\n",
        "NAMESPACE": b"* NAMESPACE NIL NIL NIL\r\n",
    }
    with scripted_imap(script) as server, mailbox_of(server) as mailbox:
        mailbox.file_away(CURSOR, [1])
        assert 'UID MOVE 1 "Processed"' in server.heard


def test_a_processed_folder_that_cannot_be_made_is_for_a_person_to_make() -> None:
    script: dict[str, Answer] = {"LIST": b"", "CREATE": refusing(b"NO not here")}
    with (
        scripted_imap(script) as server,
        mailbox_of(server) as mailbox,
        pytest.raises(Configuration, match=r"processed folder.*Create it by hand"),
    ):
        mailbox.file_away(CURSOR, [1])


def test_a_full_server_passes_by_itself() -> None:
    with (
        scripted_imap({"UID MOVE": refusing(b"NO [OVERQUOTA] full")}) as server,
        mailbox_of(server) as mailbox,
        pytest.raises(Transient, match="OVERQUOTA"),
    ):
        mailbox.file_away(CURSOR, [1])


def test_a_folder_that_keeps_no_keywords_is_flagged_seen_alone() -> None:
    select = (
        b"* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\Deleted)] limited\r\n"
        b"* OK [UIDNEXT 2] next\r\n* OK [UIDVALIDITY 7] valid\r\n"
    )
    with (
        scripted_imap({"SELECT": select, "UID STORE": b""}) as server,
        mailbox_of(server, after="flag") as mailbox,
    ):
        mailbox.file_away(CURSOR, [1])
        assert r"UID STORE 1 +FLAGS.SILENT (\Seen)" in server.heard


def test_a_folder_that_becomes_read_only_is_for_a_person_to_mend() -> None:
    select = b"* 1 EXISTS\r\n* OK [UIDNEXT 2] next\r\n* OK [UIDVALIDITY 7] valid\r\n"

    def read_only(peer: Peer, tag: bytes) -> None:
        peer.say(select + tag + b" OK [READ-ONLY] done\r\n")

    with (
        scripted_imap({"SELECT": read_only}) as server,
        mailbox_of(server) as mailbox,
        pytest.raises(Configuration, match="read-only"),
    ):
        mailbox.check()


def test_a_processed_folder_that_another_receiver_has_just_made_serves_both() -> None:
    made: list[bytes] = []

    def create(peer: Peer, tag: bytes) -> None:
        made.append(tag)
        peer.say(tag + b" NO [ALREADYEXISTS] there is one\r\n")

    def listing(peer: Peer, tag: bytes) -> None:
        peer.say((b'* LIST () "/" Processed\r\n' if made else b"") + tag + b" OK done\r\n")

    script: dict[str, Answer] = {'LIST "" "PROCESSED"': listing, "CREATE": create, "SUBSCRIBE": b""}
    with scripted_imap(script) as server, mailbox_of(server) as mailbox:
        cursor, _ = next(iter(mailbox.fetch_after(CURSOR)))
        assert mailbox.file_away(cursor, [1]) == [1]
    assert made


def test_a_processed_folder_that_cannot_be_made_is_told() -> None:
    script: dict[str, Answer] = {'LIST "" "PROCESSED"': b"", "CREATE": refusing(b"NO [NOPERM] not you")}
    with scripted_imap(script) as server, mailbox_of(server) as mailbox:
        cursor, _ = next(iter(mailbox.fetch_after(CURSOR)))
        with pytest.raises(Configuration, match="not you"):
            mailbox.file_away(cursor, [1])
