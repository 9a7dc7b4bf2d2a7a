"""People move cases to other queues, and say what is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.conversing import Conversing
from support.mails import a_mail

from processor.store.models import Case, CaseDetail


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk with one case, of a policy in which some requests need details."""
    asked = {"en": "the cheque number"}
    talk.desk.change(
        queues={"statements": {"label": "Statements", "internal_target_hours": 4}},
        details={
            "cheque": {"ask": asked, "patterns": ["(CHQ-[0-9]+)"]},
            "invoice": {"ask": asked, "patterns": ["(INV-[-0-9]+)"]},
        },
        request_types={
            "payment": {"label": {"en": "Payment"}, "queue": "statements", "details": ["cheque", "invoice"]},
            "copy": {"label": {"en": "Copy"}, "queue": "receivable", "details": ["invoice"]},
        },
    )
    talk.take_in(a_mail(1))
    return talk


@pytest.fixture
def one(talk: Conversing) -> str:
    return str(talk.cases()[0].reference)


def lacking(talk: Conversing) -> list[str]:
    return [row.name for row in talk.desk.rows(CaseDetail) if row.value is None]


def test_a_moved_case_is_in_the_other_queue_and_its_story_says_who_moved_it_and_why(talk: Conversing, one: str) -> None:
    before = talk.cases()[0]
    said = talk.act("move", one, "statements", "--note", "theirs, see DE89 3704 0044 0532 0130 00", "--by", "amina")

    case = talk.cases()[0]
    assert said == f"{one} is in queue statements now."
    assert (before.queue, case.queue, case.request_type, case.promise_at) == (
        "receivable", "statements", None, before.promise_at,
    )  # fmt: skip
    assert case.internal_due_at == case.received_at + timedelta(hours=4)
    (event,) = talk.events("moved")
    assert (event.actor, event.data["queue"], event.data["was"]) == ("amina", "statements", "receivable")
    assert "3704" not in event.data["note"]
    story = talk.act("show", one)
    assert "moved to statements; it was in receivable: theirs, see [IBAN ...3000] (by amina)" in story


def test_what_a_case_lacks_is_what_the_request_needs_that_a_person_says_it_is(talk: Conversing, one: str) -> None:
    assert lacking(talk) == []
    talk.act("move", one, "statements", "--type", "payment")
    assert (talk.cases()[0].request_type, lacking(talk)) == ("payment", ["cheque"])
    assert "; asked is payment, not something unknown" in talk.act("show", one)
    talk.act("move", one, "statements", "--type", "copy")
    assert (talk.cases()[0].request_type, lacking(talk)) == ("copy", [])
    assert "of another kind; asked is copy, not payment" in talk.act("show", one)


def test_a_case_is_not_moved_to_where_it_is_nor_to_what_is_not_there(talk: Conversing, one: str) -> None:
    assert f"{one} is in queue receivable as no known request type already" in talk.refused("move", one, "receivable")
    assert "no queue 'attic' in the policy: there are receivable, statements, triage" in talk.refused(
        "move", one, "attic"
    )
    assert "no request type 'gift'" in talk.refused("move", one, "triage", "--type", "gift")
    assert talk.events("moved") == []


def test_a_held_case_stays_where_the_policy_lets_such_cases_wait(talk: Conversing, one: str) -> None:
    with talk.desk.store() as store, store.writing() as session:
        session.execute(Case.__table__.update().values(held_since=talk.now(), diversion="hold"))
    talk.desk.change(diversion={"queue": "triage"})
    assert "smells of payment diversion" in talk.refused("move", one, "statements")
    talk.act("move", one, "triage")
    talk.desk.tables.pop("diversion")
    talk.desk.change()
    talk.act("move", one, "statements")
