"""The suppression list: addresses that get no automatic mail, each with why, since when and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from processor.store import events
from processor.store.models import Case, Suppression
from processor.triage.redaction import redact

SUPPRESSED = "suppressed"  # kinds of events
LIFTED = "suppression lifted"

PROOF = ("case_id", "outbox_id", "inbound_id")


def add(session: Session, rows: Iterable[dict[str, Any]]) -> set[str]:
    """Each a dict of address, reason, since, actor, and of PROOF what there is; returns what was not there before.

    What is there keeps its reason. Each new one is told by an event, on its case where there is one.
    """
    wanted: dict[str, dict[str, Any]] = {}
    for row in rows:
        wanted.setdefault(row["address"].casefold(), row)
    if not wanted:
        return set()
    # In one order, so that two workers never wait for each other in a circle.
    values = [{**dict.fromkeys(PROOF), **wanted[address], "address": address} for address in sorted(wanted)]
    kind = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = kind(Suppression).values(values).on_conflict_do_nothing().returning(Suppression.address)
    added = set(session.scalars(statement))
    events.write(session, [_told(row, SUPPRESSED) for row in values if row["address"] in added])
    return added


def remove(session: Session, address: str, actor: str, now: datetime) -> bool:
    """Takes an address off the list, on record; False where it was not there."""
    statement = sa.delete(Suppression).where(Suppression.address == address.casefold())
    row = session.execute(statement.returning(*Suppression.__table__.columns)).mappings().one_or_none()
    if row is None:
        return False
    events.write(session, [_told({**row, "since": now, "actor": actor}, LIFTED)])
    return True


def listed(session: Session, limit: int | None = None) -> list[dict[str, Any]]:
    """The list as people may read it, newest first."""
    query = (
        sa.select(Suppression, Case.reference)
        .outerjoin(Case, Case.id == Suppression.case_id)
        .order_by(Suppression.since.desc(), Suppression.address)
        .limit(limit)
    )
    return [
        {
            "address": redact(row.address).text,  # a sender can make bank details of it (I9)
            "reason": row.reason,
            "since": row.since,
            "actor": row.actor,
            "case": reference,
            "outbox_id": row.outbox_id,
            "inbound_id": row.inbound_id,
        }
        for row, reference in session.execute(query)
    ]


def _told(row: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "case_id": row["case_id"],
        "inbound_id": row["inbound_id"],
        "at": row["since"],
        "actor": row["actor"],
        "kind": kind,
        "data": {"address": redact(row["address"]).text, "reason": row["reason"]},
    }
