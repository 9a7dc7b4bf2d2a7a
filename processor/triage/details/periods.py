"""Periods: a month, a quarter, a year or a run of days, as four languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from processor.triage.details.days import MONTHS
from processor.triage.plain import Plain, finder

MOST_PERIODS = 50
_MONTH = "|".join(sorted((name for name in MONTHS if len(name) > 2), key=len, reverse=True))
_YEAR = r"20[0-9]{2}"
_DAY = (
    rf"(?:[0-3]?[0-9](?:er|st|nd|rd|th|\.)? ?(?:de |of )?(?:{_MONTH})?\b\.?(?: (?:de |del )?{_YEAR})?"
    r"|[0-3]?[0-9][./][01]?[0-9][./]?(?:(?:20)?[0-9]{2})?)"
)
_PERIOD = re.compile(
    r"(?<![\w./-])(?:"
    rf"(?:q[1-4]|[1-4]q|t[1-4])[ /-]?(?:{_YEAR}|[0-9]{{2}}\b)?"
    rf"|(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: (?:of )?{_YEAR})?"
    rf"|(?:[1-4](?:er|e|eme)|premier|deuxieme|troisieme|quatrieme) trimestre(?: (?:de )?{_YEAR})?"
    rf"|(?:[1-4]\.|erste[sn]?|zweite[sn]?|dritte[sn]?|vierte[sn]?) quartal(?: {_YEAR})?"
    rf"|(?:[1-4](?:er|o|º)?|primer|segundo|tercer|cuarto) trimestre(?: (?:de |del )?{_YEAR})?"
    rf"|(?:from|du|vom|del|between) {_DAY} (?:to|until|au|bis(?: zum)?|al|and|a) {_DAY}"
    rf"|(?:{_MONTH}) ?(?:to|-|a|bis|and|et|und|y) ?(?:{_MONTH})(?: (?:de |del )?{_YEAR})"
    rf"|(?<![0-9][ .])(?:{_MONTH})\.? (?:de |del )?{_YEAR}"
    r"|(?:fy ?)?20[0-9]{2}[/-][0-9]{2}(?![0-9/-])|fy ?[0-9]{2}(?:[/-][0-9]{2})?"
    r")(?![\w/])"
)


BEGINS = (
    rf"\b(?:q[1-4]|[1-4]q|t[1-4]\b|fy ?[0-9]|20[0-9]{{2}}[/-][0-9]{{2}}|(?:{_MONTH})\b"
    r"|(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter|(?:[1-4][a-z?]{0,3}|[a-z]{5,9}) trimestre|[1-4]\. quartal"
    r"|[a-z]{6,8} quartal|(?:from|du|vom|del|between) [0-3]?[0-9])"
)
_BEGINS = finder(BEGINS)


def periods_in(read: Plain) -> Iterator[tuple[int, int]]:
    """Where each period begins and ends. Linear in the length of the text."""
    done = 0
    for begin in _BEGINS(read, MOST_PERIODS):
        match = _PERIOD.match(read.text, begin.start()) if begin.start() >= done else None
        if match is not None:
            done = match.end()
            yield match.span()
