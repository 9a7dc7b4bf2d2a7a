"""Which cases have to do with each other, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from processor.store.bulk import insert
from processor.store.models import Case, CaseLink


class Link(StrEnum):
    """What the one case is to the other."""

    RELATED = "related"  # a person said so
    MERGED = "merged"  # it went into the other
    FOLLOWS = "follows"  # it was opened by a mail to the other, which is closed for good
    SAME_MAIL = "same mail"  # one mail to two teams opened both


def link(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Each a dict of case_id, other_id, kind, since, actor."""
    insert(session, CaseLink, rows)


def linked(session: Session, one: int, other: int) -> bool:
    """A person has linked these two, either way."""
    either = sa.or_(
        sa.and_(CaseLink.case_id == one, CaseLink.other_id == other),
        sa.and_(CaseLink.case_id == other, CaseLink.other_id == one),
    )
    found = sa.select(CaseLink.case_id).where(either, CaseLink.kind == Link.RELATED)
    return session.scalar(found.limit(1)) is not None


def links_of(session: Session, case_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Every other case that one of these has to do with, oldest link first; `how` is told from their side."""
    one, other = aliased(Case), aliased(Case)
    query = (
        sa.select(CaseLink, one.reference, other.reference)
        .join(one, one.id == CaseLink.case_id)
        .join(other, other.id == CaseLink.other_id)
        .where(sa.or_(CaseLink.case_id.in_(case_ids), CaseLink.other_id.in_(case_ids)))
        .order_by(CaseLink.since, CaseLink.case_id, CaseLink.other_id)
    )
    return [
        {"case": theirs if row.case_id in case_ids else ours, "how": _how(row, case_ids)}
        | {"since": row.since, "actor": row.actor}
        for row, ours, theirs in session.execute(query)
        if not {row.case_id, row.other_id} <= set(case_ids)  # else they are one case by now
    ]


def _how(row: CaseLink, case_ids: Sequence[int]) -> str:
    return "followed by" if row.kind == Link.FOLLOWS and row.case_id not in case_ids else row.kind
