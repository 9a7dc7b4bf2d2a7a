"""The tables of mail as it comes: how far each mailbox was read, the bytes, and the ledger."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from processor.store.models.base import Base, Key, State


class Cursor(Base):
    """How far each folder of each mailbox was read."""

    __tablename__ = "cursor"

    mailbox: Mapped[str] = mapped_column(primary_key=True)
    folder: Mapped[str] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(sa.BigInteger)
    uid: Mapped[int] = mapped_column(sa.BigInteger)
    since: Mapped[datetime | None]
    history_uid: Mapped[int] = mapped_column(sa.BigInteger)
    careful_uid: Mapped[int] = mapped_column(sa.BigInteger)
    updated_at: Mapped[datetime]


class Heartbeat(Base):
    """When each worker last did its work, and what kept it from it."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(primary_key=True)  # "receive NAME" for each mailbox, "triage", "deliver"
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None]


class RawMessage(Base):
    """The bytes of a mail as they came, once for each digest."""

    __tablename__ = "raw_message"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int]
    compression: Mapped[str] = mapped_column(sa.String(10))
    data: Mapped[bytes]


class Inbound(Base):
    """The ledger: one row for each message that any mailbox ever gave."""

    __tablename__ = "inbound"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    mailbox: Mapped[str]
    folder: Mapped[str]
    uidvalidity: Mapped[int] = mapped_column(sa.BigInteger)
    uid: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("raw_message.sha256"))  # None: its mailbox withholds it
    content_sha256: Mapped[str | None] = mapped_column(sa.String(64))  # of all copies of a mail; None: it is forged
    size: Mapped[int] = mapped_column(sa.BigInteger)  # on the server
    oversize: Mapped[bool]
    received_at: Mapped[datetime]
    fetched_at: Mapped[datetime]  # or asked for in vain, the last time
    filed_at: Mapped[datetime | None]  # moved or flagged on the server
    state: Mapped[State]
    tries: Mapped[int]
    reason: Mapped[str | None]
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"))
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("mailbox", "folder", "uidvalidity", "uid"),
        sa.Index(
            "ix_inbound_pending",
            "tries",
            "id",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        ),
        sa.Index(
            "ix_inbound_unfiled",
            "mailbox",
            sqlite_where=sa.text("filed_at IS NULL"),
            postgresql_where=sa.text("filed_at IS NULL"),
        ),
        sa.Index(
            "uq_inbound_taken_in",  # the same bytes open or join a case once, whoever takes them in
            "sha256",
            "size",  # of oversize mails only the beginning is known, and that may be the same
            unique=True,
            sqlite_where=sa.text("state IN ('case', 'appended')"),
            postgresql_where=sa.text("state IN ('case', 'appended')"),
        ),
        sa.Index(
            "uq_inbound_content",  # and so does a mail that came by several mailboxes
            "content_sha256",
            unique=True,
            sqlite_where=sa.text("state IN ('case', 'appended')"),
            postgresql_where=sa.text("state IN ('case', 'appended')"),
        ),
        sa.Index("ix_inbound_case_id", "case_id"),
        sa.Index(
            "ix_inbound_withheld",
            "mailbox",
            sqlite_where=sa.text("state = 'pending' AND sha256 IS NULL"),
            postgresql_where=sa.text("state = 'pending' AND sha256 IS NULL"),
        ),
        sa.Index(
            "ix_inbound_quarantined",
            "settled_at",
            sqlite_where=sa.text("state = 'quarantined'"),
            postgresql_where=sa.text("state = 'quarantined'"),
        ),
    )
