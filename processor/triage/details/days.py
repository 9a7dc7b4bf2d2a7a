"""Days as four languages write them, made ISO 8601 by the language of the mail and the day on which it came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from processor.triage.details.found import Certainty
from processor.triage.plain import Plain, finder

MOST_DAYS = 200  # words of one text that may begin a day
MOST_FIGURES = 400
_AHEAD = 21  # days: a day without a year that is further ahead was last year's

_MONTHS = (
    "january|jan|januar|janner|janvier|janv|enero|ene",
    "february|feb|februar|fevrier|fevr|fev|febrero",
    "march|mar|marz|mrz|maerz|mars|marzo",
    "april|apr|avril|avr|abril|abr",
    "may|mai|mayo",
    "june|jun|juni|juin|junio",
    "july|jul|juli|juillet|juil|julio",
    "august|aug|aout|agosto|ago",
    "september|sept|sep|septembre|septiembre|setiembre",
    "october|oct|oktober|okt|octobre|octubre",
    "november|nov|novembre|noviembre",
    "december|dec|dezember|dez|decembre|diciembre|dic",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAYS = (
    "monday|mon|montag|lundi|lunes",
    "tuesday|tue|tues|dienstag|mardi|martes",
    "wednesday|wed|mittwoch|mercredi|miercoles",
    "thursday|thu|thurs|donnerstag|jeudi|jueves",
    "friday|fri|freitag|vendredi|viernes",
    "saturday|samstag|sonnabend|samedi|sabado",
    "sunday|sonntag|dimanche|domingo",
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split("|")}
_WEEKDAY_NAMES = "|".join(sorted(_WEEKDAY, key=len, reverse=True))
_RELATIVE = {
    **dict.fromkeys(("today", "heute", "aujourd'hui", "ce jour", "hoy", "this morning", "ce matin", "esta manana"), 0),
    **dict.fromkeys(("yesterday", "gestern", "hier", "ayer", "last night", "anoche"), 1),
    **dict.fromkeys(("the day before yesterday", "vorgestern", "avant-hier", "anteayer"), 2),
}
_BEFORE_WEEKDAY = "last|on|letzten|vergangenen|am|le|el pasado|el"
_RELATIVES = "|".join(sorted(_RELATIVE, key=len, reverse=True))
_BY_FIGURE = re.compile(
    r"(?P<iso>20[0-9]{2}-[01][0-9]-[0-3][0-9])(?![0-9])"
    r"|(?P<one>[0-3]?[0-9])(?P<sep>[./-])(?P<two>[0-3]?[0-9])(?P=sep)(?P<year>20[0-9]{2}|[0-9]{2})(?![0-9])"
    r"|(?P<short>[0-3]?[0-9])\. ?(?P<shortmonth>[01]?[0-9])\.(?![0-9])"
    r"|(?P<slashed>[0-3]?[0-9])/(?P<slashedmonth>[01]?[0-9])(?![0-9/])"
    rf"|(?P<dom>[0-3]?[0-9])(?:st|nd|rd|th|er|o|°|º|\.)? {{0,2}}(?:of |de )?(?P<month>{_MONTH})\b\.?"
    r"(?:,? {1,2}(?:de |del )?(?P<domyear>20[0-9]{2}))?"
    r"|(?P<ordinal>[0-3]?[0-9])(?:st|nd|rd|th)\b"
)
_BY_WORD = re.compile(
    rf"(?P<usmonth>{_MONTH})\.? (?P<usdom>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9a-z.,]*[0-9])"
    r"(?:,? (?P<usyear>20[0-9]{2}))?"
    rf"|(?P<named>{_WEEKDAY_NAMES})\b\.?,? (?:the |le |den |el |dia )?(?P<nameddom>[0-3]?[0-9])(?:st|nd|rd|th|\.)?"
    r"(?![\w/:.]*[0-9])(?! ?(?:h\b|uhr|am\b|pm\b|[:€£$%]))"
    rf"|(?P<last>(?:{_BEFORE_WEEKDAY}) )?(?P<weekday>{_WEEKDAY_NAMES})\b(?P<dernier> dernier| pasado)?"
    rf"|(?P<relative>{_RELATIVES})\b"
)
_WORDS = finder(  # where a day may begin
    rf"\b(?:(?:{_BEFORE_WEEKDAY}) (?:{_WEEKDAY_NAMES})|{_WEEKDAY_NAMES}|{_MONTH}|{_RELATIVES})\b"
)
_AMERICAN = re.compile(r"\$|\busd\b")
_BRITISH = re.compile(r"[£€]|\b(?:gbp|eur)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that stands in a text from `start` to `end`."""

    start: int
    end: int
    date: date
    certainty: Certainty = "stated"
    loose: bool = False  # a weekday or "today", which is said of much


def month_first(text: str, language: str | None) -> bool:
    """12/11 is December there: English that counts in dollars, and in nothing else."""
    return language in ("en", None) and bool(_AMERICAN.search(text)) and not _BRITISH.search(text)


def days_in(read: Plain, came: date, *, american: bool = False) -> Iterator[Day]:
    """Every day that can be told; those without a year are the last ones before the mail came.

    Linear in the length of the text.
    """
    done = 0
    for match in sorted(_matches(read), key=re.Match.start):
        day = _read(match, came, american) if match.start() >= done else None
        if day is not None:
            done = match.end()
            yield Day(start=match.start(), end=match.end(), date=day[0], certainty=day[1], loose=day[2])


def _matches(read: Plain) -> Iterator[re.Match[str]]:
    text = read.text
    for at in islice(read.figures, MOST_FIGURES):
        match = None if at and (text[at - 1] in "./-_" or text[at - 1].isalnum()) else _BY_FIGURE.match(text, at)
        if match is not None and (not match["ordinal"] or text[max(0, at - 4) : at] == "the "):
            yield match
    for word in _WORDS(read, MOST_DAYS):
        if match := _BY_WORD.match(text, word.start()):
            yield match


def _read(match: re.Match[str], came: date, american: bool) -> tuple[date, Certainty, bool] | None:
    part: dict[str, str] = {name: written for name, written in match.groupdict().items() if written}
    if "iso" in part:
        return _sure(_date(*map(int, part["iso"].split("-"))))
    if "one" in part:
        return _numeric(int(part["one"]), int(part["two"]), int(part["year"]) % 100 + 2000, american)
    if "short" in part:
        return _sure(_last(int(part["shortmonth"]), int(part["short"]), came))
    if "slashed" in part:
        first, second = int(part["slashed"]), int(part["slashedmonth"])
        return _likely(_last(first, second, came) if american else _last(second, first, came))
    if "dom" in part:
        return _sure(_named(part["dom"], part["month"], part.get("domyear"), came))
    if "ordinal" in part:
        return _likely(_day_of_month(int(part["ordinal"]), came))
    return _by_word(part, came)


def _by_word(part: dict[str, str], came: date) -> tuple[date, Certainty, bool] | None:
    if "usdom" in part:
        return _sure(_named(part["usdom"], part["usmonth"], part.get("usyear"), came))
    if "nameddom" in part:
        return _sure(_day_of_month(int(part["nameddom"]), came))
    if "weekday" in part:
        return _weekday(part["weekday"], part.get("last", "").strip(), "dernier" in part, came)
    return came - timedelta(days=_RELATIVE[part["relative"]]), "stated", True


def _likely(day: date | None) -> tuple[date, Certainty, bool] | None:
    return (day, "likely", False) if day else None


def _sure(day: date | None) -> tuple[date, Certainty, bool] | None:
    return (day, "stated", False) if day else None


def _numeric(first: int, second: int, year: int, american: bool) -> tuple[date, Certainty, bool] | None:
    """Day first in all but American forms; where only one order makes a day, that one."""
    ordered = (_date(year, first, second), _date(year, second, first))
    day = (ordered[0] or ordered[1]) if american else (ordered[1] or ordered[0])
    return (day, "likely" if american and all(ordered) else "stated", False) if day else None


def _named(day: str, month: str, year: str | None, came: date) -> date | None:
    return _date(int(year), MONTHS[month], int(day)) if year else _last(MONTHS[month], int(day), came)


def _last(month: int, day: int, came: date) -> date | None:
    """The last such day; one that is near ahead is this year's."""
    this = _date(came.year, month, day)
    if this is not None and this <= came + timedelta(days=_AHEAD):
        return this
    return _date(came.year - 1, month, day)


def _day_of_month(day: int, came: date) -> date | None:
    """The last day of that number."""
    first = came.replace(day=1)
    return (
        _date(came.year, came.month, day)
        if day <= came.day
        else _date(*(first - timedelta(days=1)).timetuple()[:2], day)
    )


def _weekday(name: str, before: str, past: bool, came: date) -> tuple[date, Certainty, bool] | None:
    """The last such weekday; only where the words leave no doubt that it is past is that stated."""
    if not before and not past:
        return None
    back = (came.weekday() - _WEEKDAY[name]) % 7 or 7
    past = past or before in ("last", "letzten", "vergangenen", "el pasado")
    return came - timedelta(days=back), "stated" if past else "likely", True


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
