"""What triage must know of the desk for a batch of mails, looked up with a few queries for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.message import Message
from processor.store.answers import Answers, look_up_answers
from processor.store.contacts import languages
from processor.store.copies import same_bytes, same_content
from processor.store.known_cases import holders, known_cases
from processor.store.known_contacts import Acquaintance, acquaintance
from processor.store.models import Suppression
from processor.triage.addressing import without_tag
from processor.triage.automatic import Kind
from processor.triage.contact import KnownContact
from processor.triage.context import Claims, Context, KnownCase
from processor.triage.returned import Returned
from processor.triage.verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One claimed mail, read."""

    inbound_id: int
    mailbox: str
    sha256: str
    size: int  # on the server: of oversize mails the digest knows the beginning alone
    received_at: datetime
    oversize: bool
    message: Message
    claims: Claims

    @property
    def content(self) -> str | None:
        """The same for each copy of the mail; None where only its beginning is known, or nothing tells."""
        return None if self.oversize else self.message.content_sha256


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """The desk as a batch meets it. Grows with each verdict, so that the next mail of the batch sees the one before."""

    answers: Answers
    # Digest and size -> the ledger row that opened or joined a case.
    taken_in: dict[tuple[str, int], int] = field(default_factory=dict)
    contents: dict[str, int] = field(default_factory=dict)  # the same, by what the writer made
    cases: dict[str, KnownCase] = field(default_factory=dict)
    holders: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # Message-ID -> references
    suppressed: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)  # by address, of those who let us know theirs
    people: Acquaintance = field(default_factory=Acquaintance)
    salt: bytes = field(default=b"", repr=False)  # of the digests of bank accounts on file

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
            copy_of=self.contents.get(arrival.content) if arrival.content else None,
            suppressed=self.suppressed.get(address, self.suppressed.get(without_tag(address))),
            answered=self.answers.about(address, message.subject),
            oversize=arrival.oversize,
            mailbox=arrival.mailbox,
            contact_language=self.languages.get(contact_of(message)),
            contact=self.people.of(contact_of(message)),
            domain_known=not address or self.people.knows_domain(address),
            kin=self.people.kin_of(address),
            salt=self.salt,
        )

    def note_case(self, arrival: Arrival, references: Sequence[str], verdict: Verdict) -> None:
        """This mail opened or joined the cases of these references. A forged one does not stand for the true one."""
        self.taken_in.setdefault((arrival.sha256, arrival.size), arrival.inbound_id)
        if arrival.content and not verdict.refuted:
            self.contents.setdefault(arrival.content, arrival.inbound_id)
        if arrival.message.message_id:
            self.holders[arrival.message.message_id] += references

    def note_reopened(self, verdict: Verdict) -> None:
        """The case that it joins is open again: the next mail of the batch need not do it."""
        case = verdict.correlation.case
        for reference, known in self.cases.items():
            if verdict.reopens and case is not None and known.id == case.id:
                self.cases[reference] = replace(known, status="open", closed_at=None)

    def note_language(self, arrival: Arrival, verdict: Verdict) -> None:
        """Its writer may have let us know his language."""
        if verdict.language and not verdict.refuted and verdict.automatic.kind is Kind.PERSON:
            self.languages[contact_of(arrival.message)] = verdict.language

    def note_contact(self, arrival: Arrival, verdict: Verdict) -> None:
        """Its writer is known from now on."""
        if verdict.contact is None and (address := learnable(arrival, verdict)):
            passed = verdict.dmarc == "pass"
            self.people.note(KnownContact(address=address, confirmed=False, dmarc_passed=passed))

    def note_returned(self, returned: Returned | None) -> None:
        """A mail of ours came back, or was complained of: its recipient may be on the suppression list from now on."""
        if returned is not None and returned.suppress is not None and returned.mail is not None:
            self.suppressed.setdefault(returned.mail.recipient.casefold(), returned.suppress)

    def note_answer(self, address: str, subject: str) -> None:
        """An acknowledgement goes out to this address."""
        self.answers.note(address, subject)


def look_up(
    session: Session, arrivals: Sequence[Arrival], shared_domains: Collection[str], now: datetime, salt: bytes = b""
) -> Surroundings:
    """The surroundings of these mails. `shared_domains`: of which many strangers have addresses."""
    addresses = {a.message.sender.address.casefold() for a in arrivals if a.message.sender}
    found = Surroundings(answers=look_up_answers(session, addresses, shared_domains, now))
    found.taken_in = same_bytes(session, {arrival.sha256 for arrival in arrivals})
    found.contents = same_content(session, {arrival.content for arrival in arrivals if arrival.content})
    found.cases = known_cases(session, {name for a in arrivals for name in (*a.claims.proven, *a.claims.written)})
    _holders(session, arrivals, found)
    spelt = addresses | {without_tag(address) for address in addresses}  # on the list he is so with any plus tag
    suppressed = sa.select(Suppression.address, Suppression.reason).where(Suppression.address.in_(spelt))
    found.suppressed = dict(session.execute(suppressed).all())
    found.languages = languages(session, {contact_of(arrival.message) for arrival in arrivals} - {""})
    found.people = acquaintance(session, addresses)
    found.salt = salt
    return found


def learnable(arrival: Arrival, verdict: Verdict) -> str:
    """The address that this mail makes known: of a person, neither refuted nor held; empty where there is none."""
    person = verdict.automatic.kind is Kind.PERSON and not verdict.refuted and not verdict.diversion.holds
    return contact_of(arrival.message) if person and verdict.outcome is not Outcome.DUPLICATE else ""


def contact_of(message: Message) -> str:
    """Who wrote it, case-folded; empty where that is not known."""
    return "" if message.from_ambiguous or message.sender is None else message.sender.address.casefold()


def _holders(session: Session, arrivals: Sequence[Arrival], found: Surroundings) -> None:
    mentioned = {known for arrival in arrivals for known in _mentioned(arrival.message)}
    for message_id, reference in holders(session, mentioned):
        found.holders[message_id].append(reference)


def _mentioned(message: Message) -> Iterable[str]:
    """The Message-IDs that a mail names, and its own: the same one with other bytes is a related mail (I3)."""
    own = (message.message_id,) if message.message_id else ()
    return (*own, *message.in_reply_to, *message.references[-20:])
