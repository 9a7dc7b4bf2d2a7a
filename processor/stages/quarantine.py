"""What people do with a mail that nothing could be made of; each act is one transaction with its actor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ingest.errors import DeskError
from ingest.glance import glance
from processor.outgoing.view import one_line
from processor.store import events, ledger, quarantine
from processor.store.database import Store
from processor.store.models import State
from processor.triage.redaction import redact

REASON_LENGTH = 500  # characters


def look(store: Store, inbound_id: int) -> dict[str, Any]:
    """Everything that people may read of it: the row, its header fields redacted, its events."""
    with store.reading() as session:
        row = quarantine.known(session, inbound_id, for_update=False)
        told = quarantine.story(session, inbound_id)
        try:
            fields = readable(quarantine.raw_bytes(session, row))
        except DeskError as error:
            fields = []
            row["reason"] = f"{row['reason']} ({error})"
    return {**row, "fields": fields, "events": told}


def readable(raw: bytes) -> list[tuple[str, str]]:
    """The header fields without control characters and bank details."""
    return [(name, one_line(redact(value).text)) for name, value in glance(raw)]


def read_raw(store: Store, inbound_id: int, actor: str, now: datetime) -> bytes:
    """The bytes as they came, unredacted (I9): that somebody read them is committed before they are given."""
    with store.writing() as session:
        row = quarantine.known(session, inbound_id)
        raw = quarantine.raw_bytes(session, row)
        events.write(session, [event(row, actor, now, quarantine.RAW_READ, sha256=row["sha256"])])
    return raw


def retry(store: Store, ids: Sequence[int] | None, actor: str, now: datetime) -> list[int]:
    """These, or all that nobody has discarded, are pending again, with all their tries; the next pass does the rest."""
    with store.writing() as session:
        if ids is None:
            ids = [row["id"] for row in quarantine.listed(session)]
        rows = [quarantine.known(session, inbound_id) for inbound_id in ids]
        again = {"state": State.PENDING, "tries": 0, "reason": None, "settled_at": None}
        if rows:
            ledger.settle(session, [{"id": row["id"]} | again for row in rows])
        events.write(session, [event(row, actor, now, quarantine.RETRIED, was=row["reason"]) for row in rows])
    return list(ids)


def discard(store: Store, inbound_id: int, reason: str, actor: str, now: datetime) -> None:
    """Nobody is to look at it again. It stays in quarantine, and so do its bytes."""
    words = one_line(redact(reason).text, REASON_LENGTH)  # cut last: half an IBAN is not known as one
    if not words:
        raise DeskError("A mail is discarded for a reason: give one with --reason.")
    with store.writing() as session:
        row = quarantine.known(session, inbound_id)
        ledger.settle(session, [{"id": inbound_id, "reason": f"Discarded by {actor}: {words}"}])
        events.write(session, [event(row, actor, now, quarantine.DISCARDED, reason=words, was=row["reason"])])


def event(row: dict[str, Any], actor: str, now: datetime, kind: str, **data: Any) -> dict[str, Any]:
    """That a person did this with this mail."""
    return {"inbound_id": row["id"], "at": now, "actor": actor, "kind": kind, "data": data}
