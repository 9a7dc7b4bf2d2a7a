"""The commands about cases: list and show."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ingest.errors import DeskError
from processor.cli.options import CONFIG, Config, Json, show

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(help="Cases: what came, where it is, what happened.", no_args_is_help=True)


class StatusName(StrEnum):
    """The statuses of a case, as options."""

    NEW = "new"
    OPEN = "open"
    WAITING_INTERNAL = "waiting_internal"
    WAITING_CLIENT = "waiting_client"
    RESOLVED = "resolved"
    CLOSED = "closed"


@app.command("list")
def list_(
    config: Config = CONFIG,
    queue: Annotated[str | None, typer.Option(help="Of this queue alone.")] = None,
    status: Annotated[StatusName | None, typer.Option(help="Of this status; else all that are not done.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: Json = False,
) -> None:
    """Lists cases, newest first."""
    from processor.cli.opening import open_policy, open_store
    from processor.store.models import Status
    from processor.store.stories import list_cases

    policy = open_policy(config)
    with open_store(policy) as store, store.reading() as session:
        cases = list_cases(session, queue, Status(status) if status else None, limit)
    show(cases, as_json, lambda out: _table(out, cases, ZoneInfo(policy.desk.timezone)))


@app.command("show")
def show_(
    reference: Annotated[str, typer.Argument(help="Such as DD-7K3M-9QXW-5.")],
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Shows the whole story of a case."""
    from processor.cli.opening import open_policy, open_store

    policy = open_policy(config)
    with open_store(policy) as store:
        story = story_of(store, reference, policy.desk.reference_prefix)
    show(story, as_json, lambda out: _story(out, story, ZoneInfo(policy.desk.timezone)))


def story_of(store: Any, reference: str, prefix: str) -> dict[str, Any]:
    """The story of the case of this reference; raises DeskError where there is none."""
    from processor.store.stories import tell_story
    from processor.triage.correlation import read_reference

    known = read_reference(reference, prefix)
    if known is None:
        raise DeskError(f"{reference!r} is not a case reference (it would look like {prefix}-7K3M-9QXW-5): mistyped?")
    with store.reading() as session:
        story = tell_story(session, known)
    if story is None:
        raise DeskError(f"There is no case {known} in this database: see `daydesk case list`.")
    return story


def _table(out: Console, cases: list[dict[str, Any]], zone: ZoneInfo) -> None:
    from rich.table import Table
    from rich.text import Text

    if not cases:
        out.print("No cases.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for heading, width in (("case", 14), ("queue", None), ("status", None), ("promise", 11)):
        table.add_column(heading, no_wrap=True, min_width=width)
    for heading, ratio in (("from", 1), ("subject", 2)):
        table.add_column(heading, overflow="ellipsis", no_wrap=True, ratio=ratio)
    for case in cases:
        urgent = " (urgent)" if case["priority"] == "urgent" else ""
        cells = (
            case["reference"],
            case["queue"],
            case["status"].replace("_", " ") + urgent,
            f"{case['promise_at'].astimezone(zone):%d %b %H:%M}" if case["promise_at"] else "-",
            case["requester_name"] or case["requester_address"],
            case["subject"],
        )
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)


def _story(out: Console, story: dict[str, Any], zone: ZoneInfo) -> None:
    urgent = ", urgent" if story["priority"] == "urgent" else ""
    out.print(f"{story['reference']}  {story['subject']}", style="bold")
    out.print(f"{story['status']}{urgent}, queue {story['queue']}, request type {story['request_type'] or 'not known'}")
    out.print(
        f"from {story['requester_name']} <{story['requester_address']}>, received {_when(story['received_at'], zone)}"
    )
    promised = story["promise_at"]
    out.print(f"reply promised by {_when(promised, zone)}" if promised else "nothing was promised (automatic mail)")
    _details(out, story["details"])
    for message in story["messages"]:
        out.print(
            f"\n--- {message['direction']}: {message['from_address']}, {_when(message['received_at'], zone)}",
            style="bold",
        )
        out.print(message["new_text"].strip() or "(no words)")
        for file in message["attachments"]:
            out.print(
                f"  attached: {file['name']} ({file['detected_type'] or file['declared_type']}, {file['size']} bytes)"
            )
    out.print("\n--- what happened", style="bold")
    for event in story["events"]:
        out.print(f"{_when(event['at'], zone)}  {event['kind']} by {event['actor']}  {_short(event['data'])}")
    for row in story["outbox"]:
        words = f", the server said: {row['last_reply']}" if row["last_reply"] else ""
        out.print(f"\n{row['purpose']} to {row['recipient']}: {row['state']} after {row['tries']} tries{words}")


def _details(out: Console, details: list[dict[str, Any]]) -> None:
    found = [f"{detail['name']}: {detail['value']}" for detail in details if detail["value"] is not None]
    missing = [detail["name"] for detail in details if detail["value"] is None]
    if found:
        out.print("found    " + "; ".join(found))
    if missing:
        out.print("missing  " + ", ".join(missing))


def _short(data: dict[str, Any]) -> str:
    """What an event tells, without the long trace that `daydesk explain` shows."""
    told = (
        f"{key}={_plain(value)}" for key, value in data.items() if key != "tried" and value not in (None, [], "", 0)
    )
    return " ".join(told)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(str(item[0]) if isinstance(item, list) else str(item) for item in value)
    return str(value)


def _when(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"
