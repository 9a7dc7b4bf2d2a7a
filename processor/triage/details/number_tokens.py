"""Where in a text something stands that may be a number of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from processor.triage.amounts import Amount
from processor.triage.plain import Plain

MOST_LINKS = 200
# What stands before the first figure of a number, and what goes on from there.
_LEADING = re.compile(r"(?<![a-z0-9@_])[a-z]{0,10}(?:[-/_.][a-z]{1,10}){0,2}[-/_.]?\Z")
_LONGEST_LEADING = 34
_FROM_FIGURE = re.compile(r"[0-9][a-z0-9]{0,30}+(?:[-/_.][a-z0-9]{1,30}+){0,6}+")
_LINKS = re.compile(r"https?://\S{1,300}|www\.\S{1,300}|\S{1,60}@\S{1,80}|\[[a-z][a-z -]{1,20} \.\.\.[a-z0-9]{1,8}\]")
_NO_NUMBER = re.compile(
    r"[0-3]?[0-9][./-][01]?[0-9][./-](?:20)?[0-9]{2}(?![\w/-])|20[0-9]{2}-[01][0-9]-[0-3][0-9](?![\w-])"  # days
    r"|[0-3]?[0-9]\.[01]?[0-9]\.(?![0-9])"
    r"|[0-2]?[0-9][:h][0-5][0-9](?![0-9])|[0-2]?[0-9] ?(?:h|uhr|am|pm|a\.m|p\.m)(?![a-z])"  # times
    r"|[0-9]{1,3}(?:[ .,'][0-9]{3}){0,4}[.,][0-9]{2}(?![\w/-])|[0-9]{1,9}(?:[.,][0-9]{1,9})? ?%"  # sums, shares
    r"|0[0-9]{1,4}\)?[ /.-][0-9][0-9 ./-]{4,14}[0-9]"  # telephones
)
_ABROAD = re.compile(r"[0-9][0-9 ()./-]{6,20}")  # the same behind a plus


def tokens(read: Plain, sums: Sequence[Amount]) -> Iterator[tuple[int, int]]:
    """Where something stands that may be a number of a paper, and is no day, time, sum, link or telephone."""
    text = read.text
    taken = [(amount.start, amount.end) for amount in sums]
    if "@" in text or "www." in text or "://" in text or "..." in text:
        taken = sorted(taken + [match.span() for match in islice(_LINKS.finditer(text), MOST_LINKS)])
    number = done = 0
    for at in read.figures:
        if at < done:
            continue
        start, done = _token(text, at)
        while number < len(taken) and taken[number][1] <= start:
            number += 1
        if number < len(taken) and taken[number][0] < done:
            done = max(done, taken[number][1])
            continue
        other = _no_number(text, at) if start == at else None
        if other is not None:
            done = other
            continue
        yield start, done


def _token(text: str, at: int) -> tuple[int, int]:
    """The whole of what holds the figure that begins here."""
    start = at
    if at and (text[at - 1].isalnum() or text[at - 1] in "-/_."):
        leading = _LEADING.search(text[max(0, at - _LONGEST_LEADING) : at])
        start = at - len(leading[0]) if leading else at
        while start < at and not text[start].isalnum():
            start += 1
    match = _FROM_FIGURE.match(text, at)
    return start, match.end() if match else at + 1


def _no_number(text: str, at: int) -> int | None:
    """Where the day, time, sum or telephone number ends that begins here; None where none does."""
    match = (_ABROAD if at and text[at - 1] == "+" else _NO_NUMBER).match(text, at)
    return match.end() if match else None
