"""What is missing is asked for: in the acknowledgement, and again by one command of a person."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from support.conversing import Conversing
from support.dovecot import Dovecot
from support.mails import a_bounce, a_mail, an_answer
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Case, Outbox, Suppression

CLIENT = "compta@menuiserie-caradec.example"
FIRST = """Bonjour,

Nous vous avons réglé par chèque le 3 novembre 2026, pour un montant de 1.250,00 EUR,
et le paiement n'apparaît toujours pas sur notre compte. Pourriez-vous le rechercher ?

Société : Menuiserie Caradec SARL
Référence client : C-48213
Banque : Crédit Agricole

Bien cordialement,
Anne Le Goff
"""
SECOND = """Bonjour,

Le voici : chèque n° 0481516.

Anne Le Goff
"""


def as_mail(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def questions(mail: EmailMessage) -> list[str]:
    """The lines of the list that the client is asked to answer."""
    body = mail.get_body(("plain",))
    assert body is not None
    return [line.removeprefix("  - ") for line in body.get_content().splitlines() if line.startswith("  - ")]


def test_a_french_client_is_asked_for_the_cheque_number_alone_and_his_answer_completes_the_case(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    with_the_shipped_policy(desk)
    dovecot.deliver(user, [a_mail(1, sender=CLIENT, subject="Paiement non retrouvé", words=FIRST)])
    desk.run_once()

    (acknowledged,) = sink.received
    asked = as_mail(acknowledged.content)
    assert [line for line in questions(asked) if " : " not in line] == questions(asked)
    assert len(questions(asked)) == 1
    assert questions(asked)[0].startswith("le numéro du chèque")
    (case,) = desk.rows(Case)
    assert (case.language, case.request_type, case.queue) == ("fr", "missing-payment", "payment-tracking")
    assert "missing cheque-number" in shown(desk, case.reference)

    dovecot.deliver(user, [an_answer(acknowledged.content, sender=CLIENT, words=SECOND)])
    desk.run_once()

    assert [row.reference for row in desk.rows(Case)] == [case.reference]
    assert "missing nothing: complete" in shown(desk, case.reference)
    assert "cheque-number 0481516" in shown(desk, case.reference)
    assert len(sink.received) == 1  # nothing else was asked, nothing else was sent
    refused = desk.command_here("case", "ask", case.reference)
    assert (refused.returncode, len(desk.rows(Outbox))) == (1, 1)


def shown(desk: WorkingDesk, reference: str) -> str:
    return " ".join(desk.command_here("case", "show", reference).stdout.split())


def with_the_shipped_policy(desk: WorkingDesk) -> None:
    """Its queues, request types, details and rules instead of the compact ones."""
    own = [line for line in desk.config.read_text().splitlines() if not line.startswith(("queues", "rules"))]
    desk.config.write_text("\n".join(['include = ["default"]', *own, ""]))


DETAILS = {
    "amount": {"ask": {"en": "the amount", "fr": "le montant"}, "patterns": ["([0-9]+ EUR)"]},
    "date": {"ask": {"en": "the date"}, "patterns": ["([0-9]{4}-[0-9]{2}-[0-9]{2})"]},
}
REQUEST = {"payment": {"label": {"en": "Payment"}, "queue": "receivable", "details": ["amount", "date"]}}
RULES = [
    {"name": "payment", "when": {"words": ["payment", "paiement"]}, "request_type": "payment"},
    {"name": "rest", "queue": "triage"},
]
ADA = "ada@client.example"


@pytest.fixture
def asking(talk: Conversing) -> Conversing:
    """A desk whose payments need an amount and a date."""
    talk.desk.change(details=DETAILS, request_types=REQUEST, rules=RULES)
    return talk


def opened(talk: Conversing, **more: Any) -> str:
    """The reference of a new case that lacks both details."""
    usual: dict[str, Any] = {"sender": ADA, "subject": "Payment", "words": "Where is my payment?\n"}
    talk.take_in(a_mail(1, **usual | more))
    reference: str = talk.cases()[0].reference
    return reference


def test_what_is_missing_is_asked_again_in_the_thread_by_a_mail_of_a_person(asking: Conversing) -> None:
    reference = opened(asking, subject="Paiement", words="Bonjour, où est mon paiement, s'il vous plaît ? Merci.\n")
    assert asking.act("ask", reference, "--by", "grace") == f"{reference}: the client is asked for amount, date."

    mail, row = asking.read(1), asking.desk.rows(Outbox)[1]
    assert (row.purpose, row.recipient, row.envelope_from) == ("asking", ADA, "accounts@desk.example")
    assert questions(mail) == ["le montant", "the date"]
    assert str(mail["Subject"]) == f"[{reference}] Il nous manque des précisions"
    assert mail["In-Reply-To"] == "<mail-1@c1.example>"
    assert str(mail["References"]).split() == [str(asking.read(0)["Message-ID"]), "<mail-1@c1.example>"]
    assert mail["Message-ID"] == row.message_id
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == (None, None)
    assert asking.cases()[0].status == "waiting_client"
    assert asking.cases()[0].first_response_at is None
    (event,) = asking.events("asked for details")
    assert (event.actor, event.data["details"], event.data["to"]) == ("grace", ["amount", "date"], ADA)
    assert f"{ADA} is asked for amount, date (by grace)" in asking.act("show", reference)


def test_an_answer_opens_the_case_again_ticks_off_and_the_rest_can_be_asked_under_another_message_id(
    asking: Conversing,
) -> None:
    reference = opened(asking)
    asking.act("ask", reference)
    asking.take_in(asking.answer(1, words="It was 120 EUR.\n"))
    assert [case.status for case in asking.cases()] == ["open"]
    assert asking.act("ask", reference, "--detail", "date", "--json") == (
        f'{{ "case": "{reference}", "asked": [ "date" ], "status": "waiting_client" }}'
    )
    assert [row.purpose for row in asking.desk.rows(Outbox)] == ["acknowledgement", "asking", "asking-2"]
    assert asking.read(2)["In-Reply-To"] == "<mail-9000@c9000.example>"
    asking.take_in(asking.answer(2, 9001, words="On 2026-11-03.\n"))
    assert asking.story(reference)["complete"] is True
    assert asking.refused("ask", reference) == f"daydesk: {reference} lacks no detail: there is nothing to ask for."


def test_what_an_answer_makes_mandatory_is_asked_for_next(asking: Conversing) -> None:
    under = {"detail": "date", "when_detail": "amount", "holds": ["900*"]}
    asking.desk.change(request_types={"payment": {**REQUEST["payment"], "details": ["amount", under]}})
    reference = opened(asking)
    asking.take_in(asking.answer(0, words="It was 900 EUR.\n"))
    assert asking.story(reference)["complete"] is False
    assert asking.act("ask", reference) == f"{reference}: the client is asked for date."
    asking.take_in(asking.answer(1, 9001, words="On 2026-11-03.\n"))
    assert asking.story(reference)["complete"] is True


def test_a_machine_s_answer_does_not_end_the_waiting(asking: Conversing) -> None:
    reference = opened(asking)
    asking.act("ask", reference)
    asking.take_in(asking.answer(1, fields="Auto-Submitted: auto-replied\r\n"))
    assert asking.story(reference)["status"] == "waiting_client"


def test_a_queue_that_does_not_write_to_clients_is_told_which_may(asking: Conversing) -> None:
    reference = opened(asking)
    asking.desk.change(queues={"receivable": {"label": "Accounts receivable", "writes_to_clients": False}})
    told = asking.refused("ask", reference)
    assert "receivable, which does not write to clients. These do: statements, triage." in told
    assert f"daydesk case move {reference} QUEUE" in told
    assert len(asking.desk.rows(Outbox)) == 1


def test_a_desk_on_trial_writes_to_nobody(asking: Conversing) -> None:
    reference = opened(asking)
    asking.desk.change(acknowledgement={"dry_run": True})
    assert "acknowledgement.dry_run is true" in asking.refused("ask", reference)
    assert len(asking.desk.rows(Outbox)) == 1


def test_a_detail_that_is_not_missing_is_not_asked_for(asking: Conversing) -> None:
    reference = opened(asking, words="Where is my payment of 120 EUR?\n")
    assert (
        asking.refused("ask", reference, "--detail", "amount")
        == f"daydesk: {reference} does not lack amount; it lacks date."
    )


def test_a_settled_case_is_opened_first(asking: Conversing) -> None:
    reference = opened(asking)
    asking.act("resolve", reference)
    assert f"daydesk case reopen {reference}" in asking.refused("ask", reference)


@pytest.mark.parametrize(
    ("sender", "fields", "why"),
    [
        ("robot@client.example", "Auto-Submitted: auto-generated\r\n", "came from a machine"),
        ("no-reply@client.example", "", "came from a machine"),
        ("accounts@desk.example", "", "an address of the desk itself"),
    ],
)
def test_machines_and_the_desk_itself_are_not_asked(asking: Conversing, sender: str, fields: str, why: str) -> None:
    reference = opened(asking, sender=sender, fields=fields)
    assert why in asking.refused("ask", reference)
    assert asking.desk.rows(Outbox) == []


def test_an_address_on_the_suppression_list_is_not_asked(asking: Conversing) -> None:
    reference = opened(asking)
    with asking.desk.store() as store, store.writing() as session:
        session.add(Suppression(address=ADA, reason="came back", since=asking.now(), actor="daydesk"))
    assert f"{ADA} is on the suppression list (came back)" in asking.refused("ask", reference)


def test_somebody_whom_nobody_confirmed_is_not_asked(asking: Conversing) -> None:
    asking.desk.change(acknowledgement={"authserv_id": "mx.desk.example"})
    forged = "Authentication-Results: mx.desk.example; dmarc=fail header.from=client.example\r\n"
    reference = opened(asking, fields=forged)
    assert f"Nobody has confirmed that {ADA} wrote {reference}" in asking.refused("ask", reference)


def test_a_mail_that_comes_back_is_told_on_the_case_and_nobody_is_asked_twice_in_vain(asking: Conversing) -> None:
    reference = opened(asking)
    asking.act("ask", reference)
    asking.take_in(a_bounce(asking.ours(1)))
    assert asking.desk.rows(Outbox)[1].state == "bounced"
    assert "suppression list" in asking.refused("ask", reference)
