"""The ledger rows of messages that their mailbox lists and did not give so far: rows without bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.mailbox import Cursor, Held
from ingest.message import FetchedMessage, Withheld
from processor.store import events, ledger
from processor.store.models import Inbound, State

PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))  # before the next try, by the tries so far
AT_ONCE = 500  # rows tried in one pass

# In the very words of the index: with bound parameters neither engine would see that it may use it.
_WAITING = sa.text("inbound.state = 'pending' AND inbound.sha256 IS NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of them, as far as it can be asked for again."""

    id: int
    folder: str
    uidvalidity: int
    uid: int
    size: int
    received_at: datetime
    fetched_at: datetime
    tries: int

    @property
    def held(self) -> Held:
        return Held(uidvalidity=self.uidvalidity, uid=self.uid, size=self.size, received_at=self.received_at)

    def due(self, now: datetime) -> bool:
        """Whether its pause is over, whichever way the clock was put meanwhile."""
        return abs(now - self.fetched_at) >= PAUSES[min(self.tries, len(PAUSES) - 1)]


_ROWS = (
    sa.select(*(getattr(Inbound, name) for name in Row.__slots__))
    .where(_WAITING, Inbound.mailbox == sa.bindparam("mailbox"))
    .order_by(Inbound.fetched_at, Inbound.id)
    .limit(AT_ONCE)
)


def waiting(session: Session, mailbox: str) -> list[Row]:
    """Those of this mailbox that are to be tried again, the longest untried first."""
    found = session.connection().execute(_ROWS, {"mailbox": mailbox}).mappings()
    return [Row(**row) for row in found]


def came(session: Session, mailbox: str, rows: Mapping[int, int], messages: Sequence[FetchedMessage],
         now: datetime) -> None:  # fmt: skip
    """Their bytes, at last; `rows` tells the ledger's row of each UID. Triage does the rest, with tries of its own."""
    taken = ledger.prepare(mailbox, messages, now)
    ledger.take_in(session, ledger.Taken(raw=taken.raw, inbound=[]))
    names = ("sha256", "size", "oversize", "received_at", "fetched_at", "state", "tries", "reason")
    again = [
        {"id": rows[row["uid"]], "settled_at": None} | {name: row[name] for name in names} for row in taken.inbound
    ]
    if again:
        ledger.settle(session, again)


def refused(session: Session, rows: Mapping[int, Row], messages: Sequence[Withheld], now: datetime) -> list[int]:
    """One try less for each; returns the rows for which it was the last: they are quarantined."""
    changed, last = [], []
    for message in messages:
        row = rows[message.uid]
        one: dict[str, Any] = {"id": row.id, "tries": row.tries + 1, "reason": message.reason, "fetched_at": now}
        if row.tries + 1 >= ledger.TRIES:
            one |= {"state": State.QUARANTINED, "settled_at": now}
            last.append(one)
        else:
            one |= {"state": State.PENDING, "settled_at": None}
        changed.append(one)
    if changed:
        ledger.settle(session, changed)
    events.write(session, [_quarantined(one["id"], one["reason"], now) for one in last])
    return [one["id"] for one in last]


def given_up(session: Session, rows: Sequence[Row], reason: str, now: datetime) -> None:
    """Nobody can fetch these any more, and a person is to know: quarantined."""
    state = {"state": State.QUARANTINED, "reason": reason, "settled_at": now}
    if rows:
        ledger.settle(session, [{"id": row.id} | state for row in rows])
    events.write(session, [_quarantined(row.id, reason, now) for row in rows])


def vanished(session: Session, ids: Sequence[int], reason: str, now: datetime) -> None:
    """They are in their folder no more."""
    if ids:
        state = {"state": State.VANISHED, "reason": reason, "settled_at": now}
        ledger.settle(session, [{"id": row_id} | state for row_id in ids])


def parted(rows: Sequence[Row], cursor: Cursor) -> tuple[list[Row], list[Row], list[Row]]:
    """Those of the folder as it is; those of the folder before it was recreated; those of another folder."""
    here = [row for row in rows if row.folder == cursor.folder]
    return (
        [row for row in here if row.uidvalidity == cursor.uidvalidity],
        [row for row in here if row.uidvalidity != cursor.uidvalidity],
        [row for row in rows if row.folder != cursor.folder],
    )


def _quarantined(inbound_id: int, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "inbound_id": inbound_id,
        "at": now,
        "actor": events.DESK,
        "kind": "quarantined",
        "data": {"reason": reason},
    }
