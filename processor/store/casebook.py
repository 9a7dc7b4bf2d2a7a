"""Cases in the hands of people: taken, changed, linked, merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from processor.store import call_backs, events, links
from processor.store.bulk import insert
from processor.store.models import Case, CaseDetail, Participant, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A case as it stands while a person has it in hand."""

    id: int
    reference: str
    status: Status
    priority: str
    queue: str
    request_type: str | None
    received_at: datetime
    reopened_at: datetime | None
    language: str
    automatic: str
    owner: str | None
    requester_name: str
    requester_address: str
    promise_at: datetime | None
    internal_due_at: datetime
    first_response_at: datetime | None
    closed_at: datetime | None
    offered_name: str | None
    offered_address: str | None
    contact_id: int | None
    diversion: str
    held_since: datetime | None
    released_at: datetime | None
    survivor: str | None  # the reference of the case that it was merged into

    @property
    def settled(self) -> bool:
        return self.status in (Status.RESOLVED, Status.CLOSED)

    @property
    def held(self) -> bool:
        """It smells of payment diversion, and two people have not confirmed yet."""
        return self.held_since is not None and self.released_at is None


class Book:
    """The cases of one transaction, which whoever opened it commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        """For what else the store knows of these cases."""
        return self._session

    def held(self, reference: str) -> Held | None:
        """The case of this reference; None where there is none."""
        survivor = aliased(Case)
        columns = [getattr(Case, name) for name in Held.__slots__ if name != "survivor"]
        query = (
            sa.select(*columns, survivor.reference.label("survivor"))
            .outerjoin(survivor, survivor.id == Case.merged_into)
            .where(Case.reference == reference)
        )
        row = self._session.execute(query).mappings().one_or_none()
        return None if row is None else Held(**row)

    def change(self, case: Held, **values: Any) -> None:
        """These columns of the case."""
        _write(self._session, sa.update(Case).where(Case.id == case.id).values(**values))

    def add_participant(self, case: Held, address: str, role: str) -> None:
        """He may hear of the case from now on; where he might already, his role stays."""
        _add_participants(self._session, [{"case_id": case.id, "address": address.casefold(), "role": role}])

    def found(self, case: Held) -> dict[str, list[str]]:
        """The details that are on the case: of each name its values."""
        query = sa.select(CaseDetail.name, CaseDetail.value).where(CaseDetail.case_id == case.id)
        values: dict[str, list[str]] = {}
        for name, value in self._session.execute(query.order_by(CaseDetail.id)):
            if value is not None:
                values.setdefault(name, []).append(value)
        return values

    def lack(self, case: Held, names: Iterable[str]) -> None:
        """These details are what the case lacks from now on, and no others."""
        lacking = sa.delete(CaseDetail).where(CaseDetail.case_id == case.id, CaseDetail.value.is_(None))
        _write(self._session, lacking)
        insert(self._session, CaseDetail, ({"case_id": case.id, "name": name} for name in names))

    def put_into(self, case: Held, survivor: Held) -> None:
        """What people work with goes over: participants and details. What came stays on record under its own case.

        Whatever was merged into the case before is merged into the survivor too: no chain is ever longer than one.
        """
        query = sa.select(Participant.address, Participant.role).where(Participant.case_id == case.id)
        people = [
            {"case_id": survivor.id, "address": row.address, "role": row.role} for row in self._session.execute(query)
        ]
        _add_participants(self._session, people)
        _put_details(self._session, case.id, survivor.id)
        _write(self._session, sa.update(Case).where(Case.merged_into == case.id).values(merged_into=survivor.id))
        self.change(case, merged_into=survivor.id)

    def linked(self, one: Held, other: Held) -> bool:
        """A person has linked these two, either way."""
        return links.linked(self._session, one.id, other.id)

    def link(self, case: Held, other: Held, kind: links.Link, actor: str, now: datetime) -> None:
        """From now on the one has to do with the other."""
        row = {"case_id": case.id, "other_id": other.id, "kind": kind.value, "since": now, "actor": actor}
        links.link(self._session, [row])

    def numbers_on_file(self, case: Held, contact: str | None) -> list[str] | None:
        """Of the contact of this code, else of the case's own, as they were before a mail held the case; None where
        there is no such contact.
        """
        contact_id = case.contact_id if contact is None else call_backs.contact_named(self._session, contact)
        if contact_id is None:
            return None if contact is not None else []
        before = call_backs.first_held(self._session, case.id) or case.held_since
        return call_backs.numbers_on_file(self._session, contact_id, before) if before else []

    def note_call(self, case: Held, values: dict[str, Any]) -> None:
        """A call about the case, as a row of its own."""
        call_backs.note_call(self._session, {"case_id": case.id, **values})

    def latest_call(self, case: Held) -> call_backs.Called | None:
        """The last call since it was held."""
        return None if case.held_since is None else call_backs.latest(self._session, case.id, case.held_since)

    def release(self, case: Held, call: call_backs.Called, actor: str, now: datetime) -> None:
        """The second person has confirmed what the first was told."""
        call_backs.note_confirmed(self._session, call, actor, now)
        self.change(case, released_at=now)

    def tell(self, case: Held, kind: str, data: dict[str, Any], actor: str, now: datetime) -> None:
        """An event on the case."""
        events.write(self._session, [{"case_id": case.id, "at": now, "actor": actor, "kind": kind, "data": data}])


def _put_details(session: Session, case_id: int, survivor_id: int) -> None:
    """Each detail once; one that either of them has is missing no more."""
    query = sa.select(CaseDetail.id, CaseDetail.name, CaseDetail.value).order_by(CaseDetail.id)
    rows = session.execute(query.where(CaseDetail.case_id.in_((survivor_id, case_id)))).all()
    found = {row.name for row in rows if row.value is not None}
    kept: set[tuple[str, str | None]] = set()
    spare: list[int] = []
    for row in rows:
        again = (row.name, row.value) in kept or (row.value is None and row.name in found)
        spare += [row.id] if again else []
        kept.add((row.name, row.value))
    _write(session, sa.delete(CaseDetail).where(CaseDetail.id.in_(spare)))
    _write(session, sa.update(CaseDetail).where(CaseDetail.case_id == case_id).values(case_id=survivor_id))


def _add_participants(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    kind = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    if rows:
        session.execute(kind(Participant).on_conflict_do_nothing(), list(rows))


def _write(session: Session, statement: sa.Update | sa.Delete) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
