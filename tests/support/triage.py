"""Small mails, policies and desks for the tests of triage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.message import Address, Message
from processor.policy import Policy
from processor.triage.acknowledgement import Decision, decide
from processor.triage.authentication import authenticate
from processor.triage.automatic import read_automatic
from processor.triage.context import Answered, Claims, Context, KnownCase
from processor.triage.correlation import correlate

KEY = b"a key of the desk's own"
RECEIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLIENT = "jane@client.example"


def a_policy(desk: dict[str, Any] | None = None, **acknowledgement: Any) -> Policy:
    """A policy with these settings of [desk] and [acknowledgement]."""
    return Policy.model_validate(
        {
            "desk": {
                "name": "Accounts",
                "address": "accounts@desk.example",
                "addresses": ["legal@desk.example"],
                "key": {"env": "DAYDESK_KEY"},
                **(desk or {}),
            },
            "mailboxes": [{"kind": "folder", "name": "in", "path": "mail"}],
            "smtp": {"host": "localhost"},
            "acknowledgement": acknowledgement,
            "queues": {"triage": {"label": "Triage"}},
            "rules": [{"name": "rest", "queue": "triage"}],
        }
    )


def a_message(*headers: tuple[str, str], sender: str | None = CLIENT, **more: Any) -> Message:
    """A person's mail to the desk, with these fields on top of its header."""
    values: dict[str, Any] = {
        "sha256": "0" * 64,
        "headers": (*headers, *((("From", sender),) if sender else ())),
        "from_": (Address(address=sender),) if sender else (),
        "to": (Address(address="accounts@desk.example"),),
        "subject": "Invoice 4711",
    }
    return Message(**(values | more))


def a_case(reference: str = "DD-7K3M-9QXW-5", *participants: str, acknowledged: bool = True) -> KnownCase:
    """A case of these people."""
    return KnownCase(
        id=1, reference=reference, status="open", acknowledged=acknowledged, participants=frozenset(participants)
    )


def a_context(*cases: KnownCase, claims: Claims | None = None, **more: Any) -> Context:
    """The desk as a mail meets it, with these cases."""
    return Context(
        received_at=more.pop("received_at", RECEIVED),
        claims=claims or Claims(),
        cases={case.reference: case for case in cases},
        answered=more.pop("answered", Answered()),
        **more,
    )


def decision_on(
    message: Message,
    policy: Policy | None = None,
    context: Context | None = None,
    now: datetime = RECEIVED + timedelta(minutes=1),
) -> Decision:
    """What the desk decides about acknowledging this mail."""
    policy, context = policy or a_policy(), context or a_context()
    automatic = read_automatic(message, policy.acknowledgement)
    correlation = correlate(message, context, refuted=authenticate(message, policy).dmarc == "fail")
    return decide(message, automatic, correlation, context, policy, now)


def codes_of(decision: Decision) -> list[str]:
    """The codes of its reasons, in their order."""
    return [reason.code.value for reason in decision.reasons]
