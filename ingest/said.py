"""The value of a document that was read: its words, and why there are not more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of a document, and why there are not more."""

    text: str = ""
    unread: str = ""
