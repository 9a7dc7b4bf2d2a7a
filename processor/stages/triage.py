"""Triage: pending ledger rows become cases, in one transaction for a batch, alone where a batch fails."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from ingest.errors import Configuration, Permanent, Transient
from ingest.parser import parse
from processor.outgoing.view import one_line
from processor.stages.acknowledging import acknowledge
from processor.stages.desk import Desk
from processor.store import events, ledger
from processor.store.cases import Decided, record
from processor.store.database import Claim
from processor.store.locks import answering
from processor.store.models import State
from processor.store.raw import unpacked
from processor.store.surroundings import Arrival, Surroundings, look_up
from processor.triage.correlation import claims_of
from processor.triage.redaction import redact
from processor.triage.reference import mint_reference
from processor.triage.verdict import Outcome, triage

BATCH = 50
BATCH_OCTETS = 8_000_000  # raw, in memory at once; one larger mail is a batch of its own
REASON_LENGTH = 500  # characters


def triage_batch(desk: Desk, batch: int = BATCH) -> int:
    """Give every claimed row its outcome; returns how many there were, 0 where nothing waits.

    Where they cannot be settled together, one mail of them may be poison: each is tried alone (I5).
    """
    ids, failure = _try(desk, batch)
    if failure is not None:
        for inbound_id in ids:
            _, poison = _try(desk, 1, only=inbound_id)
            if poison is not None:
                _blame(desk, inbound_id, poison)
    return len(ids)


def _try(desk: Desk, limit: int, only: int | None = None) -> tuple[Sequence[int], Exception | None]:
    """The rows that were there, and why they could not be settled."""
    with desk.store.claim(ledger.pending(limit, only)) as claim:
        rows = _portion(claim.rows)
        ids = [row.id for row in rows]
        try:
            if ids:
                _settle(desk, rows, claim)
        except (Transient, Configuration):
            raise  # a lack of server or disk: the whole pass ends, nothing was touched
        except Exception as error:  # noqa: BLE001 - whatever a stranger's mail may cause must not stop the others
            return ids, error
    return ids, None


def _portion(rows: Sequence[Any]) -> Sequence[Any]:
    """The first of these rows, as many as memory should hold together; the others wait for the next batch."""
    together = accumulate(row.raw_size for row in rows)
    return [row for row, octets in zip(rows, together, strict=True) if octets <= BATCH_OCTETS] or rows[:1]


def _settle(desk: Desk, rows: Sequence[Any], claim: Claim) -> None:
    """Read, decide, and commit everything about these rows at once."""
    now = desk.now()
    arrivals, refused = _read(desk, rows)
    with claim.writing() as session:
        senders = {one.message.sender.address.casefold() for one in arrivals if one.message.sender}
        answering(session, senders, desk.policy.acknowledgement.caps.webmail_domains)
        surroundings = look_up(session, arrivals, now)
        decided = [_decide(desk, arrival, surroundings, now) for arrival in arrivals]
        case_of = record(session, decided, now)
        outcomes = [_outcome(one, case_of.get(one.arrival.inbound_id), now) for one in decided]
        outcomes += [_quarantine(inbound_id, reason, now) for inbound_id, reason in refused]
        ledger.settle(session, outcomes)
        if refused:
            events.write(session, [_quarantined(*one, now) for one in refused])
    for one in decided:
        _tell(desk, one)
    for inbound_id, reason in refused:
        desk.log.warning("quarantined", inbound=inbound_id, reason=reason)


def _read(desk: Desk, rows: Sequence[Any]) -> tuple[list[Arrival], list[tuple[int, str]]]:
    """The mails that can be read, and the others with the reason why not."""
    arrivals, refused = [], []
    with desk.store.reading() as session:
        contents = ledger.contents(session, [row.sha256 for row in rows])
    for row in rows:
        try:
            message = parse(unpacked(*contents[row.sha256]))
        except Permanent as error:
            refused.append((row.id, str(error)))
            continue
        arrivals.append(
            Arrival(
                inbound_id=row.id,
                sha256=row.sha256,
                size=row.size,
                received_at=row.received_at,
                oversize=row.oversize,
                message=message,
                claims=claims_of(message, desk.key, desk.policy),
            )
        )
    return arrivals, refused


def _decide(desk: Desk, arrival: Arrival, surroundings: Surroundings, now: datetime) -> Decided:
    verdict = triage(arrival.message, surroundings.context(arrival), desk.compiled, now)
    if verdict.outcome is Outcome.DUPLICATE:
        return Decided(arrival=arrival, verdict=verdict, reference="", language="")
    joined = verdict.correlation.case
    reference = joined.reference if joined else mint_reference(desk.policy.desk.reference_prefix, secrets.randbelow)
    surroundings.note_case(arrival, reference)
    surroundings.note_returned(verdict.returned)
    language = desk.renderer.language_for(verdict.language)
    sender = arrival.message.sender
    if not verdict.acknowledgement.send or sender is None:
        return Decided(arrival=arrival, verdict=verdict, reference=reference, language=language)
    try:
        outgoing, note = acknowledge(desk, arrival.message, sender, verdict, reference, now)
    except Permanent as error:  # no mail can be addressed to him; the case is made all the same
        return Decided(arrival=arrival, verdict=verdict, reference=reference, language=language, note=_told(error))
    surroundings.note_answer(sender.address, arrival.message.subject)
    return Decided(
        arrival=arrival, verdict=verdict, reference=reference, language=language, outgoing=outgoing, note=note
    )


def _outcome(one: Decided, case_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "id": one.arrival.inbound_id,
        "state": State(one.verdict.outcome.value),
        "case_id": case_id,
        "reason": None,
        "settled_at": now,
    }


def _quarantine(inbound_id: int, reason: str, now: datetime) -> dict[str, Any]:
    return {"id": inbound_id, "state": State.QUARANTINED, "case_id": None, "reason": reason, "settled_at": now}


def _quarantined(inbound_id: int, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "inbound_id": inbound_id,
        "at": now,
        "actor": events.DESK,
        "kind": "quarantined",
        "data": {"reason": reason},
    }


def _told(error: Exception) -> str:
    """Its words, which may be the mail's: redacted before they are cut, since half a bank detail is not found."""
    return one_line(redact(str(error)).text, REASON_LENGTH)


def _blame(desk: Desk, inbound_id: int, error: Exception) -> None:
    """One try less for this row; after the last one it is quarantined, its bytes kept."""
    now = desk.now()
    reason = f"{type(error).__name__}: {_told(error)}"
    with desk.store.claim(ledger.pending(1, only=inbound_id)) as claim:
        if not claim.rows:
            return  # another worker was luckier
        tries = claim.rows[0].tries + 1
        last = tries >= ledger.TRIES
        changed = {"id": inbound_id, "tries": tries, "reason": reason}
        with claim.writing() as session:
            ledger.settle(session, [changed | ({"state": State.QUARANTINED, "settled_at": now} if last else {})])
            events.write(session, [_quarantined(inbound_id, reason, now)] if last else [])
    frames = "".join(traceback.format_tb(error.__traceback__))  # without its message, which may hold the mail's words
    words = "quarantined" if last else "triage failed"
    desk.log.error(words, inbound=inbound_id, tries=tries, reason=reason, exception=frames)


def _tell(desk: Desk, one: Decided) -> None:
    desk.log.info(
        "triaged",
        inbound=one.arrival.inbound_id,
        outcome=one.verdict.outcome.value,
        case=one.reference or None,
        queue=one.verdict.routing.queue,
        acknowledged=one.outgoing is not None,
    )
