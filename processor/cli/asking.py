"""The command that asks a client again for what is missing."""

from __future__ import annotations

from typing import Annotated

import typer

from processor.cli.acts import By, Reference
from processor.cli.options import CONFIG, Config, Json, hang, now, show

Details = Annotated[
    list[str] | None, typer.Option("--detail", metavar="NAME", help="Only this one; may be given several times.")
]


def ask(case: Reference, by: By, detail: Details = None, config: Config = CONFIG, as_json: Json = False) -> None:
    """Asks the client by mail for the details that a case still lacks; the case waits for him."""
    from processor.casework.asking import Writing
    from processor.casework.asking import ask as act
    from processor.cli.case import read_case
    from processor.cli.opening import open_policy, open_store
    from processor.outgoing.render import open_renderer

    policy = open_policy(config)
    name = read_case(case, policy.desk.reference_prefix)
    key = policy.desk.key.reveal(policy.folder).encode()
    writing = Writing(policy=policy, renderer=open_renderer(policy), key=key)
    with open_store(policy) as store:
        asked = act(store, name, detail or (), writing, by, now())
    data = {"case": name, "asked": list(asked), "status": "waiting_client"}
    show(data, as_json, lambda out: hang(out, f"{name}: the client is asked for {', '.join(asked)}."))
