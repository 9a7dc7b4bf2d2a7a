"""The reasons for which no acknowledgement goes out, as stable codes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from processor.triage.redaction import redact

EVIDENCE_LENGTH = 120  # characters of the mail that a reason quotes


class Code(StrEnum):
    """One condition each; in the order in which they are shown."""

    NULL_SENDER = "NULL_SENDER"
    AUTO_SUBMITTED = "AUTO_SUBMITTED"
    LIST = "LIST"
    PRECEDENCE = "PRECEDENCE"
    SUPPRESS = "SUPPRESS"
    X_AUTO = "X_AUTO"
    LOOP = "LOOP"
    SELF = "SELF"
    SYSTEM = "SYSTEM"
    NOREPLY = "NOREPLY"
    DSN = "DSN"
    MDN = "MDN"
    ARF = "ARF"
    CALENDAR = "CALENDAR"
    NOT_ADDRESSED = "NOT_ADDRESSED"
    AUTH_FAIL = "AUTH_FAIL"
    FROM_AMBIGUOUS = "FROM_AMBIGUOUS"
    SPAM = "SPAM"
    LIMITED = "LIMITED"
    EXISTING = "EXISTING"
    PING_PONG = "PING_PONG"
    RATE_ADDRESS = "RATE_ADDRESS"
    RATE_DOMAIN = "RATE_DOMAIN"
    RATE_ALL = "RATE_ALL"
    SUPPRESSED = "SUPPRESSED"
    STALE = "STALE"
    QUARANTINED = "QUARANTINED"  # of a mail that nobody could read: it never comes as far as a decision
    DRY_RUN = "DRY_RUN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A condition that holds, and what shows it."""

    code: Code
    evidence: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", redact(self.evidence).text[:EVIDENCE_LENGTH])  # people read it (I9)
