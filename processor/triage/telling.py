"""A verdict in the words of the events that record it, and that `daydesk explain` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ingest.message import Message
from processor.triage.diversion_values import Diversion
from processor.triage.handling import Dates, written
from processor.triage.kinds import (
    ANSWER,
    COPY,
    DETAILS,
    DIVERSION,
    DUPLICATE,
    LINKED,
    OFFERED,
    RECEIVED,
    REOPENED,
    ROUTED,
    SUGGESTED,
)
from processor.triage.owner import Assigning
from processor.triage.redaction import redact
from processor.triage.returned import Returned
from processor.triage.routing import Tried
from processor.triage.suggesting import Suggestion
from processor.triage.verdict import Outcome, Verdict

RECIPIENTS_TOLD = 20  # of one report


def told(verdict: Verdict, message: Message, received_at: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """The kind and data of each event of this mail, in their order."""
    if verdict.outcome is Outcome.DUPLICATE:
        yield (DUPLICATE if verdict.copy_of is None else COPY), {"sha256": message.sha256}
        return
    yield RECEIVED, _received(verdict, message, received_at)
    if verdict.returned is not None:
        yield _returned(verdict.returned)
    yield from _of_settled_cases(verdict)
    opened = verdict.outcome is Outcome.CASE
    if opened:
        yield ROUTED, _routed(verdict)
    if verdict.suggestion is not None:
        yield SUGGESTED, _suggested(verdict.suggestion)
    if verdict.offer is not None:
        offer = verdict.offer
        yield OFFERED, {"address": redact(offer.address).text, "name": offer.name, "how": offer.how}
    found = sorted({detail.name for detail in verdict.details})
    where = [[one.name, one.evidence, one.line, one.certainty] for one in verdict.details]
    yield DETAILS, {"found": found, "where": where, "missing": list(verdict.missing) if opened else []}
    if verdict.diversion.signals:
        yield DIVERSION, _diversion(verdict.diversion)
    decision = verdict.acknowledgement
    promised = verdict.promise_at if decision.send and decision.with_promise else None
    yield (
        ANSWER,
        {
            "send": decision.send,
            "reasons": [[reason.code.value, reason.evidence] for reason in decision.reasons],
            "promise_at": promised.isoformat() if promised else None,
        },
    )


def _received(verdict: Verdict, message: Message, received_at: datetime) -> dict[str, Any]:
    contact = verdict.contact
    return {
        "outcome": verdict.outcome.value,
        "from": redact(message.sender.address).text if message.sender else "",
        "message_id": redact(message.message_id).text if message.message_id else None,
        "received_at": received_at.isoformat(),
        "kind": verdict.automatic.kind.value,
        "language": verdict.language,
        "joined_by": verdict.correlation.how,
        "standing": verdict.correlation.standing.value,
        "dmarc": verdict.dmarc,
        "contact": {"code": contact.code, "kind": contact.kind, "confirmed": contact.confirmed} if contact else None,
        "suggested": list(verdict.correlation.suggested),
        "warnings": list(verdict.warnings),
        "defects": list(message.defects),
        "bank_details_removed": verdict.readable.removed,
    }


def _returned(returned: Returned) -> tuple[str, dict[str, Any]]:
    """What became of a mail of ours, such as "acknowledgement bounced"."""
    mail, recipients = returned.mail, returned.recipients
    told: dict[str, Any] = {
        "to": redact(mail.recipient).text if mail else None,
        "message_id": mail.message_id if mail else None,
        "believed": returned.believed,
        "recipients": [asdict(one) for one in recipients[:RECIPIENTS_TOLD]],
        "recipients_not_told": len(recipients[RECIPIENTS_TOLD:]),
    }
    return f"{mail.purpose if mail else 'mail'} {returned.fate.value}", told


def _of_settled_cases(verdict: Verdict) -> Iterator[tuple[str, dict[str, Any]]]:
    """A resolved or closed case is opened again, with what its clocks showed; or followed by a new one."""
    case, before = verdict.correlation.case, verdict.correlation.follows
    if case is not None and verdict.reopens:
        yield (
            REOPENED,
            {
                "was": case.status,
                "promise_at": _written(verdict.promise_at),
                "promise_was": _written(case.promise_at),
                "first_response_was": _written(case.first_response_at),
            },
        )
    if before is not None:
        yield LINKED, {"case": before.reference, "how": "follows"}


def _diversion(diversion: Diversion) -> dict[str, Any]:
    return {
        "level": diversion.level.value,
        "score": diversion.score,
        "signals": [[one.code.value, one.evidence, one.weight] for one in diversion.signals],
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _routed(verdict: Verdict) -> dict[str, Any]:
    routing = verdict.routing
    return {
        "team": verdict.team,
        "queue": routing.queue,
        "request_type": routing.request_type,
        "priority": routing.priority,
        "rule": routing.rule,
        "policy_version": routing.policy_version,
        "tried": _tried(routing.trace),
        "near": [[tried.rule, tried.held, tried.why] for tried in routing.trace if tried.held],
        "placed_by": routing.placed_by,
        "rules_queue": routing.rules_queue,
        "placing_tried": _tried(routing.placing),
        "owner": _assigning(verdict.assigning),
        **written(verdict.handling.dates if verdict.handling else Dates()),
    }


def _assigning(assigning: Assigning | None) -> dict[str, Any] | None:
    """How a new case gets its owner; who gets it is told by an event of its own."""
    if assigning is None:
        return None
    return {"how": assigning.how, "people": list(assigning.people), "away": list(assigning.away)}


def _tried(trace: Iterable[Tried]) -> list[list[Any]]:
    return [[tried.rule, tried.matched, tried.why] for tried in trace]


def _suggested(suggestion: Suggestion) -> dict[str, Any]:
    kind = suggestion.request_type
    return {
        "queue": suggestion.queue.label,
        "probability": round(suggestion.queue.probability, 3),
        "words": list(suggestion.queue.words),
        "request_type": kind.label if kind else None,
        "type_probability": round(kind.probability, 3) if kind else None,
        "type_words": list(kind.words) if kind else [],
        "model": suggestion.model,
        "applied": suggestion.applied,
    }
