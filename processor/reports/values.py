"""The queue report as values, the same for every format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from processor.store.models import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTimes:
    """How long clients waited for a person's first answer, of the cases first answered within the report's days."""

    answered: int = 0
    median: timedelta | None = None  # None where nothing was answered
    ninetieth: timedelta | None = None  # nine of ten waited no longer (nearest rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted of the cases of a queue that are not resolved or closed."""

    open: int = 0  # in whatever status, the next three among them
    new: int = 0
    waiting_internal: int = 0
    waiting_client: int = 0
    oldest: datetime | None = None  # when the longest open one was received
    due_today: int = 0  # unanswered, promised for later on this day of the desk's zone
    breached: int = 0  # unanswered, and the promise has passed
    internal_missed: int = 0  # unanswered, nothing promised, and the queue's internal target has passed
    urgent: int = 0
    held: int = 0  # payment diversion is suspected, and two people have not confirmed yet
    undelivered: int = 0  # the client could not be reached: the acknowledgement failed for good, or came back
    response: ResponseTimes = field(default_factory=ResponseTimes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """Whom the acknowledgement did not reach, and what the server, or a delivery report, said last."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case behind the figures."""

    reference: str
    priority: str
    status: Status
    request_type: str  # its label in the desk's language; empty where the request is of no known type
    subject: str
    requester_name: str
    requester_address: str
    received_at: datetime
    promise_at: datetime | None
    age: timedelta  # since it was received
    due_today: bool
    breached: bool
    internal_missed: bool
    undelivered: Undelivered | None  # where the client could not be reached
    held: bool = False  # payment diversion is suspected, and two people have not confirmed yet

    @property
    def urgent(self) -> bool:
        return self.priority == "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A queue with its figures and its cases, the oldest first."""

    name: str
    label: str
    team: str
    figures: Figures
    cases: tuple[CaseLine, ...] = ()

    @property
    def more(self) -> int:
        """How many cases are counted but not listed."""
        return self.figures.open - len(self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    """Every queue at one moment."""

    desk: str
    at: datetime
    timezone: str
    response_days: int  # how far back response times look
    totals: Figures
    queues: tuple[QueueLine, ...]
