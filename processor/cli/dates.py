"""When a case is answered and paid, in words; for colleagues."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from processor.cli.options import moment
from processor.policy import Policy
from processor.triage.answer_windows import DeskHours
from processor.triage.handling import dates_of, written


def dates_of_story(story: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Of the case as it is now; nothing of one that is settled."""
    if story["status"] in ("resolved", "closed"):
        return {"window": None, "cycle": None}
    since = story["reopened_at"] or story["received_at"]
    return written(dates_of(story["queue"], story["request_type"], policy, DeskHours(policy), since))


def window_words(dates: dict[str, Any], zone: ZoneInfo) -> str:
    """Such as "in the window 23 Nov 2026 17:30-18:00"; nothing where there is none."""
    if not dates.get("window"):
        return ""
    begins, ends = (datetime.fromisoformat(written) for written in dates["window"])
    return f"in the window {moment(begins, zone)}-{ends.astimezone(zone):%H:%M}"


def cycle_words(dates: dict[str, Any]) -> str:
    """Such as "requests by Wed 25 Nov 2026, verified Fri 27 Nov 2026, credited Tue 01 Dec 2026 by its end"."""
    if not dates.get("cycle"):
        return ""
    days = {name: f"{date.fromisoformat(day):%a %d %b %Y}" for name, day in dates["cycle"].items()}
    until = f"requests by {days['requests_by']}, verified {days['verified']}"
    return f"{until}, credited {days['credited']} by its end"
