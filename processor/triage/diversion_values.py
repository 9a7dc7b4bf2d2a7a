"""The values of payment diversion: a signal, and what all signals of a mail come to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a mail smells of payment diversion; from HOLD on two people must confirm."""

    NONE = "none"
    NOTE = "note"
    WARN = "warn"
    HOLD = "hold"


LEVELS = tuple(Level)


class Code(StrEnum):
    """What a signal is; each has its weight in the policy, under the same name with _ in place of -."""

    CHANGE_REQUESTED = "change-requested"
    BANK_DIFFERS = "bank-differs"
    INVOICE_COUNTRY = "invoice-country"
    LOOK_ALIKE = "look-alike"
    NOT_OWNER = "not-owner"
    DMARC_FAILED = "dmarc-failed"
    DMARC_ABSENT = "dmarc-absent"
    SECRECY = "secrecy"
    IMITATES_THREAD = "imitates-thread"
    URGENCY = "urgency"
    REPLY_ELSEWHERE = "reply-elsewhere"
    RETURN_PATH_ELSEWHERE = "return-path-elsewhere"
    BANK_GIVEN = "bank-given"
    FIRST_DOMAIN = "first-domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing that smells, told so that people can judge it. Holds no bank detail and no word that the mail chose."""

    code: Code
    evidence: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversion:
    """What all signals of a mail come to."""

    level: Level = Level.NONE
    score: int = 0
    signals: tuple[Signal, ...] = ()

    @property
    def holds(self) -> bool:
        return self.level is Level.HOLD


def higher(one: str, other: str) -> Level:
    """The higher of two levels: a later mail never lowers that of its case."""
    return max(Level(one), Level(other), key=LEVELS.index)
