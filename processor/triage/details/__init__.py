"""The details of a request: what a mail states, where it was found and how sure that is, and what is still missing."""

from processor.triage.details.asking import missing
from processor.triage.details.found import LONGEST_VALUE, MOST_VALUES, Certainty, Evidence, FoundDetail, where

__all__ = ["LONGEST_VALUE", "MOST_VALUES", "Certainty", "Evidence", "FoundDetail", "missing", "where"]
