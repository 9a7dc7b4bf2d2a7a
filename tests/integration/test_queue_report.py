"""The figures of the queue report, on both kinds of database."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.desk import add_case, make_policy

from processor.policy import Policy
from processor.reports.queues import queue_report
from processor.reports.values import CaseLine, Figures, QueueLine, QueueReport, Undelivered
from processor.store.database import Store
from processor.store.models import Status

NOW = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def report_of(
    store: Store, now: datetime = NOW, policy: Policy | None = None, per_queue: int | None = None
) -> QueueReport:
    with store.reading() as session:
        return queue_report(session, policy or make_policy(), now, per_queue=per_queue)


def queue_of(report: QueueReport, name: str = "receivable") -> QueueLine:
    return next(queue for queue in report.queues if queue.name == name)


def test_a_desk_without_cases_shows_every_queue_of_the_policy_empty(store: Store) -> None:
    report = report_of(store)
    assert [(queue.name, queue.label, queue.team) for queue in report.queues] == [
        ("receivable", "Accounts receivable", "AR team"),
        ("tax", "Tax", "Tax team"),
        ("triage", "Triage", ""),
    ]
    assert {queue.figures for queue in report.queues} == {Figures()}
    assert report.totals == Figures()


def test_a_queue_that_only_cases_know_comes_last_under_its_own_name(store: Store) -> None:
    add_case(store, NOW - HOUR, queue="gone")
    last = report_of(store).queues[-1]
    assert (last.name, last.label, last.team, last.figures.open) == ("gone", "gone", "", 1)


def test_each_status_is_counted_and_what_is_settled_is_not(store: Store) -> None:
    for status in (*Status, Status.NEW, Status.WAITING_CLIENT, Status.WAITING_CLIENT):
        add_case(store, NOW - HOUR, status=status)
    queue = queue_of(report_of(store))
    figures = queue.figures
    assert (figures.open, figures.new, figures.waiting_internal, figures.waiting_client) == (7, 2, 1, 3)
    assert not {case.status for case in queue.cases} & {Status.RESOLVED, Status.CLOSED}


def test_the_oldest_is_the_longest_open_one(store: Store) -> None:
    add_case(store, NOW - 90 * HOUR, status=Status.CLOSED)
    add_case(store, NOW - 50 * HOUR)
    add_case(store, NOW - 70 * HOUR, queue="tax")
    report = report_of(store)
    assert queue_of(report).figures.oldest == NOW - 50 * HOUR
    assert report.totals.oldest == NOW - 70 * HOUR
    assert queue_of(report).cases[0].age == 50 * HOUR


def test_at_the_very_moment_of_the_promise_nothing_is_breached_and_an_instant_later_it_is(store: Store) -> None:
    add_case(store, NOW - 24 * HOUR)
    at, after = (queue_of(report_of(store, now)) for now in (NOW, NOW + INSTANT))
    assert (at.figures.breached, at.figures.due_today, at.cases[0].breached, at.cases[0].due_today) == (
        0,
        1,
        False,
        True,
    )
    assert (after.figures.breached, after.figures.due_today) == (1, 0)
    assert (after.cases[0].breached, after.cases[0].due_today) == (True, False)


def test_what_a_person_answered_is_neither_breached_nor_due(store: Store) -> None:
    add_case(store, NOW - 48 * HOUR, status=Status.OPEN, first_response_at=NOW - HOUR)
    add_case(store, NOW - 23 * HOUR, status=Status.OPEN, first_response_at=NOW - HOUR)
    figures = queue_of(report_of(store)).figures
    assert (figures.open, figures.breached, figures.due_today) == (2, 0, 0)


def test_a_case_without_a_promise_misses_an_internal_target_and_breaches_nothing(store: Store) -> None:
    add_case(store, NOW - 48 * HOUR, promise_at=None)
    add_case(store, NOW - 24 * HOUR, promise_at=None)  # due at this very moment
    add_case(store, NOW - 48 * HOUR)  # a promise hides the internal target
    queue = queue_of(report_of(store))
    assert (queue.figures.breached, queue.figures.internal_missed) == (1, 1)
    assert [case.internal_missed for case in queue.cases] == [True, False, False]


@pytest.mark.parametrize(
    ("midnight", "hours"),
    [
        pytest.param(datetime(2026, 3, 28, 23, tzinfo=UTC), 23, id="clocks go forward"),
        pytest.param(datetime(2026, 10, 24, 22, tzinfo=UTC), 25, id="clocks go back"),
        pytest.param(datetime(2026, 11, 19, 23, tzinfo=UTC), 24, id="ordinary day"),
    ],
)
def test_due_today_ends_at_midnight_in_paris_however_long_the_day_is(
    store: Store, midnight: datetime, hours: int
) -> None:
    next_midnight = midnight + hours * HOUR
    expected = [
        add_case(store, midnight, promise_at=promise)
        for promise in (midnight, midnight + 3 * HOUR, next_midnight - INSTANT)
    ]
    for promise in (midnight - INSTANT, next_midnight):
        add_case(store, midnight, promise_at=promise)
    queue = queue_of(report_of(store, midnight))
    assert [case.reference for case in queue.cases if case.due_today] == expected
    assert (queue.figures.due_today, queue.figures.breached) == (3, 1)


def test_today_is_the_day_of_the_desk(store: Store) -> None:
    add_case(store, NOW - HOUR, promise_at=datetime(2026, 11, 20, 22, 30, tzinfo=UTC))
    add_case(store, NOW - HOUR, promise_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    due = {
        zone: report_of(store, policy=make_policy(zone)).totals.due_today
        for zone in ("UTC", "Europe/Paris", "Asia/Tokyo", "America/New_York")
    }
    assert due == {"UTC": 2, "Europe/Paris": 1, "Asia/Tokyo": 0, "America/New_York": 2}


@pytest.mark.parametrize(
    ("minutes", "median", "ninetieth"),
    [
        ([7], 7, 7),
        ([30, 10], 20, 30),
        ([5, 100, 10], 10, 100),
        ([4, 1, 3, 2], 2.5, 4),
        (list(range(10, 110, 10)), 55, 90),
        (list(range(10, 120, 10)), 60, 100),
    ],
)
def test_median_and_ninetieth_percentile_of_first_answers(
    store: Store, minutes: list[int], median: float, ninetieth: int
) -> None:
    for number, wait in enumerate(minutes):
        received = NOW - 100 * HOUR
        status = Status.CLOSED if number % 2 else Status.OPEN
        add_case(store, received, status=status, first_response_at=received + timedelta(minutes=wait))
    response = queue_of(report_of(store)).figures.response
    assert response.answered == len(minutes)
    assert (response.median, response.ninetieth) == (timedelta(minutes=median), timedelta(minutes=ninetieth))


def test_only_answers_of_the_last_thirty_days_count(store: Store) -> None:
    edge = NOW - timedelta(days=30)
    for answered in (edge, edge + INSTANT, NOW, NOW + INSTANT):
        add_case(store, edge - HOUR, status=Status.CLOSED, first_response_at=answered)
    response = report_of(store).totals.response
    assert response.answered == 2
    assert response.ninetieth == timedelta(days=30) + HOUR


def test_the_median_of_all_queues_is_that_of_all_answers_and_not_of_the_medians(store: Store) -> None:
    for queue, minutes in (("receivable", (10, 20, 30)), ("tax", (1000,))):
        for wait in minutes:
            answered = NOW - HOUR + timedelta(minutes=wait / 100)
            add_case(store, answered - timedelta(minutes=wait), queue=queue, first_response_at=answered)
    assert report_of(store).totals.response.median == timedelta(minutes=25)


def test_an_acknowledgement_that_failed_for_good_shows_while_its_case_is_open(store: Store) -> None:
    failed = add_case(store, NOW - HOUR, undelivered=True)
    add_case(store, NOW - HOUR, undelivered=True, status=Status.CLOSED)
    add_case(store, NOW - HOUR)
    queue = queue_of(report_of(store))
    assert queue.figures.undelivered == 1
    assert [(case.reference, case.undelivered) for case in queue.cases if case.undelivered] == [
        (failed, Undelivered(to="amina@client.example", reason="550 5.1.1 no such user"))
    ]


def test_the_request_type_is_told_in_the_language_of_the_desk(store: Store) -> None:
    for request_type in ("invoice", "forgotten", None):
        add_case(store, NOW - HOUR, request_type=request_type)
    told = {
        language: [
            case.request_type for case in queue_of(report_of(store, policy=make_policy(language=language))).cases
        ]
        for language in ("fr", "de")
    }
    assert told == {"fr": ["Question de facture", "forgotten", ""], "de": ["Invoice query", "forgotten", ""]}


def test_of_too_many_cases_those_that_press_are_listed_and_the_rest_is_told(store: Store) -> None:
    quiet = [add_case(store, NOW - number * HOUR, promise_at=NOW + 99 * HOUR) for number in (9, 8, 7)]
    pressing = [
        add_case(store, NOW - 30 * HOUR),
        add_case(store, NOW - 20 * HOUR, promise_at=NOW + HOUR),
        add_case(store, NOW - 2 * HOUR, promise_at=None, priority="urgent"),
        add_case(store, NOW - HOUR, promise_at=None, undelivered=True),
    ]
    queue = queue_of(report_of(store, per_queue=5))
    assert sorted(case.reference for case in queue.cases) == sorted([*pressing, quiet[0]])
    assert [case.received_at for case in queue.cases] == sorted(case.received_at for case in queue.cases)
    assert (queue.figures.open, queue.more) == (7, 2)
    assert queue_of(report_of(store)).more == 0


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_the_number_of_the_cases_behind_it(store: Store, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - sample data
    for _ in range(60):
        received = NOW - timedelta(minutes=chance.randint(0, 4000))
        add_case(
            store,
            received,
            queue=chance.choice(["receivable", "tax", "gone"]),
            status=chance.choice(list(Status)),
            priority=chance.choice(["normal", "urgent"]),
            promise_at=chance.choice([None, received + 24 * HOUR, NOW, NOW - INSTANT]),
            first_response_at=chance.choice([None, None, received + HOUR]),
            undelivered=chance.random() < 0.3,
        )
    for now in (NOW, NOW - 10 * HOUR, NOW + 11 * HOUR):
        for queue in report_of(store, now).queues:
            assert _counted(queue.cases) == _told(queue.figures)


def _counted(cases: tuple[CaseLine, ...]) -> tuple[object, ...]:
    def having(status: Status) -> int:
        return sum(case.status is status for case in cases)

    return (
        len(cases),
        having(Status.NEW),
        having(Status.WAITING_INTERNAL),
        having(Status.WAITING_CLIENT),
        min((case.received_at for case in cases), default=None),
        sum(case.due_today for case in cases),
        sum(case.breached for case in cases),
        sum(case.internal_missed for case in cases),
        sum(case.urgent for case in cases),
        sum(case.undelivered is not None for case in cases),
    )


def _told(figures: Figures) -> tuple[object, ...]:
    return (
        figures.open,
        figures.new,
        figures.waiting_internal,
        figures.waiting_client,
        figures.oldest,
        figures.due_today,
        figures.breached,
        figures.internal_missed,
        figures.urgent,
        figures.undelivered,
    )


def test_a_report_shows_one_moment_however_much_is_written_meanwhile(store: Store) -> None:
    with store.reading() as session:
        session.execute(sa.text("SELECT count(*) FROM cases"))
        add_case(store, NOW - HOUR)
        assert queue_report(session, make_policy(), NOW).totals.open == 0
    assert report_of(store).totals.open == 1


def test_closed_cases_are_never_walked_through(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    statements: list[tuple[str, Any]] = []
    sa.event.listen(
        store.engine, "before_cursor_execute", lambda _c, _cursor, words, values, *_: statements.append((words, values))
    )
    report_of(store, per_queue=500)
    asked = [(words, values) for words, values in statements if words.startswith("SELECT")]
    assert len(asked) == 3
    with store.engine.connect() as connection:
        steps = [
            str(step[3])
            for words, values in asked
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)
        ]
    of_cases = [step for step in steps if step.startswith(("SCAN cases", "SEARCH cases"))]
    assert len(of_cases) >= 3
    assert [step for step in of_cases if not re.search("ix_cases_unsettled|first_response_at>|rowid=", step)] == []
    store.close()
