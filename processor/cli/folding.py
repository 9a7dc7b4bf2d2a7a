"""A mail's text as a person reads it first: the new words, and one line for each run that is quoted."""

from __future__ import annotations

import re

from ingest.introductions import introduction_end, is_quoted, opens_copy
from ingest.passages import passages
from ingest.signatures import signature_start

_BLANK_LINES = re.compile(r"\n{3,}")


def folded(text: str) -> str:
    """The text with each quoted run, or signature, replaced by a line that says how many lines it has."""
    shown = "".join(_instead_of(one.text) if one.quoted else one.text for one in passages(text))
    return _BLANK_LINES.sub("\n\n", shown).strip()


def _instead_of(run: str) -> str:
    lines = run.strip("\n").split("\n")
    count = sum(1 for line in lines if line.strip())
    quoted = any(
        is_quoted(lines, at) or opens_copy(lines, at) or introduction_end(lines, at) for at in range(len(lines))
    )
    kind = "quoted" if quoted or signature_start(lines, 0, len(lines)) else "signature"
    below = "\n\n" if run.endswith("\n\n") else "\n"
    return (
        f"[{count} {kind} {'line' if count == 1 else 'lines'}; --quoted shows {'it' if count == 1 else 'them'}]{below}"
    )
