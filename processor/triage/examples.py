"""Runs the examples of the rules: each must be won by the rule, or moved by the row of [[placing]], that gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ingest.message import Address, Attachment, Message
from processor.policy import Policy
from processor.triage.details.table import DetailTable, compile_details
from processor.triage.facts import NOTHING_ELSE, Circumstances
from processor.triage.language import detect
from processor.triage.routing import Routing, RuleTable

_YES = ("yes", "true")
_SHOWN = 70  # characters of an example that a mistake shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A mail in short, as a policy writes it."""

    message: Message
    language: str | None
    automatic: bool
    beside: Circumstances = NOTHING_ELSE


def run_examples(policy: Policy, table: RuleTable) -> tuple[str, ...]:
    """For each example that another rule wins, that gets another request type than its own, or that its row of
    [[placing]] does not move: which, and why.
    """
    details = compile_details(policy)
    looked = (_mistakes, _other_types, _unmoved)
    return tuple(mistake for look in looked for mistake in look(policy, table, details))


def read_example(text: str, zone: str = "UTC") -> Example:
    """The subject; lines such as `From: a@b.example`, `Attachment: x.pdf`, `Automatic: yes`; a blank line; the text.

    `Received: 2026-11-23 11:45` is a time of the zone.
    """
    head, _, body = text.strip("\n").partition("\n\n")
    subject, *lines = head.splitlines() or [""]
    fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    given = dict(fields)
    message = Message(
        sha256="",
        headers=(),
        from_=tuple(Address(address=value) for name, value in fields if name == "from"),
        to=tuple(Address(address=value) for name, value in fields if name == "to"),
        subject=subject.strip(),
        text=body.strip(),
        new_text=body.strip(),
        attachments=tuple(_attachment(value) for name, value in fields if name == "attachment"),
    )
    return Example(
        message=message,
        language=given.get("language") or detect(body),
        automatic=given.get("automatic", "").lower() in _YES,
        beside=Circumstances(
            mailbox=given.get("mailbox"),
            received_at=_moment(given.get("received", ""), zone),
            contact_kind=given.get("contact"),
            accounts=tuple(value for name, value in fields if name == "account"),
        ),
    )


_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # of an example that does not say when it came


def route_example(table: RuleTable, example: Example, details: DetailTable | None = None) -> Routing:
    """Where the rules send it; with the table of details those that it states count, too."""
    recipients = [address.address for address in example.message.to]
    came = example.beside.received_at or _SOME_DAY
    found = details.find(example.message, came, example.language) if details else ()
    beside = replace(example.beside, details=found or example.beside.details)
    return table.route(example.message, example.language, example.automatic, recipients, beside=beside)


def _moment(written: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        return None


def _attachment(name: str) -> Attachment:
    return Attachment(name=name, declared_type="application/octet-stream", detected_type=None, size=1, sha256="")


def _mistakes(policy: Policy, table: RuleTable, details: DetailTable) -> Iterator[str]:
    for rule in policy.rules:
        for text in rule.examples:
            example = read_example(text, policy.desk.timezone)
            routing = route_example(table, example, details)
            if routing.rule != rule.name:
                winner = f"rule {routing.rule!r} wins it ({routing.trace[_place(routing)].why})"
                own = next((tried.why for tried in routing.trace if tried.rule == rule.name), "it comes later")
                yield f"rule {rule.name!r}, example {_title(example)!r}: {winner}; its own rule: {own}"


def _other_types(policy: Policy, table: RuleTable, details: DetailTable) -> Iterator[str]:
    for name, kind in policy.request_types.items():
        for text in kind.examples:
            example = read_example(text, policy.desk.timezone)
            routing = route_example(table, example, details)
            if routing.request_type != name:
                won = f"rule {routing.rule!r} makes it {routing.request_type!r} ({routing.trace[_place(routing)].why})"
                yield f"request type {name!r}, example {_title(example)!r}: {won}"


def _unmoved(policy: Policy, table: RuleTable, details: DetailTable) -> Iterator[str]:
    for row in policy.placing:
        for text in row.examples:
            example = read_example(text, policy.desk.timezone)
            routing = route_example(table, example, details)
            if routing.placed_by != row.name:
                mover = f"row {routing.placed_by!r} moves it" if routing.placed_by else "nothing moves it"
                why = next((tried.why for tried in routing.placing if tried.rule == row.name), "it comes later")
                yield f"placing {row.name!r}, example {_title(example)!r}: {mover}; its own row: {why}"


def _title(example: Example) -> str:
    return example.message.subject[:_SHOWN]


def _place(routing: Routing) -> int:
    return next(index for index, tried in enumerate(routing.trace) if tried.matched)
