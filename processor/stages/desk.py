"""What every stage works with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from processor.policy import Policy, Run
from processor.reading.reader import Reader
from processor.stages.tokens import Tokens
from processor.store.database import Store

if TYPE_CHECKING:
    import structlog

    from processor.outgoing.render import Renderer
    from processor.triage.learned import Model
    from processor.triage.verdict import CompiledPolicy

    Log = structlog.stdlib.BoundLogger


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One policy at work on one database.

    What only mail needs is made when the first one is there: a pass of an idle desk is over before it would be ready.
    """

    policy: Policy
    model: Model | None  # what was learned from people
    store: Store
    key: bytes  # signs our Message-IDs
    open_reader: Callable[[Run], AbstractContextManager[Reader]]  # of mails, within these limits
    now: Callable[[], datetime]
    log: Log
    tokens: Tokens

    @cached_property
    def compiled(self) -> CompiledPolicy:
        """The policy, made ready to decide by. Raises Configuration where its word weights cannot be read."""
        from processor.triage.verdict import compile_policy

        return compile_policy(self.policy, self.model)

    @cached_property
    def renderer(self) -> Renderer:
        """The templates: the operator's own before the shipped ones."""
        from processor.outgoing.render import open_renderer

        return open_renderer(self.policy)

    def require_rules(self) -> None:
        """Raises Configuration where no mail could be decided: then none is to be taken in."""
        _ = self.compiled
