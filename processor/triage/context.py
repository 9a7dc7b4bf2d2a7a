"""What triage must know beside the mail itself; the store looks it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from processor.triage.contact import KnownContact


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The cases of ours that a mail names, before anybody knows whether they exist."""

    proven: tuple[str, ...] = ()  # references under a token that only our key makes; the nearest one first
    written: tuple[str, ...] = ()  # references with a right check character, which anybody can write


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A mail of ours to one recipient, as the outbox has it."""

    id: int
    purpose: str  # acknowledgement
    message_id: str
    recipient: str
    envelope_from: str = ""  # our signed address, to which reports on it come; empty: the null sender


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """A case that the mail may belong to; of merged ones the survivor, with what was sent of all of them."""

    id: int
    reference: str
    status: str
    acknowledged: bool  # its one acknowledgement row exists
    participants: frozenset[str]  # addresses, case-folded
    sent: tuple[SentMail, ...] = ()  # the latest first
    queue: str = ""
    closed_at: datetime | None = None  # since when it is resolved or closed
    promise_at: datetime | None = None
    first_response_at: datetime | None = None
    held: bool = False  # a mail of it smelt of payment diversion, whether or not two people have confirmed since


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An acknowledgement of the last 24 hours."""

    mailbox: str  # whom it reached, as `correspondent.mailbox_of` writes it
    reference: str  # of the case that it acknowledged
    made_at: datetime
    sent_at: datetime  # when the server took it; as `made_at` where it has not yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The acknowledgements that went out lately, by what they have in common with this mail."""

    same_subject_day: int = 0  # to this address, for the same bare subject, in the last 24 hours
    address_day: int = 0
    domain_hour: int = 0
    all_hour: int = 0
    given: tuple[Given, ...] = ()  # to this mailbox; of a domain that strangers do not share, to every mailbox there


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The desk as one mail meets it."""

    received_at: datetime  # INTERNALDATE, UTC (I6)
    claims: Claims  # the cases of ours that the mail names, verified by key or merely written
    cases: Mapping[str, KnownCase] = field(default_factory=dict)  # by reference, of those claimed
    related: tuple[str, ...] = ()  # references of cases that hold a Message-ID which this mail names
    duplicate_of: int | None = None  # the ledger row with the same bytes
    copy_of: int | None = None  # the ledger row of the same mail, which came another way
    suppressed: str | None = None  # why this sender's address is on the suppression list
    answered: Answered = field(default_factory=Answered)
    oversize: bool = False
    mailbox: str | None = None  # of ours that it came to, by name
    contact_language: str | None = None  # of the sender's latest mail that told one
    contact: KnownContact | None = None  # what is on file of the sender's address, or that it was learned
    domain_known: bool = True  # the sender's domain is on file, or a person of it has written before
    kin: tuple[str, ...] = ()  # domains on file that the sender's may look like
    salt: bytes = field(default=b"", repr=False)  # of the digests of bank accounts on file
