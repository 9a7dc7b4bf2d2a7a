"""What is on record of a case and of the mails in it, where something is taken out of it for good."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store import events
from processor.store.casebook import Book, Held
from processor.store.database import Store
from processor.store.models import (
    Case,
    CaseDetail,
    CaseMessage,
    Event,
    Inbound,
    Outbox,
    RawMessage,
    StoredAttachment,
)
from processor.store.raw import packed, unpacked

MARK = "[redacted]"
Changed = dict[str, int]  # rows by table

_TEXTS: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Case, ("subject", "requester_name", "offered_name")),
    (CaseMessage, ("subject", "text", "new_text", "from_name")),
    (StoredAttachment, ("name",)),
    (CaseDetail, ("value", "normal")),
    (Event, ("data",)),
    (Outbox, ("last_reply", "subject_key")),
    (Inbound, ("reason",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Everywhere that the mails of a case are: cases, their mails, ledger rows, and the bytes by digest."""

    cases: tuple[int, ...]
    messages: tuple[int, ...]
    inbound: tuple[int, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A mail of a case, and the digest of its bytes."""

    id: int
    digest: str | None


class Records:
    """What one transaction reads and rewrites."""

    def __init__(self, book: Book) -> None:
        self._session: Session = book.session

    def copies(self, case: Held, message_id: int | None = None) -> Copies:
        """Of all mails of a case and of those merged into it, or of this one; with the cases that other teams have of
        them, and with the copies of them that came by other ways.
        """
        chosen = CaseMessage.case_id.in_(_parts(case.id)) if message_id is None else CaseMessage.id == message_id
        ledger = self._session.execute(sa.select(Inbound.id, Inbound.sha256).where(self._same_mails(chosen))).all()
        inbound = [row.id for row in ledger]
        query = sa.select(CaseMessage.id, CaseMessage.case_id)
        messages = self._session.execute(query.where(sa.or_(CaseMessage.inbound_id.in_(inbound), chosen))).all()
        cases = {row.case_id for row in messages}
        if message_id is None:
            cases |= set(self._session.scalars(_parts(case.id)))
        return Copies(
            cases=tuple(sorted(cases)),
            messages=tuple(row.id for row in messages),
            inbound=tuple(inbound),
            digests=tuple(sorted({row.sha256 for row in ledger if row.sha256})),
        )

    def _same_mails(self, chosen: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        wanted = sa.select(CaseMessage.inbound_id).where(chosen, CaseMessage.inbound_id.isnot(None))
        columns = sa.select(Inbound.sha256, Inbound.content_sha256)
        rows = self._session.execute(columns.where(Inbound.id.in_(wanted))).all()
        return sa.or_(
            Inbound.sha256.in_({row.sha256 for row in rows if row.sha256}),
            Inbound.content_sha256.in_({row.content_sha256 for row in rows if row.content_sha256}),
        )

    def numbered(self, case: Held) -> list[Numbered]:
        """The mails of a case and of those merged into it, in the order in which `case show` tells them."""
        return numbered(self._session, case.id)

    def files(self, found: Copies, named: str) -> dict[str, str]:
        """The attachments of this name or digest in these mails: digest and name."""
        query = sa.select(StoredAttachment.sha256, StoredAttachment.name).where(
            StoredAttachment.message_id.in_(found.messages),
            sa.or_(StoredAttachment.name == named, StoredAttachment.sha256 == named.lower()),
        )
        return {row.sha256: row.name for row in self._session.execute(query)}

    def raw(self, digest: str) -> bytes | None:
        """The bytes as they are kept; None where they are lost."""
        return raw(self._session, digest)

    def put_raw(self, digest: str, content: bytes) -> None:
        """Other bytes in the place of these, which are still known by the digest of the original (I3)."""
        self._write(sa.update(RawMessage).where(RawMessage.sha256 == digest).values(packed(digest, content)))

    def change_texts(self, found: Copies, pattern: re.Pattern[str]) -> Changed:
        """The mark wherever the text stands in these cases and mails; which tables had it, in how many rows."""
        with events.rewritable(self._session):
            return _change(self._session, found, lambda text: pattern.sub(MARK, text))

    def change_contents(self, found: Copies, rewritten: Callable[[bytes], bytes]) -> int:
        """The mails that the desk wrote on these cases, rewritten; how many changed."""
        count = 0
        for row in self._session.scalars(sa.select(Outbox).where(Outbox.case_id.in_(found.cases))):
            content = rewritten(row.content)
            count += content != row.content
            row.content = content
        self._session.flush()
        return count

    def forget_files(self, found: Copies, files: Mapping[str, str]) -> Changed:
        """The details that were read in these attachments, and how these are called."""
        chosen = sa.and_(StoredAttachment.message_id.in_(found.messages), StoredAttachment.sha256.in_(files.keys()))
        named = self._write(sa.update(StoredAttachment).where(chosen).values(name=MARK))
        of_files = sa.or_(sa.false(), *(CaseDetail.evidence.contains(name, autoescape=True) for name in files.values()))
        gone = {"value": None, "normal": None, "evidence": None, "line": None, "certainty": None}
        read = self._write(sa.update(CaseDetail).where(CaseDetail.case_id.in_(found.cases), of_files).values(gone))
        return {name: count for name, count in (("attachment", named), ("detail", read)) if count}

    def forget_words(self, found: Copies) -> Changed:
        """Of these mails nothing; what was found in them is missing again, and their events lose their free words."""
        of_messages = CaseMessage.id.in_(found.messages)
        named = StoredAttachment.message_id.in_(found.messages)
        words = {"subject": MARK, "text": MARK, "new_text": MARK, "from_name": ""}
        gone = {"value": None, "normal": None, "evidence": None, "line": None, "certainty": None}
        of_cases = {"subject": MARK, "requester_name": "", "offered_name": None}
        changed = {
            "message": self._write(sa.update(CaseMessage).where(of_messages).values(words)),
            "attachment": self._write(sa.update(StoredAttachment).where(named).values(name=MARK)),
            "detail": self._write(sa.update(CaseDetail).where(CaseDetail.case_id.in_(found.cases)).values(gone)),
            "cases": self._write(sa.update(Case).where(Case.id.in_(found.cases)).values(of_cases)),
        }
        told = self._session.scalars(sa.select(Event).where(Event.inbound_id.in_(found.inbound))).all()
        with events.rewritable(self._session):
            for row in told:
                row.data = _mapped(row.data, lambda text: MARK if " " in text.strip() else text)
        return changed | {"event": len(told)}

    def _write(self, statement: sa.Update) -> int:
        result = self._session.execute(statement, execution_options={"synchronize_session": False})
        return int(cast("sa.CursorResult[Any]", result).rowcount)


def numbered(session: Session, case_id: int) -> list[Numbered]:
    """The mails of a case and of those merged into it, in the order in which `case show` tells them."""
    query = (
        sa.select(CaseMessage.id, CaseMessage.inbound_id, Inbound.sha256)
        .outerjoin(Inbound, Inbound.id == CaseMessage.inbound_id)
        .where(CaseMessage.case_id.in_(_parts(case_id)))
        .order_by(CaseMessage.received_at, CaseMessage.id)
    )
    once = {row.inbound_id or -row.id: row for row in session.execute(query)}
    return [Numbered(id=row.id, digest=row.sha256) for row in once.values()]


def raw(session: Session, digest: str) -> bytes | None:
    """The bytes as they are kept; None where they are lost."""
    row = session.get(RawMessage, digest)
    return None if row is None else unpacked(row.compression, row.data, row.size)


def told(store: Store, reference: str, kind: str) -> list[dict[str, Any]]:
    """What the events of this kind tell on a case, oldest first."""
    query = (
        sa.select(Event.data)
        .join(Case, Case.id == Event.case_id)
        .where(Case.reference == reference, Event.kind == kind)
        .order_by(Event.id)
    )
    with store.reading() as session:
        return [dict(data) for data in session.scalars(query)]


def _parts(case_id: int) -> sa.Select[int]:
    return sa.select(Case.id).where(sa.or_(Case.id == case_id, Case.merged_into == case_id))


def _change(session: Session, found: Copies, change: Callable[[str], str]) -> Changed:
    changed: Changed = {}
    for table, names in _TEXTS:
        for row in session.scalars(sa.select(table).where(_of(table, found))):
            before = [getattr(row, name) for name in names]
            after = [_mapped(value, change) for value in before]
            if after != before:
                changed[table.__tablename__] = changed.get(table.__tablename__, 0) + 1
                for name, value in zip(names, after, strict=True):
                    setattr(row, name, value)
    session.flush()
    return changed


def _of(table: type[Any], found: Copies) -> sa.ColumnElement[bool]:
    if table is Case:
        return Case.id.in_(found.cases)
    if table is Inbound:
        return Inbound.id.in_(found.inbound)
    if table is CaseMessage:
        return CaseMessage.id.in_(found.messages)
    if table is StoredAttachment:
        return StoredAttachment.message_id.in_(found.messages)
    if table is Event:
        return sa.or_(Event.case_id.in_(found.cases), Event.inbound_id.in_(found.inbound))
    column: sa.ColumnElement[bool] = table.case_id.in_(found.cases)
    return column


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(inner, change) for name, inner in value.items()}
    return [_mapped(inner, change) for inner in value] if isinstance(value, list) else value
