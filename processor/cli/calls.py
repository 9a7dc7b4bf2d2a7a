"""The commands by which two people release a held case: call-back, confirm."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from processor.cli.acts import By, Reference
from processor.cli.options import CONFIG, Config, Json, hang, now, show


class Told(StrEnum):
    """What was said on the telephone."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


def call_back(
    case: Reference,
    called: Annotated[str, typer.Option("--called", metavar="NUMBER", help="The number that you called; or none.")],
    spoke_with: Annotated[str, typer.Option("--spoke-with", metavar="NAME", help="Whom you spoke with.")],
    outcome: Annotated[Told, typer.Option("--outcome", help="What was said: confirmed or refused.")],
    by: By,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="CODE", help="Whose number it is; else the case's contact's.")
    ] = None,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Records a call about a held case, on a number that was on file before the mail came."""
    from processor.casework.confirming import Call
    from processor.casework.confirming import call_back as act
    from processor.cli.case import read_case
    from processor.cli.opening import open_policy, open_store

    policy = open_policy(config)
    name = read_case(case, policy.desk.reference_prefix)
    call = Call(number=called, spoke_with=spoke_with, outcome=outcome.value, contact=contact)
    with open_store(policy) as store:
        known = act(store, name, call, not policy.diversion.call_back_without_number, by, now())
    said = "" if known else " No number was on file: the call proves less than one on a number that you had before."
    data = {"case": name, "outcome": outcome.value, "on_file": known}
    words = f"The call about {name} is on record: {outcome.value}.{said} A second person must confirm it."
    show(data, as_json, lambda out: hang(out, words))


def confirm(case: Reference, by: By, config: Config = CONFIG, as_json: Json = False) -> None:
    """Confirms, as a second person, what another was told on the telephone; the case can be settled then."""
    from processor.casework.confirming import confirm as act
    from processor.cli.case import read_case
    from processor.cli.opening import open_policy, open_store

    policy = open_policy(config)
    name = read_case(case, policy.desk.reference_prefix)
    with open_store(policy) as store:
        outcome = act(store, name, by, now())
    words = (
        f"{name} is released: the change was confirmed." if outcome == "confirmed"
        else f"{name} is released to be closed: the change was REFUSED, let no payment follow it."
    )  # fmt: skip
    show({"case": name, "released": True, "outcome": outcome}, as_json, lambda out: hang(out, words))
