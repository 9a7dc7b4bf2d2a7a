"""The command `daydesk learn`: a model from the cases that people worked, and how well it does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from processor.cli.options import CONFIG, Config, Json, hang, now, show

if TYPE_CHECKING:
    from rich.console import Console

    from processor.learning.judged import Judgement
    from processor.learning.training import Learned

SCHEMA_VERSION = 1


def learn(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="From cases received on this day or later."),
    ] = None,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Learns from settled and moved cases where mails belong that only the last rule takes; says how well.

    Writes the model that the policy names; nothing of it is applied unless the policy says so.
    """
    from processor.cli.opening import open_policy, open_store
    from processor.learning.file import save
    from processor.learning.training import learn as train
    from processor.store.lessons import lessons

    policy = open_policy(config)
    known = policy.queues.keys() - {policy.diversion.queue}  # held cases wait there, whatever they ask
    first = since and since.replace(tzinfo=ZoneInfo(policy.desk.timezone))
    with open_store(policy, read_only=True) as store, store.reading() as session:
        last = policy.rules[-1]
        every = lessons(session, last.queue or "", first, last.request_type)
        taught = [one for one in every if one.queue in known]
    learned = train(taught, now())
    file = policy.folder / policy.learning.model
    if learned.model is not None:
        save(learned.model, file)
    told = _as_json(learned, str(file))
    show(told, as_json, lambda out: _tell(out, learned, str(file)))
    if learned.model is None:
        raise typer.Exit(1)


def _as_json(learned: Learned, file: str) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "mails": learned.lessons,
        "left_out": [{"queue": name, "mails": count} for name, count in learned.left_out],
        "queue": _judgement(learned.queue),
        "request_type": _judgement(learned.request_type),
        "model": file if learned.model else None,
        "refused": learned.refused or None,
    }


def _judgement(judged: Judgement | None) -> dict[str, Any] | None:
    return None if judged is None else asdict(judged) | {"better_than_chance": judged.better_than_chance}


def _tell(out: Console, learned: Learned, file: str) -> None:
    hang(out, f"Learned from {learned.lessons:,} mails whose cases people settled or moved.")
    for name, count in learned.left_out:
        hang(out, f"Left out: queue {name}, with too few mails ({count}).")
    if learned.queue:
        _tell_judgement(out, "Queue", learned.queue)
    if learned.request_type:
        _tell_judgement(out, "Request type", learned.request_type)
    if learned.model is None:
        hang(out, learned.refused, style="bold")
        return
    if learned.model.request_type is None:
        hang(out, "Request types are not suggested: too few mails have one, or it was no better than chance.")
    hang(out, f"Wrote {file}. A running desk reads it at SIGHUP; else it is read at the next start.")


def _tell_judgement(out: Console, what: str, judged: Judgement) -> None:
    from rich.table import Table

    out.print()
    hang(
        out,
        f"{what}: {judged.accuracy:.1%} right of {judged.mails:,} mails, each guessed by a model that had not seen it "
        f"(cross-validation); saying always the most frequent would be right in {judged.by_chance:.1%}.",
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (what.lower(), "mails", "precision", "recall"):
        table.add_column(heading, justify="left" if heading == what.lower() else "right")
    for one in judged.labels:
        precision = "-" if one.precision is None else f"{one.precision:.0%}"
        table.add_row(one.label, f"{one.mails:,}", precision, f"{one.recall:.0%}")
    out.print(table)
    hang(out, f"Calibration: what it says and what is right differ by {judged.calibration_error:.1%} in the mean.")
    for part in judged.calibration:
        words = f"{part.mails:,} mails given {part.least:.0%} to {part.most:.0%} ({part.said:.0%} in the mean): "
        hang(out, f"{words}{part.right:.0%} right", first="  ")
