"""What triage must know of the desk for a batch of mails, looked up with a few queries for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.message import Message
from processor.store.answers import Answers, look_up_answers
from processor.store.contacts import languages
from processor.store.models import Case, CaseMessage, Inbound, Outbox, Participant, State, Suppression
from processor.triage.automatic import Kind
from processor.triage.context import Claims, Context, KnownCase, SentMail
from processor.triage.correlation import Standing
from processor.triage.returned import Returned
from processor.triage.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One claimed mail, read."""

    inbound_id: int
    sha256: str
    size: int  # on the server: of oversize mails the digest knows the beginning alone
    received_at: datetime
    oversize: bool
    message: Message
    claims: Claims


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """The desk as a batch meets it. Grows with each verdict, so that the next mail of the batch sees the one before."""

    answers: Answers
    # Digest and size -> the ledger row that opened or joined a case.
    taken_in: dict[tuple[str, int], int] = field(default_factory=dict)
    cases: dict[str, KnownCase] = field(default_factory=dict)
    holders: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # Message-ID -> references
    suppressed: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)  # by address, of those who let us know theirs

    def context(self, arrival: Arrival) -> Context:
        """The desk as this mail meets it."""
        message, sender = arrival.message, arrival.message.sender
        address = sender.address.casefold() if sender else ""
        named = (*arrival.claims.proven, *arrival.claims.written)
        related = (reference for known in _mentioned(message) for reference in self.holders.get(known, ()))
        return Context(
            received_at=arrival.received_at,
            claims=arrival.claims,
            cases={reference: self.cases[reference] for reference in named if reference in self.cases},
            related=tuple(dict.fromkeys(related)),
            duplicate_of=self.taken_in.get((arrival.sha256, arrival.size)),
            suppressed=self.suppressed.get(address),
            answered=self.answers.about(address, message.subject),
            oversize=arrival.oversize,
            contact_language=self.languages.get(contact_of(message)),
        )

    def note_case(self, arrival: Arrival, reference: str) -> None:
        """This mail opened or joined the case of this reference."""
        self.taken_in.setdefault((arrival.sha256, arrival.size), arrival.inbound_id)
        if arrival.message.message_id:
            self.holders[arrival.message.message_id].append(reference)

    def note_language(self, arrival: Arrival, verdict: Verdict) -> None:
        """Its writer may have let us know his language."""
        confirmed = verdict.correlation.standing is not Standing.NOT_CONFIRMED
        if verdict.language and confirmed and verdict.automatic.kind is Kind.PERSON:
            self.languages[contact_of(arrival.message)] = verdict.language

    def note_returned(self, returned: Returned | None) -> None:
        """A mail of ours came back, or was complained of: its recipient may be on the suppression list from now on."""
        if returned is not None and returned.suppress is not None and returned.mail is not None:
            self.suppressed.setdefault(returned.mail.recipient.casefold(), returned.suppress)

    def note_answer(self, address: str, subject: str) -> None:
        """An acknowledgement goes out to this address."""
        self.answers.note(address, subject)


def look_up(
    session: Session, arrivals: Sequence[Arrival], shared_domains: Collection[str], now: datetime
) -> Surroundings:
    """The surroundings of these mails. `shared_domains`: of which many strangers have addresses."""
    addresses = {a.message.sender.address.casefold() for a in arrivals if a.message.sender}
    found = Surroundings(answers=look_up_answers(session, addresses, shared_domains, now))
    found.taken_in = _taken_in(session, {arrival.sha256 for arrival in arrivals})
    found.cases = _cases(session, {name for a in arrivals for name in (*a.claims.proven, *a.claims.written)})
    _holders(session, arrivals, found)
    suppressed = sa.select(Suppression.address, Suppression.reason).where(Suppression.address.in_(addresses))
    found.suppressed = dict(session.execute(suppressed).all())
    found.languages = languages(session, {contact_of(arrival.message) for arrival in arrivals} - {""})
    return found


def contact_of(message: Message) -> str:
    """Who wrote it, case-folded; empty where that is not known."""
    return "" if message.from_ambiguous or message.sender is None else message.sender.address.casefold()


def _taken_in(session: Session, digests: set[str]) -> dict[tuple[str, int], int]:
    query = sa.select(Inbound.sha256, Inbound.size, Inbound.id).where(
        Inbound.sha256.in_(digests), Inbound.state.in_((State.CASE, State.APPENDED))
    )
    return {(digest, size): inbound_id for digest, size, inbound_id in session.execute(query) if digest is not None}


def _cases(session: Session, references: set[str]) -> dict[str, KnownCase]:
    if not references:
        return {}
    query = sa.select(Case.id, Case.reference, Case.status).where(Case.reference.in_(references))
    rows = session.execute(query).all()
    ids = [row.id for row in rows]
    people: dict[int, set[str]] = defaultdict(set)
    written = sa.select(Participant.case_id, Participant.address).where(Participant.case_id.in_(ids))
    for case_id, address in session.execute(written):
        people[case_id].add(address)
    sent = _sent(session, ids)
    return {
        row.reference: KnownCase(
            id=row.id,
            reference=row.reference,
            status=row.status,
            acknowledged=any(mail.purpose == "acknowledgement" for mail in sent[row.id]),
            participants=frozenset(people[row.id]),
            sent=tuple(sent[row.id]),
        )
        for row in rows
    }


def _sent(session: Session, case_ids: Sequence[int]) -> dict[int, list[SentMail]]:
    columns = (Outbox.case_id, Outbox.id, Outbox.purpose, Outbox.message_id, Outbox.recipient, Outbox.envelope_from)
    query = sa.select(*columns).where(Outbox.case_id.in_(case_ids)).order_by(Outbox.id.desc())
    sent: dict[int, list[SentMail]] = defaultdict(list)
    for row in session.execute(query):
        mail = SentMail(
            id=row.id,
            purpose=row.purpose,
            message_id=row.message_id,
            recipient=row.recipient,
            envelope_from=row.envelope_from,
        )
        sent[row.case_id].append(mail)
    return sent


def _holders(session: Session, arrivals: Sequence[Arrival], found: Surroundings) -> None:
    mentioned = {known for arrival in arrivals for known in _mentioned(arrival.message)}
    if mentioned:
        query = (
            sa.select(CaseMessage.message_id, Case.reference)
            .join(Case, Case.id == CaseMessage.case_id)
            .where(CaseMessage.message_id.in_(mentioned))
        )
        for message_id, reference in session.execute(query):
            if message_id is not None:
                found.holders[message_id].append(reference)


def _mentioned(message: Message) -> Iterable[str]:
    """The Message-IDs that a mail names, and its own: the same one with other bytes is a related mail (I3)."""
    own = (message.message_id,) if message.message_id else ()
    return (*own, *message.in_reply_to, *message.references[-20:])
