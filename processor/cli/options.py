"""Options that many commands share, and how their results are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Config = Annotated[
    Path, typer.Option("--config", "-c", envvar="DAYDESK_CONFIG", help="The policy file.", show_default=True)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

CONFIG = Path("daydesk.toml")


def show(data: Any, as_json: bool, text: Callable[[Console], None]) -> None:
    """The result as JSON, or as text for a terminal."""
    if as_json:
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))
        return
    text(console())


def console(*, stderr: bool = False) -> Console:
    """A terminal for plain values: nothing in them is taken for markup."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=False)


def now() -> datetime:
    """The clock, read by entry points alone."""
    return datetime.now(UTC)
