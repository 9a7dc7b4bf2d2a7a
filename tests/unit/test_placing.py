"""Rules look at facts beside the words, and rows of [[placing]] move a case by them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import Configuration
from ingest.message import Message
from processor.policy import Policy, Queue, When, load_policy
from processor.policy.routing import AmountWhen
from processor.triage.details import FoundDetail
from processor.triage.examples import run_examples
from processor.triage.facts import NOTHING_ELSE, Circumstances
from processor.triage.routing import Routing, compile_rules

BASE: dict[str, Any] = {
    "desk": {"name": "Desk", "address": "desk@desk.example", "key": {"env": "KEY"}, "timezone": "Europe/Paris"},
    "mailboxes": [{"kind": "folder", "name": "scans", "path": "scans"}],
    "smtp": {"host": "localhost"},
    "queues": {
        "triage": {"label": "Triage"},
        "payments": {"label": "Payments", "owners": ["ada", "bob"], "answer_windows": ["11:30-12:00"]},
        "large": {"label": "Large"},
    },
    "details": {"amount": {"ask": {"en": "the amount"}, "patterns": [r"([0-9][0-9.,]* [A-Z]{3})"]}},
    "request_types": {"missing-payment": {"label": {"en": "Missing payment"}, "queue": "payments"}},
}
RULES: list[dict[str, Any]] = [
    {"name": "payment", "when": {"words": ["payment"]}, "request_type": "missing-payment"},
    {"name": "rest", "queue": "triage"},
]
MONDAY = datetime(2026, 11, 23, 10, 45, tzinfo=UTC)  # 11:45 in Paris


def policy(*placing: dict[str, Any], **more: Any) -> Policy:
    return Policy.model_validate({**BASE, "rules": RULES, "placing": placing, **more})


def detail(name: str, value: str) -> FoundDetail:
    return FoundDetail(name=name, value=value, evidence="text")


def placed(
    when: dict[str, Any], beside: Circumstances = NOTHING_ELSE, *, text: str = "my payment", **more: Any
) -> Routing:
    table = compile_rules(policy({"name": "row", "when": when, "queue": "large"}, **more))
    message = Message(sha256="", headers=(), subject="", text=text, new_text=text)
    return table.route(message, "en", False, (), beside=beside)


def about(*details: FoundDetail, **more: Any) -> Circumstances:
    return Circumstances(details=details, received_at=MONDAY, **more)


LARGE = about(detail("amount", "12.500,00 EUR"))


@pytest.mark.parametrize(
    ("when", "beside", "why"),
    [
        ({"details": {"amount": "*"}}, LARGE, "details: amount is '*'"),
        ({"details": {"amount": ["9*", "12*"]}}, LARGE, "details: amount is '12*'"),
        ({"details": {"method": "CHEQUE"}}, about(detail("method", "cheque")), "details: method is 'CHEQUE'"),
        ({"lacks": ["amount", "proof"]}, LARGE, "lacks: proof"),
        ({"amount": {"over": 10000, "currency": "EUR"}}, LARGE, "amount: over 10000 EUR"),
        ({"amount": {"over": 1, "under": 12501, "currency": "EUR"}}, LARGE, "amount: over 1 and under 12501 EUR"),
        ({"contact": ["vendor"]}, about(contact_kind="vendor"), "contact: vendor"),
        ({"contact": ["unknown", "vendor"]}, about(), "contact: unknown"),
        ({"account": ["acme*"]}, about(accounts=("A-1", "ACME Holding")), "account: 'acme*'"),
        ({"mailbox": ["scans"]}, about(mailbox="scans"), "mailbox: scans"),
        ({"calendar": "inside"}, about(), "calendar: inside the answer windows"),
        ({"people": "free"}, about(), "people: free"),
        ({"request_type": ["missing-payment"]}, about(), "request_type: missing-payment"),
        ({"urgent": False}, about(), "urgent: no"),
        ({"words": ["payment"], "urgent": False}, about(), "urgent: no; words: 'payment' in the text"),
    ],
)
def test_a_row_that_holds_moves_the_case_and_says_why(when: dict[str, Any], beside: Circumstances, why: str) -> None:
    routing = placed(when, beside)
    assert (routing.queue, routing.rules_queue, routing.placed_by) == ("large", "payments", "row")
    assert (routing.request_type, routing.rule, routing.placing[-1].why) == ("missing-payment", "payment", why)


@pytest.mark.parametrize(
    ("when", "beside", "why"),
    [
        ({"details": {"amount": "1?"}}, LARGE, "details: amount is none of 1"),
        ({"lacks": ["amount"]}, LARGE, "lacks: amount there"),
        ({"amount": {"over": 12500, "currency": "EUR"}}, LARGE, "amount: none over 12500 EUR"),
        ({"amount": {"under": 12500, "currency": "EUR"}}, LARGE, "amount: none under 12500 EUR"),
        ({"amount": {"over": 1, "currency": "USD"}}, LARGE, "amount: none over 1 USD"),
        ({"amount": {"over": 1, "currency": "EUR"}}, about(detail("amount", "a lot")), "amount: none over 1 EUR"),
        ({"contact": ["vendor", "client"]}, about(), "contact: not vendor or client"),
        ({"account": ["acme"]}, about(accounts=("A-1", "ACME Holding")), "account: none of 1"),
        ({"account": ["*"]}, about(), "account: none of 1"),
        ({"mailbox": ["scans"]}, about(mailbox="legal"), "mailbox: not scans"),
        ({"calendar": "outside"}, about(), "calendar: not outside the answer windows"),
        ({"calendar": "outside"}, NOTHING_ELSE, "calendar: not outside the answer windows"),
        ({"people": "busy"}, about(), "people: not busy"),
        ({"people": "busy"}, NOTHING_ELSE, "people: not busy"),
        ({"request_type": ["other"]}, about(), "request_type: not other"),
        ({"urgent": True}, about(), "urgent: no"),
    ],
)
def test_a_row_that_fails_leaves_the_case_where_the_rules_led_it(
    when: dict[str, Any], beside: Circumstances, why: str
) -> None:
    routing = placed(when, beside)
    assert (routing.queue, routing.rules_queue, routing.placed_by) == ("payments", None, None)
    assert [(tried.matched, tried.why) for tried in routing.placing] == [(False, why)]


def test_urgency_rows_know_the_request_type_and_placing_rows_know_the_urgency() -> None:
    urgency = [{"name": "money", "when": {"request_type": ["missing-payment"]}}]
    routing = placed({"urgent": True}, about(), urgency=urgency)
    assert (routing.priority, routing.queue) == ("urgent", "large")


def test_people_are_busy_where_all_of_them_are_away() -> None:
    away = [{"person": person, "first": "2026-11-20", "last": "2026-11-23"} for person in ("ada", "bob")]
    assert placed({"people": "busy"}, about(), absences=away).queue == "large"
    assert placed({"people": "busy"}, about(), absences=away[:1]).queue == "payments"


def test_a_rule_of_the_first_table_may_look_at_details_too() -> None:
    rules = [{"name": "large", "when": {"amount": {"over": 10, "currency": "EUR"}}, "queue": "large"}, *RULES]
    table = compile_rules(Policy.model_validate({**BASE, "rules": rules}))
    message = Message(sha256="", headers=(), subject="", text="payment", new_text="payment")
    assert table.route(message, "en", False, (), beside=LARGE).rule == "large"
    assert table.route(message, "en", False, ()).rule == "payment"


def test_a_row_into_another_team_s_queue_is_not_asked() -> None:
    teams = [
        {"name": "money", "addresses": ["desk@desk.example"], "queues": ["payments"]},
        {"name": "big", "addresses": ["desk@desk.example"], "queues": ["large"]},
    ]
    table = compile_rules(policy({"name": "row", "when": {"urgent": False}, "queue": "large"}, teams=teams))
    message = Message(sha256="", headers=(), subject="", text="payment", new_text="payment")
    assert table.route(message, "en", False, (), "money").placing == ()


def example(head: str = "") -> str:
    return f"Payment\n{head}\nWhere is my payment of 12.500,00 EUR?"


@pytest.mark.parametrize(
    ("when", "head"),
    [
        ({"amount": {"over": 10000, "currency": "EUR"}}, ""),
        ({"contact": ["vendor"]}, "Contact: vendor\n"),
        ({"account": ["ACME*"]}, "Account: ACME Holding\n"),
        ({"mailbox": ["scans"]}, "Mailbox: scans\n"),
        ({"calendar": "inside"}, "Received: 2026-11-23 11:45\n"),
    ],
)
def test_an_example_of_a_row_tells_the_facts_in_its_head(when: dict[str, Any], head: str) -> None:
    made = policy({"name": "row", "when": when, "queue": "large", "examples": [example(head)]})
    assert run_examples(made, compile_rules(made)) == ()


def test_an_example_that_its_row_does_not_move_is_told() -> None:
    first = {"name": "first", "when": {"urgent": False}, "queue": "large"}
    vendor = {"name": "row", "when": {"contact": ["vendor"]}, "queue": "large", "examples": [example()]}
    alone = policy(vendor)
    assert run_examples(alone, compile_rules(alone)) == (
        "placing 'row', example 'Payment': nothing moves it; its own row: contact: not vendor",
    )
    behind = policy(first, vendor)
    assert run_examples(behind, compile_rules(behind)) == (
        "placing 'row', example 'Payment': row 'first' moves it; its own row: it comes later",
    )


MISTAKES = """
[desk]
name = "Desk"
address = "desk@desk.example"
key = { env = "KEY" }
[[mailboxes]]
kind = "folder"
name = "scans"
path = "scans"
[smtp]
host = "localhost"
[queues.triage]
label = "Triage"
owners = ["ada", "ada"]
[queues.money]
label = "Money"
assign = "fixed"
answer_windows = ["12:00-11:30"]
[[absences]]
person = "eve"
first = 2026-12-02
last = 2026-12-01
[[rules]]
name = "early"
queue = "money"
when.urgent = true
when.mailbox = ["skans"]
[[rules]]
name = "rest"
queue = "triage"
[[placing]]
name = "row"
queue = "mony"
when.details = { amnt = "*" }
when.lacks = ["proof"]
when.amount = { currency = "Euro" }
when.request_type = ["lost"]
[[placing]]
name = "all"
queue = "money"
when = {}
"""


def test_every_mistake_about_facts_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "daydesk.toml"
    file.write_text(MISTAKES.lstrip())
    with pytest.raises(Configuration) as told:
        load_policy(file, lambda name: Path(name))
    lines = [line.strip().removeprefix(f"{file}:") for line in str(told.value).splitlines()[1:]]
    assert lines == [
        "11: queues.triage: owners names somebody twice, or nobody",
        '17: queues.money.answer_windows.0: is not a time of the day; write it as "11:30-12:00", '
        "from the earlier to the later (it is '12:00-11:30')",
        "18: absences.0: the last day comes before the first",
        "19: absences.0.person: 'eve' is an owner of no queue; there are ada",
        "25: rules.0.when.urgent: it is decided after the rules: write this row in [[placing]], which is tried last",
        "26: rules.0.when.mailbox: 'skans' is not defined; there are scans",
        "32: placing.0.queue: 'mony' is not defined; there are money, triage",
        "33: placing.0.when.details: 'amnt' is not defined; there are none",
        "34: placing.0.when.lacks: 'proof' is not defined; there are none",
        "35: placing.0.when.amount: 'amount' is not defined; there are none",
        "35: placing.0.when.amount.currency: must be the code of a currency, such as EUR (it is 'Euro')",
        "36: placing.0.when.request_type: 'lost' is not defined; there are none",
        '37: placing.1: has no condition in "when" and would move every case',
    ]


def test_what_belongs_together_is_asked_for_together() -> None:
    with pytest.raises(ValueError, match='assign = "fixed" needs owners'):
        Queue.model_validate({"label": "Money", "assign": "fixed"})
    with pytest.raises(ValueError, match="needs over or under"):
        AmountWhen.model_validate({"currency": "EUR"})
    with pytest.raises(ValueError, match="valid dictionary"):
        When.model_validate({"details": ["amount"]})
