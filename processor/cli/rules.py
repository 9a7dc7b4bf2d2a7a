"""The command `daydesk rules coverage`: what each rule does with the mails that came."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from processor.cli.options import CONFIG, Config, Json, hang, plain, show

if TYPE_CHECKING:
    from rich.console import Console

    from processor.replay.coverage import Coverage

SCHEMA_VERSION = 1
INTERRUPTED = 130  # as a shell says it of a program that Ctrl-C ended
MOST = 20  # mails and pairs that the terminal shows; --json has all

app = typer.Typer(help="The rules of the policy, and what they do.", no_args_is_help=True)


@app.callback()
def _rules() -> None:
    """The rules of the policy, and what they do."""


@app.command()
def coverage(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Received on this day or later.")
    ] = None,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Shows which rules take the mails that came, which take none, and where two would; stores nothing."""
    from processor.cli.opening import open_policy, open_store
    from processor.cli.progress import progress
    from processor.reading.reader import open_reader
    from processor.replay.coverage import Coverage
    from processor.replay.running import Replay
    from processor.store.met import Wanted, met
    from processor.triage.verdict import compile_policy

    policy = open_policy(config)
    compiled, key = compile_policy(policy), policy.desk.key.reveal(policy.folder).encode()
    found = Coverage(policy=policy, table=compiled.rules)
    begin = since and since.replace(tzinfo=ZoneInfo(policy.desk.timezone))
    with open_store(policy, read_only=True) as store, open_reader(policy.run) as reader:
        with store.reading() as session:
            mails = met(session, Wanted(since=begin))
        running = Replay(store=store, reader=reader, compiled=compiled, key=key)
        try:
            with progress(sys.stderr.isatty()) as step:
                for one in running.of(mails):
                    found.add(one)
                    step(f"read again, of {len(mails):,}", 1)
        except KeyboardInterrupt:
            found.stopped = True
    told = _told(found, len(mails))
    show(told, as_json, lambda out: _tell(out, told))
    if found.stopped:
        raise typer.Exit(INTERRUPTED)


def _told(found: Coverage, there: int) -> dict[str, Any]:
    """The names of docs/reference/command-line.md."""
    return {
        "schema_version": SCHEMA_VERSION,
        "policy_version": found.policy.version,
        "mails": there,
        "read": found.mails - found.unread,
        "complete": not found.stopped,
        "rules": [
            {"rule": rule.name, "queue": found.table.queue_of(rule.name), "mails": found.taken[rule.name]}
            for rule in found.policy.rules
        ],
        "without_mail": found.without,
        "caught_by_the_last": [{"case": case, "subject": subject} for case, subject in found.caught],
        "conflicts": [
            {"took": took, "other": other, "mails": count} for (took, other), count in found.conflicts.most_common()
        ],
    }


def _tell(out: Console, told: dict[str, Any]) -> None:
    for one in told["rules"]:
        if one["mails"]:
            hang(out, f"{one['rule']} -> {one['queue']}", first=f"{one['mails']:>7,}  ")
    hang(out, f"Rules that took no mail: {', '.join(told['without_mail']) or 'none'}.")
    caught, conflicts = told["caught_by_the_last"], told["conflicts"]
    hang(out, f"Taken by the last rule alone: {len(caught):,}.")
    for one in caught[:MOST]:
        hang(out, plain(one["subject"]) or "(no subject)", first=f"  {one['case']}  ")
    hang(out, f"Pairs of rules of different queues that would both take a mail: {len(conflicts):,}.")
    for one in conflicts[:MOST]:
        hang(out, f"{one['took']} took it, {one['other']} would have", first=f"{one['mails']:>7,}  ")
    if max(len(caught), len(conflicts)) > MOST:
        hang(out, f"No more than {MOST} are shown; --json has all.")
    hang(out, _summary(told))


def _summary(told: dict[str, Any]) -> str:
    words = f"{told['read']:,} of {told['mails']:,} mails that opened cases were read again. Nothing was stored."
    return words if told["complete"] else f"Stopped before the end. {words}"
