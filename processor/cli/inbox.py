"""The commands about the ledger: what came, and whether it agrees with the servers."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ingest.errors import Configuration, DeskError
from processor.cli import quarantine, suppressed
from processor.cli.options import CONFIG, Config, Json, hang, moment, now, show
from processor.cli.quarantine import Actor

if TYPE_CHECKING:
    from rich.console import Console

    from processor.policy import FolderSource, ImapSource, Policy
    from processor.stages.reconcile import Reconciled

LATEST = 20  # quarantined mails shown with the ledger

app = typer.Typer(
    help="Shows the ledger: how many mails each mailbox gave, and what became of them.", invoke_without_command=True
)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(suppressed.app, name="suppressed")


@app.callback()
def inbox(context: typer.Context, config: Config = CONFIG, as_json: Json = False) -> None:
    """Shows the ledger: how many mails each mailbox gave, and what became of them."""
    if context.invoked_subcommand is not None:
        return
    from processor.cli.opening import open_policy, open_store
    from processor.store import ledger, outbox
    from processor.store.quarantine import listed

    with open_store(open_policy(config)) as store, store.reading() as session:
        sums, sent = ledger.sums(session), outbox.counts(session)
        shunted = listed(session, LATEST)
    data = {
        "mailboxes": {
            mailbox: {state.value: count for state, count in states.items()} for mailbox, states in sums.items()
        },
        "outbox": {state.value: count for state, count in sent.items()},
        "quarantined": shunted,
    }
    show(data, as_json, lambda out: _ledger(out, data))


@app.command()
def reconcile(
    actor: Actor,
    config: Config = CONFIG,
    mailbox: Annotated[str | None, typer.Option(metavar="NAME", help="This mailbox alone.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, on record.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Compare the bytes of every message; fetches them all.")] = False,
    as_json: Json = False,
) -> None:
    """Compares the ledger with what each server holds; exits 1 where a difference remains."""
    from processor.cli.logs import make_log
    from processor.cli.opening import make_desk, open_policy, open_store
    from processor.stages.connections import open_mailbox
    from processor.stages.reconcile import reconcile as compared
    from processor.store.locks import process_lock

    policy = open_policy(config)
    sources = [source for source in policy.mailboxes if mailbox in (None, source.name)]
    if not sources:
        raise DeskError(f"There is no mailbox {mailbox!r}: {', '.join(each.name for each in policy.mailboxes)}.")
    found: dict[str, Reconciled] = {}
    errors: list[DeskError] = []
    with open_store(policy) as store, process_lock(store, now()) if repair else nullcontext():
        desk = make_desk(policy, store, make_log(logging.ERROR))
        for source in sources:
            try:  # a mailbox in trouble does not keep the others from being looked at
                opened = open_mailbox(source, policy, store, desk.tokens)
                found[source.name] = compared(
                    desk, opened, _sharing(source, policy), deep=deep, repair_as=actor if repair else None
                )
            except DeskError as error:
                errors.append(error)
    data = {"mailboxes": {name: _data(one) for name, one in found.items()}}
    show(data, as_json, lambda out: _reconciled(out, data, ZoneInfo(policy.desk.timezone)))
    if errors:
        worst = Configuration if any(isinstance(error, Configuration) for error in errors) else type(errors[0])
        raise worst(" ".join(map(str, errors)))
    if any(one.left for one in found.values()):
        raise typer.Exit(1)


def _sharing(source: ImapSource | FolderSource, policy: Policy) -> frozenset[str]:
    """The mailboxes of the same account that file into the same processed folder."""
    from processor.policy import ImapSource

    def place(one: ImapSource | FolderSource) -> tuple[object, ...]:
        if isinstance(one, ImapSource):
            return one.host, one.port, one.username, one.processed_folder
        return (one.name,)

    return frozenset(one.name for one in policy.mailboxes if place(one) == place(source))


def _data(done: Reconciled) -> dict[str, Any]:
    from collections import Counter

    compared = done.comparison
    return {
        "ledger": Counter(row.state.value for row in compared.rows),
        "server": compared.on_server,
        "agreement": {sort.value: count for sort, count in compared.sorts.items()},
        "differences": [
            {
                "kind": one.kind.value,
                "folder": one.folder,
                "uid": one.uid,
                "received_at": one.received_at,
                "size": one.size,
                "inbound_id": one.row.id if one.row else None,
                "sha256": one.row.sha256 if one.row else None,
                "mended": done.mended.get(place),
            }
            for place, one in enumerate(compared.differences)
        ],
    }


_WORDS = {
    "missed": "on the server, not in the ledger. --repair takes it in.",
    "put back": "taken in before, and in the folder again. --repair takes it in as a duplicate and files it away.",
    "unfiled": "taken in, not yet filed away. The next pass does it, or --repair.",
    "gone": "taken in, and on the server no more: moved or deleted by hand. Its bytes are kept; --repair puts it on "
    "record.",
    "no bytes": "in the ledger, but its bytes are not in the database. --repair fetches them where the server has "
    "them; else restore a backup.",
    "withheld": "the mailbox lists it and did not give it so far. The next passes try again, and --repair does.",
    "lost": "listed before, never given, and there no more. --repair puts it on record as vanished.",
    "altered": "the server has other bytes under this UID than were taken in. Recreate the folder, so that it gets a "
    "new UIDVALIDITY.",
}


def _reconciled(out: Console, data: dict[str, Any], zone: ZoneInfo) -> None:
    for name, one in data["mailboxes"].items():
        held = ", ".join(f"{folder} {count}" for folder, count in one["server"].items())
        hang(out, f"ledger {one['ledger'].total()} ({_counted(one['ledger'])}); server {held}", first=f"{name}: ")
        hang(out, f"{_counted(one['agreement'])}; differences {len(one['differences'])}", first="  ")
        for difference in one["differences"]:
            what = f"{difference['folder']} UID {difference['uid']}, {difference['size']:,} bytes, received "
            ledger = f", ledger row {difference['inbound_id']}" if difference["inbound_id"] else ""
            words = f"MENDED: {difference['mended']}." if difference["mended"] else _WORDS[difference["kind"]]
            told = f"{what}{moment(difference['received_at'], zone)}{ledger}: {words}"
            hang(out, told, first=f"  {difference['kind'].upper():<9} ")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(counts.items()) if count) or "none"


def _ledger(out: Console, data: dict[str, Any]) -> None:
    from processor.reports.words import counted

    if not data["mailboxes"]:
        out.print("No mail was taken in yet.")
    for mailbox, states in data["mailboxes"].items():
        parts = ", ".join(f"{state} {count}" for state, count in states.items() if count)
        out.print(f"{mailbox}: {counted(sum(states.values()), 'message', 'messages')}: {parts}")
    if data["outbox"]:
        out.print("outbox: " + ", ".join(f"{state} {count}" for state, count in sorted(data["outbox"].items())))
    for row in data["quarantined"]:
        hang(out, f"quarantined: {row['mailbox']} UID {row['uid']}, {row['size']:,} bytes: {row['reason']}")
