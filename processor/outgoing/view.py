"""What an acknowledgement may say. There is no internal field, so nothing internal can get out (I8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from ingest.subject_prefixes import without_prefixes

VALUE_LENGTH = 500  # a longer value is cut: an acknowledgement is short
SUBJECT_LENGTH = 200

# Control characters, line and paragraph separators, bidirectional overrides, and halves of surrogate pairs.
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def one_line(text: str, length: int = VALUE_LENGTH) -> str:
    """The text as a single line without control characters, cut to this many characters."""
    line = _UNWANTED.sub(" ", text).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementView:
    """The values of an acknowledgement's templates: each is one line of data, never a template."""

    reference: str  # of the case, with its prefix: DD-...
    desk_name: str
    desk_address: str
    language: str  # of `promise` and `missing`
    also: tuple[str, ...] = ()  # references of the cases that other teams make of the same mail
    promise: str | None = None  # when a person will have answered, as `wording.promise` writes it
    faq: str | None = None  # a link
    missing: tuple[str, ...] = ()  # labels of the details that we ask for
    found: tuple[tuple[str, str], ...] = ()  # label and value of what was read; only where the sender is authenticated
    subject: str | None = None  # of the client's mail, without "Re:"; only where the sender is authenticated

    def __post_init__(self) -> None:
        for name in ("reference", "desk_name", "desk_address", "language", "promise", "faq"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, one_line(value))
        object.__setattr__(self, "also", tuple(one_line(reference) for reference in self.also))
        object.__setattr__(self, "missing", tuple(one_line(label) for label in self.missing))
        object.__setattr__(self, "found", tuple((one_line(label), one_line(value)) for label, value in self.found))
        if self.subject is not None:
            object.__setattr__(self, "subject", _bare(self.subject) or None)

    def values(self) -> dict[str, Any]:
        """The names that a template may use."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _bare(subject: str) -> str:
    return without_prefixes(one_line(subject, SUBJECT_LENGTH))
