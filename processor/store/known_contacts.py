"""What is on file of those who wrote a batch of mails, looked up with a few queries for all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from processor.store.models import UNSETTLED, Case, Contact, ContactAddress, ContactBank, ContactPhone, DomainPiece
from processor.triage.contact import BankOnFile, KnownContact, OpenCase
from processor.triage.correspondent import ascii_domain, mailbox_of
from processor.triage.lookalike import probes

_OPEN_CASES = 5  # of one contact that are told: whether there is one, or several

_GIVEN: sa.BindParameter[object] = sa.bindparam("pieces")
_ON_SQLITE = sa.func.json_each(_GIVEN).table_valued("value", name="given")
_ON_POSTGRESQL = (
    sa.func.unnest(sa.cast(_GIVEN, ARRAY(sa.String))).table_valued("value", name="given").render_derived(name="given")
)


@dataclass(slots=True, kw_only=True)
class Acquaintance:
    """Whom the desk knows of the senders of a batch."""

    contacts: dict[str, KnownContact] = field(default_factory=dict)  # by mailbox
    domains: set[str] = field(default_factory=set)  # of which somebody has written, or is on file
    kin: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by domain, those on file that it may look like

    def of(self, address: str) -> KnownContact | None:
        """What is on file of this address; None where it has never been seen."""
        return self.contacts.get(mailbox_of(address)) if address else None

    def knows_domain(self, address: str) -> bool:
        """Somebody of its domain is on file, or has written before."""
        return domain_of(address) in self.domains

    def kin_of(self, address: str) -> tuple[str, ...]:
        """The domains on file that its domain may look like."""
        return self.kin.get(domain_of(address), ())

    def note(self, contact: KnownContact) -> None:
        """A mail of his was taken in: the next one of the batch finds him known."""
        self.contacts.setdefault(mailbox_of(contact.address), contact)
        self.domains.add(domain_of(contact.address))


def domain_of(address: str) -> str:
    """The domain in A-labels, as it is on file."""
    return ascii_domain(address.rpartition("@")[2])


def acquaintance(session: Session, addresses: Collection[str]) -> Acquaintance:
    """Of these addresses, which are as their mails write them."""
    keys = {mailbox_of(address) for address in addresses if address}
    found = Acquaintance(contacts=_contacts(session, keys))
    domains = {domain_of(address) for address in addresses if address}
    known = sa.select(ContactAddress.domain).where(ContactAddress.domain.in_(domains)).distinct()
    found.domains = set(session.scalars(known)) if domains else set()
    trusted = {domain_of(one.address) for one in found.contacts.values() if one.confirmed}
    found.kin = _kin(session, domains - trusted)
    return found


def _contacts(session: Session, keys: Collection[str]) -> dict[str, KnownContact]:
    if not keys:
        return {}
    query = sa.select(ContactAddress, Contact).outerjoin(Contact, Contact.id == ContactAddress.contact_id)
    rows = session.execute(query.where(ContactAddress.key.in_(keys))).all()
    ids = {contact.id for _address, contact in rows if contact is not None}
    phones = _by_contact(session, sa.select(ContactPhone).where(ContactPhone.contact_id.in_(ids))) if ids else {}
    bank = _by_contact(session, sa.select(ContactBank).where(ContactBank.contact_id.in_(ids))) if ids else {}
    cases = _open_cases(session, ids)
    return {address.key: _known(address, contact, phones, bank, cases) for address, contact in rows}


def _known(
    address: ContactAddress,
    contact: Contact | None,
    phones: dict[int, list[Any]],
    bank: dict[int, list[Any]],
    cases: dict[int, tuple[OpenCase, ...]],
) -> KnownContact:
    learned = KnownContact(address=address.address, confirmed=False, dmarc_passed=address.dmarc_passed_at is not None)
    if contact is None:
        return learned
    return replace(
        learned,
        confirmed=True,
        id=contact.id,
        code=contact.code,
        name=contact.name,
        kind=contact.kind,
        account_number=contact.account_number,
        account_name=contact.account_name,
        language=contact.language,
        owner=contact.owner,
        queue=contact.queue,
        country=contact.country,
        owners_address=address.owner,
        phones=tuple(sorted(row.number for row in phones.get(contact.id, ()))),
        bank=tuple(
            BankOnFile(digest=row.digest, last_four=row.last_four, country=row.country)
            for row in bank.get(contact.id, ())
        ),
        open_cases=cases.get(contact.id, ()),
    )


def _by_contact(session: Session, query: sa.Select[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.contact_id].append(row)
    return found


def _open_cases(session: Session, ids: Iterable[int]) -> dict[int, tuple[OpenCase, ...]]:
    """The newest of each: however many there are, a few are read."""
    columns = (Case.reference, Case.request_type, Case.queue, Case.owner)
    found = {}
    for contact_id in ids:
        query = sa.select(*columns).where(Case.contact_id == contact_id, Case.status.in_(UNSETTLED))
        rows: Sequence[Any] = session.execute(query.order_by(Case.id.desc()).limit(_OPEN_CASES)).all()
        found[contact_id] = tuple(
            OpenCase(reference=row.reference, request_type=row.request_type, queue=row.queue, owner=row.owner)
            for row in rows
        )
    return found


def _kin(session: Session, domains: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each domain those on file that share a piece with it."""
    if not domains or session.scalar(sa.select(DomainPiece.domain).limit(1)) is None:
        return {}
    wanted = {domain: probes(domain) for domain in domains}
    sqlite = session.get_bind().dialect.name == "sqlite"
    given = _ON_SQLITE if sqlite else _ON_POSTGRESQL
    query = sa.select(DomainPiece.piece, DomainPiece.domain).join(given, DomainPiece.piece == given.c.value)
    values = sorted(frozenset().union(*wanted.values()))
    sharing: dict[str, set[str]] = defaultdict(set)
    for piece, domain in session.execute(query, {"pieces": json.dumps(values) if sqlite else values}):
        sharing[piece].add(domain)
    found = {
        domain: sorted({one for piece in mine & sharing.keys() for one in sharing[piece]})
        for domain, mine in wanted.items()
    }
    return {domain: tuple(those) for domain, those in found.items() if those}
