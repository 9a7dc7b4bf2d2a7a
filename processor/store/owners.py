"""Gives the new cases of a batch their owners, in the transaction that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from processor.store.decided import Decided
from processor.store.locks import assigning
from processor.store.models import UNSETTLED, Case, OwnerTurn
from processor.triage.owner import Share, choose
from processor.triage.verdict import Outcome


def assign(session: Session, batch: Sequence[Decided]) -> list[Decided]:
    """The same, each with its owner. Workers do it one after the other, so that the turns stay fair among them."""
    if not any(_is_new(one) for one in batch):
        return list(batch)
    assigning(session)
    given = _Given(session)
    owned = [replace(one, owner=given.next_of(one)) if _is_new(one) else one for one in batch]
    given.write()
    return owned


def _is_new(one: Decided) -> bool:
    """It opens a case that is to be somebody's."""
    return one.verdict.outcome is Outcome.CASE and one.verdict.assigning is not None


class _Given:
    """Who has how much, counted on while a batch is given away."""

    def __init__(self, session: Session) -> None:
        self._session = session
        open_cases = (
            sa.select(Case.owner, sa.func.count())
            .where(Case.owner.is_not(None), Case.status.in_(UNSETTLED), Case.merged_into.is_(None))
            .group_by(Case.owner)
        )
        self._unsettled: dict[str | None, int] = dict(session.execute(open_cases).all())
        turns = sa.select(OwnerTurn.queue, OwnerTurn.person, OwnerTurn.turn)
        self._turns = {(row.queue, row.person): row.turn for row in session.execute(turns)}
        self._changed: set[tuple[str, str]] = set()

    def next_of(self, one: Decided) -> str | None:
        """Whose this case is, and counted as his."""
        queue, assigned = one.verdict.routing.queue, one.verdict.assigning
        if assigned is None:
            return None
        owner = choose(assigned, {person: self._share(queue, person) for person in assigned.people})
        if owner is not None:
            self._unsettled[owner] = self._unsettled.get(owner, 0) + 1
            latest = max((turn for (of, _), turn in self._turns.items() if of == queue), default=0)
            self._turns[queue, owner] = latest + 1
            self._changed.add((queue, owner))
        return owner

    def write(self) -> None:
        """The turns, for the next batch."""
        rows = [{"queue": queue, "person": who, "turn": self._turns[queue, who]} for queue, who in self._changed]
        if rows:
            kind = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
            statement = kind(OwnerTurn)
            kept = statement.on_conflict_do_update(
                index_elements=["queue", "person"], set_={"turn": statement.excluded.turn}
            )
            self._session.execute(kept, rows)

    def _share(self, queue: str, person: str) -> Share:
        return Share(turn=self._turns.get((queue, person), 0), unsettled=self._unsettled.get(person, 0))
