"""The tables of those who write to the desk, and of who called whom back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from processor.store.models.base import Base, Key

LEARNED = "contact_id IS NULL"  # of addresses: nobody has put it on file


class Contact(Base):
    """A client, interpreter, vendor or colleague whom a person put on file."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # by which people and files name it
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(sa.String(20))
    account_number: Mapped[str | None]
    account_name: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(sa.String(10))
    owner: Mapped[str | None]
    queue: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(sa.String(2))
    since: Mapped[datetime]
    actor: Mapped[str]


class ContactAddress(Base):
    """A mail address: on file of a contact, or learned from a mail of a person."""

    __tablename__ = "contact_address"

    key: Mapped[str] = mapped_column(primary_key=True)  # the mailbox behind it, however it is spelt
    address: Mapped[str]
    domain: Mapped[str] = mapped_column(index=True)  # in A-labels
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    owner: Mapped[bool]  # the owner's address, from which bank details may be changed
    since: Mapped[datetime]
    dmarc_passed_at: Mapped[datetime | None]  # when a mail from it first did

    __table_args__ = (
        sa.Index(
            "ix_contact_address_learned",
            "since",
            "key",
            sqlite_where=sa.text(LEARNED),
            postgresql_where=sa.text(LEARNED),
        ),
    )


class ContactPhone(Base):
    """A number on file, on which a contact is called back."""

    __tablename__ = "contact_phone"

    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)  # + and digits alone
    since: Mapped[datetime]


class ContactBank(Base):
    """A bank account on file: what tells whether another is the same, never its number."""

    __tablename__ = "contact_bank"

    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    last_four: Mapped[str] = mapped_column(sa.String(4))
    country: Mapped[str | None] = mapped_column(sa.String(2))
    since: Mapped[datetime]


class CallBack(Base):
    """A call over a second channel about a held case, and the second person who confirmed it."""

    __tablename__ = "call_back"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    number: Mapped[str]  # that was called
    on_file: Mapped[bool]  # before the mail came that holds the case
    spoke_with: Mapped[str]
    outcome: Mapped[str] = mapped_column(sa.String(10))  # confirmed, refused
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]  # never who called


class DomainPiece(Base):
    """A piece of a domain on file, by which domains that look like it are found."""

    __tablename__ = "domain_piece"

    piece: Mapped[str] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(primary_key=True, index=True)
