"""The writer's own words: what stands above and between the quoted ones. Where in doubt, words are kept."""

from __future__ import annotations

import re

from ingest.passages import folded
from ingest.signatures import SEPARATOR

_SHORT = 100  # characters; a longer line separates nothing
_BLANK_LINES = re.compile(r"\n{3,}")


def new_words(text: str) -> str:
    """The text without what is folded of it (ingest/passages.py); all of it where all would be folded."""
    lines = text.split("\n")
    marks = folded(lines)
    if True not in marks:
        return text.strip()
    own = [line for line, quoted in zip(lines, marks, strict=True) if not quoted]
    while own and (not own[-1].strip() or SEPARATOR.fullmatch(own[-1][:_SHORT])):
        own.pop()
    return _BLANK_LINES.sub("\n\n", "\n".join(own)).strip()
