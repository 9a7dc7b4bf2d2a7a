"""The queue report as one self-contained page: for the screen, on paper and in a mail client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from processor.outgoing import wording
from processor.outgoing.render import Renderer
from processor.outgoing.view import one_line
from processor.reports.values import CaseLine, Figures, QueueLine, QueueReport
from processor.reports.words import STATUSES, clock, counted, duration, moment

LISTED_ABOVE = 25  # cases over all queues under "Breached" and the like; each queue lists its own besides

_BREACHED, _DUE = "breached", "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCase:
    """A case in words."""

    anchor: str
    reference: str
    queue: str
    queue_anchor: str
    subject: str
    requester: str
    address: str  # empty where it is the requester already
    kind: str
    status: str
    received: str
    age: str
    promise: str  # empty where nothing was promised
    due: str  # only today's: the time of day
    late: str  # only where it is breached: by how much
    urgent: bool
    held: bool
    undelivered_to: str  # only where the client could not be reached, as the next
    undelivered_reason: str
    internal_missed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGroup:
    """Some cases of a queue, under a heading."""

    anchor: str
    title: str
    cases: tuple[PageCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """A row of the table of queues."""

    anchor: str  # of the queue's cases; empty for all queues together
    due_anchor: str
    breached_anchor: str
    undelivered_anchor: str
    label: str
    team: str
    figures: Figures
    oldest: str
    median: str
    ninetieth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQueue:
    """A queue with its cases."""

    row: PageFigures
    groups: tuple[PageGroup, ...]
    more: int


def as_html(report: QueueReport, renderer: Renderer) -> str:
    """The page of report/queues.html; it loads nothing from elsewhere and runs no script."""
    queues = [_queue(queue, number, report) for number, queue in enumerate(report.queues, start=1)]
    cases = [case for queue in queues for group in queue.groups for case in group.cases]
    lines = {line.reference: line for queue in report.queues for line in queue.cases}
    pressing = sorted(cases, key=lambda case: lines[case.reference].promise_at or report.at)
    return renderer.report(
        "queues",
        desk=one_line(report.desk),
        moment=wording.promise(report.at, zone=report.timezone, language="en"),
        days=report.response_days,
        answered=counted(report.totals.response.answered, "case", "cases"),
        totals=_figures("All queues", "", report.totals, report),
        queues=queues,
        breached=[case for case in pressing if case.late][:LISTED_ABOVE],
        due_today=[case for case in pressing if case.due][:LISTED_ABOVE],
        undelivered=[case for case in pressing if case.undelivered_to][:LISTED_ABOVE],
    )


def _queue(queue: QueueLine, number: int, report: QueueReport) -> PageQueue:
    anchor = f"queue-{number}"
    groups = tuple(_groups(queue, anchor, report))
    row = _figures(one_line(queue.label), one_line(queue.team), queue.figures, report)
    listed = {group.anchor for group in groups}
    due, breached = (wanted if wanted in listed else anchor for wanted in (f"{anchor}-{_DUE}", f"{anchor}-{_BREACHED}"))
    return PageQueue(
        row=replace(row, anchor=anchor, due_anchor=due, breached_anchor=breached, undelivered_anchor=anchor),
        groups=groups,
        more=queue.more,
    )


def _figures(label: str, team: str, figures: Figures, report: QueueReport) -> PageFigures:
    return PageFigures(
        anchor="",
        due_anchor="due-today",
        breached_anchor="breached",
        undelivered_anchor="undelivered",
        label=label,
        team=team,
        figures=figures,
        oldest=_length(report.at - figures.oldest if figures.oldest else None),
        median=_length(figures.response.median),
        ninetieth=_length(figures.response.ninetieth),
    )


def _groups(queue: QueueLine, anchor: str, report: QueueReport) -> Iterator[PageGroup]:
    breached = [case for case in queue.cases if case.breached]
    due_today = [case for case in queue.cases if case.due_today]
    others = [case for case in queue.cases if not (case.breached or case.due_today)]
    rest = "Others" if breached or due_today else "Open"
    for name, title, cases in (
        (_BREACHED, "Breached", breached),
        (_DUE, "Due today", due_today),
        ("others", rest, others),
    ):
        if cases:
            lines = tuple(_case(case, queue, anchor, report) for case in cases)
            yield PageGroup(anchor=f"{anchor}-{name}", title=title, cases=lines)


def _case(case: CaseLine, queue: QueueLine, anchor: str, report: QueueReport) -> PageCase:
    name, address = one_line(case.requester_name), one_line(case.requester_address)
    promise = case.promise_at
    return PageCase(
        anchor=f"case-{case.reference}",
        reference=case.reference,
        queue=one_line(queue.label),
        queue_anchor=anchor,
        subject=one_line(case.subject),
        requester=name or address or "unknown sender",
        address=address if name else "",
        kind=one_line(case.request_type),
        status=STATUSES[case.status],
        received=moment(case.received_at, report.at, report.timezone),
        age=duration(case.age),
        promise=moment(promise, report.at, report.timezone) if promise else "",
        due=clock(promise, report.timezone) if promise and case.due_today else "",
        late=duration(report.at - promise) if promise and case.breached else "",
        urgent=case.urgent,
        held=case.held,
        undelivered_to=one_line(case.undelivered.to) if case.undelivered else "",
        undelivered_reason=one_line(case.undelivered.reason) if case.undelivered else "",
        internal_missed=case.internal_missed,
    )


def _length(length: timedelta | None) -> str:
    return duration(length) if length is not None else "–"
