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

    0 days: none of his opens it again. Any other mail is appended to it as ever.
    """
    case = correlation.case
    own = kind is Kind.PERSON and correlation.standing is Standing.PARTICIPANT
    if case is None or not own or not _over(case, received_at, reopen_days):
        return correlation
    return replace(correlation, case=None, how="none", follows=case)


def reopens(correlation: Correlation, kind: Kind, held: bool = False) -> bool:
    """A person's mail opens its case again, whoever he is: nobody looks at what is filed on a settled one.

    No automatic mail does, unless it is `held`: what two people must look at is not settled.
    """
    case = correlation.case
    by_person = kind is Kind.PERSON and correlation.standing is not Standing.REPORTER
    return case is not None and case.status in SETTLED and (by_person or held)


def _over(case: KnownCase, received_at: datetime, reopen_days: int) -> bool:
    if case.status != CLOSED:
        return False
    return reopen_days == 0 or case.closed_at is None or received_at - case.closed_at > timedelta(days=reopen_days)
