"""What a mail does to a case that is resolved or closed: opens it again, or follows it with a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from processor.triage.automatic import Kind
from processor.triage.context import KnownCase
from processor.triage.correlation import Correlation, Standing

CLOSED = "closed"
SETTLED = frozenset(("resolved", CLOSED))


def followed(correlation: Correlation, kind: Kind, received_at: datetime, reopen_days: int) -> Correlation:
    """A participant's own mail to a case that was closed for more than `reopen_days` makes a new one that follows it.

    0 days: a closed case is never opened again. Any other mail is appended to it as ever, and changes nothing.
    """
    case = correlation.case
    if case is None or not _own(correlation, kind) or not _over(case, received_at, reopen_days):
        return correlation
    return replace(correlation, case=None, how="none", follows=case)


def reopens(correlation: Correlation, kind: Kind) -> bool:
    """A participant's own mail opens its case again; no automatic one does, and none of anybody else."""
    case = correlation.case
    return case is not None and case.status in SETTLED and _own(correlation, kind)


def _own(correlation: Correlation, kind: Kind) -> bool:
    return kind is Kind.PERSON and correlation.standing is Standing.PARTICIPANT


def _over(case: KnownCase, received_at: datetime, reopen_days: int) -> bool:
    if case.status != CLOSED:
        return False
    return reopen_days == 0 or case.closed_at is None or received_at - case.closed_at > timedelta(days=reopen_days)
