"""What a later mail changes on the case that it joins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.bulk import insert
from processor.store.case_rows import detail_row
from processor.store.models import Case, CaseDetail, Status
from processor.triage.automatic import Kind
from processor.triage.correlation import Standing
from processor.triage.details import FoundDetail
from processor.triage.verdict import Verdict


def follow_up(session: Session, verdict: Verdict, case_id: int, received_at: datetime) -> None:
    """Details ticked off; whom a colleague wrote for. A participant's own mail ends the waiting for him, and opens
    again what was settled.
    """
    _tick_off(session, verdict.details, case_id)
    if (offer := verdict.offer) is not None:
        offered = sa.update(Case).where(Case.id == case_id)
        offered = offered.values(offered_name=offer.name, offered_address=offer.address)
        session.execute(offered, execution_options={"synchronize_session": False})
    if verdict.reopens:
        _reopen(session, verdict, case_id, received_at)
    elif verdict.correlation.standing is Standing.PARTICIPANT and verdict.automatic.kind is Kind.PERSON:
        waiting = sa.update(Case).where(Case.id == case_id, Case.status == Status.WAITING_CLIENT)
        session.execute(waiting.values(status=Status.OPEN), execution_options={"synchronize_session": False})


def _reopen(session: Session, verdict: Verdict, case_id: int, received_at: datetime) -> None:
    """Its writer waits again for a person, so every clock starts again; the event keeps what they showed."""
    values = {
        "status": Status.OPEN,
        "closed_at": None,
        "reopened_at": received_at,
        "promise_at": verdict.promise_at,
        "internal_due_at": verdict.internal_due_at,
        "first_response_at": None,
    }
    settled = Case.status.in_((Status.RESOLVED, Status.CLOSED))  # another mail of the batch may have been first
    statement = sa.update(Case).where(Case.id == case_id, settled).values(values)
    session.execute(statement, execution_options={"synchronize_session": False})


def _tick_off(session: Session, details: Sequence[FoundDetail], case_id: int) -> None:
    """Details that this mail brings: those still missing, and what else it states that is not on the case yet."""
    query = sa.select(CaseDetail.name, CaseDetail.value).where(CaseDetail.case_id == case_id)
    known = {(name, value) for name, value in session.execute(query)}
    brought = [
        detail
        for detail in details
        if (detail.name, None) in known or (detail.worth_keeping and (detail.name, detail.value) not in known)
    ]
    insert(session, CaseDetail, (detail_row(detail, case_id) for detail in brought))
    missing = sa.delete(CaseDetail).where(CaseDetail.case_id == case_id, CaseDetail.value.is_(None))
    ticked = missing.where(CaseDetail.name.in_({detail.name for detail in brought}))
    session.execute(ticked, execution_options={"synchronize_session": False})
