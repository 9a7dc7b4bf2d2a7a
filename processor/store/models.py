"""The tables. Every time is UTC; a naive one is refused at the door."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ingest.message import utc


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware time, kept in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else utc(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class State(StrEnum):
    """Where a ledger row is: pending, until one verdict settles it for good (I1)."""

    PENDING = "pending"
    CASE = "case"  # it opened a case
    APPENDED = "appended"  # it joined one
    DUPLICATE = "duplicate"  # its bytes were taken in before
    QUARANTINED = "quarantined"  # nothing could be made of it; the reason is beside it
    VANISHED = "vanished"  # its raw bytes are lost


class Status(StrEnum):
    """Where the work on a case stands."""

    NEW = "new"
    OPEN = "open"
    WAITING_INTERNAL = "waiting_internal"
    WAITING_CLIENT = "waiting_client"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Dispatch(StrEnum):
    """Where a mail to its one recipient is: due, then attempted (committed before DATA), then settled."""

    DUE = "due"
    ATTEMPTED = "attempted"
    UNKNOWN = "unknown"  # the server's answer to DATA was lost: it is sent again with the same Message-ID
    SENT = "sent"
    FAILED = "failed"  # refused for good, or given up
    BOUNCED = "bounced"  # the server took it, and a delivery report says that it came back


UNDELIVERED = (Dispatch.FAILED, Dispatch.BOUNCED)
SETTLED = (Dispatch.SENT, *UNDELIVERED)
UNSETTLED = (Status.NEW, Status.OPEN, Status.WAITING_INTERNAL, Status.WAITING_CLIENT)

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _names(kind: type[StrEnum]) -> sa.Enum:
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        datetime: UtcDateTime,
        dict[str, Any]: sa.JSON,
        State: _names(State),
        Status: _names(Status),
        Dispatch: _names(Dispatch),
    }


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
    closed_at: Mapped[datetime | None]
    owner: Mapped[str | None]

    __table_args__ = (
        sa.Index(
            "ix_cases_unsettled",
            "queue",
            "status",
            "received_at",
            sqlite_where=sa.text("status NOT IN ('resolved', 'closed')"),
            postgresql_where=sa.text("status NOT IN ('resolved', 'closed')"),
        ),
        sa.Index("ix_cases_first_response_at", "first_response_at"),
    )


class Participant(Base):
    """Who may hear of a case."""

    __tablename__ = "participant"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)  # case-folded
    role: Mapped[str] = mapped_column(sa.String(20))


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
    standing: Mapped[str] = mapped_column(sa.String(20))
    automatic: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    new_text: Mapped[str]
    language: Mapped[str | None] = mapped_column(sa.String(10))
    received_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


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


class CaseDetail(Base):
    """A detail that was found, or (value None) one that is still missing."""

    __tablename__ = "detail"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    name: Mapped[str]
    value: Mapped[str | None]
    evidence: Mapped[str | None]


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
    recipient_key: Mapped[str]  # case-folded, for the caps
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
