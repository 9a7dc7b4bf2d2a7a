"""The links that mails bring about: to the case that a new one follows, between the cases of several teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store import events
from processor.store.decided import Decided
from processor.store.events import DESK
from processor.store.links import Link, link
from processor.store.models import Case
from processor.triage.kinds import LINKED

Kept = Sequence[tuple[Decided, int]]  # each with its case


def link_cases(session: Session, kept: Kept, now: datetime) -> None:
    """Write them down, with who is acknowledged by the mail of another case."""
    several = _several(kept)
    link(session, (*_follows(kept, now), *_same_mail(several, now)))
    events.write(session, _told(several, now))
    for cases in several:
        if cases[0][0].outgoing is not None:
            others = sa.update(Case).where(Case.id.in_([case_id for _one, case_id in cases[1:]]))
            statement = others.values(acknowledged_with=cases[0][1])
            session.execute(statement, execution_options={"synchronize_session": False})


def _follows(kept: Kept, now: datetime) -> Iterator[dict[str, Any]]:
    for one, case_id in kept:
        if (before := one.verdict.correlation.follows) is not None:
            yield _row(case_id, before.id, Link.FOLLOWS, now)


def _several(kept: Kept) -> list[list[tuple[Decided, int]]]:
    """The cases of each mail that made several, the first team's first."""
    cases: dict[int, list[tuple[Decided, int]]] = defaultdict(list)
    for one, case_id in kept:
        cases[one.arrival.inbound_id].append((one, case_id))
    return [those for those in cases.values() if len(those) > 1]


def _same_mail(several: Sequence[Kept], now: datetime) -> Iterator[dict[str, Any]]:
    for cases in several:
        for (_one, case_id), (_other, other_id) in combinations(cases, 2):
            yield _row(case_id, other_id, Link.SAME_MAIL, now)


def _told(several: Sequence[Kept], now: datetime) -> Iterator[dict[str, Any]]:
    for cases in several:
        for one, case_id in cases:
            for other in (other.reference for other, other_id in cases if other_id != case_id):
                data = {"case": other, "how": Link.SAME_MAIL.value}
                row = {"case_id": case_id, "inbound_id": one.arrival.inbound_id, "at": now, "actor": DESK}
                yield row | {"kind": LINKED, "data": data}


def _row(case_id: int, other_id: int, kind: Link, now: datetime) -> dict[str, Any]:
    return {"case_id": case_id, "other_id": other_id, "kind": kind.value, "since": now, "actor": DESK}
