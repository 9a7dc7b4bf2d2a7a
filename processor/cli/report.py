"""The command that writes reports."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from processor.cli.options import CONFIG, Config


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
    name: Annotated[Report, typer.Argument(help="Which report.")],
    config: Config = CONFIG,
    as_: Annotated[Format, typer.Option("--format", "-f", help="How it is written.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Into this file; else to standard output.")
    ] = None,
) -> None:
    """Writes a report: what waits in each queue, since when, and what is late."""
