"""The command line: `daydesk`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from ingest.errors import DeskError
from processor.cli import (
    case,
    contacts,
    db,
    demo,
    desk,
    health,
    inbox,
    learning,
    mail,
    oauth2,
    replaying,
    report,
    rules,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(version("daydesk"))
        except PackageNotFoundError:  # a bare checkout
            typer.echo("not installed")
        raise typer.Exit


COMMANDS: dict[str, Callable[..., None] | typer.Typer] = {  # as help lists them; groups come last
    "demo": demo.demo,
    "init": desk.init,
    "check": desk.check,
    "run": desk.run,
    "health": health.health,
    "report": report.report,
    "explain": mail.explain,
    "replay": replaying.replay,
    "learn": learning.learn,
    "parse": mail.parse,
    "case": case.app,
    "contacts": contacts.app,
    "rules": rules.app,
    "inbox": inbox.app,
    "oauth2": oauth2.app,
    "db": db.app,
}


def _common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """What every command shares."""


def application(names: Iterable[str]) -> typer.Typer:
    """The command line with these commands."""
    made = typer.Typer(
        name="daydesk",
        help="Turns an accounts-and-legal inbox into worked cases.\n\n"
        "Begin with `daydesk demo`, or with `daydesk init` and your own inbox. "
        "Exit codes: 0 done, 1 found something wrong, 2 wrong usage, 75 try again later, 78 wrong configuration.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )
    made.callback()(_common)
    for name in names:
        command = COMMANDS[name]
        if isinstance(command, typer.Typer):
            made.add_typer(command, name=name)
        else:
            made.command(name)(command)
    return made


app = application(COMMANDS)


def main() -> None:
    """Run the command; a DeskError is one message on standard error and its exit code."""
    first = sys.argv[1:2]
    try:
        (application(first) if COMMANDS.keys() & first else app)()  # making them all takes longer than most take to run
    except DeskError as error:
        typer.echo(f"daydesk: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        sys.exit(0)
