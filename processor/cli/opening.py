"""Opens what commands work with: the policy, its database, the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from processor import resources
from processor.cli.options import now
from processor.policy import Policy, load_policy

if TYPE_CHECKING:
    from processor.stages.desk import Desk, Log
    from processor.stages.tokens import Tokens
    from processor.store.database import Store
    from processor.triage.learned import Model


def open_policy(config: Path) -> Policy:
    """The policy of this file. Raises Configuration with every mistake in it."""
    return load_policy(config, resources.shipped_policy)


@contextmanager
def open_store(policy: Policy, patience: float | None = None, *, read_only: bool = False) -> Iterator[Store]:
    """The policy's database, of the right revision; `patience` in seconds with a server that does not answer.

    `read_only`: whoever opens it so can change nothing in it.
    """
    from processor.store.database import Store

    store = Store(policy.database.url, policy.folder, patience, read_only=read_only)
    try:
        store.require_revision()
        yield store
    finally:
        store.close()


def open_model(policy: Policy) -> Model | None:
    """What `daydesk learn` made for this policy, if it did."""
    from processor.learning.file import load

    return load(policy.folder / policy.learning.model)


def make_desk(policy: Policy, store: Store, log: Log, tokens: Tokens | None = None) -> Desk:
    """One policy at work on one database; with the access tokens of the policy before it, where there was one."""
    from processor.reading.reader import open_reader
    from processor.stages.desk import Desk
    from processor.stages.tokens import Tokens

    model = open_model(policy)
    if tokens is not None:
        tokens.try_at_once()
    return Desk(
        policy=policy,
        model=model,
        store=store,
        key=policy.desk.key.reveal(policy.folder).encode(),
        open_reader=open_reader,
        now=now,
        log=log,
        tokens=tokens or Tokens(log),
    )
