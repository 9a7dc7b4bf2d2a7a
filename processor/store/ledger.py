"""The inbound ledger: what every mailbox gave, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ingest.errors import Transient
from ingest.mailbox import Cursor
from ingest.message import FetchedMessage, Withheld
from processor.store import models
from processor.store.models import Base, Inbound, RawMessage, State
from processor.store.raw import once, packed

TRIES = 3  # then a message that cannot be handled is quarantined (I5)

# Each pass of each mailbox asks these: put together once, and past the session, they cost a third.
_PLACE = sa.select(*(getattr(models.Cursor, field.name) for field in fields(Cursor))).where(
    models.Cursor.mailbox == sa.bindparam("mailbox"), models.Cursor.folder == sa.bindparam("folder")
)
_UNFILED = (
    sa.select(Inbound.uid)
    .where(Inbound.filed_at.is_(None), Inbound.sha256.is_not(None), Inbound.mailbox == sa.bindparam("mailbox"))
    .where(Inbound.folder == sa.bindparam("folder"), Inbound.uidvalidity == sa.bindparam("uidvalidity"))
    .order_by(Inbound.uid)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A batch of fetched messages as rows, made before the transaction so that it stays short."""

    raw: list[dict[str, Any]]
    inbound: list[dict[str, Any]]


def prepare(mailbox: str, messages: Sequence[FetchedMessage | Withheld], now: datetime) -> Taken:
    """The rows of a batch: digests taken, bytes compressed. A withheld message is a row without bytes."""
    raw, inbound = [], []
    for message in messages:
        if isinstance(message, Withheld):
            inbound.append(_row(mailbox, message, now) | {"tries": 1, "reason": message.reason})
            continue
        digest = hashlib.sha256(message.raw).hexdigest()
        raw.append(packed(digest, message.raw))
        inbound.append(_row(mailbox, message, now) | {"sha256": digest, "oversize": message.oversize})
    return Taken(raw=once(raw), inbound=inbound)


def _row(mailbox: str, message: FetchedMessage | Withheld, now: datetime) -> dict[str, Any]:
    return {
        "mailbox": mailbox,
        "folder": message.folder,
        "uidvalidity": message.uidvalidity,
        "uid": message.uid,
        "sha256": None,
        "size": message.size,
        "oversize": False,
        "received_at": message.received_at,
        "fetched_at": now,
        "state": State.PENDING,
        "tries": 0,
        "reason": None,
    }


def take_in(session: Session, taken: Taken) -> list[int]:
    """Raw bytes and ledger rows; what is there already stays as it is, so a repetition does nothing.

    Returns the ids of the new rows.
    """
    if taken.raw:
        session.execute(_insert_new(session, RawMessage), taken.raw)
    if not taken.inbound:
        return []
    return sorted(session.scalars(_insert_new(session, Inbound).returning(Inbound.id), taken.inbound))


def read_cursor(session: Session, mailbox: str, folder: str) -> Cursor | None:
    """How far this folder was read; None before the first start."""
    place = {"mailbox": mailbox, "folder": folder}
    row = session.connection().execute(_PLACE, place).mappings().one_or_none()
    return Cursor(**row) if row else None


def read_elsewhere(session: Session, mailbox: str, cursor: Cursor) -> Cursor | None:
    """How far this mailbox was read where its folder had this UIDVALIDITY and another name; the first one."""
    query = sa.select(*_PLACE.selected_columns).where(
        models.Cursor.mailbox == mailbox,
        models.Cursor.folder != cursor.folder,
        models.Cursor.uidvalidity == cursor.uidvalidity,
    )
    first = query.order_by(models.Cursor.since.is_not(None), models.Cursor.since).limit(1)
    row = session.execute(first).mappings().one_or_none()
    return Cursor(**row) if row else None


def begin_cursor(session: Session, mailbox: str, cursor: Cursor, now: datetime) -> None:
    """Remember where the first start begins; where another receiver did it just before, his stands."""
    row = {"mailbox": mailbox, "folder": cursor.folder} | _place(cursor, now)
    session.execute(_insert_new(session, models.Cursor), [row])


def advance_cursor(session: Session, mailbox: str, before: Cursor, cursor: Cursor, now: datetime) -> None:
    """Remember how far this folder was read. Raises Transient where it is no longer where we began.

    Whoever lost its lock without knowing, or was stopped and continued, can so write nothing of what it took in.
    """
    moved = session.execute(
        sa.update(models.Cursor)
        .where(models.Cursor.mailbox == mailbox, models.Cursor.folder == before.folder)
        .where(models.Cursor.uidvalidity == before.uidvalidity, models.Cursor.uid == before.uid)
        .values(**_place(cursor, now)),
        execution_options={"synchronize_session": False},
    )
    if getattr(moved, "rowcount", 0) != 1:
        raise Transient(
            f"Mailbox {mailbox!r} was read on by another process meanwhile: of this batch nothing was written. "
            "The next pass begins where that one ended."
        )


def _place(cursor: Cursor, now: datetime) -> dict[str, Any]:
    return {
        "uidvalidity": cursor.uidvalidity,
        "uid": cursor.uid,
        "since": cursor.since,
        "history_uid": cursor.history_uid,
        "careful_uid": cursor.careful_uid,
        "updated_at": now,
    }


def unfiled(session: Session, mailbox: str, cursor: Cursor) -> Sequence[int]:
    """The UIDs that are committed with their bytes but not yet moved or flagged on the server (I2)."""
    place = {"mailbox": mailbox, "folder": cursor.folder, "uidvalidity": cursor.uidvalidity}
    return session.connection().scalars(_UNFILED, place).all()


def known_uids(session: Session, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
    """Which of these UIDs the ledger holds already."""
    return set(
        session.scalars(
            sa.select(Inbound.uid)
            .where(Inbound.mailbox == mailbox, Inbound.uidvalidity == uidvalidity)
            .where(Inbound.uid.in_(uids))
        )
    )


def mark_filed(session: Session, mailbox: str, cursor: Cursor, uids: Sequence[int], now: datetime) -> None:
    """These messages are moved or flagged on the server."""
    session.execute(
        sa.update(Inbound)
        .where(Inbound.mailbox == mailbox, Inbound.folder == cursor.folder)
        .where(Inbound.uidvalidity == cursor.uidvalidity, Inbound.uid.in_(uids), Inbound.filed_at.is_(None))
        .values(filed_at=now),
        execution_options={"synchronize_session": False},
    )


def pending(limit: int, only: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Ledger rows that wait for a verdict, without their bytes; with `only`, this one.

    Those that never failed come first, the oldest of them before all, so that poison holds up nobody twice.
    """
    query = (
        sa.select(
            Inbound.id,
            Inbound.mailbox,
            Inbound.sha256,
            Inbound.size,
            Inbound.oversize,
            Inbound.received_at,
            Inbound.tries,
            RawMessage.size.label("raw_size"),
        )
        .join(RawMessage, RawMessage.sha256 == Inbound.sha256)
        .where(Inbound.state == State.PENDING)
        .order_by(Inbound.tries, Inbound.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Inbound)  # a lock on the bytes would hold up whoever receives them again
    )
    return query if only is None else query.where(Inbound.id == only)


def contents(session: Session, digests: Iterable[str]) -> dict[str, tuple[str, bytes, int]]:
    """Of these mails by digest the compression, the compressed bytes, and how many there were."""
    query = sa.select(RawMessage.sha256, RawMessage.compression, RawMessage.data, RawMessage.size)
    rows = session.execute(query.where(RawMessage.sha256.in_(set(digests))))
    return {digest: (compression, data, size) for digest, compression, data, size in rows}


def settle(session: Session, outcomes: Iterable[dict[str, Any]]) -> None:
    """Ledger rows as they are from now on: each a dict of id, state, reason, case_id, settled_at, tries."""
    session.execute(sa.update(Inbound), list(outcomes))


def sums(session: Session) -> dict[str, dict[State, int]]:
    """How many messages of each mailbox are in each state."""
    counted: dict[str, dict[State, int]] = {}
    query = sa.select(Inbound.mailbox, Inbound.state, sa.func.count()).group_by(Inbound.mailbox, Inbound.state)
    for mailbox, state, count in session.execute(query):
        counted.setdefault(mailbox, dict.fromkeys(State, 0))[state] = count
    return counted


def _insert_new(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
