"""The commands about cases."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ingest.errors import DeskError
from processor.cli import acts, asking, calls, owners, redacting
from processor.cli.options import CONFIG, EXAMPLE, Config, Json, hang, plain, show

if TYPE_CHECKING:
    from rich.console import Console

    from processor.policy import Policy

ROOM_FOR_SENDERS = 100  # columns; on a narrower terminal the subjects take their place

app = typer.Typer(help="Cases: what came, where it is, what happened, what to do with it.", no_args_is_help=True)
for _act in (acts.merge, acts.link, acts.move, acts.resolve, acts.close, acts.reopen, acts.requester, asking.ask):
    app.command()(_act)
for _call in (calls.call_back, calls.confirm, owners.assign):
    app.command()(_call)
for _secret in (redacting.redact, redacting.original):
    app.command()(_secret)


class StatusName(StrEnum):
    """The statuses of a case, as options."""

    NEW = "new"
    OPEN = "open"
    WAITING_INTERNAL = "waiting_internal"
    WAITING_CLIENT = "waiting_client"
    RESOLVED = "resolved"
    CLOSED = "closed"


STATUSES = f"Of this status: {', '.join(StatusName)}; else all that are not resolved or closed."


@app.command("list")
def list_(
    config: Config = CONFIG,
    queue: Annotated[str | None, typer.Option(help="Of this queue alone.")] = None,
    status: Annotated[StatusName | None, typer.Option(metavar="STATUS", help=STATUSES)] = None,
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
    if queue and queue not in policy.queues and not cases:
        raise DeskError(f"There is no queue {queue!r}: there are {', '.join(sorted(policy.queues))}.")
    show(cases, as_json, lambda out: _table(out, cases, ZoneInfo(policy.desk.timezone)))


@app.command("show")
def show_(
    reference: Annotated[str, typer.Argument(help=f"Such as {EXAMPLE}; lower case and missing dashes are forgiven.")],
    quoted: Annotated[bool, typer.Option("--quoted", help="With the words that its mails quote.")] = False,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Shows the whole story of a case: details, mails, what happened, what was sent; of a merged one the survivor's."""
    from processor.cli.dates import dates_of_story
    from processor.cli.opening import open_policy, open_store
    from processor.cli.story import tell_case

    policy = open_policy(config)
    with open_store(policy) as store:
        story = story_of(store, reference, policy.desk.reference_prefix)
    story |= {**_completeness(story, policy), **dates_of_story(story, policy)}
    show(story, as_json, lambda out: tell_case(out, story, ZoneInfo(policy.desk.timezone), quoted=quoted))


def _completeness(story: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """What is missing, of what later mails made mandatory too; and whether its kind of request lacks nothing."""
    from processor.triage.details import FoundDetail, missing

    kind = policy.request_types.get(story["request_type"] or "")
    stated = [(detail["name"], detail["value"]) for detail in story["details"] if detail["value"] is not None]
    found = [FoundDetail(name=name, value=value, evidence="text") for name, value in stated]
    noted = [detail["name"] for detail in story["details"] if detail["value"] is None]
    lacking = list(dict.fromkeys([*noted, *(missing(kind, found) if kind else ())]))
    return {"missing": lacking, "complete": kind is not None and bool(kind.details) and not lacking}


def story_of(store: Any, reference: str, prefix: str) -> dict[str, Any]:
    """The story of the case of this reference; raises DeskError where there is none."""
    from processor.store.stories import tell_story

    known = read_case(reference, prefix)
    with store.reading() as session:
        story = tell_story(session, known)
    if story is None:
        raise DeskError(f"There is no case {known} in this database: see `daydesk case list`.")
    return story


def read_case(reference: str, prefix: str) -> str:
    """The reference as the desk writes it; raises DeskError where it is none."""
    from processor.triage.reference import read_reference

    known = read_reference(reference, prefix)
    if known is None:
        likeness = prefix + EXAMPLE.removeprefix("DD")
        raise DeskError(f"{reference!r} is not a case reference (it would look like {likeness}): mistyped?")
    return known


def _table(out: Console, cases: list[dict[str, Any]], zone: ZoneInfo) -> None:
    from rich.table import Table
    from rich.text import Text

    if not cases:
        out.print("No cases.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for heading, width in (("case", 14), ("queue", None), ("status", None), ("promise", 11)):
        table.add_column(heading, no_wrap=True, min_width=width)
    wide = out.width >= ROOM_FOR_SENDERS
    for heading, ratio in (("from", 1), ("subject", 2))[0 if wide else 1 :]:
        table.add_column(heading, overflow="ellipsis", no_wrap=True, ratio=ratio)
    for case in cases:
        urgent = " (urgent)" if case["priority"] == "urgent" else ""
        cells = (
            case["reference"],
            case["queue"],
            case["status"].replace("_", " ") + urgent + (" (HELD)" if case["held"] else ""),
            f"{case['promise_at'].astimezone(zone):%d %b %H:%M}" if case["promise_at"] else "-",
            *([case["requester_name"] or case["requester_address"] or "(nobody)"] if wide else []),
            case["subject"] or "(no subject)",
        )
        table.add_row(*(Text(plain(cell)) for cell in cells))
    out.print(table)
    for case in cases:
        if case["undelivered"]:
            hang(out, case["undelivered"], first=f"WARNING {case['reference']}: ", style="bold")
    if any(case["held"] for case in cases):
        hang(out, "payment diversion is suspected; `daydesk case show CASE` tells why", first="HELD: ", style="bold")
