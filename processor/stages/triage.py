"""Triage: pending ledger rows become cases, in one transaction for a batch, alone where a batch fails."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from ingest.errors import Configuration, Transient
from processor.reading.reader import Reader
from processor.stages.desk import Desk
from processor.stages.setbacks import events_of, failed, rows_of, tell, told
from processor.store import events, ledger

BATCH = 50
BATCH_OCTETS = 8_000_000  # raw, in memory at once; one larger mail is a batch of its own


def triage_batch(desk: Desk, reader: Reader, batch: int = BATCH) -> int:
    """Give claimed rows their outcome, or one try less; returns how many there were, 0 where nothing waits.

    Where they cannot be settled together, one mail of them may be poison: each is tried alone (I5).
    """
    ids, failure = _try(desk, reader, batch)
    if failure is not None:
        for inbound_id in ids:
            _, poison = _try(desk, reader, 1, only=inbound_id)
            if poison is not None:
                _blame(desk, inbound_id, poison)
    return len(ids)


def _try(desk: Desk, reader: Reader, limit: int, only: int | None = None) -> tuple[Sequence[int], Exception | None]:
    """The rows that were there, and why they could not be settled."""
    with desk.store.claim(ledger.pending(limit, only)) as claim:
        rows = _portion(claim.rows)
        ids = [row.id for row in rows]
        if not ids:
            return ids, None
        from processor.stages.deciding import settle  # a pass without mail starts in half the time without it

        try:
            return ids[: settle(desk, reader, rows, claim)], None
        except (Transient, Configuration):
            raise  # a lack of server or disk: the whole pass ends, nothing was touched
        except Exception as error:  # noqa: BLE001 - whatever a stranger's mail may cause must not stop the others
            return ids, error


def _portion(rows: Sequence[Any]) -> Sequence[Any]:
    """The first of these rows, as many as memory should hold together; one that failed before is tried alone.

    The others wait for the next batch.
    """
    fresh = [row for row in rows if not row.tries]
    together = accumulate(row.raw_size for row in fresh)
    return [row for row, octets in zip(fresh, together, strict=True) if octets <= BATCH_OCTETS] or rows[:1]


def _blame(desk: Desk, inbound_id: int, error: Exception) -> None:
    """One try less for this row; after the last one it is quarantined."""
    now = desk.now()
    with desk.store.claim(ledger.pending(1, only=inbound_id)) as claim:
        if not claim.rows:
            return  # another worker was luckier
        setbacks = [failed(claim.rows[0], f"{type(error).__name__}: {told(error)}")]
        with claim.writing() as session:
            ledger.settle(session, rows_of(setbacks, now))
            events.write(session, events_of(setbacks, now))
    tell(desk, setbacks, error)
