"""The demo's mail servers, as true clients see them."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import imapclient
import pytest
from imapclient.exceptions import LoginError

from processor.demo.imap_server import EmbeddedImap
from processor.demo.mails import sample_mails
from processor.demo.smtp_sink import Received, SmtpSink

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RAW = b"From: a@client.example\r\nSubject: invoice\r\n\r\nhello \xff\r\n"


@contextmanager
def logged_in(server: EmbeddedImap) -> Iterator[imapclient.IMAPClient]:
    client = imapclient.IMAPClient(server.host, server.port, ssl=False, timeout=10)
    client._imap.debug = 0
    client.normalise_times = False
    try:
        client.login(server.user, server.password)
        yield client
    finally:
        client.shutdown()


@pytest.fixture
def imap() -> Iterator[EmbeddedImap]:
    with EmbeddedImap() as server:
        yield server


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


def test_a_delivered_mail_is_fetched_octet_for_octet_with_its_time(imap: EmbeddedImap) -> None:
    imap.deliver(RAW, NOON.astimezone(timezone(timedelta(hours=5))))
    with logged_in(imap) as client:
        client.select_folder("INBOX")
        [uid] = client.search("ALL")
        found = client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE", "RFC822.SIZE"])[uid]
    assert found[b"BODY[]"] == RAW
    assert found[b"RFC822.SIZE"] == len(RAW)
    assert found[b"INTERNALDATE"] == NOON


def test_every_sample_mail_comes_through_the_server_unchanged(imap: EmbeddedImap) -> None:
    mails = sample_mails("accounts@daydesk.example", NOON)
    for mail in mails:
        imap.deliver(mail.raw, mail.received_at)
    with logged_in(imap) as client:
        client.select_folder("INBOX")
        found = client.fetch(client.search("ALL"), ["BODY.PEEK[]", "INTERNALDATE"])
    came = [(found[uid][b"BODY[]"], found[uid][b"INTERNALDATE"]) for uid in sorted(found)]
    assert came == [(mail.raw, mail.received_at) for mail in mails]


def test_status_tells_how_many_there_are_and_the_next_uid(imap: EmbeddedImap) -> None:
    imap.deliver(RAW, NOON)
    with logged_in(imap) as client:
        status = client.folder_status("INBOX", ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
        client.select_folder("INBOX")
        assert client.search(["UID", "1:*"]) == [status[b"UIDNEXT"] - 1]
    assert status[b"MESSAGES"] == 1
    assert status[b"UIDVALIDITY"] > 0


def test_messages_move_to_a_folder_that_the_client_made(imap: EmbeddedImap) -> None:
    for _ in range(3):
        imap.deliver(RAW, NOON)
    with logged_in(imap) as client:
        assert client.has_capability("MOVE")
        assert client.has_capability("UIDPLUS")
        client.select_folder("INBOX")
        assert not client.folder_exists("Processed")
        client.create_folder("Processed")
        client.move(client.search("ALL")[:2], "Processed")
    assert (imap.messages(), imap.messages("Processed")) == (1, 2)


def test_a_folder_that_nobody_made_holds_nothing(imap: EmbeddedImap) -> None:
    assert imap.messages("Processed") == 0


def test_an_idling_client_hears_of_a_new_mail(imap: EmbeddedImap) -> None:
    with logged_in(imap) as client:
        client.select_folder("INBOX")
        client.idle()
        imap.deliver(RAW, NOON)
        assert (1, b"EXISTS") in client.idle_check(timeout=10)


def test_a_wrong_password_does_not_log_in(imap: EmbeddedImap) -> None:
    client = imapclient.IMAPClient(imap.host, imap.port, ssl=False, timeout=10)
    try:
        with pytest.raises(LoginError):
            client.login(imap.user, imap.password + "x")
    finally:
        client.shutdown()


def test_two_servers_share_neither_port_nor_password_nor_mail(imap: EmbeddedImap) -> None:
    imap.deliver(RAW, NOON)
    with EmbeddedImap() as other:
        assert other.port != imap.port
        assert other.password != imap.password
        assert other.messages() == 0


def test_a_mail_without_a_time_zone_is_refused(imap: EmbeddedImap) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        imap.deliver(RAW, NOON.replace(tzinfo=None))


def test_the_servers_stop_without_a_trace_while_clients_are_connected(capfd: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    with EmbeddedImap() as imap, SmtpSink() as sink:
        reading, idling = (imapclient.IMAPClient(imap.host, imap.port, ssl=False, timeout=10) for _ in range(2))
        idling.login(imap.user, imap.password)
        idling.select_folder("INBOX")
        idling.idle()
        sending = smtplib.SMTP(sink.host, sink.port, timeout=10)
    assert b"BYE" in idling.idle_check(timeout=10)[0]
    for client in (reading, idling):
        client.shutdown()
    sending.close()
    assert threading.active_count() == before
    for server in (imap, sink):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((server.host, server.port), timeout=10)
    assert capfd.readouterr() == ("", "")


def test_the_sink_keeps_each_mail_with_its_envelope(sink: SmtpSink) -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=10) as client:
        client.sendmail("", ["a@client.example", "b@client.example"], b"Subject: one\r\n\r\n.a line with a dot\r\n")
        client.sendmail("bounce@daydesk.example", ["c@client.example"], b"Subject: two\r\n\r\n\xff\r\n")
    assert sink.received == [
        Received(
            envelope_from="",
            recipients=("a@client.example", "b@client.example"),
            content=b"Subject: one\r\n\r\n.a line with a dot\r\n",
        ),
        Received(
            envelope_from="bounce@daydesk.example",
            recipients=("c@client.example",),
            content=b"Subject: two\r\n\r\n\xff\r\n",
        ),
    ]


def test_a_client_that_hangs_up_before_the_last_dot_leaves_no_mail(sink: SmtpSink) -> None:
    client = smtplib.SMTP(sink.host, sink.port, timeout=10)
    client.ehlo()
    client.mail("a@client.example")
    client.rcpt("accounts@daydesk.example")
    client.docmd("DATA")
    client.send(b"Subject: half\r\n\r\nand then")
    client.close()
    with smtplib.SMTP(sink.host, sink.port, timeout=10) as next_one:
        next_one.sendmail("", ["a@client.example"], b"Subject: whole\r\n\r\n")
    assert [mail.content for mail in sink.received] == [b"Subject: whole\r\n\r\n"]
