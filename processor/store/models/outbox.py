"""The tables of mail that goes out, and of those who get none."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from processor.store.models.base import Base, Dispatch, Key


class Outbox(Base):
    """A mail to one recipient, so that each recipient has an outcome of his own.

    An acknowledgement has one row per case, ever, and its Message-ID never changes (I4).
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    purpose: Mapped[str] = mapped_column(sa.String(40))  # acknowledgement
    message_id: Mapped[str] = mapped_column(unique=True)
    envelope_from: Mapped[str]  # empty: the null sender <>
    recipient: Mapped[str]
    recipient_key: Mapped[str]  # the mailbox behind the address, for the caps
    recipient_domain: Mapped[str]
    subject_key: Mapped[str]  # the bare subject of the mail that is answered, for the caps
    content: Mapped[bytes]
    state: Mapped[Dispatch]
    tries: Mapped[int]
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    last_reply: Mapped[str | None]  # the server's last words

    __table_args__ = (
        sa.UniqueConstraint("case_id", "purpose"),
        sa.Index(
            "ix_outbox_waiting",
            "next_at",
            sqlite_where=sa.text("state NOT IN ('sent', 'failed', 'bounced')"),
            postgresql_where=sa.text("state NOT IN ('sent', 'failed', 'bounced')"),
        ),
        sa.Index(
            "ix_outbox_failed",
            "settled_at",
            sqlite_where=sa.text("state IN ('failed', 'bounced')"),
            postgresql_where=sa.text("state IN ('failed', 'bounced')"),
        ),
        sa.Index("ix_outbox_recipient", "recipient_key", "created_at"),
        sa.Index("ix_outbox_domain", "recipient_domain", "created_at"),
        sa.Index("ix_outbox_created_at", "created_at"),
    )


class Suppression(Base):
    """An address that gets no automatic mail, and what proves that it should not."""

    __tablename__ = "suppression"

    address: Mapped[str] = mapped_column(primary_key=True)  # case-folded
    reason: Mapped[str]
    since: Mapped[datetime]
    actor: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"))
    outbox_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outbox.id"))  # the mail that was refused or came back
    inbound_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inbound.id"))  # the report that says so
