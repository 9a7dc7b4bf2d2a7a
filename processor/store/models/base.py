"""What all tables share: types, enumerations, names. Every time is UTC; a naive one is refused at the door."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

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
    DUPLICATE = "duplicate"  # its bytes, or a copy of the mail, were taken in before
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
