"""Telephone numbers: international ones, those that a word introduces, and those in the forms of a country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from processor.triage.plain import Plain, finder

MOST_PHONES = 50
_LEAST, _MOST = 7, 15  # digits (ITU-T E.164)

_NUMBER = re.compile(r"\(?\+?[0-9](?:[ .()/-]{0,3}[0-9]){6,14}(?![\w€£$%]|[.,][0-9]| ?(?:eur|€|£))")
INTRODUCED = (
    r"\b(?:telephone|telefon|telefono|tel|phone|ph|mobile|mob|mobil|movil|handy|cell|portable|fon|tfno|tlf|whatsapp"
    r"|call (?:me|us) (?:back )?(?:on|at)|reach(?:ed|able)? (?:me |us )?(?:on|at|under)|ring (?:me|us) (?:on|at)"
    r"|joignable au|joindre au|appelez(?:-moi)? au|erreichbar unter|erreichen sie mich unter|llam[a-z]{2,6} al"
    r"|direct number|new number|nouveau numero|neue nummer|nuevo numero|durchwahl)"
    r"(?: (?:number|no|nr|is|ist|est|es))*[ \t:.=]{0,4}"
)
_INTRODUCED = finder(INTRODUCED)
_BY_FORM = re.compile(
    r"(?:0[1-9](?:[ .-][0-9]{2}){4}"  # France
    r"|0(?:7[0-9]{3}|[12][0-9]{2,4}|20|3[0-9]{2}|800|845|870)[ -][0-9]{3,4}(?:[ -]?[0-9]{3,4})?"  # Britain
    r"|0[1-9][0-9]{1,4}[ /-]{1,3}[0-9]{3,8}(?:[ -][0-9]{1,6}){0,3}"  # Germany
    r"|[6789][0-9]{2}[ .][0-9]{3}[ .][0-9]{3}|[6789][0-9]{2}(?: [0-9]{2}){3}"  # Spain
    r"|[2-9][0-9]{2}(?:-|\) ?)[2-9][0-9]{2}-[0-9]{4})"  # North America
    r"(?![\w€£$%/]| [0-9]|[.,-][0-9]| ?(?:eur|€|£))"
)
_ABROAD = re.compile(r"[1-9][0-9 .()/-]{7,20}[0-9](?!\w)")
_FAX = re.compile(r"fax[ \t:.a-z]{0,8}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone number that stands in a text from `start` to `end`."""

    start: int
    end: int
    introduced: bool  # by a word or by its country, and not by its form alone


def phones_in(read: Plain, *, introduced: bool = True) -> Iterator[Phone]:
    """Every telephone number, and no fax; those that words introduce only where there are such words. Linear."""
    done = 0
    numbers = [*(_named(read) if introduced else ()), *_by_form(read)]
    for start, end, told in sorted(numbers[:MOST_PHONES], key=lambda number: (number[0], not number[2])):
        digits = sum(map(str.isdigit, read.text[start:end]))
        if start >= done and _LEAST <= digits <= _MOST and not _FAX.search(read.text[max(0, start - 12) : start]):
            done = end
            yield Phone(start=start, end=end, introduced=told)


def _named(read: Plain) -> Iterator[tuple[int, int, bool]]:
    for word in _INTRODUCED(read, MOST_PHONES):
        if match := _NUMBER.match(read.text, word.end()):
            yield match.start(), match.end(), True


def _by_form(read: Plain) -> Iterator[tuple[int, int, bool]]:
    text = read.text
    for at in read.figures:
        before = text[at - 1] if at else " "
        if before == "+" and (match := _ABROAD.match(text, at)):
            yield at - 1, match.end(), True
        elif not before.isalnum() and before not in "+.,/-_@" and (match := _BY_FORM.match(text, at)):
            yield at - (before == "("), match.end(), False
