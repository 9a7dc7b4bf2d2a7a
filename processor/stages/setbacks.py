"""What becomes of a mail that could not be handled: one try less for it, and after the last one quarantine (I5)."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processor.outgoing.view import one_line
from processor.stages.desk import Desk
from processor.store import events, ledger, quarantine
from processor.store.models import State
from processor.triage.redaction import redact

REASON_LENGTH = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """A ledger row of which nothing could be made, this time or for good."""

    inbound_id: int
    tries: int  # with this one
    final: bool
    reason: str
    foreseen: bool = False  # refused by a limit: it harmed nothing


def refused(row: Any, reason: str) -> Setback:
    """It will never be otherwise, so no other try is made."""
    return Setback(inbound_id=row.id, tries=row.tries, final=True, reason=reason, foreseen=True)


def failed(row: Any, reason: str) -> Setback:
    """It may be otherwise next time, while it has tries left."""
    tries = row.tries + 1
    return Setback(inbound_id=row.id, tries=tries, final=tries >= ledger.TRIES, reason=reason)


def told(error: Exception) -> str:
    """Its words, which may be the mail's: redacted before they are cut, since half a bank detail is not found."""
    return one_line(redact(str(error)).text, REASON_LENGTH)


def rows_of(setbacks: Sequence[Setback], now: datetime) -> list[dict[str, Any]]:
    """The ledger rows as they are from now on; the bytes are kept."""
    return [
        {"id": one.inbound_id, "tries": one.tries, "reason": one.reason}
        | ({"state": State.QUARANTINED, "settled_at": now} if one.final else {})
        for one in setbacks
    ]


def events_of(setbacks: Sequence[Setback], now: datetime) -> list[dict[str, Any]]:
    """The events of those that are quarantined."""
    return [
        {
            "inbound_id": one.inbound_id,
            "at": now,
            "actor": events.DESK,
            "kind": quarantine.QUARANTINED,
            "data": {"reason": one.reason},
        }
        for one in setbacks
        if one.final
    ]


def tell(desk: Desk, setbacks: Sequence[Setback], error: Exception | None = None) -> None:
    """Log them; of an error only where it was raised, since its message may hold the mail's words."""
    frames = {"exception": "".join(traceback.format_tb(error.__traceback__))} if error else {}
    for one in setbacks:
        words = "quarantined" if one.final else "triage failed"
        log = desk.log.warning if one.foreseen else desk.log.error
        log(words, inbound=one.inbound_id, tries=one.tries, reason=one.reason, **frames)
