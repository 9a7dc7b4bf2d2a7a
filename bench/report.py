"""Prints how long the queue report of a desk of many cases, mostly closed, takes: python -m bench.report [CASES].

SQLite in a temporary folder, or the empty database that DAYDESK_BENCH_DATABASE names.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from processor.policy import Policy
from processor.reports.queues import queue_report
from processor.resources import migrations_folder
from processor.store.database import Store
from processor.store.migrating import upgrade
from processor.store.models import UNSETTLED, Case, Status

NOW = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
YEARS = 3
OPEN = 2_000
QUEUES = ("receivable", "payable", "tracking", "tax", "legal", "contracts", "billing", "triage")
BATCH = 10_000


def policy() -> Policy:
    """A desk of eight queues."""
    return Policy.model_validate(
        {
            "desk": {"name": "Accounts", "address": "accounts@desk.example", "key": {"env": "DAYDESK_KEY"}},
            "mailboxes": [{"kind": "maildir", "name": "inbox", "path": "/nowhere"}],
            "smtp": {"host": "localhost"},
            "queues": {name: {"label": name.title()} for name in QUEUES},
            "rules": [{"name": "rest", "queue": "triage"}],
        }
    )


def cases(count: int) -> Iterator[dict[str, Any]]:
    """Cases of three years; the last ones are open."""
    chance = random.Random(7)  # noqa: S311 - sample data, not a secret
    step = timedelta(days=365 * YEARS) / count
    for number in range(count):
        received = NOW - step * (count - number)
        answered = received + timedelta(minutes=chance.randint(5, 2_000))
        is_open = number >= count - OPEN
        yield {
            "reference": f"DD-{number:08}",
            "status": chance.choice(UNSETTLED) if is_open else Status.CLOSED,
            "priority": "urgent" if chance.random() < 0.05 else "normal",
            "queue": chance.choice(QUEUES),
            "request_type": None,
            "rule": "rest",
            "policy_version": "0" * 12,
            "language": "en",
            "subject": f"Invoice {number} is not paid yet",
            "requester_name": "Amina Haddad",
            "requester_address": f"client{number % 5000}@client.example",
            "automatic": "person",
            "received_at": received,
            "promise_at": received + timedelta(hours=24),
            "internal_due_at": received + timedelta(hours=24),
            "first_response_at": None if is_open or answered > NOW else answered,
            "closed_at": None if is_open else answered,
            "owner": None,
        }


def fill(store: Store, count: int) -> None:
    """Writes the cases in bulk."""
    batch: list[dict[str, Any]] = []
    with store.writing() as session:
        for row in cases(count):
            batch.append(row)
            if len(batch) == BATCH:
                session.execute(sa.insert(Case), batch)
                batch.clear()
        if batch:
            session.execute(sa.insert(Case), batch)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        store = Store(os.environ.get("DAYDESK_BENCH_DATABASE", f"sqlite:///{Path(folder) / 'desk.db'}"))
        upgrade(store, migrations_folder())
        fill(store, count)
        for label, per_queue in (("500 cases a queue", 500), ("every case", None)):
            times, work = [], []
            for _ in range(5):
                start, busy = time.perf_counter(), time.process_time()
                with store.reading() as session:
                    report = queue_report(session, policy(), NOW, per_queue=per_queue)
                times.append(time.perf_counter() - start)
                work.append(time.process_time() - busy)
            totals = report.totals
            print(
                f"{count:,} cases, {totals.open:,} open, {totals.response.answered:,} answered in "
                f"{report.response_days} days, {label}: first {times[0] * 1000:.0f} ms, "
                f"best {min(times) * 1000:.0f} ms (processor {min(work) * 1000:.0f} ms)"
            )
        store.close()


if __name__ == "__main__":
    main()
