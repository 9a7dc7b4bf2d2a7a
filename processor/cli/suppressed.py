"""The commands about addresses that get no automatic mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from processor.cli.options import CONFIG, Config, Json, hang, moment, now, show
from processor.cli.quarantine import Actor

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    help="Addresses that get no automatic mail: they could not be reached, or complained.", no_args_is_help=True
)

MailAddress = Annotated[str, typer.Argument(metavar="ADDRESS", help="In any letter case.")]


@app.command("list")
def list_(
    config: Config = CONFIG,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: Json = False,
) -> None:
    """Lists suppressed addresses, newest first, each with why, since when, by whom, and the case that shows it."""
    from processor.cli.opening import open_policy, open_store
    from processor.store import suppression

    policy = open_policy(config)
    with open_store(policy) as store, store.reading() as session:
        rows = suppression.listed(session, limit)
    show(rows, as_json, lambda out: _list(out, rows, ZoneInfo(policy.desk.timezone)))


@app.command()
def add(
    address: MailAddress,
    actor: Actor,
    reason: Annotated[str, typer.Option(help="Why, on record.")],
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Sends this address no automatic mail any more."""
    from processor.cli.opening import open_policy, open_store
    from processor.stages.suppressing import suppress

    with open_store(open_policy(config)) as store:
        suppress(store, address, reason, actor, now())
    show({"suppressed": address}, as_json, lambda out: hang(out, f"{address} gets no automatic mail any more."))


@app.command()
def remove(address: MailAddress, actor: Actor, config: Config = CONFIG, as_json: Json = False) -> None:
    """Takes an address off the list; what was not sent meanwhile stays unsent."""
    from processor.cli.opening import open_policy, open_store
    from processor.stages.suppressing import lift

    with open_store(open_policy(config)) as store:
        lift(store, address, actor, now())
    show({"removed": address}, as_json, lambda out: hang(out, f"{address} gets automatic mail again."))


def _list(out: Console, rows: list[dict[str, Any]], zone: ZoneInfo) -> None:
    if not rows:
        out.print("No address is suppressed.")
    for row in rows:
        where = f"; case {row['case']}" if row["case"] else ""
        by = "" if row["actor"] == "daydesk" else f" by {row['actor']}"
        hang(out, f"{row['address']}, since {moment(row['since'], zone)}{by}: {row['reason']}{where}")
