"""Warns of client secrets that expire soon: when the daemon starts, and once on every day after it."""

from __future__ import annotations

from datetime import date

from processor.reports.health import secrets
from processor.stages.desk import Desk


class Reminder:
    """To be asked to look as often as anybody likes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._day: date | None = None

    def look(self) -> None:
        """Warn, unless it was done on this day (of UTC)."""
        now = self._desk.now()
        if now.date() == self._day:
            return
        self._day = now.date()
        for one in secrets(self._desk.policy, now):
            if not one.ok:
                self._desk.log.warning("a secret expires", oauth2=one.name, reason=one.words)
