"""The queue report for a terminal: the figures, then the cases that press."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from processor.outgoing import wording
from processor.outgoing.view import one_line
from processor.reports.values import CaseLine, Figures, QueueLine, QueueReport
from processor.reports.words import STATUSES, clock, counted, duration, moment, short_duration

NARROWEST = 80
_WIDE = 120  # from here on there is room for more columns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """The cases behind one figure, over all queues."""

    title: str
    none: str
    when: str  # the heading of what `tell` says of a case
    style: str
    figure: int
    holds: Callable[[CaseLine], bool]
    tell: Callable[[CaseLine], str]


def as_text(report: QueueReport, *, width: int = NARROWEST, colour: bool = False) -> str:
    """The report in lines of this many columns, at least 80. Ask for colour where a terminal looks on."""
    page = io.StringIO()
    console = Console(
        file=page,
        width=max(width, NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # the caller says what the terminal can do
    )
    wide = console.width >= _WIDE
    console.print(Text(one_line(report.desk), style="bold"))
    console.print(wording.promise(report.at, zone=report.timezone, language="en"))
    console.print(_figures(report, wide))
    for sentence in _sentences(report):
        console.print(sentence)
    for section in _sections(report):
        console.print()
        console.print(Text(f"{section.title}: {section.figure:,}" if section.figure else section.none, style="bold"))
        if section.figure:
            console.print(_cases(report, section, wide))
    if unreached := report.totals.undelivered:
        console.print()
        console.print(Text(f"Could not be reached: {unreached:,}", style="bold"))
        console.print(_unreached(report, wide))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _figures(report: QueueReport, wide: bool) -> Table:
    table = _table(wide)
    table.add_column("Queue", no_wrap=True, ratio=1, min_width=14)
    if wide:
        table.add_column("Team", no_wrap=True)
    for heading in _headings(wide):
        table.add_column(heading, justify="right", no_wrap=True)
    for queue in report.queues:
        name = [one_line(queue.label), one_line(queue.team)] if wide else [one_line(queue.label)]
        table.add_row(*map(Text, name), *_numbers(queue.figures, report, wide))
    table.add_section()
    name = ["All queues", ""] if wide else ["All queues"]
    table.add_row(*name, *_numbers(report.totals, report, wide), style="bold")
    return table


def _headings(wide: bool) -> Iterator[str]:
    yield from ("Open", "New", "Wait\nint.", "Wait\nclient", "Due\ntoday", "Breached", "Urgent")
    if wide:
        yield "Undelivered"
    yield from ("Oldest", "Median\nanswer")
    if wide:
        yield "9 of 10\nwithin"


def _numbers(figures: Figures, report: QueueReport, wide: bool) -> Iterator[Text]:
    for number in (figures.open, figures.new, figures.waiting_internal, figures.waiting_client, figures.due_today):
        yield _number(number)
    yield _number(figures.breached, "red")
    yield _number(figures.urgent)
    if wide:
        yield _number(figures.undelivered)
    yield Text(short_duration(report.at - figures.oldest if figures.oldest else None))
    yield Text(short_duration(figures.response.median))
    if wide:
        yield Text(short_duration(figures.response.ninetieth))


def _number(number: int, style: str = "") -> Text:
    return Text(f"{number:,}", style=style) if number else Text("–", style="dim")


def _sentences(report: QueueReport) -> Iterator[str]:
    answers = counted(report.totals.response.answered, "case", "cases")
    yield f"Answers: {answers} first answered in the last {report.response_days} days."
    if missed := report.totals.internal_missed:
        yield f"{counted(missed, 'case', 'cases')} without a promise missed the queue's internal target."
    if held := report.totals.held:
        holding = ((one_line(queue.label), queue.figures.held) for queue in report.queues)
        where = ", ".join(f"{label} {number:,}" for label, number in holding if number)
        yield f"{counted(held, 'case is', 'cases are')} held, since payment diversion is suspected: {where}."
    if unreached := report.totals.undelivered:
        places = ((one_line(queue.label), queue.figures.undelivered) for queue in report.queues)
        where = ", ".join(f"{label} {number:,}" for label, number in places if number)
        yield f"{counted(unreached, 'client', 'clients')} could not be reached: {where}."


def _sections(report: QueueReport) -> Iterator[_Section]:
    totals = report.totals

    def due(case: CaseLine) -> str:
        return moment(case.promise_at, report.at, report.timezone) if case.promise_at else "–"

    def today(case: CaseLine) -> str:
        return clock(case.promise_at, report.timezone) if case.promise_at else "–"

    def late(case: CaseLine) -> str:
        return duration(report.at - case.promise_at) if case.promise_at else "–"

    yield _Section(
        title="Breached",
        none="Nothing is breached.",
        when="Late by",
        style="red",
        figure=totals.breached,
        holds=lambda case: case.breached,
        tell=late,
    )
    yield _Section(
        title="Due today",
        none="Nothing more is due today.",
        when="By",
        style="",
        figure=totals.due_today,
        holds=lambda case: case.due_today,
        tell=today,
    )
    yield _Section(
        title="Urgent",
        none="Nothing is urgent.",
        when="Promised",
        style="",
        figure=totals.urgent,
        holds=lambda case: case.urgent,
        tell=due,
    )


def _cases(report: QueueReport, section: _Section, wide: bool) -> Table:
    table = _table(wide)
    table.add_column("Reference", no_wrap=True)
    table.add_column(section.when, no_wrap=True, style=section.style)
    table.add_column("Queue", no_wrap=True, max_width=None if wide else 16)
    if wide:
        table.add_column("Status", no_wrap=True)
    table.add_column("Subject", no_wrap=True, ratio=3)
    table.add_column("From", no_wrap=True, ratio=2)
    found = [(queue, case) for queue in report.queues for case in queue.cases if section.holds(case)]
    for queue, case in sorted(found, key=lambda pair: (pair[1].promise_at or report.at, pair[1].received_at)):
        table.add_row(*map(Text, _row(queue, case, section, wide)))
    if rest := section.figure - len(found):
        table.add_row(f"and {rest:,} more")
    return table


def _unreached(report: QueueReport, wide: bool) -> Table:
    """Address and reason are told whole, however many lines they take."""
    table = _table(wide)
    table.add_column("Reference", no_wrap=True)
    table.add_column("Queue", no_wrap=True, max_width=None if wide else 16)
    table.add_column("Address, and the last words", ratio=1, overflow="fold")
    found = [(queue, case, case.undelivered) for queue in report.queues for case in queue.cases if case.undelivered]
    for queue, case, undelivered in sorted(found, key=lambda one: one[1].received_at):
        words = one_line(f"{undelivered.to}: {undelivered.reason or 'no reason was given'}")
        table.add_row(Text(one_line(case.reference)), Text(one_line(queue.label)), Text(words))
    if rest := report.totals.undelivered - len(found):
        table.add_row(f"and {rest:,} more")
    return table


def _row(queue: QueueLine, case: CaseLine, section: _Section, wide: bool) -> Iterator[str]:
    yield one_line(case.reference)
    yield section.tell(case)
    yield one_line(queue.label)
    if wide:
        yield STATUSES[case.status]
    yield one_line(case.subject) or "(no subject)"
    yield one_line(case.requester_name or case.requester_address)


def _table(wide: bool) -> Table:
    return Table(box=SIMPLE_HEAD, padding=(0, int(wide), 0, 0), pad_edge=False, expand=True, show_edge=False)
