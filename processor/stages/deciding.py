"""What becomes of a batch of mails: read, decided and committed together."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ingest.errors import Permanent
from ingest.message import Message
from processor.outgoing.compose import OutgoingMail
from processor.reading.reader import Poison, Reader
from processor.stages.acknowledging import acknowledge
from processor.stages.desk import Desk
from processor.stages.setbacks import Setback, events_of, failed, refused, rows_of, tell, told
from processor.store import events, ledger
from processor.store.cases import record
from processor.store.database import Claim
from processor.store.decided import Decided
from processor.store.locks import answering, joining
from processor.store.models import State
from processor.store.owners import assign
from processor.store.surroundings import Arrival, Surroundings, look_up
from processor.triage.account_digest import salt_of
from processor.triage.correlation import claims_of
from processor.triage.correspondent import mailbox_of
from processor.triage.reference import mint_reference
from processor.triage.verdict import Outcome, Verdict, triage


def make_ready(desk: Desk) -> None:
    """Now, what else the first mail would wait for: so a daemon finds a mistake when it starts or is told of a new
    policy, and never meets the code of a release that was installed meanwhile. Raises Configuration.
    """
    _ = desk.compiled, desk.renderer


def settle(desk: Desk, reader: Reader, rows: Sequence[Any], claim: Claim) -> int:
    """Read, decide, and commit everything about these rows at once. How many: those behind a poison mail must wait."""
    now = desk.now()
    arrivals, setbacks = _read(desk, reader, rows)
    with claim.writing() as session:
        joining(session)
        senders = {mailbox_of(one.message.sender.address) for one in arrivals if one.message.sender}
        shared = desk.policy.acknowledgement.caps.webmail_domains
        answering(session, senders, shared)
        surroundings = look_up(session, arrivals, shared, now, salt_of(desk.key))
        decided = assign(session, [one for arrival in arrivals for one in _decide(desk, arrival, surroundings, now)])
        case_of = record(session, decided, now)
        mails = [one for one in decided if one.first is None]
        outcomes = [_outcome(one, case_of.get(one.arrival.inbound_id), now) for one in mails]
        ledger.settle(session, outcomes + rows_of(setbacks, now))
        events.write(session, events_of(setbacks, now))
    for one in decided:
        _tell(desk, one)
    tell(desk, setbacks)
    return len(arrivals) + len(setbacks)


def _read(desk: Desk, reader: Reader, rows: Sequence[Any]) -> tuple[list[Arrival], list[Setback]]:
    """The mails that can be read, and the others; up to the first that is poison."""
    arrivals, setbacks = [], []
    with desk.store.reading() as session:
        contents = ledger.contents(session, [row.sha256 for row in rows])
    found = reader.read([contents[row.sha256] for row in rows], anew=rows[0].tries > 0)
    for row, read in zip(rows, found, strict=False):
        if isinstance(read, Permanent):
            setbacks.append(refused(row, str(read)))
        elif isinstance(read, Poison):
            setbacks.append(failed(row, str(read)))
        else:
            arrivals.append(_arrival(desk, row, read))
    return arrivals, setbacks


def _arrival(desk: Desk, row: Any, message: Message) -> Arrival:
    return Arrival(
        inbound_id=row.id,
        mailbox=row.mailbox,
        sha256=row.sha256,
        size=row.size,
        received_at=row.received_at,
        oversize=row.oversize,
        message=message,
        claims=claims_of(message, desk.key, desk.policy),
    )


def _decide(desk: Desk, arrival: Arrival, surroundings: Surroundings, now: datetime) -> list[Decided]:
    """What becomes of the mail; where it is for several teams, of it as a case of each."""
    verdict = triage(arrival.message, surroundings.context(arrival), desk.compiled, now)
    if verdict.outcome is Outcome.DUPLICATE:
        return [Decided(arrival=arrival, verdict=verdict, reference="", language="")]
    references = _references(desk, verdict)
    surroundings.note_case(arrival, references, verdict)
    surroundings.note_language(arrival, verdict)
    surroundings.note_contact(arrival, verdict)
    surroundings.note_reopened(verdict)
    surroundings.note_returned(verdict.returned)
    outgoing, note = _answer(desk, arrival, verdict, references, now)
    if outgoing is not None:
        surroundings.note_answer(outgoing.recipient, arrival.message.subject)
    first = Decided(
        arrival=arrival,
        verdict=verdict,
        reference=references[0],
        language=desk.renderer.language_for(verdict.answer_in),
        outgoing=outgoing,
        note=note,
    )
    others = zip(verdict.others, references[1:], strict=True)
    return [first, *(replace(first, verdict=other, reference=name, first=first) for other, name in others)]


def _references(desk: Desk, verdict: Verdict) -> list[str]:
    """Of the case that it joins, or a new one for each case that it opens."""
    if verdict.correlation.case is not None:
        return [verdict.correlation.case.reference]
    prefix = desk.policy.desk.reference_prefix
    return [mint_reference(prefix, secrets.randbelow) for _each in (verdict, *verdict.others)]


def _answer(
    desk: Desk, arrival: Arrival, verdict: Verdict, references: Sequence[str], now: datetime
) -> tuple[OutgoingMail | None, str | None]:
    """The acknowledgement, if there is to be one, and what is to be noted of it."""
    sender = arrival.message.sender
    if not verdict.acknowledgement.send or sender is None:
        return None, None
    try:
        return acknowledge(desk, arrival.message, sender, verdict, references, now)
    except Permanent as error:  # no mail can be addressed to him; the case is made all the same
        return None, told(error)


def _outcome(one: Decided, case_id: int | None, now: datetime) -> dict[str, Any]:
    return {
        "id": one.arrival.inbound_id,
        "content_sha256": None if one.verdict.refuted else one.arrival.content,
        "state": State(one.verdict.outcome.value),
        "case_id": case_id,
        "reason": None,
        "settled_at": now,
    }


def _tell(desk: Desk, one: Decided) -> None:
    desk.log.info(
        "triaged",
        inbound=one.arrival.inbound_id,
        outcome=one.verdict.outcome.value,
        case=one.reference or None,
        queue=one.verdict.routing.queue,
        acknowledged=one.outgoing is not None,
    )
