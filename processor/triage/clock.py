"""When an answer is due, and whether it is late. Hours are real ones: a change of the clocks adds and takes none."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.message import utc
from processor.policy import Policy


def promise(received_at: datetime, policy: Policy) -> datetime:
    """The moment, in UTC, by which a person answers: the promised hours after the server received the mail (I6)."""
    return utc(received_at) + timedelta(hours=policy.desk.promise_hours)


def breached(due: datetime, now: datetime) -> bool:
    """The moment has passed. At the very moment the answer is still in time."""
    return utc(now) > utc(due)


def due_today(due: datetime, now: datetime, timezone: str) -> bool:
    """Still in time, and due before the desk's day is over."""
    return not breached(due, now) and local(due, timezone).date() == local(now, timezone).date()


def local(moment: datetime, timezone: str) -> datetime:
    """The same moment as the clocks of this zone show it."""
    return utc(moment).astimezone(ZoneInfo(timezone))
