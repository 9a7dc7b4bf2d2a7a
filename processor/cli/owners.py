"""The command that says whose a case is."""

from __future__ import annotations

from typing import Annotated

import typer

from ingest.errors import DeskError
from processor.cli.acts import By, Reference
from processor.cli.options import CONFIG, Config, Json, hang, now, show


def assign(
    case: Reference,
    by: By,
    person: Annotated[str | None, typer.Argument(metavar="PERSON", help="Whose it is from now on.")] = None,
    nobody: Annotated[bool, typer.Option("--none", help="Nobody's.")] = False,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why, for colleagues.")] = "",
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Says whose a case is."""
    from processor.casework.assigning import assign as act
    from processor.cli.case import read_case
    from processor.cli.opening import open_policy, open_store

    if (person is None) != nobody:
        raise DeskError("Name a person or say --none, one of the two.")
    policy = open_policy(config)
    name = read_case(case, policy.desk.reference_prefix)
    with open_store(policy) as store:
        act(store, name, person, note, by, now())
    words = f"{name} is {person}'s." if person else f"{name} is nobody's."
    show({"case": name, "owner": person}, as_json, lambda out: hang(out, words))
