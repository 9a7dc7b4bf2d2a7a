"""The tables, a room for each kind."""

from processor.store.models.base import SETTLED, UNDELIVERED, UNSETTLED, Base, Dispatch, State, Status, UtcDateTime
from processor.store.models.case import (
    TOLD_BY_HIM,
    Case,
    CaseDetail,
    CaseLink,
    CaseMessage,
    Event,
    OwnerTurn,
    Participant,
    StoredAttachment,
)
from processor.store.models.contact import (
    LEARNED,
    CallBack,
    Contact,
    ContactAddress,
    ContactBank,
    ContactPhone,
    DomainPiece,
)
from processor.store.models.ledger import Cursor, Heartbeat, Inbound, RawMessage
from processor.store.models.outbox import Outbox, Suppression

__all__ = [
    "LEARNED",
    "SETTLED",
    "TOLD_BY_HIM",
    "UNDELIVERED",
    "UNSETTLED",
    "Base",
    "CallBack",
    "Case",
    "CaseDetail",
    "CaseLink",
    "CaseMessage",
    "Contact",
    "ContactAddress",
    "ContactBank",
    "ContactPhone",
    "Cursor",
    "Dispatch",
    "DomainPiece",
    "Event",
    "Heartbeat",
    "Inbound",
    "Outbox",
    "OwnerTurn",
    "Participant",
    "RawMessage",
    "State",
    "Status",
    "StoredAttachment",
    "Suppression",
    "UtcDateTime",
]
