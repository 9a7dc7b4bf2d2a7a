"""The command `daydesk replay`: what other rules would have done with the mail that came."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ingest.errors import DeskError
from processor.cli.options import CONFIG, Config, Json, show

INTERRUPTED = 130  # as a shell says it of a program that Ctrl-C ended


def replay(
    other: Annotated[Path | None, typer.Option("--policy", help="Of this policy file; else of --config.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Received on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Received on this day or before.")
    ] = None,
    queue: Annotated[str | None, typer.Option(help="That went to this queue when they came.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The latest so many.")] = None,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Shows what other rules would have done with the mail that came; stores nothing, sends nothing."""
    from processor.cli.opening import open_model, open_policy, open_store
    from processor.cli.progress import progress
    from processor.cli.replayed import Tally, as_json_of, tell
    from processor.reading.reader import open_reader
    from processor.replay.running import Replay
    from processor.store.met import Wanted, met
    from processor.triage.verdict import compile_policy

    own = open_policy(config)
    policy = own if other is None else open_policy(other)
    zone = ZoneInfo(own.desk.timezone)
    wanted = Wanted(since=_begin(since, zone), until=_begin(until, zone, days=1), queue=queue, limit=limit)
    tally = Tally()
    with open_store(own, read_only=True) as store, open_reader(policy.run) as reader:
        with store.reading() as session:
            mails = met(session, wanted)
        if queue and not mails and queue not in own.queues:
            raise DeskError(f"There is no queue {queue!r}: there are {', '.join(sorted(own.queues))}.")
        compiled, key = compile_policy(policy, open_model(policy)), own.desk.key.reveal(own.folder).encode()
        running = Replay(store=store, reader=reader, compiled=compiled, key=key)
        try:
            with progress(sys.stderr.isatty()) as step:
                for one in running.of(mails):
                    tally.add(one)
                    step(f"read again, of {len(mails):,}", 1)
        except KeyboardInterrupt:
            tally.stopped = True
    told = as_json_of(tally, len(mails), policy.version)
    show(told, as_json, lambda out: tell(out, told))
    if tally.stopped:
        raise typer.Exit(INTERRUPTED)


def _begin(day: datetime | None, zone: ZoneInfo, days: int = 0) -> datetime | None:
    """The first moment of this day, or of one so many days later, where the desk is."""
    return day and (day + timedelta(days=days)).replace(tzinfo=zone)
