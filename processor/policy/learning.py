"""The table of the policy file that says what the desk makes of what it learned from people."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from processor.policy.base import Table


class Learning(Table):
    """Suggestions for mails that only the last rule takes, learned by `daydesk learn` from cases that people worked."""

    model: Path = Path("daydesk.model")  # what was learned; without the file nothing is suggested
    suggest_from: float = Field(default=0.3, ge=0, le=1)  # a queue that is less probable is not suggested
    apply_from: float | None = Field(default=None, ge=0.5, le=1)  # from here on a mail goes there by itself
