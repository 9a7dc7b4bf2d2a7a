"""The contacts on file: put there, changed, taken away, listed; each change is told by an event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store import events
from processor.store.bulk import insert
from processor.store.known_contacts import domain_of
from processor.store.models import Case, Contact, ContactAddress, ContactBank, ContactPhone, DomainPiece
from processor.triage.contact import BankOnFile
from processor.triage.correspondent import mailbox_of
from processor.triage.lookalike import pieces
from processor.triage.redaction import redact

CHANGED = "contact changed"  # a kind of event

FIELDS = ("name", "kind", "account_number", "account_name", "language", "owner", "queue", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything on file of a contact."""

    code: str
    name: str
    kind: str
    addresses: tuple[str, ...] = ()
    owner_addresses: tuple[str, ...] = ()  # of these those from which bank details may be changed
    account_number: str | None = None
    account_name: str | None = None
    language: str | None = None
    owner: str | None = None
    queue: str | None = None
    country: str | None = None
    phones: tuple[str, ...] = ()
    bank: tuple[BankOnFile, ...] = ()


def put(session: Session, card: Card, actor: str, now: datetime, shared: Collection[str]) -> str:
    """The contact is on file as this card says; returns added, changed or unchanged. Its addresses must be nobody
    else's. What stays keeps the time since when it is there. `shared`: domains of which strangers have addresses.
    """
    before = card_of(session, card.code)
    if before == card:
        return "unchanged"
    how = "changed" if before else "added"
    contact_id = _contact(session, card, actor, now)
    gone = _addresses(session, contact_id, card, now)
    _phones(session, contact_id, card, now)
    _bank(session, contact_id, card, now)
    _pieces(session, {domain_of(one) for one in card.addresses} - set(shared), gone)
    _tell(session, card.code, how, _what(before, card), actor, now)
    return how


def remove(session: Session, code: str, actor: str, now: datetime) -> bool:
    """Nothing of it stays on file, but its cases; False where there is no such contact."""
    contact_id = session.scalar(sa.select(Contact.id).where(Contact.code == code))
    if contact_id is None:
        return False
    domains = set(session.scalars(sa.select(ContactAddress.domain).where(ContactAddress.contact_id == contact_id)))
    _write(session, sa.update(Case).where(Case.contact_id == contact_id).values(contact_id=None))
    for table in (ContactAddress, ContactPhone, ContactBank):
        _write(session, sa.delete(table).where(table.contact_id == contact_id))
    _write(session, sa.delete(Contact).where(Contact.id == contact_id))
    _pieces(session, set(), domains)
    _tell(session, code, "removed", [], actor, now)
    return True


def card_of(session: Session, code: str) -> Card | None:
    """What is on file of this contact."""
    contact = session.scalar(sa.select(Contact).where(Contact.code == code))
    return None if contact is None else next(_cards(session, [contact]))


def cards(session: Session, kind: str | None = None, limit: int | None = None) -> Iterator[Card]:
    """Every contact on file, by code."""
    query = sa.select(Contact).order_by(Contact.code).limit(limit)
    found = session.scalars(query if kind is None else query.where(Contact.kind == kind)).all()
    for start in range(0, len(found), 500):
        yield from _cards(session, found[start : start + 500])


def learned(session: Session, limit: int) -> list[dict[str, Any]]:
    """Addresses that wrote and that nobody has put on file, the newest first."""
    columns = (ContactAddress.address, ContactAddress.since, ContactAddress.dmarc_passed_at)
    query = sa.select(*columns).where(ContactAddress.contact_id.is_(None))
    rows = session.execute(query.order_by(ContactAddress.since.desc(), ContactAddress.key).limit(limit)).mappings()
    return [{**row, "address": redact(row["address"]).text} for row in rows]  # a sender can make bank details of it


def is_learned(session: Session, address: str) -> bool:
    """It has written, and nobody has put it on file."""
    query = sa.select(ContactAddress.key).where(ContactAddress.key == mailbox_of(address))
    return session.scalar(query.where(ContactAddress.contact_id.is_(None))) is not None


def holders_of(session: Session, addresses: Iterable[str]) -> dict[str, str]:
    """By mailbox the code of the contact that has it."""
    keys = sorted({mailbox_of(address) for address in addresses})
    found: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        query = sa.select(ContactAddress.key, Contact.code).join(Contact, Contact.id == ContactAddress.contact_id)
        rows = session.execute(query.where(ContactAddress.key.in_(keys[start : start + 500])))
        found.update((row.key, row.code) for row in rows)
    return found


def _cards(session: Session, contacts: Collection[Contact]) -> Iterator[Card]:
    ids = [contact.id for contact in contacts]
    addresses = session.scalars(sa.select(ContactAddress).where(ContactAddress.contact_id.in_(ids))).all()
    phones = session.scalars(sa.select(ContactPhone).where(ContactPhone.contact_id.in_(ids))).all()
    accounts = session.scalars(sa.select(ContactBank).where(ContactBank.contact_id.in_(ids))).all()
    for contact in contacts:
        mine = [row for row in addresses if row.contact_id == contact.id]
        yield Card(
            code=contact.code,
            **{name: getattr(contact, name) for name in FIELDS},
            addresses=tuple(sorted(row.address for row in mine)),
            owner_addresses=tuple(sorted(row.address for row in mine if row.owner)),
            phones=tuple(sorted(row.number for row in phones if row.contact_id == contact.id)),
            bank=tuple(sorted(_accounts(accounts, contact.id), key=lambda one: one.digest)),
        )


def _accounts(rows: Iterable[ContactBank], contact_id: int) -> Iterator[BankOnFile]:
    mine = (row for row in rows if row.contact_id == contact_id)
    yield from (BankOnFile(digest=row.digest, last_four=row.last_four, country=row.country) for row in mine)


def _contact(session: Session, card: Card, actor: str, now: datetime) -> int:
    values = {name: getattr(card, name) for name in FIELDS}
    contact_id = session.scalar(sa.select(Contact.id).where(Contact.code == card.code))
    if contact_id is None:
        row = {"code": card.code, **values, "since": now, "actor": actor}
        contact_id = session.execute(sa.insert(Contact).values(row).returning(Contact.id)).scalar_one()
    else:
        _write(session, sa.update(Contact).where(Contact.id == contact_id).values(**values))
    return contact_id


def _addresses(session: Session, contact_id: int, card: Card, now: datetime) -> set[str]:
    """Write them down; returns the domains of those that go."""
    owners = {mailbox_of(one) for one in card.owner_addresses}
    wanted = {mailbox_of(one): one for one in card.addresses}
    query = sa.select(ContactAddress.key, ContactAddress.domain, ContactAddress.contact_id)
    known = session.execute(
        query.where(sa.or_(ContactAddress.contact_id == contact_id, ContactAddress.key.in_(wanted)))
    ).all()
    gone = {row.key: row.domain for row in known if row.key not in wanted}
    _write(session, sa.delete(ContactAddress).where(ContactAddress.key.in_(gone)))
    there = {row.key for row in known}
    for key in wanted.keys() & there:
        values = {"contact_id": contact_id, "owner": key in owners, "address": wanted[key]}
        _write(session, sa.update(ContactAddress).where(ContactAddress.key == key).values(**values))
    insert(
        session,
        ContactAddress,
        (
            {"key": key, "address": wanted[key], "domain": domain_of(wanted[key]), "contact_id": contact_id}
            | {"owner": key in owners, "since": now, "dmarc_passed_at": None}
            for key in sorted(wanted.keys() - there)
        ),
    )
    return set(gone.values())


def _phones(session: Session, contact_id: int, card: Card, now: datetime) -> None:
    known = set(session.scalars(sa.select(ContactPhone.number).where(ContactPhone.contact_id == contact_id)))
    gone = known.difference(card.phones)
    mine = ContactPhone.contact_id == contact_id
    _write(session, sa.delete(ContactPhone).where(mine, ContactPhone.number.in_(gone)))
    rows = ({"contact_id": contact_id, "number": one, "since": now} for one in sorted(set(card.phones) - known))
    insert(session, ContactPhone, rows)


def _bank(session: Session, contact_id: int, card: Card, now: datetime) -> None:
    known = set(session.scalars(sa.select(ContactBank.digest).where(ContactBank.contact_id == contact_id)))
    wanted = {one.digest: one for one in card.bank}
    mine = ContactBank.contact_id == contact_id
    _write(session, sa.delete(ContactBank).where(mine, ContactBank.digest.in_(known - wanted.keys())))
    fresh = [one for digest, one in wanted.items() if digest not in known]
    rows = ({"digest": one.digest, "last_four": one.last_four, "country": one.country} for one in fresh)
    insert(session, ContactBank, ({"contact_id": contact_id, "since": now, **row} for row in rows))


def _pieces(session: Session, new: set[str], gone: set[str]) -> None:
    """Of domains on file alone, so that nobody has his own domain protected by writing a mail."""
    has = sa.select(ContactAddress.domain).where(
        ContactAddress.domain.in_(gone), ContactAddress.contact_id.is_not(None)
    )
    for domain in sorted(gone - set(session.scalars(has))):
        _write(session, sa.delete(DomainPiece).where(DomainPiece.domain == domain))
    there = set(session.scalars(sa.select(DomainPiece.domain).where(DomainPiece.domain.in_(new)).distinct()))
    fresh = ({"piece": piece, "domain": domain} for domain in sorted(new - there) for piece in sorted(pieces(domain)))
    insert(session, DomainPiece, fresh)


def _what(before: Card | None, card: Card) -> list[str]:
    """The names of what is another than before: never its value, since numbers are among them."""
    names = (*FIELDS, "addresses", "owner_addresses", "phones", "bank")
    if before is None:
        return [name for name in names if getattr(card, name)]
    return [name for name in names if getattr(before, name) != getattr(card, name)]


def _tell(session: Session, code: str, how: str, what: list[str], actor: str, now: datetime) -> None:
    data = {"contact": code, "how": how, "what": what}
    events.write(session, [{"case_id": None, "at": now, "actor": actor, "kind": CHANGED, "data": data}])


def _write(session: Session, statement: sa.Update | sa.Delete) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
