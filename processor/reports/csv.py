"""The queue report as CSV: one row for each open case, for spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from processor.reports.values import CaseLine, QueueLine, QueueReport
from processor.triage.clock import local

HEADER = (
    "queue",
    "queue_label",
    "team",
    "reference",
    "priority",
    "status",
    "request_type",
    "subject",
    "requester_name",
    "requester_address",
    "received_at",
    "promise_at",
    "due_today",
    "breached",
    "internal_target_missed",
    "undelivered",
    "undelivered_to",
    "undelivered_reason",
    "held",
    "age_hours",
)

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the machine's old charset
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(report: QueueReport) -> str:
    """The cases as CSV (RFC 4180) after a byte order mark; write it as UTF-8, its line ends as they are.

    Times are ISO 8601 in the desk's zone. What a spreadsheet would take for a formula has an apostrophe before it.
    """
    page = io.StringIO(newline="")
    page.write(_BYTE_ORDER_MARK)
    writer = csv.writer(page)
    writer.writerow(HEADER)
    for queue in report.queues:
        writer.writerows(_row(queue, case, report.timezone) for case in queue.cases)
    return page.getvalue()


def _row(queue: QueueLine, case: CaseLine, timezone: str) -> list[str]:
    cells = (
        queue.name,
        queue.label,
        queue.team,
        case.reference,
        case.priority,
        case.status.value,
        case.request_type,
        case.subject,
        case.requester_name,
        case.requester_address,
        _time(case.received_at, timezone),
        _time(case.promise_at, timezone),
        _yes(case.due_today),
        _yes(case.breached),
        _yes(case.internal_missed),
        _yes(case.undelivered is not None),
        case.undelivered.to if case.undelivered else "",
        case.undelivered.reason if case.undelivered else "",
        _yes(case.held),
        f"{case.age.total_seconds() / 3600:.1f}",
    )
    return [_no_formula(cell) for cell in cells[:-1]] + [cells[-1]]


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _time(moment: datetime | None, timezone: str) -> str:
    return local(moment, timezone).isoformat(timespec="seconds") if moment else ""


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
