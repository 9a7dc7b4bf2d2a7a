"""Options that many commands share, and how their results are shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from rich.console import Console

Config = Annotated[
    Path, typer.Option("--config", "-c", envvar="DAYDESK_CONFIG", help="The policy file.", show_default=True)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

CONFIG = Path("daydesk.toml")
# All controls but tab and line feed, and the marks that turn the direction of writing.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
EXAMPLE = "DD-7K3M-9QXW-S"  # a case reference whose check character is right


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


def hang(out: Console, words: str, *, first: str = "", style: str | None = None) -> None:
    """The words after `first`, in lines that begin below each other; without it the further lines are indented."""
    from rich.text import Text

    margin = len(first) or 2
    lines = Text(plain(words)).wrap(out, max(out.width - margin, 20))
    for number, line in enumerate(lines):
        out.print((" " * margin if number else first) + line.plain.rstrip(), style=style)


def plain(words: str) -> str:
    """Without the control characters by which a stranger's mail could steer a terminal."""
    return _STEERING.sub("?", words)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time of the desk's zone, to the minute, such as 21 Nov 2026 23:46."""
    return f"{at.astimezone(zone):%d %b %Y %H:%M}"


def now() -> datetime:
    """The clock, read by entry points alone."""
    return datetime.now(UTC)
