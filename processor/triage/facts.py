"""What the conditions of a rule look at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from ingest.message import Message
from processor.triage.answer_windows import DeskHours
from processor.triage.details import FoundDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of a mail beside its words."""

    details: tuple[FoundDetail, ...] = ()  # that it states
    mailbox: str | None = None  # of ours, by name
    received_at: datetime | None = None
    contact_kind: str | None = None  # None: the sender's address is not on file
    accounts: tuple[str, ...] = ()  # number and name of the sender's, on file


NOTHING_ELSE = Circumstances()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A mail as the rules see it."""

    message: Message
    language: str | None
    automatic: bool
    recipients: Collection[str]  # addresses
    phrases: Collection[str]  # canonical phrases of the table that the mail holds ...
    subject_phrases: Collection[str]  # ... in its subject
    text_phrases: Collection[str]  # ... in the writer's own words
    octets: tuple[bytes, bytes]  # subject and own words in UTF-8, for RE2
    beside: Circumstances = NOTHING_ELSE
    hours: DeskHours | None = None
    request_type: str | None = None  # as decided so far
    queue: str | None = None  # as decided so far
    urgent: bool = False  # as decided so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a rule. `found` says in words what it found in the mail, or nothing."""

    found: Callable[[Facts], str]
    wanted: bool = True  # False: it fails where something is found
    lacking: str = ""  # why it failed, where nothing is found
