"""The queue report as JSON, for programs: a public interface, described in docs/reference/queue-report.md."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from processor.reports.values import CaseLine, Figures, QueueLine, QueueReport

SCHEMA = "daydesk.queue-report"
VERSION = 1  # grows when a name goes or changes its meaning; new names may come at any time


def as_json(report: QueueReport) -> str:
    """The whole report. Times are ISO 8601 in UTC, durations are seconds; what is not known is null."""
    document = {
        "schema": SCHEMA,
        "version": VERSION,
        "desk": report.desk,
        "at": _time(report.at),
        "timezone": report.timezone,
        "response_days": report.response_days,
        "totals": _figures(report.totals),
        "queues": [_queue(queue) for queue in report.queues],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _queue(queue: QueueLine) -> dict[str, Any]:
    return {
        "name": queue.name,
        "label": queue.label,
        "team": queue.team,
        "figures": _figures(queue.figures),
        "cases": [_case(case) for case in queue.cases],
        "cases_not_listed": queue.more,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "open": figures.open,
        "new": figures.new,
        "waiting_internal": figures.waiting_internal,
        "waiting_client": figures.waiting_client,
        "oldest_received_at": _time(figures.oldest),
        "due_today": figures.due_today,
        "breached": figures.breached,
        "internal_target_missed": figures.internal_missed,
        "urgent": figures.urgent,
        "held": figures.held,
        "undelivered": figures.undelivered,
        "first_responses": figures.response.answered,
        "first_response_median_seconds": _seconds(figures.response.median),
        "first_response_p90_seconds": _seconds(figures.response.ninetieth),
    }


def _case(case: CaseLine) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "priority": case.priority,
        "status": case.status.value,
        "request_type": case.request_type or None,
        "subject": case.subject,
        "requester_name": case.requester_name,
        "requester_address": case.requester_address,
        "received_at": _time(case.received_at),
        "promise_at": _time(case.promise_at),
        "age_seconds": _seconds(case.age),
        "due_today": case.due_today,
        "breached": case.breached,
        "internal_target_missed": case.internal_missed,
        "held": case.held,
        "undelivered": case.undelivered is not None,
        "undelivered_to": case.undelivered.to if case.undelivered else None,
        "undelivered_reason": case.undelivered.reason if case.undelivered else None,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None
