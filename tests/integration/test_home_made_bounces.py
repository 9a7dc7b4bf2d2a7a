"""A mail of ours that comes back in the words of a mail system counts as one that comes back in fields."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from support.delivering import Delivering, Opening
from typer.testing import CliRunner

from processor.cli import app
from processor.store.models import Inbound

CLIENT = "client1@c1.example"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is decided knows no database


@pytest.fixture
def at(delivering: Opening) -> Delivering:
    """A desk whose first acknowledgement the server has taken."""
    opened = delivering({"EHLO": "250 scripted.example"})
    opened.deliver()
    return opened


def header_of(mail: bytes) -> str:
    return mail.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n", "\n")


def qmail(ours: bytes, said: str) -> str:
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: accounts@desk.example\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at mx.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{CLIENT}>:\n{said}\n\n--- Below this line is a copy of the message.\n\n{header_of(ours)}\n"
    )


def exim(ours: bytes, said: str) -> str:
    return (
        "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: accounts@desk.example\n"
        f"Subject: Mail delivery failed: returning message to sender\nX-Failed-Recipients: {CLIENT}\n\n"
        "A message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n\n"
        f"  {CLIENT}\n    {said}\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        f"{header_of(ours)}\n"
    )


def exchange(ours: bytes, said: str) -> str:
    return (
        "From: System Administrator <postmaster@exchange.example>\nTo: accounts@desk.example\n"
        'Subject: Undeliverable: your request\nContent-Type: multipart/mixed; boundary="b"\n\n'
        "--b\n\nYour message\n\n  To:      us\n  Subject: your request\n\ndid not reach the following recipient(s):\n\n"
        f"{CLIENT} on Thu, 29 Apr 2026 16:51:29 -0500\n    {said}\n\n--b\nContent-Type: message/rfc822\n\n"
        f"{header_of(ours)}\n\nwords\n--b--\n"
    )


Form = Callable[[bytes, str], str]


@pytest.mark.parametrize(
    ("form", "said", "status", "suppressed"),
    [
        (qmail, f"550 5.1.1 <{CLIENT}>: no such user", "5.1.1", True),
        (exim, "Unknown user", "5.1.1", True),
        (exchange, "The recipient name is not recognized: no such user", "5.1.1", True),
        (qmail, "552 mailbox full", "5.2.2", False),
        (exim, "550 5.7.1 you are blocked", "5.7.1", False),
    ],
)
def test_a_hard_failure_is_shown_on_the_case_and_suppresses_where_nobody_is_there(
    at: Delivering, form: Form, said: str, status: str, suppressed: bool
) -> None:
    at.take_in(form(at.server.contents[0], said).encode())

    assert [row.state for row in at.desk.rows(Inbound)] == ["case", "appended"]
    assert at.row().state == "bounced"
    assert set(at.suppressed) == ({CLIENT} if suppressed else set())
    bounced = next(event for event in at.story()["events"] if event["kind"] == "acknowledgement bounced")
    (recipient,) = bounced["data"]["recipients"]
    assert (recipient["address"], recipient["ours"], recipient["status"]) == (CLIENT, True, status)
    assert said in recipient["words"]


def test_a_soft_one_waits(at: Delivering) -> None:
    delay = exim(at.server.contents[0], "450 4.2.1 not now").replace("This is a permanent error", "It will be retried")

    at.take_in(delay.replace("Mail delivery failed: returning message to sender", "Warning: message delayed").encode())

    assert [row.state for row in at.desk.rows(Inbound)] == ["case", "appended"]
    assert (at.row().state, at.suppressed) == ("sent", {})
    assert "acknowledgement delayed" in at.kinds()


def test_one_without_our_token_does_nothing(at: Delivering) -> None:
    forged = qmail(b"Message-ID: <guessed@desk.example>\r\nSubject: x\r\n\r\n", "550 5.1.1 no such user")

    at.take_in(forged.encode())

    assert [row.state for row in at.desk.rows(Inbound)] == ["case", "case"]
    assert (at.row().state, at.suppressed) == ("sent", {})
    assert at.story(1)["automatic"] == "bounce"


@pytest.mark.parametrize(
    ("sender", "subject", "field", "reason"),
    [
        ("staff@hotmail.com", "complaint about message from 192.0.2.1", "X-Provider: x", "complained: abuse"),
        ("someone@icloud.example", "unsubscribe", "X-Apple-Unsubscribe: true", "complained: opt-out"),
    ],
)
def test_a_complaint_in_a_form_of_its_own_suppresses_under_our_token(
    at: Delivering, sender: str, subject: str, field: str, reason: str
) -> None:
    complaint = (
        f"From: {sender}\nTo: accounts@desk.example\nSubject: {subject}\n{field}\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: message/rfc822\n\n'
        f"{header_of(at.server.contents[0])}\n\nwords\n--b--\n"
    )

    at.take_in(complaint.encode())

    assert [row.state for row in at.desk.rows(Inbound)] == ["case", "appended"]
    assert at.suppressed == {CLIENT: reason}


def test_its_fields_are_shown_by_parse(at: Delivering) -> None:
    file = at.desk.folder / "bounce.eml"
    file.write_text(qmail(at.server.contents[0], "(#5.2.2) mailbox full"))

    report = json.loads(CliRunner().invoke(app, ["parse", str(file)]).stdout)["report"]

    assert (report["kind"], report["shown_by"]) == ("delivery-status", "mailer-daemon: failure notice")
    assert report["original_message_id"] == at.row().message_id
    assert report["recipients"] == [
        {
            "recipient": CLIENT,
            "action": "failed",
            "status": "5.2.2",
            "diagnostic": "(#5.2.2) mailbox full",
            "inferred": False,
        }
    ]
