"""What the ledger says of the mail that servers hold, and the rows that mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.batches import pieces
from ingest.mailbox import Cursor
from ingest.message import FetchedMessage, Withheld
from processor.store import ledger
from processor.store.links import Link
from processor.store.models import CaseLink, CaseMessage, Event, Inbound, RawMessage, State

GONE = "gone from server"  # the kind of event that puts it on record
ASKED = 500  # values in one IN (...)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A ledger row, as far as it can be compared with a server."""

    id: int
    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    sha256: str | None  # None: its mailbox withholds it
    size: int
    received_at: datetime
    fetched_at: datetime
    filed_at: datetime | None
    tries: int
    state: State
    raw_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A mail of a case whose ledger row is not there any more."""

    id: int  # of the case's message
    case_id: int
    first: bool  # it opened the case


Orphans = dict[tuple[str | None, str, datetime], Orphan]  # by Message-ID, sender's address, time received


def rows(session: Session, mailboxes: Collection[str]) -> list[Row]:
    """Every row of these mailboxes, oldest first."""
    columns = [getattr(Inbound, name) for name in Row.__slots__ if name != "raw_kept"]
    kept = sa.select(*columns, RawMessage.sha256.isnot(None).label("raw_kept"))
    query = kept.outerjoin(RawMessage, RawMessage.sha256 == Inbound.sha256).where(Inbound.mailbox.in_(mailboxes))
    found = session.execute(query.order_by(Inbound.id).execution_options(yield_per=ASKED)).mappings()
    return [Row(**{**row, "mailbox": intern(row["mailbox"]), "folder": intern(row["folder"])}) for row in found]


def taken_from_history(session: Session, mailbox: str, cursor: Cursor) -> set[int]:
    """The UIDs of mails that were there before the desk and too old, and are in the ledger all the same."""
    if cursor.since is None:
        return set()
    query = (
        sa.select(Inbound.uid)
        .where(Inbound.mailbox == mailbox, Inbound.folder == cursor.folder, Inbound.uidvalidity == cursor.uidvalidity)
        .where(Inbound.uid <= cursor.history_uid, Inbound.received_at < cursor.since)
    )
    return set(session.scalars(query))


def sizes(session: Session) -> set[int]:
    """How long the mails are whose bytes are kept, whether the ledger still knows them or not.

    Of a mail of which something was taken out it is the length on the server, too.
    """
    rewritten = sa.select(Inbound.size).join(RawMessage, RawMessage.sha256 == Inbound.sha256)
    on_server = rewritten.where(Inbound.size != RawMessage.size).distinct()
    return {*session.scalars(sa.select(RawMessage.size).distinct()), *session.scalars(on_server)}


def in_ledger(session: Session, digests: Collection[str]) -> set[str]:
    """Which of these digests any row of the ledger has."""
    return _among(session, Inbound.sha256, digests)


def kept(session: Session, digests: Collection[str]) -> set[str]:
    """Which of these digests the desk has bytes of."""
    return _among(session, RawMessage.sha256, digests)


def on_record_as_gone(session: Session) -> set[int]:
    """The rows whose mail is known to be on no server any more."""
    query = sa.select(Event.inbound_id).where(Event.kind == GONE, Event.inbound_id.isnot(None))
    return {found for found in session.scalars(query) if found is not None}


def orphans(session: Session) -> Orphans:
    """The mails of cases that no ledger row stands behind."""
    # SQLite may have given the number of a deleted row to another mail.
    elsewhere = sa.and_(Inbound.case_id.is_distinct_from(CaseMessage.case_id), ~_case_of_another_team())
    stranger = sa.or_(Inbound.id.is_(None), elsewhere)
    first = sa.select(sa.func.min(CaseMessage.id)).group_by(CaseMessage.case_id)
    query = (
        sa.select(
            CaseMessage.message_id,
            CaseMessage.from_address,
            CaseMessage.received_at,
            CaseMessage.id,
            CaseMessage.case_id,
            CaseMessage.id.in_(first),
        )
        .outerjoin(Inbound, Inbound.id == CaseMessage.inbound_id)
        .where(CaseMessage.direction == "in", stranger)
    )
    return {
        (message_id, address, received_at): Orphan(id=row_id, case_id=case_id, first=is_first)
        for message_id, address, received_at, row_id, case_id, is_first in session.execute(query)
    }


def _case_of_another_team() -> sa.Exists:
    """A mail to several teams has one ledger row, which names the first one's case."""
    both = (CaseLink.case_id == Inbound.case_id, CaseLink.other_id == CaseMessage.case_id)
    return sa.exists().where(*both, CaseLink.kind == Link.SAME_MAIL).correlate(Inbound, CaseMessage)


def row_ids(session: Session, mailbox: str, messages: Sequence[FetchedMessage | Withheld]) -> dict[int, int]:
    """The ledger's row of each UID; the messages are of one folder."""
    if not messages:
        return {}
    one = messages[0]
    query = (
        sa.select(Inbound.uid, Inbound.id)
        .where(Inbound.mailbox == mailbox, Inbound.folder == one.folder, Inbound.uidvalidity == one.uidvalidity)
        .where(Inbound.uid.in_([message.uid for message in messages]))
    )
    return dict(session.execute(query).all())


def restore(session: Session, row_id: int, orphan: Orphan, now: datetime) -> None:
    """A new ledger row takes the place of the one that stood behind this mail of a case."""
    ledger.settle(
        session,
        [
            {
                "id": row_id,
                "state": State.CASE if orphan.first else State.APPENDED,
                "case_id": orphan.case_id,
                "settled_at": now,
            }
        ],
    )
    session.execute(
        sa.update(CaseMessage).where(CaseMessage.id == orphan.id).values(inbound_id=row_id),
        execution_options={"synchronize_session": False},
    )


def mark(session: Session, ids: Iterable[int], **values: Any) -> None:
    """These ledger rows, changed alike."""
    for some in pieces(ids, ASKED):
        session.execute(
            sa.update(Inbound).where(Inbound.id.in_(some)).values(**values),
            execution_options={"synchronize_session": False},
        )


def _among(session: Session, column: Any, values: Collection[str]) -> set[str]:
    def found() -> Iterator[str]:
        for some in pieces(values, ASKED):
            yield from session.scalars(sa.select(column).where(column.in_(some)))

    return set(found())
