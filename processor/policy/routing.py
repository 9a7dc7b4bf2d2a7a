"""The tables of the policy file that say what requests there are and where they go."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

import re2
from pydantic import Field, field_validator, model_validator

from processor.policy.base import Labels, Language, MailAddress, Phrase, Slug, Table, Term
from processor.policy.calendar import AnswerWindow, Cycle

CURRENCY = r"^[A-Z]{3}$"

Priority = Literal["normal", "urgent"]
ContactKind = Literal["client", "interpreter", "vendor", "colleague", "unknown"]
Currency = Annotated[str, Field(pattern=CURRENCY)]
Reads = Literal[
    "invoice-number",
    "credit-note-number",
    "payment-number",
    "customer-number",
    "cheque-number",
    "paper-number",
    "amount",
    "payment-date",
    "person",
    "company",
    "phone",
    "tax-id",
    "period",
]


class Queue(Table):
    """A team's queue."""

    label: str = Field(min_length=1)
    team: str = ""
    writes_to_clients: bool = True
    internal_target_hours: int = Field(default=24, ge=1)  # never told to clients (I8)
    answer_windows: tuple[AnswerWindow, ...] = ()  # when its team answers, by the desk's clock; else the calendar's
    owners: tuple[str, ...] = ()  # its people, in order
    assign: Literal["none", "fixed", "round-robin", "least-loaded"] = "none"  # whose a new case is at once

    @model_validator(mode="after")
    def _somebody_to_assign(self) -> Self:
        if self.assign != "none" and not self.owners:
            raise ValueError(f'assign = "{self.assign}" needs owners, such as owners = ["ada", "bob"]')
        if len(set(self.owners)) < len(self.owners) or not all(self.owners):
            raise ValueError("owners names somebody twice, or nobody")
        return self


class Detail(Table):
    """A detail that a request may need: how it is found, and how it is asked for."""

    ask: Labels  # by language: the words that name it to the client
    reads: Reads | None = None  # a reader of the desk's own, which knows more than patterns can
    patterns: tuple[str, ...] = ()  # RE2; the first group, or else the whole match, is the value
    listed: bool = False  # a match may list several values: "4711, 4712 and 4713"
    sender: Literal["name", "address"] | None = None  # also found in the From field
    attachment: bool = False  # an attached document is this detail
    only_asked: bool = False  # kept only where the request asks for it, since many mails name such a thing in passing

    @field_validator("patterns")
    @classmethod
    def _linear(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(patterns)


class DetailAsk(Table):
    """A mandatory detail of a request type, always or under a condition."""

    detail: Slug
    when_detail: Slug | None = None  # asked for only where this other detail was found ...
    holds: tuple[str, ...] = ()  # ... with one of these words in its value

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.when_detail is None) != (not self.holds):
            raise ValueError("when_detail and holds go together")
        return self


class RequestType(Table):
    """A kind of request, its queue and its mandatory details."""

    label: Labels
    queue: Slug
    details: tuple[DetailAsk, ...] = ()
    changes_bank_details: bool = False  # true: a new mail that is read as one asks that money go elsewhere
    cycle: Cycle | None = None  # a weekly round of payments: its cases show their dates
    examples: tuple[str, ...] = ()  # mails in short that get this request type by whichever rule; as those of a rule

    @field_validator("details", mode="before")
    @classmethod
    def _names_are_enough(cls, details: object) -> object:
        if not isinstance(details, list | tuple):
            return details
        return [{"detail": item} if isinstance(item, str) else item for item in details]


class AmountWhen(Table):
    """What an amount is compared with. Amounts in other currencies, or in none, do not count."""

    currency: Currency
    over: Decimal | None = None
    under: Decimal | None = None
    detail: Slug = "amount"  # the detail that is an amount

    @model_validator(mode="after")
    def _compared_with_something(self) -> Self:
        if self.over is None and self.under is None:
            raise ValueError('needs over or under, such as { over = 10000, currency = "EUR" }')
        return self


class When(Table):
    """Conditions, all of which must hold; a list holds where one of its members does. An empty one always holds.

    Words are whole words or phrases, compared without case, accents and punctuation; a last * stands for any ending.
    """

    words: tuple[Phrase, ...] = ()  # in the subject or the writer's own words
    and_words: tuple[Phrase, ...] = ()  # one of these too
    subject_words: tuple[Phrase, ...] = ()
    not_words: tuple[Phrase, ...] = ()  # none of these
    patterns: tuple[str, ...] = ()  # RE2, on the subject and the writer's own words
    sender: tuple[str, ...] = ()  # address or domain, * allowed: *@bank.example
    recipient: tuple[str, ...] = ()
    attachment: tuple[str, ...] = ()  # name or type, * allowed: *.pdf, image/*
    language: tuple[Language, ...] = ()
    automatic: bool | None = None  # written by a machine?
    mailbox: tuple[Slug, ...] = ()  # of the desk, by name, that it came to
    contact: tuple[ContactKind, ...] = ()  # what the sender is to us; unknown: his address is not on file
    account: tuple[str, ...] = ()  # name or number of the sender's account on file, * allowed
    details: dict[Slug, tuple[str, ...]] = Field(default_factory=dict)  # by name: values, * allowed; ["*"]: any value
    lacks: tuple[Slug, ...] = ()  # details that the mail does not state
    amount: AmountWhen | None = None  # an amount that the mail states
    calendar: Literal["inside", "outside"] | None = None  # of the answer windows, at receipt
    people: Literal["free", "busy"] | None = None  # somebody of the queue's owners is there; in [[placing]] alone
    request_type: tuple[Slug, ...] = ()  # as the rules have decided; in [[placing]] and [[urgency]] alone
    urgent: bool | None = None  # as rules and urgency rows have decided; in [[placing]] alone

    @field_validator("patterns")
    @classmethod
    def _linear(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(patterns)

    @field_validator("details", mode="before")
    @classmethod
    def _one_value_is_enough(cls, details: object) -> object:
        if not isinstance(details, dict):
            return details
        return {name: [value] if isinstance(value, str) else value for name, value in details.items()}

    @property
    def always(self) -> bool:
        return self == When()


class Evidence(Table):
    """Something that speaks for a rule, or against it, and how much. What is heard at its best place counts, once.

    In the subject and in sentences that ask it counts half as much again as in those that tell.
    """

    all: tuple[Term, ...] = ()  # names of the vocabulary, each to be met; "invoice|bill": one of these
    none: tuple[Term, ...] = ()  # none of these beside them
    where: Literal["sentence", "request", "subject", "mail"] = "sentence"  # where all of them are to be met together
    learned: Slug | None = None  # a label of `word_weights`: what all words of the mail together say of it
    when: When = Field(default_factory=When)  # conditions of the whole mail
    weight: float = Field(ge=-100, le=100)  # what it counts; less than 0 speaks against the rule

    @model_validator(mode="after")
    def _words_or_learned(self) -> Self:
        if self.learned and (self.all or self.none or self.where != "sentence"):
            raise ValueError("looks at the whole mail where it has learned: it can have no all, none or where")
        return self


class Rule(Table):
    """One row of the routing table. The first that matches decides; of neighbours that weigh, the heaviest."""

    name: Slug
    when: When = Field(default_factory=When)
    evidence: tuple[Evidence, ...] = ()  # what it weighs: the rule takes the mails for which this comes to `enough`
    enough: float = Field(default=2, gt=0)  # how much that is at least
    request_type: Slug | None = None
    queue: Slug | None = None  # else the request type's
    priority: Priority = "normal"
    # Mails in short that this rule must win, run by `daydesk check`: the subject, then lines such as
    # "From: a@b.example", "To:", "Attachment: x.pdf", "Language: fr" or "Automatic: yes"; a blank line; the text.
    examples: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.request_type is None and self.queue is None:
            raise ValueError("needs a queue or a request_type")
        return self


class Placing(Table):
    """Moves a case to another queue by facts, once the rules have said what it asks for. The first that holds moves."""

    name: Slug
    when: When
    queue: Slug
    examples: tuple[str, ...] = ()  # mails in short that this row must move, as those of a rule

    @model_validator(mode="after")
    def _under_a_condition(self) -> Self:
        if self.when.always:
            raise ValueError('has no condition in "when" and would move every case')
        return self


class Team(Table):
    """A team with addresses of its own among the desk's. A mail to several teams makes a case for each, linked."""

    name: Slug
    addresses: tuple[MailAddress, ...] = Field(min_length=1)
    queues: tuple[Slug, ...] = Field(min_length=1)  # where its case may go by the rules; by none of them, to the first


class Urgency(Table):
    """Makes a case urgent, whatever rule routed it."""

    name: Slug
    when: When


def _checked(patterns: tuple[str, ...]) -> tuple[str, ...]:
    options = re2.Options()
    options.log_errors = False
    for pattern in patterns:
        try:
            re2.compile(pattern, options=options)
        except re2.error as error:
            what = error.args[0] if error.args else "not understood"
            said = what.decode(errors="replace") if isinstance(what, bytes) else str(what)
            raise ValueError(f"{pattern!r} is not an RE2 pattern: {said}") from None
    return patterns
