"""A desk with hand-made cases, for tests of what is read from the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from processor.policy import Policy
from processor.store.database import Store
from processor.store.models import Case, Dispatch, Outbox, Status

_NUMBERS = count(1)


def make_policy(timezone: str = "Europe/Paris", **desk: Any) -> Policy:
    """Two queues, one request type and the catch-all queue."""
    return Policy.model_validate(
        {
            "desk": {
                "name": "Accounts",
                "address": "accounts@desk.example",
                "timezone": timezone,
                "key": {"env": "DAYDESK_KEY"},
            }
            | desk,
            "mailboxes": [{"kind": "maildir", "name": "inbox", "path": "mail"}],
            "smtp": {"host": "localhost"},
            "queues": {
                "receivable": {"label": "Accounts receivable", "team": "AR team"},
                "tax": {"label": "Tax", "team": "Tax team"},
                "triage": {"label": "Triage"},
            },
            "request_types": {
                "invoice": {"label": {"en": "Invoice query", "fr": "Question de facture"}, "queue": "receivable"}
            },
            "rules": [{"name": "rest", "queue": "triage"}],
        }
    )


def add_case(store: Store, received_at: datetime, *, undelivered: bool = False, **values: Any) -> str:
    """A new case with these values, and where asked for an acknowledgement that failed for good; its reference."""
    number = next(_NUMBERS)
    row: dict[str, Any] = {
        "reference": f"DD-{number:06}",
        "status": Status.NEW,
        "priority": "normal",
        "queue": "receivable",
        "request_type": None,
        "rule": "rest",
        "policy_version": "0" * 12,
        "language": "en",
        "subject": "Where is my invoice?",
        "requester_name": "Amina Haddad",
        "requester_address": "amina@client.example",
        "automatic": "person",
        "received_at": received_at,
        "promise_at": received_at + timedelta(hours=24),
        "internal_due_at": received_at + timedelta(hours=24),
    } | values
    with store.writing() as session:
        case_id = session.execute(sa.insert(Case).values(row).returning(Case.id)).scalar_one()
        if undelivered:
            session.execute(sa.insert(Outbox), [_failed(case_id, received_at)])
    return str(row["reference"])


def _failed(case_id: int, at: datetime) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "purpose": "acknowledgement",
        "message_id": f"<{case_id}@desk.example>",
        "envelope_from": "",
        "recipient": "amina@client.example",
        "recipient_key": "amina@client.example",
        "recipient_domain": "client.example",
        "subject_key": "invoice",
        "content": b"",
        "state": Dispatch.FAILED,
        "tries": 1,
        "created_at": at,
        "next_at": at,
        "settled_at": at,
        "last_reply": "550 5.1.1 no such user",
    }
