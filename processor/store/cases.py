"""Writes what was decided of a batch of mails: cases, messages, details, events and acknowledgements, in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store import case_rows as rows
from processor.store import suppression
from processor.store.bulk import insert
from processor.store.copies import cases_of
from processor.store.decided import Decided
from processor.store.events import DESK
from processor.store.following import follow_up
from processor.store.holding import hold
from processor.store.learning import learn
from processor.store.linking import link_cases
from processor.store.models import (
    Case,
    CaseDetail,
    CaseMessage,
    Event,
    Outbox,
    Participant,
    StoredAttachment,
)
from processor.store.outbox import come_back
from processor.triage.kinds import ANSWER, ASSIGNED, COPY, ROUTED
from processor.triage.telling import told
from processor.triage.verdict import Outcome


def record(session: Session, batch: Sequence[Decided], now: datetime) -> dict[int, int]:
    """Everything that follows from these verdicts; returns the case of each ledger row that has one, the first team's
    where it has several.
    """
    case_ids = _open_cases(session, batch, now)
    kept = [(one, case_id) for one, case_id in zip(batch, case_ids, strict=True) if case_id is not None]
    case_of = {one.arrival.inbound_id: case_id for one, case_id in kept if one.first is None}
    told_on = _cases_of_copies(session, batch, case_of)
    placed = zip(batch, case_ids, strict=True)
    events = (_events(one, case_id or told_on.get(one.arrival.inbound_id), now) for one, case_id in placed)
    insert(session, Event, chain.from_iterable(events))
    message_ids = _insert_messages(session, kept)
    insert(session, StoredAttachment, rows.attachments([one for one, _ in kept], message_ids))
    answers = ((one, one.outgoing, case_id) for one, case_id in kept if one.outgoing is not None and one.first is None)
    insert(session, Outbox, (rows.outbox_row(one, mail, case_id, now) for one, mail, case_id in answers))
    for one, case_id in kept:
        if one.verdict.outcome is Outcome.APPENDED:
            follow_up(session, one.verdict, case_id, one.arrival.received_at)
            hold(session, one.verdict, case_id, now)
    link_cases(session, kept, now)
    learn(session, [one for one, _ in kept], now)
    _take_back(session, [one for one, _ in kept], now)
    return case_of


def _open_cases(session: Session, batch: Sequence[Decided], now: datetime) -> list[int | None]:
    """The case of each, new ones made; None for a duplicate."""
    opened = [one for one in batch if one.verdict.outcome is Outcome.CASE]
    ids: Sequence[int] = ()
    if opened:
        statement = sa.insert(Case).returning(Case.id, sort_by_parameter_order=True)
        ids = session.scalars(statement, [rows.case_row(one, now) for one in opened]).all()
        insert(session, Participant, rows.participants(opened, ids))
        found = (row for one, case_id in zip(opened, ids, strict=True) for row in rows.details(one, case_id))
        insert(session, CaseDetail, found)
    new = iter(ids)
    return [next(new) if one.verdict.outcome is Outcome.CASE else _joined(one) for one in batch]


def _joined(one: Decided) -> int | None:
    case = one.verdict.correlation.case
    return case.id if case is not None and one.verdict.outcome is Outcome.APPENDED else None


def _cases_of_copies(session: Session, batch: Sequence[Decided], case_of: dict[int, int]) -> dict[int, int]:
    """Of each mail of which another copy was taken in, the case of that one: nothing is dropped without a word."""
    first = {one.arrival.inbound_id: one.verdict.copy_of for one in batch if one.verdict.copy_of is not None}
    known = case_of | cases_of(session, set(first.values()) - case_of.keys())
    return {inbound_id: known[copied] for inbound_id, copied in first.items() if copied in known}


def _insert_messages(session: Session, kept: Sequence[tuple[Decided, int]]) -> Sequence[int]:
    if not kept:
        return ()
    statement = sa.insert(CaseMessage).returning(CaseMessage.id, sort_by_parameter_order=True)
    return session.scalars(statement, [rows.message_row(one, case_id) for one, case_id in kept]).all()


def _events(one: Decided, case_id: int | None, now: datetime) -> Iterator[dict[str, Any]]:
    """The story of this mail, as it is told from now on."""
    for kind, data in told(one.verdict, one.arrival.message, one.arrival.received_at):
        if kind == ANSWER:
            if one.first is not None:
                data |= {"with": one.first.reference}
            sent = {"message_id": one.outgoing.message_id if one.outgoing else None, "note": one.note}
            data |= sent | {"send": one.outgoing is not None}
        if kind == COPY:
            data |= {"mailbox": one.arrival.mailbox}
        yield _event(one, case_id, kind, data, now)
        if kind == ROUTED and (assigning := one.verdict.assigning) is not None:
            given = {"owner": one.owner, "was": None, "how": assigning.how, "away": list(assigning.away), "note": ""}
            yield _event(one, case_id, ASSIGNED, given, now)


def _event(one: Decided, case_id: int | None, kind: str, data: dict[str, Any], now: datetime) -> dict[str, Any]:
    inbound_id = one.arrival.inbound_id
    return {"case_id": case_id, "inbound_id": inbound_id, "at": now, "actor": DESK, "kind": kind, "data": data}


def _take_back(session: Session, kept: Sequence[Decided], now: datetime) -> None:
    """Mails of ours that came back or were complained of, and who gets no automatic mail from now on."""
    reports = [(one, one.verdict.returned, one.verdict.returned.mail) for one in kept if one.verdict.returned]
    come_back(
        session, [(mail.id, returned.words) for _one, returned, mail in reports if returned.came_back and mail], now
    )
    suppressed = (
        {
            "address": mail.recipient,
            "reason": returned.suppress,
            "since": now,
            "actor": DESK,
            "case_id": one.verdict.correlation.case.id if one.verdict.correlation.case else None,
            "outbox_id": mail.id,
            "inbound_id": one.arrival.inbound_id,
        }
        for one, returned, mail in reports
        if returned.suppress is not None and mail
    )
    suppression.add(session, suppressed)
