"""What a number is that nothing introduces: by its likeness to one that something does, or by its letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from processor.triage.details.number_words import PREFIXES, Kind
from processor.triage.details.numbered import FEW, QUARTER, TAX_ID, YEAR, Numbered, shape

_LETTERED = re.compile(r"([a-z]{1,6})(?![a-z]).*")
_DATED = re.compile(r"20[0-9]{2}[-/][0-9]{3,6}(?:[-/][0-9]{1,4})?")


_HEADS_OF_LISTS = re.compile(r"\b(?:invoices?|factures?|rechnung(?:en)?|facturas?)\b")
_APART, _TOGETHER = 2, 3  # digits behind letters with a dash between, and without


def by_likeness(
    text: str, written: str, known: Sequence[Numbered], unknown: Sequence[tuple[int, int]]
) -> Iterator[Numbered]:
    """Those that nothing introduces: numbered like one that is, or with the letters that firms put before."""
    shapes = {shape(text[number.start : number.end]): number.kind for number in reversed(known)}
    alone = _alone(text, unknown) if len(unknown) > 1 else set()
    for start, end in unknown:
        number = text[start:end]
        kind = shapes.get(shape(number)) if len(number) > FEW else None
        if kind is None and ((start, end) in alone or _DATED.fullmatch(number)):
            kind = None if QUARTER.fullmatch(number) else "invoice"
        if kind is None and (number.startswith("inv") or written[start:end].isupper()):
            kind = _by_letters(number)
        if kind is not None:
            yield Numbered(kind=kind, start=start, end=end, certainty="likely")


def _by_letters(number: str) -> Kind | None:
    match = _LETTERED.fullmatch(number)
    if match is None or TAX_ID.fullmatch(number) or QUARTER.fullmatch(number):
        return None
    digits = sum(map(str.isdigit, number))
    apart = number[len(match[1]) : len(match[1]) + 1] in ("-", "/") and len(match[1]) > 1
    if digits < (_APART if apart else _TOGETHER):
        return None
    return PREFIXES.get(match[1], "invoice")


def _alone(text: str, unknown: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Numbers of which each has a line of its own, two of them at least."""
    found = {
        (start, end)
        for start, end in unknown
        if text[start:end].isdigit()
        and end - start > FEW + 1
        and not YEAR.fullmatch(text, start, end)
        and text[:start].rstrip(" -*•·\t")[-1:] in ("", "\n")
        and text[end : end + 40].lstrip(" ,;.")[:1] in ("", "\n")
    }
    return found if len(found) > 1 and _HEADS_OF_LISTS.search(text) else set()
