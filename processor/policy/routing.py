"""The tables of the policy file that say what requests there are and where they go."""

from __future__ import annotations

from typing import Literal, Self

import re2
from pydantic import Field, field_validator, model_validator

from processor.policy.base import Labels, Language, MailAddress, Phrase, Slug, Table

Priority = Literal["normal", "urgent"]


class Queue(Table):
    """A team's queue."""

    label: str = Field(min_length=1)
    team: str = ""
    writes_to_clients: bool = True
    internal_target_hours: int = Field(default=24, ge=1)  # never told to clients (I8)


class Detail(Table):
    """A detail that a request may need: how it is found, and how it is asked for."""

    ask: Labels  # by language: the words that name it to the client
    patterns: tuple[str, ...] = ()  # RE2; the first group, or else the whole match, is the value
    listed: bool = False  # a match may list several values: "4711, 4712 and 4713"
    sender: Literal["name", "address"] | None = None  # also found in the From field
    attachment: bool = False  # an attached document is this detail

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

    @field_validator("details", mode="before")
    @classmethod
    def _names_are_enough(cls, details: object) -> object:
        if not isinstance(details, list | tuple):
            return details
        return [{"detail": item} if isinstance(item, str) else item for item in details]


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

    @field_validator("patterns")
    @classmethod
    def _linear(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return _checked(patterns)

    @property
    def always(self) -> bool:
        return self == When()


class Rule(Table):
    """One row of the routing table. The first that matches decides."""

    name: Slug
    when: When = When()
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
