"""The tables of a case: who, what, when, and everything that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from processor.store.models.base import Base, Key, Status


class Case(Base):
    """A client's matter, from first mail to closing."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(40), unique=True)
    status: Mapped[Status]
    priority: Mapped[str] = mapped_column(sa.String(10))
    queue: Mapped[str]
    request_type: Mapped[str | None]
    rule: Mapped[str]
    policy_version: Mapped[str] = mapped_column(sa.String(12))
    language: Mapped[str] = mapped_column(sa.String(10))
    subject: Mapped[str]
    requester_name: Mapped[str]
    requester_address: Mapped[str]
    automatic: Mapped[str]  # person, bounce, ...: what the first mail was
    received_at: Mapped[datetime]  # INTERNALDATE of the first mail: the clocks start here (I6)
    promise_at: Mapped[datetime | None]  # as printed to the client, then frozen; None where nothing was promised
    internal_due_at: Mapped[datetime]
    first_response_at: Mapped[datetime | None]  # a person's; an acknowledgement is none
    closed_at: Mapped[datetime | None]  # since when it is resolved or closed
    reopened_at: Mapped[datetime | None]  # INTERNALDATE of the mail that opened it again: its clocks start here anew
    owner: Mapped[str | None]
    merged_into: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"))  # the survivor, itself never merged
    acknowledged_with: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"))  # whose acknowledgement names both
    offered_name: Mapped[str | None]  # whom a colleague wrote for, until somebody accepts him as the requester
    offered_address: Mapped[str | None]
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))  # whose address on file opened it
    diversion: Mapped[str] = mapped_column(sa.String(10), default="none")  # how much its mails smell of it: a Level
    held_since: Mapped[datetime | None]  # a mail smelt so that two people must confirm before the case can be settled
    released_at: Mapped[datetime | None]  # when they had; a later mail may hold the case again

    __table_args__ = (
        # Whatever way there is, or will be: what is held is neither resolved nor closed, and so is not merged away.
        sa.CheckConstraint(
            "held_since IS NULL OR released_at IS NOT NULL OR status NOT IN ('resolved', 'closed')", name="held"
        ),
        sa.Index(
            "ix_cases_unsettled",
            "queue",
            "status",
            "received_at",
            sqlite_where=sa.text("status NOT IN ('resolved', 'closed')"),
            postgresql_where=sa.text("status NOT IN ('resolved', 'closed')"),
        ),
        sa.Index("ix_cases_first_response_at", "first_response_at"),
        sa.Index(
            "ix_cases_of_contact",
            "contact_id",
            "id",
            sqlite_where=sa.text("status NOT IN ('resolved', 'closed')"),
            postgresql_where=sa.text("status NOT IN ('resolved', 'closed')"),
        ),
        sa.Index(
            "ix_cases_merged_into",
            "merged_into",
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        ),
    )


class OwnerTurn(Base):
    """Whose turn it was: the number, within the queue, of the latest case that a person was given."""

    __tablename__ = "owner_turn"

    queue: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(sa.BigInteger)


class Participant(Base):
    """Who may hear of a case."""

    __tablename__ = "participant"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)  # case-folded
    role: Mapped[str] = mapped_column(sa.String(20))


class CaseLink(Base):
    """A case that has to do with another one, and who said so."""

    __tablename__ = "case_link"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    since: Mapped[datetime]
    actor: Mapped[str]


# Of mails: the sender let us know his language; a machine does not, and nor does somebody who may be another.
TOLD_BY_HIM = "language IS NOT NULL AND automatic = 'person' AND standing <> 'not_confirmed'"


class CaseMessage(Base):
    """A mail of a case, redacted as people read it."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inbound.id"))
    direction: Mapped[str] = mapped_column(sa.String(3))  # in, out
    message_id: Mapped[str | None] = mapped_column(index=True)
    from_name: Mapped[str]
    from_address: Mapped[str]
    from_key: Mapped[str] = mapped_column(default="")  # case-folded; empty where it is not known who wrote
    standing: Mapped[str] = mapped_column(sa.String(20))
    automatic: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    new_text: Mapped[str]
    language: Mapped[str | None] = mapped_column(sa.String(10))
    received_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "ix_message_contact",  # which language does he write in?
            "from_key",
            "id",
            sqlite_where=sa.text(TOLD_BY_HIM),
            postgresql_where=sa.text(TOLD_BY_HIM),
        ),
    )


class StoredAttachment(Base):
    """What is known of an attachment; its bytes are in the raw message."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("message.id"), index=True)
    name: Mapped[str]
    declared_type: Mapped[str]
    detected_type: Mapped[str | None]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    inline: Mapped[bool]
    unread: Mapped[str] = mapped_column(default="")  # why a document was not read, or not to its end


class CaseDetail(Base):
    """A detail that was found, or (value None) one that is still missing."""

    __tablename__ = "detail"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    name: Mapped[str]
    value: Mapped[str | None]
    evidence: Mapped[str | None]  # where in the mail: subject, text, signature, ...
    line: Mapped[int | None]  # from 1, of the writer's own words or of a document
    certainty: Mapped[str | None] = mapped_column(sa.String(10))  # stated, likely
    normal: Mapped[str | None]  # of an amount, date or number: the form to compare and count with


class Event(Base):
    """What happened, who did it, when: append-only, so the whole story of a case can be read from it."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    inbound_id: Mapped[int | None] = mapped_column(sa.ForeignKey("inbound.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str] = mapped_column(sa.String(40))
    data: Mapped[dict[str, Any]]

    __table_args__ = (
        sa.Index(
            "ix_event_quarantine",
            "inbound_id",
            sqlite_where=sa.text("kind IN ('quarantined', 'discarded')"),
            postgresql_where=sa.text("kind IN ('quarantined', 'discarded')"),
        ),
    )
