"""The commands by which people act on cases: merge, link, move, resolve, close, reopen, requester."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from processor.cli.options import CONFIG, EXAMPLE, Config, Json, hang, now, show

if TYPE_CHECKING:
    from pathlib import Path

Reference = Annotated[str, typer.Argument(metavar="CASE", help=f"Such as {EXAMPLE}.")]
By = Annotated[
    str, typer.Option("--by", default_factory=getpass.getuser, show_default="you", help="Who does it, on record.")
]


def merge(
    case: Reference,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The case that goes on.")],
    by: By,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Puts a case into another one, for good: mails to it land there."""
    from processor.casework.merging import merge as act

    one, other = _act(config, (case, into), act, by)
    _done(as_json, {"merged": one, "into": other}, f"{one} went into {other}: mails to it land there.")


def link(
    case: Reference,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The case that it has to do with.")],
    by: By,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Says that two cases have to do with each other."""
    from processor.casework.merging import connect as act

    one, another = _act(config, (case, other), act, by)
    _done(as_json, {"linked": [one, another]}, f"{one} and {another} are linked.")


def move(
    case: Reference,
    queue: Annotated[str, typer.Argument(metavar="QUEUE", help="Where it is worked from now on.")],
    by: By,
    request_type: Annotated[str | None, typer.Option("--type", help="What is asked for; else as before.")] = None,
    note: Annotated[str, typer.Option(help="Why, for colleagues.")] = "",
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Moves a case to another queue, on record; `daydesk learn` learns from it."""
    from processor.casework.moving import move as act
    from processor.cli.opening import open_policy

    policy = open_policy(config)
    (one,) = _act(
        config,
        (case,),
        lambda store, name, *who: act(store, name, queue, policy, *who, request_type=request_type, note=note),
        by,
    )
    _done(as_json, {"case": one, "queue": queue, "request_type": request_type}, f"{one} is in queue {queue} now.")


def resolve(case: Reference, by: By, config: Config = CONFIG, as_json: Json = False) -> None:
    """Says that a case is done; the client's next mail opens it again."""
    from processor.casework.settling import resolve as act

    (one,) = _act(config, (case,), act, by)
    _done(as_json, {"case": one, "status": "resolved"}, f"{one} is resolved.")


def close(case: Reference, by: By, config: Config = CONFIG, as_json: Json = False) -> None:
    """Closes a case; the client's next mail opens it again for desk.reopen_days."""
    from processor.casework.settling import close as act

    (one,) = _act(config, (case,), act, by)
    _done(as_json, {"case": one, "status": "closed"}, f"{one} is closed.")


def reopen(case: Reference, by: By, config: Config = CONFIG, as_json: Json = False) -> None:
    """Opens a resolved or closed case again. No clock starts again."""
    from processor.casework.settling import reopen as act

    (one,) = _act(config, (case,), act, by)
    _done(as_json, {"case": one, "status": "open"}, f"{one} is open again.")


def requester(
    case: Reference,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The client's.")],
    by: By,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Says whose matter a case is: he becomes its requester, and a participant."""
    from processor.casework.requesters import accept
    from processor.cli.opening import open_policy

    own = open_policy(config).desk.own_addresses
    (one,) = _act(config, (case,), lambda store, name, *who: accept(store, name, address, own, *who), by)
    _done(as_json, {"case": one, "requester": address}, f"{one} is a case of {address}.")


def _act(config: Path, references: tuple[str, ...], act: Callable[..., None], by: str) -> tuple[str, ...]:
    """The references as the desk writes them, once it is done."""
    from processor.cli.case import read_case
    from processor.cli.opening import open_policy, open_store

    policy = open_policy(config)
    names = tuple(read_case(reference, policy.desk.reference_prefix) for reference in references)
    with open_store(policy) as store:
        act(store, *names, by, now())
    return names


def _done(as_json: bool, data: dict[str, object], words: str) -> None:
    show(data, as_json, lambda out: hang(out, words))
