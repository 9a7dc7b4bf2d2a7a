"""Which kinds of words a text holds at all, asked once: most readers have nothing to read in most mails."""

from __future__ import annotations

from processor.triage.details.firms import FORMS, NAMED, PAYS
from processor.triage.details.paying import PAYING
from processor.triage.details.periods import BEGINS
from processor.triage.details.persons import INTRODUCED as PERSONS
from processor.triage.details.phones import INTRODUCED as PHONES
from processor.triage.details.tax_ids import SIGNS as TAX
from processor.triage.patterns import compile_set
from processor.triage.plain import Plain

_PATTERNS = (NAMED, PAYS, FORMS, PAYING, BEGINS, PERSONS, PHONES, TAX)
_MATCHING = compile_set(_PATTERNS)


def signs_of(read: Plain) -> frozenset[str]:
    """Those of the readers' patterns that match somewhere in the text."""
    return frozenset(_PATTERNS[number] for number in _MATCHING(read.octets))
