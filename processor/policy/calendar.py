"""The tables of the policy file that say when people are there, and when they answer."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from processor.policy.base import Table

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WORKING_DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_WINDOW = re.compile(rf"({_CLOCK})-({_CLOCK}|24:00)")


def _window(value: str) -> str:
    found = _WINDOW.fullmatch(value)
    if found is None or found[1] >= found[2]:
        raise ValueError('is not a time of the day; write it as "11:30-12:00", from the earlier to the later')
    return value


AnswerWindow = Annotated[str, AfterValidator(_window)]


class Calendar(Table):
    """When the desk works, by the clocks of its zone (`desk.timezone`). Promises to clients do not depend on it."""

    working_days: tuple[Day, ...] = Field(default=WORKING_DAYS, min_length=1)
    holidays: tuple[datetime.date, ...] = ()  # days on which nobody works
    answer_windows: tuple[AnswerWindow, ...] = ()  # when clients are answered, of a queue that names none of its own


class Absence(Table):
    """Days on which a person is not there: no new case becomes his."""

    person: str = Field(min_length=1)  # one of the owners of a queue
    first: datetime.date
    last: datetime.date  # the last day away; the same as the first for a single one

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("the last day comes before the first")
        return self


class Cycle(Table):
    """The weekly round of payments: what comes by a day is verified and credited on later days."""

    requests_by: Day  # later ones fall into the next round
    verified: Day  # the first such day after it; a day off work moves it to the next working day
    credited: Day  # the first such day after that, by the end of the day; moved in the same way
