"""Makes a case of a quarantined mail, though it cannot be read: by hand, for people, without an acknowledgement."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from ingest.errors import DeskError
from ingest.glance import message_id_in, sender_in
from processor.policy import Policy
from processor.stages.quarantine import readable
from processor.store import events, ledger, quarantine
from processor.store.database import Store
from processor.store.models import State, Status
from processor.triage import kinds
from processor.triage.automatic import Kind
from processor.triage.clock import promise
from processor.triage.correlation import Standing
from processor.triage.reference import mint_reference

CODE = "QUARANTINED"  # why it is not acknowledged
NO_SUBJECT = "(a mail that cannot be read)"


def release(store: Store, policy: Policy, inbound_id: int, actor: str, now: datetime) -> str:
    """The reference of the new case, in the queue of the catch-all rule. Nothing is promised: nobody is told of it."""
    reference = mint_reference(policy.desk.reference_prefix, secrets.randbelow)
    with store.writing() as session:
        row = quarantine.known(session, inbound_id)
        taken = quarantine.case_of_bytes(session, row["sha256"], row["size"])
        if taken is not None:
            raise DeskError(f"The same bytes belong to case {taken} already: discard this one.")
        fields = readable(quarantine.raw_bytes(session, row))
        case = _case(row, fields, policy, reference)
        case_id = quarantine.open_case(session, case, _message(row, case, fields))
        settled = {"id": inbound_id, "state": State.CASE, "case_id": case_id, "reason": None, "settled_at": now}
        ledger.settle(session, [settled])
        told = [
            {"case_id": case_id, "inbound_id": inbound_id, "at": now, "actor": actor, "kind": kind, "data": data}
            for kind, data in _story(row, case, fields)
        ]
        events.write(session, told)
    return reference


def _case(row: dict[str, Any], fields: list[tuple[str, str]], policy: Policy, reference: str) -> dict[str, Any]:
    rest = policy.rules[-1]  # the catch-all one
    return {
        "reference": reference,
        "status": Status.NEW,
        "priority": rest.priority,
        "queue": rest.queue or policy.request_types[rest.request_type or ""].queue,
        "request_type": None,
        "rule": rest.name,
        "policy_version": policy.version,
        "language": policy.desk.language,
        "subject": _first(fields, "subject") or NO_SUBJECT,
        "requester_name": "",
        "requester_address": sender_in(fields),
        "automatic": Kind.PERSON,
        "received_at": row["received_at"],
        "internal_due_at": promise(row["received_at"], policy),
    }


def _message(row: dict[str, Any], case: dict[str, Any], fields: list[tuple[str, str]]) -> dict[str, Any]:
    words = f"This mail could not be read, and was released from quarantine by hand. {row['reason']}"
    return {
        "inbound_id": row["id"],
        "direction": "in",
        "message_id": message_id_in(fields),
        "from_name": "",
        "from_address": case["requester_address"],
        "standing": Standing.NOT_PARTICIPANT,  # nobody looked whether he is who he says
        "automatic": case["automatic"],
        "subject": case["subject"],
        "text": words,
        "new_text": words,
        "received_at": row["received_at"],
    }


def _story(
    row: dict[str, Any], case: dict[str, Any], fields: list[tuple[str, str]]
) -> list[tuple[str, dict[str, Any]]]:
    """What `daydesk explain` tells of it, as of any other mail."""
    received = {
        "outcome": State.CASE.value,
        "from": case["requester_address"],
        "message_id": message_id_in(fields),
        "received_at": row["received_at"].isoformat(),
        "kind": Kind.PERSON.value,
        "language": None,
        "joined_by": "none",
        "standing": Standing.NOT_PARTICIPANT.value,
        "suggested": [],
        "warnings": [],
        "defects": [row["reason"]],
        "bank_details_removed": 0,
    }
    routed = {name: case[name] for name in ("queue", "request_type", "priority", "rule", "policy_version")}
    silence = {
        "send": False,
        "reasons": [[CODE, row["reason"]]],
        "promise_at": None,
        "message_id": None,
        "note": None,
    }
    return [
        (quarantine.RELEASED, {"reason": row["reason"]}),
        (kinds.RECEIVED, received),
        (kinds.ROUTED, routed | {"tried": []}),
        (kinds.ANSWER, silence),
    ]


def _first(fields: list[tuple[str, str]], name: str) -> str:
    return next((value for key, value in fields if key.lower() == name), "")
