"""What every stage works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from processor.outgoing.render import Renderer
from processor.policy import Policy
from processor.stages.tokens import Tokens
from processor.store.database import Store
from processor.triage.verdict import CompiledPolicy

Log = structlog.stdlib.BoundLogger


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One policy at work on one database."""

    compiled: CompiledPolicy
    store: Store
    renderer: Renderer
    key: bytes  # signs our Message-IDs
    now: Callable[[], datetime]
    log: Log
    tokens: Tokens

    @property
    def policy(self) -> Policy:
        return self.compiled.policy
