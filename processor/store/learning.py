"""Who writes becomes known: addresses are learned from mails, and nobody has confirmed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from processor.store.decided import Decided
from processor.store.known_contacts import domain_of
from processor.store.models import ContactAddress
from processor.store.surroundings import learnable
from processor.triage.correspondent import mailbox_of

MOST_LEARNED = 50_000  # addresses that nobody has put on file; the oldest are forgotten
_FORGOTTEN = 1_000  # at once


def learn(session: Session, kept: Sequence[Decided], now: datetime) -> None:
    """The writers of these mails, and of whom a mail has passed DMARC."""
    rows = {row["key"]: row for row in _rows(kept, now)}
    if rows:
        kind = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        # In one order, so that two workers never wait for each other in a circle.
        statement = kind(ContactAddress).values([rows[key] for key in sorted(rows)]).on_conflict_do_nothing()
        session.execute(statement)
        _forget(session)
    passed = sorted({mailbox_of(address) for one in kept if (address := _passed_first(one))})
    if passed:
        first = sa.update(ContactAddress).where(
            ContactAddress.key.in_(passed), ContactAddress.dmarc_passed_at.is_(None)
        )
        session.execute(first.values(dmarc_passed_at=now), execution_options={"synchronize_session": False})


def _rows(kept: Iterable[Decided], now: datetime) -> Iterable[dict[str, Any]]:
    for one in kept:
        if one.verdict.contact is None and (address := learnable(one.arrival, one.verdict)):
            yield {
                "key": mailbox_of(address),
                "address": address,
                "domain": domain_of(address),
                "contact_id": None,
                "owner": False,
                "since": now,
                "dmarc_passed_at": now if one.verdict.dmarc == "pass" else None,
            }


def _passed_first(one: Decided) -> str:
    """The address that is known, and from which a mail had never passed DMARC before; empty of all others."""
    contact = one.verdict.contact
    first = contact is not None and not contact.dmarc_passed and one.verdict.dmarc == "pass"
    return contact.address if contact is not None and first else ""


def _forget(session: Session) -> None:
    learned = sa.select(ContactAddress.key).where(ContactAddress.contact_id.is_(None))
    spare = learned.order_by(ContactAddress.since.desc(), ContactAddress.key).offset(MOST_LEARNED).limit(_FORGOTTEN)
    old = session.scalars(spare).all()
    if old:
        session.execute(sa.delete(ContactAddress).where(ContactAddress.key.in_(old)))
