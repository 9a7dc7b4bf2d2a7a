"""A mail with what was decided of it, ready to be written down."""

from __future__ import annotations

from dataclasses import dataclass

from processor.outgoing.compose import OutgoingMail
from processor.store.surroundings import Arrival
from processor.triage.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A mail with its verdict, and the acknowledgement that is to go out."""

    arrival: Arrival
    verdict: Verdict
    reference: str  # of the case opened or joined; empty for a duplicate
    language: str  # that the desk writes in
    outgoing: OutgoingMail | None = None
    owner: str | None = None  # of the new case
    note: str | None = None  # why the operator's own template was not used, or no mail could be addressed
    first: Decided | None = None  # the same mail as the case of the first team, whose acknowledgement names this one
