"""How well the writer's own words are told from quoted ones, on the public replies.

Compared are words, so white space and line breaks do not count, and on both sides without lines that begin with `>`:
whether a quoted line between two answers is shown is a matter of folding, not of whose words it holds.
Lost: a word that the list says the writer wrote is not among the new words (however often it stands there).
Exact: the same words in the same order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ingest.charset import clean_text
from ingest.new_words import new_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """Of how many replies the writer's words are whole, and of how many nothing else is left."""

    files: int
    exact: int
    lost: tuple[str, ...]  # names of the files of which a word was cut
    more: tuple[str, ...]  # of those that keep words beyond the writer's


def replies(corpus: Path) -> Replies:
    """Every file of emails/ beside what trimmed/ says that its writer wrote."""
    exact = 0
    lost, more = [], []
    files = sorted((corpus / "replies" / "emails").iterdir())
    for file in files:
        own = _words((corpus / "replies" / "trimmed" / file.name).read_text(encoding="utf-8"))
        found = _words(new_words(clean_text(file.read_text(encoding="utf-8"))))
        exact += own == found
        if Counter(own) - Counter(found):
            lost.append(file.name)
        elif own != found:
            more.append(file.name)
    return Replies(files=len(files), exact=exact, lost=tuple(lost), more=tuple(more))


def _words(text: str) -> list[str]:
    return "\n".join(line for line in clean_text(text).split("\n") if not line.startswith(">")).split()
