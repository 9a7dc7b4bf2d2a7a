"""What was found of a detail: its value, where in the mail it stands, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MOST_VALUES = 20  # of one detail; a grouped debit names many invoices
LONGEST_VALUE = 100

Evidence = Literal["subject", "text", "sent-on text", "signature", "sender", "attachment name", "attachment text"]

# "stated": words say what it is, or its form leaves no doubt. "likely": it follows from the place where it stands, from
# its likeness to another value or from the sender's address; a person should look before he relies on it.
Certainty = Literal["stated", "likely"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDetail:
    """A detail that the mail states, and where."""

    name: str
    value: str  # as people read it; of a date the day itself (ISO 8601), however it was written
    evidence: Evidence
    certainty: Certainty = "stated"
    line: int | None = None  # from 1, of the writer's own words or of the document; None of what has no lines
    only_asked: bool = False  # nothing to be kept of a mail that is not asked for it
    normal: str | None = None  # to compare and count with: "1234.56 EUR", "2026-11-04"; None: the value itself

    @property
    def worth_keeping(self) -> bool:
        """Whatever the request asks for: the writer wrote it, it is no field's, no file's and no document's."""
        return not self.only_asked and self.evidence in ("subject", "text", "sent-on text", "signature")


def where(evidence: str | None, line: int | None, certainty: str | None) -> str:
    """In which place of the mail a detail was found; and where it is not stated there, that it is only likely."""
    place = f"{evidence}, line {line}" if line else evidence or "not known where"
    return f"{place}; likely" if certainty == "likely" else place
