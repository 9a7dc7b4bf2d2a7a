"""Runs the examples of the rules: each must be won by the rule that gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.message import Address, Attachment, Message
from processor.policy import Policy
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


def run_examples(policy: Policy, table: RuleTable) -> tuple[str, ...]:
    """For each example that another rule wins: which, and why."""
    return tuple(_mistakes(policy, table))


def read_example(text: str) -> Example:
    """The subject; lines such as `From: a@b.example`, `Attachment: x.pdf`, `Automatic: yes`; a blank line; the text."""
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
    )


def route_example(table: RuleTable, example: Example) -> Routing:
    """Where the rules send it."""
    recipients = [address.address for address in example.message.to]
    return table.route(example.message, example.language, example.automatic, recipients)


def _attachment(name: str) -> Attachment:
    return Attachment(name=name, declared_type="application/octet-stream", detected_type=None, size=1, sha256="")


def _mistakes(policy: Policy, table: RuleTable) -> Iterator[str]:
    for rule in policy.rules:
        for text in rule.examples:
            example = read_example(text)
            routing = route_example(table, example)
            if routing.rule != rule.name:
                title = example.message.subject[:_SHOWN]
                winner = f"rule {routing.rule!r} wins it ({routing.trace[_place(routing)].why})"
                own = next((tried.why for tried in routing.trace if tried.rule == rule.name), "it comes later")
                yield f"rule {rule.name!r}, example {title!r}: {winner}; its own rule: {own}"


def _place(routing: Routing) -> int:
    return next(index for index, tried in enumerate(routing.trace) if tried.matched)
