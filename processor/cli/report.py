"""The command that writes reports."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import DeskError
from processor.cli.options import CONFIG, Config, console, now

if TYPE_CHECKING:
    from processor.policy import Policy


LISTED = 500  # cases of a queue, in a report for people


class Report(StrEnum):
    """The reports there are."""

    QUEUES = "queues"


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


def report(
    name: Annotated[Report, typer.Argument(help="Which report.")],  # noqa: ARG001 - there is one so far
    config: Config = CONFIG,
    kind: Annotated[Format, typer.Option("--format", "-f", help="How it is written.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Into this file, else printed.")] = None,
) -> None:
    """Writes a report: what waits in each queue, since when, and what is late."""
    from processor.cli.opening import open_policy

    terminal = output is None and sys.stdout.isatty()
    text = written(open_policy(config), kind, console().width, colour=terminal)
    if output is None:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    beside = output.with_name(f".{output.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(output)  # whoever reads it meanwhile sees the old one or the new one, whole
    except OSError as error:
        raise DeskError(f"{output} cannot be written ({error.strerror}): name a file in a folder of yours.") from None


def written(policy: Policy, kind: Format, width: int, *, colour: bool = False) -> str:
    """The queue report of this moment in this format."""
    from processor.cli.opening import open_store
    from processor.reports.csv import as_csv
    from processor.reports.json import as_json
    from processor.reports.queues import queue_report
    from processor.reports.text import as_text

    whole = kind in (Format.CSV, Format.JSON)  # programs want every case, people the pressing ones
    with open_store(policy) as store, store.reading() as session:
        report = queue_report(session, policy, now(), per_queue=None if whole else LISTED)
    match kind:
        case Format.TEXT:
            return as_text(report, width=width, colour=colour)
        case Format.CSV:
            return as_csv(report)
        case Format.JSON:
            return as_json(report)
        case Format.HTML:
            from processor.outgoing.render import open_renderer
            from processor.reports.html import as_html

            return as_html(report, open_renderer(policy))
