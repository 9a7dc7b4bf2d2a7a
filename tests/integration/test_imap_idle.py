"""Waiting for mail by IDLE: on a server that does it well, and on those that do it badly."""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from support.dovecot import Dovecot
from support.scripted_imap import USUAL, Answer, HangUp, Peer, ScriptedImap, ending, idling, refusing, scripted_imap

import ingest.imap_idle
from ingest.bell import Bell
from ingest.errors import Transient
from ingest.imap import ImapAccount, ImapMailbox
from ingest.mailbox import Cursor

CURSOR = Cursor(folder="INBOX", uidvalidity=7, uid=0)
CAN_IDLE = b"* CAPABILITY IMAP4rev1 MOVE UIDPLUS IDLE\r\n"
EMPTY = b"* 0 EXISTS\r\n* OK [UIDNEXT 1] next\r\n* OK [UIDVALIDITY 7] valid\r\n"
LONG = 30  # seconds; no test waits for them
SHORT = 0.1


def account(port: int, **settings: Any) -> ImapAccount:
    usual: dict[str, Any] = {
        "name": "accounts",
        "host": "127.0.0.1",
        "port": port,
        "security": "plain",
        "username": "anna",
        "password": "s3cret",
        "timeout_seconds": 5,
        "start": "everything",
    }
    return ImapAccount(**usual | settings)


@contextmanager
def waiting(idle: Answer, **settings: Any) -> Iterator[tuple[ScriptedImap, ImapMailbox]]:
    """A mailbox after a pass that found nothing, on a server that answers IDLE so."""
    script: Mapping[str, Answer] = {"CAPABILITY": CAN_IDLE, "SELECT": EMPTY, "IDLE": idle}
    with scripted_imap(script) as server, ImapMailbox(account(server.port, **settings)) as mailbox:
        assert passed(mailbox) == []
        yield server, mailbox


def passed(mailbox: ImapMailbox) -> list[bytes]:
    return [message.raw for _, batch in mailbox.fetch_after(CURSOR) for message in batch]


def since(server: ScriptedImap, command: str) -> list[str]:
    """What the server heard from this command's last time on."""
    last = len(server.heard) - server.heard[::-1].index(command) - 1
    return server.heard[last:]


# What wakes it


@pytest.mark.parametrize(
    "idle",
    [
        idling(b"* 1 EXISTS\r\n"),
        idling(b"* OK Still here\r\n* 4 EXPUNGE\r\n", b"* 1 RECENT\r\n* 1 EXISTS\r\n* 1 FETCH (FLAGS ())\r\n"),
        idling(*(bytes([octet]) for octet in b"* 1 EXISTS\r\n")),
    ],
    ids=["at once", "among other news", "an octet at a time"],
)
def test_it_comes_back_when_the_server_tells_of_mail(idle: Answer) -> None:
    with waiting(idle) as (_, mailbox):
        assert mailbox.wait(Bell(), LONG) == ""


def test_news_that_come_with_the_go_ahead_or_before_it_are_heard() -> None:
    def before(peer: Peer, tag: bytes) -> None:
        peer.say(b"* OK wait\r\n* 1 EXISTS\r\n+ idling\r\n")
        assert peer.hear() == b"DONE"
        peer.say(tag + b" OK done\r\n")

    def together(peer: Peer, tag: bytes) -> None:
        peer.say(b"+ idling\r\n* OK wait\r\n* 1 EXISTS\r\n")
        assert peer.hear() == b"DONE"
        peer.say(tag + b" OK done\r\n")

    for idle in (before, together):
        with waiting(idle) as (_, mailbox):
            assert mailbox.wait(Bell(), LONG) == ""


def test_news_that_tls_has_read_already_are_heard(tmp_path: Path) -> None:
    def together(peer: Peer, tag: bytes) -> None:
        # One record of TLS, and more than a reader's buffer takes: the socket is empty, and the news are not.
        peer.say(b"+ idling\r\n" + b"* OK Still here\r\n" * 700 + b"* 1 EXISTS\r\n")
        assert peer.hear() == b"DONE"
        peer.say(tag + b" OK done\r\n")

    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    script: Mapping[str, Answer] = {"CAPABILITY": CAN_IDLE, "SELECT": EMPTY, "IDLE": together}
    with (
        scripted_imap(script, tls=tls) as server,
        ImapMailbox(account(server.port, security="tls", ca_file=str(tmp_path / "ca.pem"))) as mailbox,
    ):
        assert passed(mailbox) == []
        assert mailbox.wait(Bell(), LONG) == ""


def test_what_is_no_news_of_mail_does_not_end_the_waiting() -> None:
    with waiting(idling(b"* OK Still here\r\n", b"* 3 EXPUNGE\r\n", b"* 1 FETCH (FLAGS (\\Seen))\r\n")) as (_, mailbox):
        began = time.monotonic()
        assert mailbox.wait(Bell(), 0.3) == ""
        assert time.monotonic() - began >= 0.3


def test_a_bell_ends_the_waiting() -> None:
    bell = Bell()
    with waiting(idling()) as (server, mailbox):
        threading.Timer(SHORT, bell.set).start()
        assert mailbox.wait(bell, LONG) == ""
        assert mailbox.wait(bell, LONG) == ""  # it was not cleared
        assert server.heard.count("IDLE") == 2


def test_idle_is_ended_and_asked_for_anew_before_a_server_would_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.imap_idle, "REISSUE_SECONDS", SHORT)
    with waiting(idling()) as (server, mailbox):
        for _ in range(2):
            assert mailbox.wait(Bell(), LONG) == ""
        assert server.heard[-2:] == ["IDLE", "IDLE"]


# The pass after it


def test_after_a_wait_without_news_a_pass_costs_one_noop() -> None:
    with waiting(idling(b"* OK Still here\r\n")) as (server, mailbox):
        mailbox.wait(Bell(), SHORT)
        assert passed(mailbox) == []
        assert since(server, "IDLE") == ["IDLE", "NOOP"]


def mail_comes() -> Answer:
    """What SELECT finds: nothing, and then a message."""
    answers = iter([EMPTY, USUAL["SELECT"]])

    def select(peer: Peer, tag: bytes) -> None:
        answer = next(answers)
        assert isinstance(answer, bytes)
        peer.say(answer + tag + b" OK done\r\n")

    return select


def test_mail_that_the_server_did_not_tell_of_is_found_by_the_pass() -> None:
    script: Mapping[str, Answer] = {
        "CAPABILITY": CAN_IDLE,
        "SELECT": mail_comes(),
        "IDLE": idling(),
        "NOOP": b"* 1 EXISTS\r\n",
    }
    with scripted_imap(script) as server, ImapMailbox(account(server.port)) as mailbox:
        assert passed(mailbox) == []
        mailbox.wait(Bell(), SHORT)
        assert passed(mailbox) == [b"hello"]


def test_after_news_a_pass_does_not_ask_again_whether_there_are_any() -> None:
    script: Mapping[str, Answer] = {"CAPABILITY": CAN_IDLE, "SELECT": mail_comes(), "IDLE": idling(b"* 1 EXISTS\r\n")}
    with scripted_imap(script) as server, ImapMailbox(account(server.port)) as mailbox:
        assert passed(mailbox) == []
        mailbox.wait(Bell(), LONG)
        assert passed(mailbox) == [b"hello"]
        assert since(server, "IDLE")[:3] == ["IDLE", 'SELECT "INBOX"', "UID SEARCH UID 1:1"]


# Servers that do it badly


def says(words: bytes, then: Callable[[Peer], None]) -> Answer:
    """Lets the client wait, says this, and goes on so."""

    def answer(peer: Peer, _tag: bytes) -> None:
        peer.say(b"+ idling\r\n" + words)
        then(peer)

    return answer


def hang_up(_peer: Peer) -> None:
    raise HangUp


def silent(peer: Peer) -> None:
    while True:  # until the client hangs up
        peer.hear()


def deaf(peer: Peer) -> None:
    assert peer.hear() == b"DONE"
    silent(peer)


def dripping(peer: Peer) -> None:
    assert peer.hear() == b"DONE"
    peer.trickle()


@pytest.mark.parametrize(
    ("idle", "words"),
    [
        (says(b"", hang_up), "the connection ended"),
        (says(b"* BYE idle for too long\r\n", hang_up), r"the connection ended \(idle for too long\)"),
        (says(b"* BYE idle for too long\r\n", silent), r"the connection ended \(idle for too long\)"),
        (says(b"* 1 EXI", hang_up), "the connection ended"),
        (says(b"* 1 EXI", silent), r"no answer within 0\.3 seconds"),
        (says(b"", deaf), r"no answer within 0\.3 seconds"),
        (says(b"", dripping), r"the server took longer than 0\.5 seconds altogether"),
        (says(b"it is not IMAP that I speak\r\n", silent), "it is not IMAP"),
        (ending(b""), "the connection ended"),
        (ending(b"* BYE no\r\n"), r"the connection ended \(no\)"),
        (lambda peer, _tag: silent(peer), r"no answer within 0\.3 seconds"),
    ],
    ids=[
        "end", "BYE", "BYE and silence", "end in a line", "half a line", "deaf to DONE", "endless after DONE",
        "no IMAP", "end instead of an answer", "BYE instead of an answer", "no answer",
    ],
)  # fmt: skip
def test_a_connection_that_fails_in_idle_is_told_and_made_anew_by_the_next_pass(idle: Answer, words: str) -> None:
    broken: Mapping[str, Answer] = {"CAPABILITY": CAN_IDLE, "SELECT": EMPTY, "IDLE": idle}
    with (
        scripted_imap(broken, {}) as server,
        ImapMailbox(account(server.port, timeout_seconds=0.3, deadline_seconds=0.5)) as mailbox,
    ):
        assert passed(mailbox) == []
        lack = mailbox.wait(Bell(), SHORT)
        assert lack.startswith("Mailbox accounts (anna at 127.0.0.1")
        assert "could not wait for mail: " in lack
        assert re.search(words, lack)
        assert passed(mailbox) == [b"hello"]
        assert server.connections == 2


def test_a_go_ahead_that_nobody_asked_for_is_an_answer_that_cannot_be_understood() -> None:
    def twice(peer: Peer, tag: bytes) -> None:
        peer.say(b"+ idling\r\n")
        assert peer.hear() == b"DONE"
        peer.say(tag + b" OK done\r\n+ idling\r\n")

    script: Mapping[str, Answer] = {"CAPABILITY": CAN_IDLE, "SELECT": EMPTY, "IDLE": twice}
    with scripted_imap(script, {}) as server, ImapMailbox(account(server.port)) as mailbox:
        assert passed(mailbox) == []
        assert mailbox.wait(Bell(), SHORT) == ""
        with pytest.raises(Transient, match="the answer cannot be understood"):
            passed(mailbox)
        assert passed(mailbox) == [b"hello"]


def ends_it(peer: Peer, tag: bytes) -> None:
    peer.say(b"+ idling\r\n" + tag + b" OK that was long enough\r\n")


@pytest.mark.parametrize(
    ("idle", "words"),
    [
        (refusing(b"NO not now"), "NO not now"),
        (refusing(b"BAD what?"), "BAD what?"),
        (ends_it, "OK that was long enough"),
    ],
    ids=["NO", "BAD", "ended unasked"],
)
def test_a_server_that_will_not_idle_is_told_and_the_connection_kept(idle: Answer, words: str) -> None:
    with waiting(idle) as (server, mailbox):
        lack = mailbox.wait(Bell(), LONG)
        assert "could not wait for mail: the server said" in lack
        assert words in lack
        assert passed(mailbox) == []
        assert since(server, "IDLE") == ["IDLE", "NOOP"]
        assert server.connections == 1


def test_a_server_that_fails_three_times_in_a_row_is_polled_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    with waiting(refusing(b"NO not now")) as (server, mailbox):
        lacks = [mailbox.wait(Bell(), SHORT) for _ in range(5)]
        assert ["polled without IDLE for 60 minutes" in lack for lack in lacks] == [False, False, True, False, False]
        assert lacks[3:] == ["", ""]
        assert server.heard.count("IDLE") == 3

        hour_later = time.monotonic() + 3601
        monkeypatch.setattr(ingest.imap_idle.time, "monotonic", lambda: hour_later)
        assert "polled without IDLE" in mailbox.wait(Bell(), SHORT)  # one more failure is enough
        assert mailbox.wait(Bell(), SHORT) == ""
        assert server.heard.count("IDLE") == 4


def test_failures_that_do_not_follow_each_other_are_forgiven() -> None:
    answers = [refusing(b"NO not now"), refusing(b"NO not now"), idling()]
    with waiting(lambda peer, tag: by_turns(answers)(peer, tag)) as (server, mailbox):
        for _ in range(9):
            mailbox.wait(Bell(), SHORT)
        assert server.heard.count("IDLE") == 9


def by_turns(answers: list[Answer]) -> Callable[[Peer, bytes], None]:
    """The first of them, which comes last the next time."""
    answer = answers.pop(0)
    answers.append(answer)
    assert callable(answer)
    return answer


def test_a_server_that_tells_of_mail_again_and_again_where_none_is_does_not_keep_us_busy() -> None:
    with waiting(idling(b"* 1 EXISTS\r\n")) as (server, mailbox):
        for _ in range(10):
            last = mailbox.wait(Bell(), SHORT / 10)
            assert passed(mailbox) == []
        assert last == ""
        assert server.heard.count("IDLE") == 4  # the first might have been true


def test_a_server_that_tells_of_mail_again_and_again_because_it_comes_is_believed() -> None:
    came = iter(range(1, 100))

    def select(peer: Peer, tag: bytes) -> None:
        peer.say(b"* 1 EXISTS\r\n* OK [UIDNEXT %d] next\r\n* OK [UIDVALIDITY 7] valid\r\n" % next(came))
        peer.say(tag + b" OK done\r\n")

    script: Mapping[str, Answer] = {
        "CAPABILITY": CAN_IDLE,
        "SELECT": select,
        "UID SEARCH": b"* SEARCH\r\n",
        "IDLE": idling(b"* 1 EXISTS\r\n"),
    }
    with scripted_imap(script) as server, ImapMailbox(account(server.port)) as mailbox:
        for _ in range(10):
            passed(mailbox)
            assert mailbox.wait(Bell(), LONG) == ""
        assert server.heard.count("IDLE") == 10


def test_where_idle_is_not_offered_or_not_wanted_the_mailbox_rests() -> None:
    for capability, wanted in ((b"* CAPABILITY IMAP4rev1\r\n", True), (CAN_IDLE, False)):
        script: Mapping[str, Answer] = {"CAPABILITY": capability, "SELECT": EMPTY}
        with scripted_imap(script) as server, ImapMailbox(account(server.port, idle=wanted)) as mailbox:
            passed(mailbox)
            began = time.monotonic()
            assert mailbox.wait(Bell(), SHORT) == ""
            assert time.monotonic() - began >= SHORT
            assert "IDLE" not in server.heard


# A real server


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_a_real_server_tells_of_mail_over_every_kind_of_connection(dovecot: Dovecot, user: str, security: str) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    settings = {"security": security, "username": user, "password": dovecot.password, "ca_file": str(dovecot.ca_file)}
    with ImapMailbox(account(port, **settings)) as mailbox:
        cursor = mailbox.start_cursor(datetime(2026, 11, 21, tzinfo=UTC))
        assert list(mailbox.fetch_after(cursor)) == []
        threading.Timer(SHORT, dovecot.deliver, (user, [b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n"])).start()
        assert mailbox.wait(Bell(), LONG) == ""
        (cursor, batch), *_ = mailbox.fetch_after(cursor)
        assert b"Subject: one" in batch[0].raw
