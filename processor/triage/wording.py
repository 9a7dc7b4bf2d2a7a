"""Words as tables keep them: one text, parted by blanks."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Each word of the text."""
    return frozenset(text.split())
