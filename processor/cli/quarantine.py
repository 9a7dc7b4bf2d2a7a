"""The commands about mails that nothing could be made of."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ingest.errors import DeskError
from processor.cli.options import CONFIG, Config, Json, hang, moment, now, show

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(help="Mails that nothing could be made of; their bytes are kept.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(metavar="ID", help="As `daydesk inbox quarantine list` shows it.")]
Actor = Annotated[
    str, typer.Option("--actor", default_factory=getpass.getuser, show_default="you", help="Who does it, on record.")
]


@app.command("list")
def list_(
    config: Config = CONFIG,
    every: Annotated[bool, typer.Option("--all", help="Discarded ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: Json = False,
) -> None:
    """Lists quarantined mails, newest first."""
    from processor.cli.opening import open_policy, open_store
    from processor.store import quarantine

    policy = open_policy(config)
    with open_store(policy) as store, store.reading() as session:
        rows = quarantine.listed(session, limit, discarded=every)
    show(rows, as_json, lambda out: _list(out, rows, ZoneInfo(policy.desk.timezone)))


@app.command("show")
def show_(
    number: Id,
    actor: Actor,
    config: Config = CONFIG,
    raw: Annotated[
        Path | None, typer.Option(help="Write the bytes as they came, nothing redacted, into this new file; on record.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Shows why a mail is in quarantine, what can be read of its header, and what happened to it."""
    from processor.cli.opening import open_policy, open_store
    from processor.stages import quarantine

    policy = open_policy(config)
    with open_store(policy) as store:
        if raw is not None:
            _write_new(raw, lambda: quarantine.read_raw(store, number, actor, now()))
        told = quarantine.look(store, number)
    show(told, as_json, lambda out: _told(out, told, ZoneInfo(policy.desk.timezone)))


@app.command()
def retry(
    actor: Actor,
    number: Annotated[int | None, typer.Argument(metavar="[ID]", help="This one.")] = None,
    config: Config = CONFIG,
    every: Annotated[bool, typer.Option("--all", help="All that were not discarded.")] = False,
    as_json: Json = False,
) -> None:
    """Has a mail tried again, three times, from where it failed; the next pass does it."""
    from processor.cli.opening import open_policy, open_store
    from processor.stages import quarantine

    if (number is None) is not every:
        raise typer.BadParameter("name one mail by its ID, or all with --all")
    with open_store(open_policy(config)) as store:
        done = quarantine.retry(store, None if number is None else [number], actor, now())
    words = f"To be tried again by the next pass: {', '.join(map(str, done)) or 'none'}."
    show({"retried": done}, as_json, lambda out: hang(out, words))


@app.command()
def release(number: Id, actor: Actor, config: Config = CONFIG, as_json: Json = False) -> None:
    """Makes a case of a mail though it cannot be read, for people to look at; nobody is written to."""
    from processor.cli.opening import open_policy, open_store
    from processor.stages.release import release as made

    policy = open_policy(config)
    with open_store(policy) as store:
        reference = made(store, policy, number, actor, now())
    show({"released": number, "case": reference}, as_json, lambda out: hang(out, f"Case {reference} was opened."))


@app.command()
def discard(
    number: Id,
    actor: Actor,
    reason: Annotated[str, typer.Option(help="Why, on record.")],
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Takes a mail off the list, with a reason. Nothing is deleted."""
    from processor.cli.opening import open_policy, open_store
    from processor.stages import quarantine

    with open_store(open_policy(config)) as store:
        quarantine.discard(store, number, reason, actor, now())
    show({"discarded": number}, as_json, lambda out: hang(out, f"Discarded: {number}. Nothing was deleted."))


def _write_new(path: Path, content: Any) -> None:
    """Only for the eyes of who asks, and never over another file; where nothing is given, no file is left."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise DeskError(f"{path} cannot be written ({error.strerror}): name a new file.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _list(out: Console, rows: list[dict[str, Any]], zone: ZoneInfo) -> None:
    if not rows:
        out.print("Nothing is in quarantine.")
    for row in rows:
        hang(out, f"{_head(row, zone)}: {row['reason']}", first=f"{row['id']:<6}")


def _told(out: Console, told: dict[str, Any], zone: ZoneInfo) -> None:
    hang(out, _head(told, zone), first=f"{told['id']:<6}", style="bold")
    hang(out, told["reason"] or "", first="reason    ")
    for name, value in told["fields"]:
        hang(out, value, first=f"{name + ':':<14}")
    out.print("\n--- What happened", style="bold")
    for event in told["events"]:
        words = ", ".join(f"{key} {value}" for key, value in event["data"].items())
        hang(out, f"{event['kind']} by {event['actor']}; {words}", first=f"{moment(event['at'], zone)}  ")


def _head(row: dict[str, Any], zone: ZoneInfo) -> str:
    where = f"{row['mailbox']}, {row['folder']} UID {row['uid']}, {row['size']:,} bytes"
    return f"{where}, received {moment(row['received_at'], zone)}, tried {row['tries']} times"
