"""A mail of ours that came back shows on its case; a report without our token changes nothing."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from support.delivering import Delivering, Opening
from support.mails import DESK, a_bounce, a_mail
from support.scripted_smtp import Act, Meanwhile

from processor.store.models import Case, Inbound, Outbox, Suppression

CLIENT = "client1@c1.example"
REASON = "came back: smtp; 550 5.1.1 no such user"


@pytest.fixture
def at(delivering: Opening) -> Delivering:
    """A desk whose first acknowledgement the server has taken."""
    opened = delivering({"EHLO": "250 scripted.example"})
    opened.deliver()
    assert opened.row().state == "sent"
    return opened


def ours(at: Delivering) -> bytes:
    return at.server.contents[0]


def states(at: Delivering) -> list[str]:
    return [row.state for row in at.desk.rows(Inbound)]


def changed(at: Delivering, statement: sa.TextClause | sa.Update) -> None:
    with at.desk.store() as store, store.writing() as session:
        session.execute(statement, execution_options={"synchronize_session": False})


def test_a_mail_that_comes_back_is_shown_on_its_case_and_suppresses_its_recipient(at: Delivering) -> None:
    at.take_in(a_bounce(ours(at)))

    assert states(at) == ["case", "appended"]
    row = at.row()
    assert (row.state, row.settled_at, row.last_reply) == ("bounced", at.now(), "smtp; 550 5.1.1 no such user")
    (proof,) = at.desk.rows(Suppression)
    assert (proof.address, proof.reason, proof.actor) == (CLIENT, REASON, "daydesk")
    assert (proof.case_id, proof.outbox_id, proof.inbound_id) == (at.desk.rows(Case)[0].id, row.id, 2)
    assert at.kinds()[-6:] == [
        "acknowledgement sent", "received", "acknowledgement bounced", "details", "acknowledgement decided",
        "suppressed",
    ]  # fmt: skip


def test_everybody_who_looks_is_told(at: Delivering) -> None:
    at.take_in(a_bounce(ours(at)))

    shown = " ".join(at.desk.command_here("case", "show", at.desk.rows(Case)[0].reference).stdout.split())
    report = json.loads(at.desk.command_here("report", "queues", "--format", "json").stdout)
    health = at.desk.command_here("health").stdout
    ledger = at.desk.command_here("inbox").stdout

    assert f"WARNING {CLIENT} could not be reached: smtp; 550 5.1.1 no such user" in shown
    assert f"acknowledgement bounced, says a report: {CLIENT} failed 5.1.1: smtp; 550" in shown
    assert report["totals"]["undelivered"] == 1
    assert "failed 1 (1 came back)" in " ".join(health.split())
    assert "outbox: bounced 1" in ledger


def test_a_bounce_opens_nothing_again_and_answers_nothing(at: Delivering) -> None:
    changed(at, sa.update(Case).values(status="resolved", closed_at=at.now()))
    before = at.story()["details"]

    at.take_in(a_bounce(ours(at), reply="550 5.1.1 of invoice INV-2026-00001"))

    (case,) = at.desk.rows(Case)
    assert (case.status, case.first_response_at) == ("resolved", None)
    assert at.story()["details"] == before
    assert at.story()["messages"][-1]["automatic"] == "bounce"
    assert len(at.desk.rows(Outbox)) == 1


def test_a_client_who_writes_in_the_same_moment_is_not_answered_either(at: Delivering) -> None:
    at.take_in(a_bounce(ours(at)), a_mail(1, subject="Another invoice", message_id="<other@c1.example>"))

    assert states(at) == ["case", "appended", "case"]
    assert at.story(1)["events"][-1]["data"]["reasons"] == [["SUPPRESSED", REASON]]


def test_the_same_report_twice_counts_once_and_another_one_changes_nothing_more(at: Delivering) -> None:
    at.take_in(a_bounce(ours(at)), a_bounce(ours(at)), a_bounce(ours(at), 2, reply="550 5.1.1 once more"))

    assert states(at) == ["case", "appended", "duplicate", "appended"]
    assert at.row().last_reply == "smtp; 550 5.1.1 no such user"
    assert at.suppressed == {CLIENT: REASON}
    assert at.kinds().count("suppressed") == 1


@pytest.mark.parametrize(
    ("said", "kind", "state"),
    [
        ({"action": "delayed", "status": "4.4.1", "reply": "451 later"}, "acknowledgement delayed", "sent"),
        ({"action": "relayed", "status": "2.0.0", "reply": "250 ok"}, "acknowledgement handed on", "sent"),
        ({"status": "4.4.7", "reply": "451 expired"}, "acknowledgement bounced", "bounced"),
        ({"status": "5.7.1", "reply": "550 5.7.1 spam"}, "acknowledgement bounced", "bounced"),
    ],
)
def test_any_other_report_is_on_record_and_suppresses_nobody(
    at: Delivering, said: dict[str, str], kind: str, state: str
) -> None:
    at.take_in(a_bounce(ours(at), **said))

    assert states(at) == ["case", "appended"]
    assert kind in at.kinds()
    assert (at.row().state, at.suppressed) == (state, {})


def test_a_forged_bounce_makes_a_case_of_its_own_and_suppresses_nobody(at: Delivering) -> None:
    forged = ours(at).replace(
        at.row().message_id.encode(), b"<dd-0000-0000-0.ack.aaaaaaaaaaaaaaaaaaaaaaaaaa@desk.example>"
    )

    at.take_in(a_bounce(forged))

    assert states(at) == ["case", "case"]
    assert (at.row().state, at.suppressed) == ("sent", {})
    assert at.story(1)["automatic"] == "bounce"


def test_a_report_that_names_another_address_suppresses_whom_we_wrote_to(at: Delivering) -> None:
    at.take_in(a_bounce(ours(at), recipient="director@other.example"))

    assert at.suppressed == {CLIENT: REASON}


def test_a_complaint_suppresses_and_leaves_the_mail_sent(at: Delivering) -> None:
    at.take_in(a_complaint(ours(at)))

    assert states(at) == ["case", "appended"]
    assert (at.row().state, at.suppressed) == ("sent", {CLIENT: "complained: abuse"})
    assert "acknowledgement complained of" in at.kinds()
    assert at.story()["undelivered"] is None


def test_a_bounce_to_our_signed_address_alone_finds_its_mail(delivering: Opening) -> None:
    at = delivering(envelope="verp")
    at.deliver()
    signed = at.row().envelope_from

    at.take_in(a_bounce(b"Subject: nothing of ours\r\nTo: <x@y.example>\r\n\r\n", recipient=CLIENT, to=signed))

    assert f"MAIL FROM:<{signed}>" in at.server.conversations[0].commands
    assert states(at) == ["case", "appended"]
    assert (at.row().state, at.suppressed) == ("bounced", {CLIENT: REASON})


def test_a_mail_that_came_back_is_not_sent_again_though_its_answer_was_lost(delivering: Opening) -> None:
    at = delivering({"dot": Act.CUT}, {})
    at.deliver()
    assert at.row().state == "unknown"

    at.take_in(a_bounce(ours(at)))
    at.now.forward(hours=1)
    at.deliver()

    assert (at.row().state, at.row().tries, len(at.server.contents)) == ("bounced", 1, 1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite one process does everything
def test_a_report_that_is_quicker_than_the_servers_answer_is_believed(delivering: Opening) -> None:
    at = delivering({"dot": Meanwhile(lambda: at.take_in(a_bounce(ours(at))), "250 2.0.0 taken")})

    at.deliver()

    assert at.row().state == "bounced"
    overtaken = at.story()["events"][-1]
    assert (overtaken["kind"], overtaken["data"]["outcome"]) == ("acknowledgement overtaken", "sent")
    at.now.forward(hours=1)
    at.deliver()
    assert len(at.server.contents) == 1


def test_what_follows_from_a_report_is_written_with_it_or_not_at_all(at: Delivering, database_url: str) -> None:
    never = f"address = '{CLIENT}'"
    changed(
        at,
        sa.text(
            f"CREATE TRIGGER full BEFORE INSERT ON suppression WHEN new.{never} BEGIN SELECT RAISE(ABORT, 'no'); END"
            if database_url.startswith("sqlite")
            else f"ALTER TABLE suppression ADD CONSTRAINT full_ CHECK (NOT {never})"
        ),
    )

    at.take_in(a_bounce(ours(at)))

    assert (states(at), at.row().state, at.suppressed) == (["case", "quarantined"], "sent", {})
    assert at.kinds()[-1] == "acknowledgement sent"


def a_complaint(mail: bytes) -> bytes:
    """What a provider sends when its user presses "this is spam" (RFC 5965)."""
    return (
        b"From: fbl@provider.example\r\nTo: "
        + DESK.encode()
        + b"\r\nSubject: FW: x\r\nMessage-ID: <c@provider.example>\r\n"
        b'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        b"Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + mail
        + b"\r\n--b--\r\n"
    )
