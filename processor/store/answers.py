"""What the desk has acknowledged lately that counts for the mails of a batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import Case, Outbox
from processor.triage.context import Answered, Given
from processor.triage.correspondent import mailbox_of
from processor.triage.subject import subject_key

PURPOSE = "acknowledgement"
DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
_TOLD = 100  # acknowledgements to the domains of a batch, the latest; a mailbox has all of its own

# Asked for every batch: put together once.
_OF_A_DAY = (
    sa.select(
        Outbox.recipient_key,
        Outbox.recipient_domain,
        Outbox.subject_key,
        Outbox.created_at,
        Outbox.settled_at,
        Case.reference,
    )
    .join(Case, Case.id == Outbox.case_id)
    .where(Outbox.purpose == PURPOSE, Outbox.created_at > sa.bindparam("since"))
)
_TO_THEM = _OF_A_DAY.where(Outbox.recipient_key.in_(sa.bindparam("mailboxes", expanding=True)))
_BESIDE_THEM = (
    _OF_A_DAY.where(Outbox.recipient_domain.in_(sa.bindparam("domains", expanding=True)))
    .where(Outbox.recipient_key.not_in(sa.bindparam("mailboxes", expanding=True)))
    .order_by(Outbox.created_at.desc())
    .limit(_TOLD)
)
_OF_AN_HOUR = (Outbox.purpose == PURPOSE, Outbox.created_at > sa.bindparam("since"))
_BY_DOMAIN = (
    sa.select(Outbox.recipient_domain, sa.func.count())
    .where(*_OF_AN_HOUR, Outbox.recipient_domain.in_(sa.bindparam("domains", expanding=True)))
    .group_by(Outbox.recipient_domain)
)
_IN_ALL = sa.select(sa.func.count()).select_from(Outbox).where(*_OF_AN_HOUR)


@dataclass(slots=True, kw_only=True)
class Answers:
    """Grows with each answer of the batch, so that the next mail counts the one before."""

    shared_domains: Collection[str]  # many strangers have addresses there
    by_subject: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_mailbox: Counter[str] = field(default_factory=Counter)
    by_domain: Counter[str] = field(default_factory=Counter)
    in_all: int = 0
    # By domain. Of earlier batches alone: no mail of this one can answer what this one sends.
    given: dict[str, list[Given]] = field(default_factory=lambda: defaultdict(list))

    def about(self, address: str, subject: str) -> Answered:
        """What counts for a mail of this sender and subject."""
        mailbox, domain = _parted(address)
        shared = domain in self.shared_domains
        return Answered(
            same_subject_day=self.by_subject[mailbox, subject_key(subject)],
            address_day=self.by_mailbox[mailbox],
            domain_hour=self.by_domain[domain],
            all_hour=self.in_all,
            given=tuple(one for one in self.given.get(domain, ()) if one.mailbox == mailbox or not shared),
        )

    def note(self, address: str, subject: str) -> None:
        """An acknowledgement goes out to this address."""
        mailbox, domain = _parted(address)
        self.by_subject[mailbox, subject_key(subject)] += 1
        self.by_mailbox[mailbox] += 1
        self.by_domain[domain] += 1
        self.in_all += 1


def look_up_answers(
    session: Session, addresses: Collection[str], shared_domains: Collection[str], now: datetime
) -> Answers:
    """What counts for mails of these senders."""
    found = Answers(shared_domains=shared_domains)
    mailboxes = {mailbox_of(address) for address in addresses}
    domains = {mailbox.rpartition("@")[2] for mailbox in mailboxes}
    _of_the_day(session, mailboxes, domains, found, now)
    _of_the_hour(session, domains, found, now)
    return found


def _of_the_day(session: Session, mailboxes: set[str], domains: set[str], found: Answers, now: datetime) -> None:
    asked = {"since": now - DAY, "mailboxes": sorted(mailboxes)}
    to_them = session.execute(_TO_THEM, asked).all()
    for row in to_them:
        found.by_mailbox[row.recipient_key] += 1
        found.by_subject[row.recipient_key, row.subject_key] += 1
    own_domains = sorted(domains - set(found.shared_domains))
    for row in (*to_them, *session.execute(_BESIDE_THEM, asked | {"domains": own_domains})):
        one = Given(
            mailbox=row.recipient_key,
            reference=row.reference,
            made_at=row.created_at,
            sent_at=row.settled_at or row.created_at,
        )
        found.given[row.recipient_domain].append(one)


def _of_the_hour(session: Session, domains: set[str], found: Answers, now: datetime) -> None:
    asked = {"since": now - HOUR, "domains": sorted(domains)}
    found.by_domain.update(dict(session.execute(_BY_DOMAIN, asked).all()))
    found.in_all = session.execute(_IN_ALL, {"since": now - HOUR}).scalar_one()


def _parted(address: str) -> tuple[str, str]:
    mailbox = mailbox_of(address)
    return mailbox, mailbox.rpartition("@")[2]
