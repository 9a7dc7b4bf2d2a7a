"""A colleague sends on a client's mail: he is answered, the client is offered, and a person accepts him."""

from __future__ import annotations

import json

import pytest
from support.conversing import Conversing
from support.mails import DESK, a_mail

from processor.store.models import CaseMessage, Outbox, Participant

COLLEAGUE = "bob@desk.example"
CLIENT = "jane@client.example"
INSIDE = a_mail(7, sender=CLIENT, subject="My invoice").decode()
REFUTED = "Authentication-Results: mx.desk.example; dmarc=fail header.from=desk.example\r\n"


def sent_on(number: int = 1, *, sender: str = COLLEAGUE, fields: str = "", inside: str = INSIDE) -> bytes:
    """A mail with another one attached."""
    return (
        f"{fields}From: Bob <{sender}>\r\nTo: {DESK}\r\nSubject: Please see to this\r\n"
        f"Message-ID: <fwd-{number}@desk.example>\r\nDate: Sat, 21 Nov 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nAs discussed.\r\n'
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inside}\r\n--b--\r\n"
    ).encode()


def test_the_client_is_offered_and_the_colleague_is_answered(talk: Conversing) -> None:
    talk.take_in(sent_on())

    (case,) = talk.cases()
    assert (case.requester_address, case.offered_address, case.offered_name) == (COLLEAGUE, CLIENT, "Client 7")
    assert [row.recipient for row in talk.desk.rows(Outbox)] == [COLLEAGUE]
    assert [row.from_address for row in talk.desk.rows(CaseMessage)] == [COLLEAGUE]
    assert [row.address for row in talk.desk.rows(Participant)] == [COLLEAGUE]
    (event,) = talk.events("requester offered")
    assert event.data == {"address": CLIENT, "name": "Client 7", "how": "attached"}
    shown = talk.act("show", case.reference)
    assert f"for Client 7 <{CLIENT}>, offered: see `daydesk case requester {case.reference} {CLIENT}`" in shown
    explained = " ".join(talk.desk.command_here("explain", case.reference).stdout.split())
    assert f"Sent on for: Client 7 <{CLIENT}>, offered as requester." in explained


FORWARDS = {
    "en": "Please see to this.\n\n---------- Forwarded message ---------\nFrom: Jane Roe <jane@client.example>\n"
    "Date: Sat, 21 Nov 2026 at 09:00\nSubject: My invoice\nTo: Bob <bob@desk.example>\n\nWhere is it?\n",
    "de": "Bitte ansehen.\n\n-------- Weitergeleitete Nachricht --------\nBetreff: Rechnung\nDatum: Sat, 21 Nov 2026\n"
    "Von: Jane Roe <jane@client.example>\nAn: bob@desk.example\n\nWo bleibt sie?\n",
}


@pytest.mark.parametrize("language", FORWARDS)
def test_the_client_is_found_in_the_header_block_of_a_mail_sent_on_in_the_text(talk: Conversing, language: str) -> None:
    talk.take_in(a_mail(1, sender=COLLEAGUE, subject="Fwd: My invoice", words=FORWARDS[language]))
    (case,) = talk.cases()
    assert (case.requester_address, case.offered_address, case.offered_name) == (COLLEAGUE, CLIENT, "Jane Roe")
    assert [event.data["how"] for event in talk.events("requester offered")] == ["forwarded"]


def test_accepted_he_is_the_requester_and_a_participant_whose_mails_join(talk: Conversing) -> None:
    talk.take_in(sent_on())
    reference = talk.cases()[0].reference

    assert talk.act("requester", reference, CLIENT, "--by", "amina") == f"{reference} is a case of {CLIENT}."

    (case,) = talk.cases()
    assert (case.requester_address, case.requester_name, case.offered_address) == (CLIENT, "Client 7", None)
    assert {row.address for row in talk.desk.rows(Participant)} == {COLLEAGUE, CLIENT}
    (event,) = talk.events("requester accepted")
    assert (event.actor, event.data) == ("amina", {"address": CLIENT, "name": "Client 7", "was": COLLEAGUE})
    assert f"the requester is {CLIENT}; it was {COLLEAGUE} (by amina)" in talk.act("show", reference)
    talk.take_in(
        a_mail(8, sender=CLIENT, subject=f"[{reference}]"), a_mail(9, sender=COLLEAGUE, subject=f"[{reference}]")
    )
    assert talk.states() == ["case", "appended", "appended"]
    assert f"is a case of {CLIENT} already" in talk.refused("requester", reference, CLIENT)


def test_before_he_is_accepted_the_client_is_a_stranger_to_the_case(talk: Conversing) -> None:
    talk.take_in(sent_on())
    talk.take_in(a_mail(8, sender=CLIENT, subject=f"[{talk.cases()[0].reference}]"))
    assert talk.states() == ["case", "case"]


@pytest.mark.parametrize(
    "mail",
    [
        sent_on(sender="eve@evil.example"),
        sent_on(fields=REFUTED),
        sent_on(fields="Auto-Submitted: auto-generated\r\n"),
        sent_on(inside=a_mail(7, sender="amina@desk.example").decode()),
        sent_on(inside=a_mail(7, sender=DESK).decode()),
    ],
    ids=["a stranger", "a forged colleague", "a machine", "of another colleague", "of the desk"],
)
def test_else_nobody_is_offered(talk: Conversing, mail: bytes) -> None:
    talk.desk.change(acknowledgement={"authserv_id": "mx.desk.example"})
    talk.take_in(mail)
    assert [case.offered_address for case in talk.cases()] == [None]
    assert talk.events("requester offered") == []


def test_a_mail_sent_on_into_a_case_offers_its_writer_there(talk: Conversing) -> None:
    talk.take_in(a_mail(1, sender=COLLEAGUE))
    reference = talk.cases()[0].reference
    talk.take_in(sent_on(fields=f"In-Reply-To: {talk.read()['Message-ID']}\r\n"))

    assert (talk.states(), talk.story(reference)["offered_address"]) == (["case", "appended"], CLIENT)


def test_another_address_than_the_offered_one_will_do_but_no_nonsense_and_not_the_desk(talk: Conversing) -> None:
    talk.take_in(sent_on())
    reference = talk.cases()[0].reference
    assert f"{DESK} is an address of the desk itself" in talk.refused("requester", reference, DESK)
    assert "is not a mail address" in talk.refused("requester", reference, "Jane <jane@client.example>")
    done = json.loads(talk.desk.command_here("case", "requester", reference, "ann@other.example", "--json").stdout)
    assert done == {"case": reference, "requester": "ann@other.example"}
    (case,) = talk.cases()
    assert (case.requester_address, case.requester_name, case.offered_address) == ("ann@other.example", "", None)
