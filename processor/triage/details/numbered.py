"""The value of a number that stands in a text, and the shapes of numbers that are none of a paper."""

from __future__ import annotations

import re
from dataclasses import dataclass

from processor.triage.details.found import Certainty
from processor.triage.details.number_words import Kind

YEAR = re.compile(r"(?:19|20)[0-9]{2}")
QUARTER = re.compile(r"q[1-4][-/]?(?:20)?[0-9]{2}|fy[0-9]{2}.*|kw-?[0-9]{1,2}|20[0-9]{2}[-/](?:0[1-9]|1[0-2])")
TAX_ID = re.compile(
    r"(?:gb|de|fr|es|be|it|nl|atu?|ie|lu|pl|se|dk|fi|pt|cz|hu|ro|bg|hr|si|sk|ee|lv|lt|el|mt|cy|eu|xi"
    r"|chf?)[0-9a-z]{8,12}"
    r"|che-[0-9]{3}(?:\.[0-9]{3}){2}|[a-z][0-9]{7}[0-9a-z]|[a-z]{5}[0-9]{4}[a-z]"
)
_DIGITS = re.compile("[0-9]")
FEW = 3  # digits of a number that may as well be a count


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A number that stands in a text from `start` to `end`, and what it numbers."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    certainty: Certainty = "stated"
    since: str = ""  # the number with which a range begins that this one ends
    reference: bool = False  # told as a reference, such as that of a payment: a client quotes it as his own


def shape(number: str) -> str:
    """The number with a 9 for each digit: numbers of one series look alike. A year is only like itself."""
    return _DIGITS.sub("9", number) if not YEAR.fullmatch(number) else number
