"""The commands of an operator: init, check, run."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import Configuration
from processor import resources
from processor.cli.options import CONFIG, Config, Json, hang, now, show

if TYPE_CHECKING:
    from rich.console import Console

    from processor.cli.checking import Finding
    from processor.metrics import Address

KEY_FILE = "daydesk.key"
PATIENCE = 60.0  # seconds that the database may take for one command, before it is taken for dead


class Stage(StrEnum):
    """A stage of its own, for one more worker."""

    RECEIVE = "receive"
    TRIAGE = "triage"
    DELIVER = "deliver"


def init(folder: Annotated[Path, typer.Argument(help="Where to write it.")] = Path()) -> None:
    """Writes a commented daydesk.toml, and the key that signs the desk's Message-IDs."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # raw mail will lie there
    config, key = folder / CONFIG, folder / KEY_FILE
    if config.exists():
        raise Configuration(f"{config} is there already: nothing was changed. Remove it first, or name another folder.")
    if not key.exists():
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    shutil.copyfile(resources.daydesk_toml(), config)
    typer.echo(
        f"Wrote {config} and {key}.\n"
        f"Next: put your servers into {config}, then `daydesk db upgrade`, `daydesk check`, `daydesk run`.\n"
        f"Keep {key} secret and in your backup: answers to mails already sent find their case by it."
    )


def check(config: Config = CONFIG, as_json: Json = False) -> None:
    """Checks policy, rules' examples, templates, database, every mailbox and the SMTP login; changes nothing."""
    from processor.cli.checking import findings
    from processor.cli.opening import open_policy

    results = list(findings(open_policy(config), now()))
    data = [{"what": one.what, "ok": one.ok, "found": one.words} for one in results]
    show(data, as_json, lambda out: _told(out, results))
    worst = max((one.exit_code for one in results), default=0)
    if worst:
        raise typer.Exit(worst)


def _told(out: Console, results: list[Finding]) -> None:
    for one in results:
        hang(out, f"{one.what}: {one.words}", first="ok    " if one.ok else "WRONG ")


def run(
    config: Config = CONFIG,
    once: Annotated[bool, typer.Option("--once", help="One pass of each stage, for cron.")] = False,
    only: Annotated[Stage | None, typer.Option(help="This stage alone: one more worker.")] = None,
    metrics: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Tell figures to Prometheus there; without a HOST, to this machine."),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every message.")] = False,
) -> None:
    """Works: polls mailboxes, makes cases, sends acknowledgements. SIGTERM ends it after the batch in hand.

    SIGHUP reads the policy anew. With --once it is quiet when all is well, and otherwise says in one line why not.
    """
    from processor.cli.logs import make_log
    from processor.cli.opening import make_desk, open_policy, open_store

    metrics_at = _listening_address(metrics, once)
    log = make_log(logging.DEBUG if verbose else logging.ERROR if once else logging.INFO)
    policy = open_policy(config)
    with open_store(policy, PATIENCE) as store:
        desk = make_desk(policy, store, log)
        if once:
            from processor.cli.progress import progress
            from processor.workers import run_once

            with progress(sys.stderr.isatty() and not verbose) as tell:
                run_once(desk, only, tell)
        else:
            from processor import daemon
            from processor.sd_notify import Supervisor

            daemon.run(
                desk,
                lambda: make_desk(open_policy(config), store, log, desk.tokens),
                only,
                supervisor=Supervisor.named_in(os.environ, os.getpid()),
                metrics_at=metrics_at,
            )


def _listening_address(text: str | None, once: bool) -> Address | None:
    if text is None:
        return None
    if once:
        raise typer.BadParameter("--metrics is for the daemon: a pass for cron ends before anybody asks.")
    from processor.metrics import address_of

    try:
        return address_of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
