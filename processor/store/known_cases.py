"""The cases that a batch of mails may join, each as triage must know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from processor.store.models import Case, CaseMessage, Outbox, Participant
from processor.triage.context import KnownCase, SentMail


def known_cases(session: Session, references: Collection[str]) -> dict[str, KnownCase]:
    """By each of these references its case; of one that was merged the survivor."""
    if not references:
        return {}
    survivor = aliased(Case)
    query = sa.select(Case.reference.label("claimed"), survivor).join(survivor, _survives(survivor))
    rows = session.execute(query.where(Case.reference.in_(references))).all()
    cases = {case.id: case for _claimed, case in rows}
    people = _participants(session, cases)
    sent = _sent(session, cases)
    known = {number: _known(case, people[number], sent[number]) for number, case in cases.items()}
    return {claimed: known[case.id] for claimed, case in rows}


def holders(session: Session, message_ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each of these Message-IDs with the reference of a case that has a mail of it."""
    if not message_ids:
        return
    survivor = aliased(Case)
    query = (
        sa.select(CaseMessage.message_id, survivor.reference)
        .join(Case, Case.id == CaseMessage.case_id)
        .join(survivor, _survives(survivor))
        .where(CaseMessage.message_id.in_(message_ids))
    )
    yield from ((message_id, reference) for message_id, reference in session.execute(query) if message_id is not None)


def _survives(survivor: type[Case]) -> sa.ColumnElement[bool]:
    return survivor.id == sa.func.coalesce(Case.merged_into, Case.id)


def _known(case: Case, people: Collection[str], sent: Collection[SentMail]) -> KnownCase:
    return KnownCase(
        id=case.id,
        reference=case.reference,
        status=case.status,
        acknowledged=case.acknowledged_with is not None or any(mail.purpose == "acknowledgement" for mail in sent),
        participants=frozenset(people),
        sent=tuple(sent),
        queue=case.queue,
        closed_at=case.closed_at,
        promise_at=case.promise_at,
        first_response_at=case.first_response_at,
        held=case.held_since is not None,
    )


def _participants(session: Session, case_ids: Collection[int]) -> Mapping[int, set[str]]:
    people: dict[int, set[str]] = defaultdict(set)
    query = sa.select(Participant.case_id, Participant.address).where(Participant.case_id.in_(case_ids))
    for case_id, address in session.execute(query):
        people[case_id].add(address)
    return people


def _sent(session: Session, case_ids: Collection[int]) -> Mapping[int, list[SentMail]]:
    """Also what was sent of cases that were merged into these."""
    survivor_of = {number: number for number in case_ids}
    merged = sa.select(Case.id, Case.merged_into).where(Case.merged_into.in_(case_ids))
    survivor_of |= {number: into for number, into in session.execute(merged) if into is not None}
    columns = (Outbox.case_id, Outbox.id, Outbox.purpose, Outbox.message_id, Outbox.recipient, Outbox.envelope_from)
    query = sa.select(*columns).where(Outbox.case_id.in_(survivor_of)).order_by(Outbox.id.desc())
    sent: dict[int, list[SentMail]] = defaultdict(list)
    for row in session.execute(query):
        mail = SentMail(
            id=row.id,
            purpose=row.purpose,
            message_id=row.message_id,
            recipient=row.recipient,
            envelope_from=row.envelope_from,
        )
        sent[survivor_of[row.case_id]].append(mail)
    return sent
