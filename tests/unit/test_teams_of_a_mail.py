"""A mail to several teams has a verdict for each, by the rules that lead into the team's own queues."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.triage import CLIENT, RECEIVED, a_case, a_context, a_message, a_policy

from ingest.message import Address, Message
from processor.policy import Policy
from processor.triage.context import Claims
from processor.triage.teams import addressed
from processor.triage.telling import told
from processor.triage.verdict import Outcome, Verdict, compile_policy, triage

ACCOUNTS, LEGAL, TAX = "accounts@desk.example", "legal@desk.example", "tax@desk.example"


def a_desk_of_teams() -> Policy:
    plain = a_policy({"addresses": [LEGAL, TAX]}).model_dump(mode="json", exclude={"folder"})
    return Policy.model_validate(
        plain
        | {
            "desk": plain["desk"] | {"key": {"env": "DAYDESK_KEY"}},
            "queues": {
                "triage": {"label": "Triage"},
                "receivable": {"label": "Receivable", "internal_target_hours": 2},
                "legal": {"label": "Legal", "internal_target_hours": 72},
                "contracts": {"label": "Contracts", "internal_target_hours": 48},
                "tax": {"label": "Tax"},
            },
            "rules": [
                {"name": "contract", "when": {"words": ["contract*"]}, "queue": "contracts"},
                {"name": "invoice", "when": {"words": ["invoice*"]}, "queue": "receivable"},
                {"name": "rest", "queue": "triage"},
            ],
            "teams": [
                {"name": "accounts", "addresses": [ACCOUNTS], "queues": ["receivable", "triage"]},
                {"name": "law", "addresses": [LEGAL], "queues": ["legal", "contracts"]},
                {"name": "tax", "addresses": [TAX], "queues": ["tax"]},
            ],
        }
    )


POLICY = a_desk_of_teams()


def a_mail(*recipients: str, **more: Any) -> Message:
    return a_message(to=tuple(Address(address=address) for address in recipients), **more)


def verdict_on(message: Message, **more: Any) -> Verdict:
    return triage(message, a_context(**more), compile_policy(POLICY), RECEIVED)


@pytest.mark.parametrize(
    ("recipients", "queue", "names"),
    [
        ([ACCOUNTS], "receivable", []),
        (["x@client.example"], "receivable", []),
        ([LEGAL, ACCOUNTS], "receivable", ["accounts", "law"]),
        ([LEGAL, ACCOUNTS], "legal", ["law", "accounts"]),
        (["legal+x@desk.example", TAX], "receivable", ["law", "tax"]),
        ([TAX, LEGAL, ACCOUNTS], "tax", ["tax", "accounts", "law"]),
    ],
)
def test_several_teams_come_in_the_policys_order_after_the_one_that_works_the_queue(
    recipients: list[str], queue: str, names: list[str]
) -> None:
    assert [team.name for team in addressed(recipients, POLICY, queue)] == names


def test_a_desk_without_teams_has_none_to_address() -> None:
    assert addressed([ACCOUNTS, LEGAL], a_policy(), "triage") == ()


def test_each_team_has_a_verdict_by_its_own_rules_and_target() -> None:
    verdict = verdict_on(a_mail(ACCOUNTS, LEGAL, TAX, subject="Invoice 4711"))

    every = (verdict, *verdict.others)
    assert [(one.team, one.routing.queue, one.routing.rule) for one in every] == [
        ("accounts", "receivable", "invoice"), ("law", "legal", "team law"), ("tax", "tax", "team tax"),
    ]  # fmt: skip
    hours = [(one.internal_due_at - RECEIVED) / timedelta(hours=1) for one in every]
    assert hours == [2, 72, 24]
    assert {one.promise_at for one in every} == {RECEIVED + timedelta(hours=24)}
    assert {one.outcome for one in every} == {Outcome.CASE}
    assert [one.others for one in verdict.others] == [(), ()]
    assert [tried.rule for tried in verdict.others[0].routing.trace] == ["contract", "team law"]
    routed = [data["team"] for one in every for kind, data in told(one, a_mail(), RECEIVED) if kind == "routed"]
    assert routed == ["accounts", "law", "tax"]


def test_the_team_that_the_mail_would_have_gone_to_anyway_is_first() -> None:
    verdict = verdict_on(a_mail(ACCOUNTS, LEGAL, subject="The contract for invoice 4711"))
    assert [(one.team, one.routing.rule) for one in (verdict, *verdict.others)] == [
        ("law", "contract"), ("accounts", "invoice"),
    ]  # fmt: skip


def test_a_mail_to_one_team_is_routed_by_all_rules() -> None:
    verdict = verdict_on(a_mail(ACCOUNTS, subject="The contract"))
    assert (verdict.team, verdict.routing.queue, verdict.others) == (None, "contracts", ())


def test_what_joins_a_case_or_came_before_is_one_verdict() -> None:
    case = a_case("DD-7K3M-9QXW-S", CLIENT)
    joined = triage(
        a_mail(ACCOUNTS, LEGAL),
        a_context(case, claims=Claims(proven=(case.reference,))),
        compile_policy(POLICY),
        RECEIVED,
    )
    assert (joined.outcome, joined.others) == (Outcome.APPENDED, ())
    for again in ({"duplicate_of": 7}, {"copy_of": 7}):
        assert verdict_on(a_mail(ACCOUNTS, LEGAL), **again).others == ()
