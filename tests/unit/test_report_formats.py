"""The queue report in each of its formats."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.cells import cell_len

from processor.outgoing.render import Renderer
from processor.reports.csv import HEADER, as_csv
from processor.reports.html import as_html
from processor.reports.json import as_json
from processor.reports.text import as_text
from processor.reports.values import CaseLine, Figures, QueueLine, QueueReport, ResponseTimes, Undelivered
from processor.resources import templates_folder
from processor.store.models import Status

NOW = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
ESCAPE, BELL = "\x1b", "\x07"


GONE = Undelivered(to="amina@client.example", reason="550 5.1.1 no such user")


def case(number: int = 1, **values: Any) -> CaseLine:
    known: dict[str, Any] = {
        "reference": f"DD-0000-000{number}-0",
        "priority": "normal",
        "status": Status.NEW,
        "request_type": "Invoice query",
        "subject": "Where is my invoice?",
        "requester_name": "Amina Haddad",
        "requester_address": "amina@client.example",
        "received_at": NOW - 20 * HOUR,
        "promise_at": NOW + 4 * HOUR,
        "age": 20 * HOUR,
        "due_today": False,
        "breached": False,
        "internal_missed": False,
        "undelivered": None,
    }
    return CaseLine(**(known | values))


def late(number: int = 2, **values: Any) -> CaseLine:
    times: dict[str, Any] = {
        "received_at": NOW - 27 * HOUR,
        "promise_at": NOW - 3 * HOUR,
        "age": 27 * HOUR,
        "breached": True,
    }
    return case(number, **(times | values))


def report(*cases: CaseLine, label: str = "Accounts receivable", **figures: Any) -> QueueReport:
    sums: dict[str, Any] = {
        "open": len(cases),
        "breached": sum(one.breached for one in cases),
        "due_today": sum(one.due_today for one in cases),
        "urgent": sum(one.urgent for one in cases),
        "undelivered": sum(one.undelivered is not None for one in cases),
        "internal_missed": sum(one.internal_missed for one in cases),
        "oldest": min((one.received_at for one in cases), default=None),
    }
    counted = Figures(**(sums | figures))
    empty = QueueLine(name="tax", label="Tax", team="", figures=Figures())
    return QueueReport(
        desk="Accounts & Legal",
        at=NOW,
        timezone="Europe/Paris",
        response_days=30,
        totals=counted,
        queues=(QueueLine(name="receivable", label=label, team="AR team", figures=counted, cases=cases), empty),
    )


def page(shown: QueueReport) -> str:
    return as_html(shown, Renderer(templates_folder()))


# Text


@pytest.mark.parametrize("width", [10, 80, 119, 120, 200])
def test_text_keeps_to_the_width_and_to_80_columns_where_that_is_less(width: int) -> None:
    words = "李小龍 " * 80
    shown = report(case(subject=words, priority="urgent", due_today=True), late(requester_name=words), label=words)
    assert max(cell_len(line) for line in as_text(shown, width=width).splitlines()) <= max(width, 80)


def test_a_wide_terminal_sees_more_columns() -> None:
    narrow, wide = (as_text(report(late()), width=width) for width in (80, 140))
    assert "Undelivered" not in narrow
    assert "AR team" not in narrow
    assert "Undelivered" in wide
    assert "AR team" in wide


def test_text_is_coloured_only_where_it_is_asked_to_be() -> None:
    assert ESCAPE not in as_text(report(late()))
    assert ESCAPE in as_text(report(late()), colour=True)


@pytest.mark.parametrize("hostile", [f"{ESCAPE}[2J{BELL}", "[red]x[/red]", "[/]", ":warning:", "\u202egnp.exe\u2028"])
def test_the_words_of_a_mail_can_neither_steer_the_terminal_nor_the_page(hostile: str) -> None:
    shown = report(late(subject=hostile, requester_name=hostile, reference=hostile), label=hostile)
    text = as_text(shown, width=200)
    assert not set(text) & {ESCAPE, BELL, "\u202e", "\u2028"}
    if hostile.isprintable():
        assert text.count(hostile) == 5  # in the figures, and as reference, queue, subject and sender of one line


def test_text_says_how_late_a_case_is_and_when_another_is_due() -> None:
    lines = as_text(report(case(due_today=True), late())).splitlines()
    assert "Breached: 1" in lines
    assert "Due today: 1" in lines
    assert next(line for line in lines if line.startswith("DD-0000-0002-0")).split()[1:3] == ["3", "h"]
    assert next(line for line in lines if line.startswith("DD-0000-0001-0")).split()[1] == "18:05"


def test_text_says_that_nothing_presses() -> None:
    text = as_text(report(case()))
    assert "Nothing is breached." in text
    assert "Nothing more is due today." in text
    assert "Nothing is urgent." in text
    assert "be reached" not in text


def test_text_tells_who_could_not_be_reached_and_of_missed_internal_targets() -> None:
    text = as_text(report(case(undelivered=GONE), case(2, promise_at=None, internal_missed=True)))
    assert "1 client could not be reached: Accounts receivable 1." in text
    told = text.partition("Could not be reached: 1\n")[2]
    assert "DD-0000-0001-0 Accounts receiv… amina@client.example: 550 5.1.1 no such user" in told
    assert "1 case without a promise missed the queue's internal target." in text


def test_text_says_how_many_cases_it_does_not_list() -> None:
    assert "and 4 more" in as_text(report(case(undelivered=GONE), undelivered=5))
    assert "and 6 more" in as_text(report(late(), breached=7))


# CSV


def rows_of(shown: QueueReport) -> list[dict[str, str]]:
    text = as_csv(shown)
    assert text.startswith("\ufeffqueue,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_has_a_row_for_each_case_with_times_on_the_clock_of_the_desk() -> None:
    first, second = rows_of(report(case(promise_at=None), late(priority="urgent")))
    assert tuple(first) == HEADER
    assert first["received_at"] == "2026-11-19T18:05:00+01:00"
    assert (first["promise_at"], first["breached"], first["age_hours"]) == ("", "no", "20.0")
    assert (second["queue"], second["queue_label"], second["team"]) == ("receivable", "Accounts receivable", "AR team")
    assert (second["priority"], second["breached"], second["promise_at"]) == (
        "urgent",
        "yes",
        "2026-11-20T11:05:00+01:00",
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("field", ["subject", "requester_name", "requester_address", "request_type"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(start: str, field: str) -> None:
    formula = f'{start}HYPERLINK("http://evil.example","x")'
    (row,) = rows_of(report(case(1, **dict[str, Any]({field: formula}))))
    assert row[field] == f"'{formula}"


def test_csv_tells_who_could_not_be_reached_and_why() -> None:
    formula = Undelivered(to="=x@client.example", reason="@SUM(1)")
    rows = rows_of(report(case(), case(2, undelivered=GONE), case(3, undelivered=formula)))
    assert [(row["undelivered"], row["undelivered_to"], row["undelivered_reason"]) for row in rows] == [
        ("no", "", ""),
        ("yes", "amina@client.example", "550 5.1.1 no such user"),
        ("yes", "'=x@client.example", "'@SUM(1)"),
    ]


def test_commas_quotes_and_line_ends_stay_in_their_cell() -> None:
    words = 'One, "two"\r\nthree; four'
    (row,) = rows_of(report(case(subject=words)))
    assert row["subject"] == words


def test_an_empty_desk_is_a_csv_of_its_header_alone() -> None:
    assert as_csv(report()) == "\ufeff" + ",".join(HEADER) + "\r\n"


# JSON


def test_json_follows_the_first_version_of_its_schema() -> None:
    response = ResponseTimes(answered=2, median=timedelta(minutes=90), ninetieth=2 * HOUR)
    read = json.loads(as_json(report(late(request_type=""), response=response)))
    assert (read["schema"], read["version"], read["at"]) == ("daydesk.queue-report", 1, "2026-11-20T13:05:00Z")
    figures = read["queues"][0]["figures"]
    assert figures == read["totals"]
    assert (figures["open"], figures["breached"], figures["oldest_received_at"]) == (1, 1, "2026-11-19T10:05:00Z")
    assert (figures["first_response_median_seconds"], figures["first_response_p90_seconds"]) == (5400, 7200)
    (line,) = read["queues"][0]["cases"]
    assert (line["status"], line["request_type"], line["age_seconds"]) == ("new", None, 27 * 3600)
    assert (line["promise_at"], line["breached"], line["due_today"]) == ("2026-11-20T10:05:00Z", True, False)


def test_json_tells_who_could_not_be_reached_and_why() -> None:
    one, other = json.loads(as_json(report(case(), case(2, undelivered=GONE))))["queues"][0]["cases"]
    assert (one["undelivered"], one["undelivered_to"], one["undelivered_reason"]) == (False, None, None)
    assert (other["undelivered"], other["undelivered_to"], other["undelivered_reason"]) == (
        True, "amina@client.example", "550 5.1.1 no such user"
    )  # fmt: skip


def test_json_is_null_where_nothing_is_known() -> None:
    totals = json.loads(as_json(report()))["totals"]
    assert {name for name, value in totals.items() if value is None} == {
        "oldest_received_at",
        "first_response_median_seconds",
        "first_response_p90_seconds",
    }


# HTML


class Reading(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(name)) is not None]


FULL = report(case(due_today=True), late(), late(3, priority="urgent", undelivered=GONE), case(4, internal_missed=True))


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    text = page(FULL)
    tags = {tag for tag, _ in Reading(text).tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form"}
    assert re.search(r"url\(|@import|https?:|javascript:", text) is None


@pytest.mark.parametrize("shown", [FULL, report(), replace(FULL, totals=replace(FULL.totals, breached=99))])
def test_every_tag_is_closed_every_anchor_unique_and_every_link_leads_somewhere(shown: QueueReport) -> None:
    read = Reading(page(shown))
    assert read.open == []
    anchors = read.values("id")
    assert len(anchors) == len(set(anchors))
    assert {link.removeprefix("#") for link in read.values("href")} <= set(anchors)


def test_the_page_tells_its_language_and_the_role_of_every_heading_cell() -> None:
    read = Reading(page(FULL))
    assert ("html", {"lang": "en"}) in read.tags
    assert all(attributes.get("scope") for tag, attributes in read.tags if tag == "th")
    assert [tag for tag, _ in read.tags].count("h1") == 1


def test_what_is_breached_is_said_in_words_and_not_by_colour_alone() -> None:
    words = Reading(page(FULL)).words
    assert "Breached, 3 h late" in words
    assert "Due today, 18:05" in words
    assert "Friday 20 November 2026 at 14:05 (CET, UTC+01:00)" in words


def test_the_page_names_who_could_not_be_reached_and_why() -> None:
    words = Reading(page(report(case(), case(2, undelivered=GONE), undelivered=3))).words
    listed = words.partition("Address, and the last words")[2]
    assert (
        listed.index("DD-0000-0002-0") < listed.index("amina@client.example") < listed.index("550 5.1.1 no such user")
    )
    assert "and 2 more in their queues." in listed
    assert "Address, and the last words" not in Reading(page(report(case()))).words


def test_nothing_of_a_mail_becomes_part_of_the_page() -> None:
    hostile = "</td><script>alert('x')</script>\"'{{ 7*7 }}&amp;"
    gone = Undelivered(to=hostile, reason=hostile)
    shown = report(
        late(subject=hostile, requester_name=hostile, request_type=hostile, reference=hostile, undelivered=gone),
        label=hostile,
    )
    read = Reading(page(replace(shown, desk=hostile)))
    assert "script" not in {tag for tag, _ in read.tags}
    assert read.words.count(hostile) >= 10


def test_an_empty_desk_says_so() -> None:
    words = Reading(page(report())).words
    assert "Nothing is breached." in words
    assert "Nothing is due today." in words
    assert "No case is open." in words


def test_the_page_says_how_many_cases_it_does_not_list() -> None:
    assert "and 7 more. The CSV and JSON reports have every case." in Reading(page(report(case(), open=8))).words


def test_a_night_that_has_two_half_past_twos_tells_them_apart() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    words = Reading(page(report(case(received_at=first), case(2, received_at=second)))).words
    assert "Sun 25 Oct 02:30 CEST" in words
    assert "Sun 25 Oct 02:30 CET" in words


def test_a_moment_of_another_year_tells_its_year() -> None:
    assert "31 Dec 2025 10:00" in Reading(page(report(case(received_at=datetime(2025, 12, 31, 9, tzinfo=UTC))))).words
