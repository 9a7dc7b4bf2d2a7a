"""What `daydesk explain` gathers: of a case from its events, of a file from judging it now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from processor.cli.case import story_of
from processor.cli.opening import open_model, open_store
from processor.cli.replayed import placed
from processor.policy import Policy
from processor.reading.reader import open_reader
from processor.replay.running import Replay
from processor.store.database import Store
from processor.store.met import Wanted, met
from processor.triage import kinds, telling
from processor.triage.context import Context
from processor.triage.correlation import claims_of
from processor.triage.verdict import CompiledPolicy, Verdict, compile_policy, triage

_SECTIONS = {
    kinds.RECEIVED: "received",
    kinds.ROUTED: "routing",
    kinds.SUGGESTED: "suggestion",
    kinds.ASSIGNED: "owner",
    kinds.OFFERED: "requester",
    kinds.DETAILS: "details",
    kinds.DIVERSION: "diversion",
    kinds.ANSWER: "acknowledgement",
}
_STANDS = ("status", "queue", "request_type", "priority", "owner", "promise_at", "internal_due_at", "held")


def explain_case(reference: str, policy: Policy) -> dict[str, Any]:
    """What was decided of each mail of this case, when it came; where it stands; what would be otherwise today."""
    with open_store(policy, read_only=True) as store:
        story = story_of(store, reference, policy.desk.reference_prefix)
        mails = _mails(story)
        first = next((mail["routing"] for mail in mails if "routing" in mail), None)
        today = None
        if first is not None and first["policy_version"] != policy.version:
            today = _today(store, story["reference"], policy)
    return {
        "case": story["reference"],
        "subject": story["subject"],
        "now": {name: story[name] for name in _STANDS} | {"moves": _moves(story)},
        "today": today,
        "mails": mails,
    }


def explain_file(raw: bytes, policy: Policy, now: datetime) -> dict[str, Any]:
    """What would be decided of this mail if it came now, to a desk without cases."""
    with open_reader(policy.run) as reader:
        message = reader.read_one(raw)
    claims = claims_of(message, policy.desk.key.reveal(policy.folder).encode(), policy)
    verdict = triage(message, Context(received_at=now, claims=claims), _compiled(policy), now)
    mails = []
    for each in (verdict, *verdict.others):
        mail = {_SECTIONS[kind]: data for kind, data in telling.told(each, message, now) if kind in _SECTIONS}
        mails.append(mail | {"found": _found_by(each)})
    return {"case": None, "subject": verdict.readable.subject, "now": None, "today": None, "mails": mails}


def _mails(story: dict[str, Any]) -> list[dict[str, Any]]:
    mails: list[dict[str, Any]] = []
    latest: dict[int | None, dict[str, Any]] = {}  # by ledger row: two mails may have been decided side by side
    for event in story["events"]:
        if event["kind"] == kinds.RECEIVED:
            mails.append({})
            latest[event["inbound_id"]] = mails[-1]
        if event["kind"] in _SECTIONS and event["inbound_id"] in latest:  # people assign cases too, by no mail
            latest[event["inbound_id"]][_SECTIONS[event["kind"]]] = event["data"]
    for mail in mails:
        mail["found"] = _found(mail.get("details", {}), story["details"])
    return mails


def _found(told: dict[str, Any], details: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The details of one mail, with the values that the case has of them; null where it has them from elsewhere."""
    places = told.get("where") or [[name, None, None, None] for name in told.get("found", ())]
    known: dict[tuple[Any, ...], list[str]] = {}
    for detail in details:
        if detail["value"] is not None:
            key = (detail["name"], detail["evidence"], detail["line"], detail["certainty"])
            known.setdefault(key, []).append(detail["value"])
    return [
        {"name": name, "value": values.pop(0) if values else None, "place": place, "line": line, "certainty": certainty}
        for name, place, line, certainty in places
        for values in (known.get((name, place, line, certainty), []),)
    ]


def _found_by(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "value": one.value, "place": one.evidence, "line": one.line, "certainty": one.certainty}
        for one in verdict.details
    ]


def _moves(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Who moved it where, the oldest first."""
    return [
        {"at": event["at"], "by": event["actor"], **event["data"]}
        for event in story["events"]
        if event["kind"] == kinds.MOVED
    ]


def _today(store: Store, reference: str, policy: Policy) -> dict[str, Any] | None:
    """What the policy as it is now would decide of the mail that opened the case; None where none opened it."""
    with store.reading() as session:
        mails = met(session, Wanted(reference=reference))
    with open_reader(policy.run) as reader:
        key = policy.desk.key.reveal(policy.folder).encode()
        replay = Replay(store=store, reader=reader, compiled=_compiled(policy), key=key)
        for one in replay.of(mails):
            told: dict[str, Any] = {"policy_version": policy.version, "unread": one.unread or None}
            told |= {"changed": [], "placed": None}
            for each in one.differences:
                if each.reference == reference and each.now is not None:
                    told |= {"changed": list(each.changed), "placed": placed(each.now)}
            return told
    return None


def _compiled(policy: Policy) -> CompiledPolicy:
    return compile_policy(policy, open_model(policy))
