"""The details of a request: what a mail states, where it was found and how sure that is, and what is still missing."""

from processor.triage.details.asking import missing
from processor.triage.details.found import LONGEST_VALUE, MOST_VALUES, Certainty, Evidence, FoundDetail
from processor.triage.details.table import MOST_MATCHES, DetailTable, compile_details

__all__ = [
    "LONGEST_VALUE",
    "MOST_MATCHES",
    "MOST_VALUES",
    "Certainty",
    "DetailTable",
    "Evidence",
    "FoundDetail",
    "compile_details",
    "missing",
]
