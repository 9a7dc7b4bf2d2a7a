"""The conditions of a rule on what is known beside the words of the mail: details, contact, amount, mailbox, hours.

What they say quotes the policy alone, as the others do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import translate
from re import IGNORECASE
from re import compile as compile_glob

from processor.policy import When
from processor.policy.routing import AmountWhen
from processor.triage.amounts import Money, amount_of
from processor.triage.facts import Condition, Facts


def compile_circumstances(when: When) -> Iterator[Condition]:
    """The conditions of these kinds that this table names."""
    if when.mailbox:
        yield _one_of("mailbox", when.mailbox, lambda facts: facts.beside.mailbox)
    if when.contact:
        yield _one_of("contact", when.contact, lambda facts: facts.beside.contact_kind or "unknown")
    if when.account:
        yield _account(when.account)
    for name, globs in when.details.items():
        yield _detail(name, globs)
    if when.lacks:
        yield _lacks(when.lacks)
    if when.amount is not None:
        yield _amount(when.amount)
    if when.calendar is not None:
        yield _calendar(when.calendar)
    if when.people is not None:
        yield _people(when.people)
    if when.request_type:
        yield _one_of("request_type", when.request_type, lambda facts: facts.request_type)
    if when.urgent is not None:
        yield _urgent(when.urgent)


def _one_of(key: str, wanted: tuple[str, ...], value: Callable[[Facts], str | None]) -> Condition:
    def found(facts: Facts) -> str:
        return f"{key}: {value(facts)}" if value(facts) in wanted else ""

    return Condition(found=found, lacking=f"{key}: not {' or '.join(wanted)}")


def _account(globs: tuple[str, ...]) -> Condition:
    matching = _first_match(globs)

    def found(facts: Facts) -> str:
        glob = next((glob for account in facts.beside.accounts if (glob := matching(account))), None)
        return f"account: {glob!r}" if glob else ""

    return Condition(found=found, lacking=f"account: none of {len(globs)}")


def _detail(name: str, globs: tuple[str, ...]) -> Condition:
    matching = _first_match(globs)

    def found(facts: Facts) -> str:
        values = (detail.value for detail in facts.beside.details if detail.name == name)
        glob = next((glob for value in values if (glob := matching(value))), None)
        return f"details: {name} is {glob!r}" if glob else ""

    return Condition(found=found, lacking=f"details: {name} is none of {len(globs)}")


def _lacks(names: tuple[str, ...]) -> Condition:
    def found(facts: Facts) -> str:
        stated = {detail.name for detail in facts.beside.details}
        absent = next((name for name in names if name not in stated), None)
        return f"lacks: {absent}" if absent else ""

    return Condition(found=found, lacking=f"lacks: {' and '.join(names)} there")


def _amount(wanted: AmountWhen) -> Condition:
    bounds = [f"over {wanted.over}"] if wanted.over is not None else []
    bounds += [f"under {wanted.under}"] if wanted.under is not None else []
    said = f"{' and '.join(bounds)} {wanted.currency}"

    def found(facts: Facts) -> str:
        amounts = (amount_of(detail.value) for detail in facts.beside.details if detail.name == wanted.detail)
        return f"amount: {said}" if any(one is not None and _within(one, wanted) for one in amounts) else ""

    return Condition(found=found, lacking=f"amount: none {said}")


def _within(money: Money, wanted: AmountWhen) -> bool:
    over = wanted.over is None or money.value > wanted.over
    return money.currency == wanted.currency and over and (wanted.under is None or money.value < wanted.under)


def _calendar(side: str) -> Condition:
    def found(facts: Facts) -> str:
        if facts.hours is None or facts.beside.received_at is None:
            return ""
        inside = facts.hours.inside(facts.beside.received_at, facts.queue)
        return f"calendar: {side} the answer windows" if inside is (side == "inside") else ""

    return Condition(found=found, lacking=f"calendar: not {side} the answer windows")


def _people(state: str) -> Condition:
    def found(facts: Facts) -> str:
        if facts.hours is None or facts.beside.received_at is None:
            return ""
        free = facts.hours.free(facts.beside.received_at, facts.queue)
        return f"people: {state}" if free is (state == "free") else ""

    return Condition(found=found, lacking=f"people: not {state}")


def _urgent(wanted: bool) -> Condition:
    def found(facts: Facts) -> str:
        return f"urgent: {'yes' if wanted else 'no'}" if facts.urgent is wanted else ""

    return Condition(found=found, lacking=f"urgent: {'no' if wanted else 'yes'}")


def _first_match(globs: tuple[str, ...]) -> Callable[[str], str | None]:
    """Which of these globs a value matches first."""
    compiled = [(glob, compile_glob(translate(glob), IGNORECASE)) for glob in globs]
    return lambda value: next((glob for glob, expression in compiled if expression.match(value)), None)
