"""The mails nothing could be made of: what is known of them, and what people decided about them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.errors import DeskError, Permanent
from processor.store.models import Case, CaseMessage, Event, Inbound, RawMessage, State
from processor.store.raw import unpacked

QUARANTINED = "quarantined"  # kinds of events
RETRIED = "retried"
RELEASED = "released"
DISCARDED = "discarded"
RAW_READ = "raw bytes read"

_SHOWN = ("id", "mailbox", "folder", "uid", "received_at", "size", "oversize", "tries", "reason", "sha256")


def listed(session: Session, limit: int | None = None, *, discarded: bool = False) -> list[dict[str, Any]]:
    """Quarantined mails, newest first; with `discarded` also those that a person has done with."""
    query = sa.select(Inbound).where(Inbound.state == State.QUARANTINED).order_by(Inbound.id.desc()).limit(limit)
    if not discarded:
        query = query.where(Inbound.id.notin_(_done_with()))
    return [_fields(row) for row in session.scalars(query)]


def waiting(session: Session) -> int:
    """How many wait for a person."""
    # In the very words of the index: with a bound parameter neither engine would see that it may use it.
    query = sa.select(sa.func.count()).select_from(Inbound).where(sa.text("inbound.state = 'quarantined'"))
    return session.scalar(query.where(Inbound.id.notin_(_done_with()))) or 0


def known(session: Session, inbound_id: int, *, for_update: bool = True) -> dict[str, Any]:
    """This quarantined mail, kept from others till the end of the transaction; DeskError where there is none."""
    query = sa.select(Inbound).where(Inbound.id == inbound_id, Inbound.state == State.QUARANTINED)
    row = session.scalar(query.with_for_update() if for_update else query)
    if row is None:
        raise DeskError(f"No mail {inbound_id} is in quarantine: see `daydesk inbox quarantine list`.")
    return _fields(row)


def story(session: Session, inbound_id: int) -> list[dict[str, Any]]:
    """The events of a ledger row, oldest first."""
    query = sa.select(Event).where(Event.inbound_id == inbound_id).order_by(Event.id)
    return [{"at": e.at, "actor": e.actor, "kind": e.kind, "data": e.data} for e in session.scalars(query)]


def raw_bytes(session: Session, row: dict[str, Any]) -> bytes:
    """The bytes of this mail; DeskError where they cannot be had."""
    if row["sha256"] is None:
        raise DeskError("Its bytes never came: its mailbox lists it and does not give it. Retry it, or discard it.")
    raw = session.get(RawMessage, row["sha256"])
    if raw is None:
        raise DeskError("Its raw bytes are not in the database: try `daydesk inbox reconcile --repair`.")
    try:
        return unpacked(raw.compression, raw.data, raw.size)
    except Permanent as error:
        raise DeskError(f"Its raw bytes cannot be used: {error}.") from None


def done_with(session: Session) -> set[int]:
    """The quarantined rows that a person has discarded."""
    query = sa.select(Inbound.id).where(sa.text("inbound.state = 'quarantined'"), Inbound.id.in_(_done_with()))
    return set(session.scalars(query))


def open_case(session: Session, case: dict[str, Any], message: dict[str, Any]) -> int:
    """A case with its first mail, as a person opens it; returns its number."""
    case_id = session.execute(sa.insert(Case).values(case).returning(Case.id)).scalar_one()
    session.execute(sa.insert(CaseMessage), [message | {"case_id": case_id}])
    return case_id


def case_of_bytes(session: Session, sha256: str, size: int) -> str | None:
    """The reference of the case that these bytes opened or joined already."""
    query = (
        sa.select(Case.reference)
        .join(Inbound, Inbound.case_id == Case.id)
        .where(Inbound.sha256 == sha256, Inbound.size == size, Inbound.state.in_((State.CASE, State.APPENDED)))
    )
    return session.scalar(query)


def _done_with() -> sa.Select[int | None]:
    """Rows whose discarding is younger than their last quarantine."""
    last = {kind: sa.func.max(sa.case((Event.kind == kind, Event.id), else_=0)) for kind in (DISCARDED, QUARANTINED)}
    of_quarantine = sa.text("event.kind IN ('quarantined', 'discarded')")  # as ix_event_quarantine says it
    query = sa.select(Event.inbound_id).where(of_quarantine, Event.inbound_id.isnot(None))
    return query.group_by(Event.inbound_id).having(last[DISCARDED] > last[QUARANTINED])


def _fields(row: Inbound) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SHOWN}
