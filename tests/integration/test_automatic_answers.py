"""An automatic answer to a mail of ours is filed on its case as automatic, and changes nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from support.delivering import Delivering, Opening
from support.mails import a_mail

from processor.store.models import Case, Inbound, Outbox

CLIENT = "client1@c1.example"
WORDS = "I am away. For invoice INV-2026-00001 write to PO 4500012345, my colleague.\n"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is decided knows no database


@pytest.fixture
def at(delivering: Opening) -> Delivering:
    """A desk whose first acknowledgement the server has taken, and whose first case is resolved."""
    opened = delivering({"EHLO": "250 scripted.example"})
    opened.deliver()
    resolved = sa.update(Case).values(status="resolved", closed_at=opened.now())
    with opened.desk.store() as store, store.writing() as session:
        session.execute(resolved, execution_options={"synchronize_session": False})
    return opened


def thread(at: Delivering) -> str:
    return f"In-Reply-To: {at.row().message_id}\r\nReferences: {at.row().message_id}\r\n"


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ("Auto-Submitted: auto-replied\r\n", "Away until May 5"),
        ("X-Autoreply: yes\r\n", "Re: your request"),
        ("Precedence: auto_reply\r\n", "Re: your request"),
        ("Return-Path: <>\r\n", "Re: your request"),
        ("", "Automatic reply: your request"),
        ("", "Out of Office: your request"),
        ("", "Abwesenheitsnotiz: Ihre Anfrage"),
        ("", "Réponse automatique : votre demande"),
        ("", "Respuesta automática: su solicitud"),
        ("", "Risposta automatica: richiesta"),
        ("", "[EXTERNAL] Automatisch antwoord: vraag"),
        ("", "Автоматический ответ: запрос"),
    ],
)
def test_it_is_no_answer_opens_nothing_again_and_is_not_answered(at: Delivering, fields: str, subject: str) -> None:
    before = at.story()["details"]

    at.take_in(a_mail(2, fields=thread(at) + fields, sender=CLIENT, subject=subject, words=WORDS))

    assert [row.state for row in at.desk.rows(Inbound)] == ["case", "appended"]
    (case,) = at.desk.rows(Case)
    assert (case.status, case.first_response_at) == ("resolved", None)
    story = at.story()
    assert story["details"] == before
    assert (story["messages"][-1]["automatic"], story["messages"][-1]["standing"]) == ("auto_reply", "reporter")
    assert len(at.desk.rows(Outbox)) == 1


def test_one_that_joins_by_the_reference_in_its_subject_changes_nothing_either(at: Delivering) -> None:
    (case,) = at.desk.rows(Case)

    at.take_in(a_mail(2, sender=CLIENT, subject=f"Automatic reply: [{case.reference}] your request", words=WORDS))

    assert [row.state for row in at.desk.rows(Inbound)] == ["case", "appended"]
    (case,) = at.desk.rows(Case)
    assert (case.status, len(at.desk.rows(Outbox))) == ("resolved", 1)


def test_one_without_a_thread_makes_a_case_without_promise_and_acknowledgement(at: Delivering) -> None:
    at.take_in(a_mail(2, subject="Abwesenheitsnotiz: Rechnung 12", words="Ich bin im Urlaub.\n"))

    assert [row.state for row in at.desk.rows(Inbound)] == ["case", "case"]
    assert at.story(1)["events"][-1]["data"]["reasons"] == [["X_AUTO", "Subject: Abwesenheitsnotiz: Rechnung 12"]]
    assert at.story(1)["promise_at"] is None
    assert len(at.desk.rows(Outbox)) == 1


def test_a_person_who_answers_an_automatic_answer_is_a_person(at: Delivering) -> None:
    subject = "Re: Automatic reply: your request"

    at.take_in(a_mail(2, fields=thread(at), sender=CLIENT, subject=subject, words="Here I am again.\n"))

    (case,) = at.desk.rows(Case)
    assert case.status == "open"
    assert at.story()["messages"][-1]["automatic"] == "person"
