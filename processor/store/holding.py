"""What a mail that smells of payment diversion changes on the case that it joins: it raises, it never lowers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import UNSETTLED, Case, Status
from processor.triage.diversion_values import Level, higher
from processor.triage.verdict import Verdict


def hold(session: Session, verdict: Verdict, case_id: int, now: datetime) -> None:
    """The case takes the level of its worst mail. Each mail of level hold holds it anew, whatever was confirmed."""
    level = verdict.diversion.level
    if level is Level.NONE:
        return
    row = session.execute(sa.select(Case.diversion, Case.status).where(Case.id == case_id)).one()
    values: dict[str, Any] = {"diversion": higher(row.diversion, level)}
    if verdict.diversion.holds:
        values |= {"held_since": now, "released_at": None}
        if verdict.held_in is not None:
            values["queue"] = verdict.held_in
        if row.status not in UNSETTLED:
            values |= {"status": Status.OPEN, "closed_at": None}
    statement = sa.update(Case).where(Case.id == case_id).values(values)
    session.execute(statement, execution_options={"synchronize_session": False})
