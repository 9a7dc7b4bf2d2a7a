"""A contact's open case and his own queue win over the general rules."""

from __future__ import annotations

from typing import Any

import pytest
from support.triage import RECEIVED, a_context, a_message, a_policy

from processor.policy import Policy
from processor.triage.contact import KnownContact, OpenCase
from processor.triage.verdict import Verdict, compile_policy, triage

POLICY = Policy.model_validate(
    a_policy().model_dump() | {
        "acknowledgement": {"authserv_id": "mx.desk.example"},
        "queues": {name: {"label": name} for name in ("triage", "billing", "vip")},
        "request_types": {"invoice": {"label": {"en": "Invoice"}, "queue": "billing"}},
        "rules": [{"name": "invoice", "request_type": "invoice", "when": {"words": ["invoice"]}},
                  {"name": "rest", "queue": "triage"}],
    }
)  # fmt: skip


def a_case(queue: str = "triage", kind: str | None = "invoice", number: int = 1) -> OpenCase:
    return OpenCase(reference=f"DD-{number}", request_type=kind, queue=queue, owner="ada")


def verdict(*cases: OpenCase, queue: str | None = None, text: str = "my invoice", **more: Any) -> Verdict:
    contact = KnownContact(
        address="jane@client.example", confirmed=more.pop("confirmed", True), id=1, queue=queue, open_cases=cases
    )
    message = a_message(*more.pop("fields", ()), subject="Hello", text=text, new_text=text)
    return triage(message, a_context(contact=contact), compile_policy(POLICY), RECEIVED)


def test_the_queue_of_his_open_case_of_the_same_type_comes_first() -> None:
    found = verdict(a_case(), a_case("billing", "other", 2), queue="vip")
    assert found.routing.queue == "triage"
    assert found.routing.trace[-1].why == "the contact's open case DD-1 is there"
    assert found.routing.rule == "invoice"


@pytest.mark.parametrize(
    "cases", [(), (a_case(), a_case("triage", "invoice", 2)), (a_case("gone"),), (a_case(kind=None),)]
)
def test_then_his_own_queue(cases: tuple[OpenCase, ...]) -> None:
    assert verdict(*cases, queue="vip").routing.queue == "vip"


@pytest.mark.parametrize("queue", [None, "gone", "billing"])
def test_then_the_rules(queue: str | None) -> None:
    found = verdict(queue=queue)
    assert (found.routing.queue, found.routing.trace[-1].rule) == ("billing", "invoice")


def test_whom_nobody_confirmed_or_who_may_be_another_has_no_queue() -> None:
    forged = (("Authentication-Results", "mx.desk.example; dmarc=fail header.from=client.example"),)
    assert verdict(queue="vip", confirmed=False).routing.queue == "billing"
    assert verdict(queue="vip", fields=forged).routing.queue == "billing"
    machine = (("Auto-Submitted", "auto-generated"),)
    assert verdict(queue="vip", fields=machine).routing.queue == "billing"


def test_what_is_held_goes_to_the_queue_of_held_cases() -> None:
    policy = POLICY.model_copy(update={"diversion": POLICY.diversion.model_copy(update={"queue": "triage"})})
    text = "our bank details have changed"
    contact = KnownContact(address="jane@client.example", confirmed=True, id=1, queue="vip")
    found = triage(a_message(text=text, new_text=text), a_context(contact=contact), compile_policy(policy), RECEIVED)
    assert found.routing.queue == "triage"
