"""When the desk's teams answer: windows of the day on working days, by the clocks of the desk's zone.

Days and times are of that zone; what comes out are moments in UTC, so that a change of the clocks moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ingest.message import utc
from processor.policy import Policy
from processor.policy.calendar import Absence, Calendar

_FARTHEST = 366  # days that are looked at for the next window
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From a moment up to another one, both in UTC."""

    begins: datetime
    ends: datetime

    def holds(self, moment: datetime) -> bool:
        return self.begins <= moment < self.ends


class DeskHours:
    """The calendar of a policy, made ready."""

    def __init__(self, policy: Policy) -> None:
        self._zone = ZoneInfo(policy.desk.timezone)
        self._calendar = policy.calendar
        self._absences = policy.absences
        self._windows = {name: queue.answer_windows for name, queue in policy.queues.items() if queue.answer_windows}
        self._owners = {name: queue.owners for name, queue in policy.queues.items()}

    def inside(self, moment: datetime, queue: str | None = None) -> bool:
        """The moment lies in a window of the queue, else of the desk; where neither has one, on a working day."""
        windows = self._of(queue) or ("00:00-24:00",)
        return any(window.holds(utc(moment)) for window in self._on(self.day(moment), windows))

    def next_window(self, moment: datetime, queue: str) -> Window | None:
        """The window that is open at this moment, else the next one; None where there are none."""
        windows = self._of(queue)
        if not windows:
            return None
        days = (self.day(moment) + timedelta(days=ahead) for ahead in range(_FARTHEST))
        return next((one for day in days for one in self._on(day, windows) if utc(moment) < one.ends), None)

    def there(self, people: Sequence[str], moment: datetime) -> tuple[str, ...]:
        """Those of these people who are not absent on that day."""
        day = self.day(moment)
        away = {absence.person for absence in self._absences if _covers(absence, day)}
        return tuple(person for person in people if person not in away)

    def free(self, moment: datetime, queue: str | None) -> bool:
        """Somebody of the queue's owners is there that day; where it names nobody, it is a working day."""
        owners = self._owners.get(queue or "", ())
        return is_working(self.day(moment), self._calendar) and (not owners or bool(self.there(owners, moment)))

    def day(self, moment: datetime) -> date:
        """The day that the desk's clock shows."""
        return utc(moment).astimezone(self._zone).date()

    def _of(self, queue: str | None) -> tuple[str, ...]:
        return self._windows.get(queue or "", self._calendar.answer_windows)

    def _on(self, day: date, windows: Sequence[str]) -> Iterator[Window]:
        if is_working(day, self._calendar):
            for begins, _, ends in sorted(window.partition("-") for window in windows):
                yield Window(begins=self._at(day, begins), ends=self._at(day, ends))

    def _at(self, day: date, clock: str) -> datetime:
        if clock == "24:00":
            return self._at(day + timedelta(days=1), "00:00")
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=self._zone).astimezone(UTC)


def is_working(day: date, calendar: Calendar) -> bool:
    """Somebody works on that day."""
    return DAYS[day.weekday()] in calendar.working_days and day not in calendar.holidays


def _covers(absence: Absence, day: date) -> bool:
    return absence.first <= day <= absence.last
