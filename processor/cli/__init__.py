"""The command line: `daydesk`."""

from __future__ import annotations

import sys
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


app = typer.Typer(
    name="daydesk",
    help="Turns an accounts-and-legal inbox into worked cases.\n\n"
    "Begin with `daydesk demo`, or with `daydesk init` and your own inbox. "
    "Exit codes: 0 done, 1 found something wrong, 2 wrong usage, 75 try again later, 78 wrong configuration.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """What every command shares."""


app.command()(demo.demo)
app.command()(desk.init)
app.command()(desk.check)
app.command()(desk.run)
app.command()(health.health)
app.add_typer(case.app, name="case")
app.add_typer(contacts.app, name="contacts")
app.command()(report.report)
app.command()(mail.explain)
app.command()(replaying.replay)
app.add_typer(rules.app, name="rules")
app.command()(learning.learn)
app.add_typer(inbox.app, name="inbox")
app.command()(mail.parse)
app.add_typer(oauth2.app, name="oauth2")
app.add_typer(db.app, name="db")


def main() -> None:
    """Run the command; a DeskError is one message on standard error and its exit code."""
    try:
        app()
    except DeskError as error:
        typer.echo(f"daydesk: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        sys.exit(0)
