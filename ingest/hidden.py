"""Words that a reader of the mail does not see: how they are marked in a text, and taken out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.message import hidden_mark

# Noncharacters, which no mail may hold: around hidden words until the text is put together.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
_KEPT = 20_000  # characters of all hidden words together
_RUN = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}?")
_BETWEEN = re.compile(f"{CLOSE}[\\s>]*{OPEN}")
_STRAY = re.compile(f"[{OPEN}{CLOSE}]")
_TORN = re.compile(r"(?<![ \t])[ \t]++\n|\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A text three times: with its hidden words marked, without them, and they alone."""

    marked: str
    seen: str
    hidden: str


def without_marks(text: str) -> str:
    """What a mail itself may not say: our marks."""
    return _STRAY.sub("", text) if OPEN in text or CLOSE in text else text


def seen_alone(text: str) -> str:
    """The text without its hidden words."""
    return _RUN.sub("", text)


def told(text: str) -> Told:
    """Hidden words are shown as [hidden: ...], so that nobody takes them for what the reader of the mail saw."""
    if OPEN not in text:
        return Told(marked=text, seen=text, hidden="")
    text = _BETWEEN.sub(" ", text)
    runs = [" ".join(run.split()) for run in _RUN.findall(text)]
    marked = _RUN.sub(lambda run: hidden_mark(" ".join(run[1].split())) if run[1].strip() else "", text)
    seen = _TORN.sub(lambda gap: "\n\n" if gap[0].startswith("\n") else "\n", seen_alone(text))
    return Told(
        marked=without_marks(marked).strip("\n"),
        seen=without_marks(seen).strip("\n"),
        hidden="\n".join(filter(None, runs))[:_KEPT],
    )
