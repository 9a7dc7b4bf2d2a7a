#!/usr/bin/env python3
"""How well the shipped policy understands the labelled requests: what is asked, whose it is, which details are stated.

    .venv/bin/python bench/understanding.py [--misses build|report|all] [--policy daydesk.toml]

Every mail is read from its octets and decided of as the desk would, as the first mail of a client whom nobody knows.
Both halves are printed, by language too. Misses are told of the half that may be looked at; those of the other one only
where they are asked for by name, since a rule made to fit them spoils the figure. The details are judged twice: those
that the request asks for, and all. What the labels mean is told in tests/messages/requests/README.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.asked import HALVES, Asked, asked  # noqa: E402 - the tests' mails serve here too
from support.judging import Judged, judged, shown, written  # noqa: E402

from ingest.parser import parse  # noqa: E402
from processor import resources  # noqa: E402
from processor.policy import load_policy  # noqa: E402
from processor.triage.context import Claims, Context  # noqa: E402
from processor.triage.verdict import CompiledPolicy, Verdict, compile_policy, triage  # noqa: E402

NOW = datetime(2026, 11, 18, 10, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One mail, what the desk made of it, and how that compares with its label."""

    asked: Asked
    verdict: Verdict
    of_request: Judged  # the details that the labelled request asks for
    of_all: Judged
    shown: tuple[str, ...]  # bank details that people would read

    @property
    def type_is_right(self) -> bool:
        return self.verdict.routing.request_type in self.asked.request_types

    @property
    def queue_is_right(self) -> bool:
        return self.verdict.routing.queue in self.asked.queues

    @property
    def urgency_is_right(self) -> bool:
        return (self.verdict.routing.priority == "urgent") in self.asked.urgent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", choices=("build", "report", "all"))
    parser.add_argument("--policy", type=Path, default=resources.daydesk_toml())
    given = parser.parse_args()
    policy = load_policy(given.policy, resources.shipped_policy)
    read = understood(compile_policy(policy))
    for half in HALVES:
        mails = [one for one in read if one.asked.half == half]
        print(f"half {half}, {len(mails)} mails")
        print("\n".join(figures(mails)), flush=True)
        if given.misses in (half, "all"):
            print("\n".join(line for one in mails for line in misses(one)))
    hit = {one.verdict.routing.rule for one in read}
    print(f"rules without a hit: {', '.join(rule.name for rule in policy.rules if rule.name not in hit) or 'none'}")


def understood(compiled: CompiledPolicy) -> list[Read]:
    """Every labelled mail, through the reader and through triage."""
    return [_read(one, compiled) for one in asked()]


def figures(mails: Sequence[Read]) -> list[str]:
    """A line for each thing that is counted, with its share in every language beside that of all."""
    languages = sorted({one.asked.language for one in mails})
    groups = [list(mails), *([one for one in mails if one.asked.language == language] for language in languages)]
    rows = [
        ("request type right", [_share([one.type_is_right for one in group]) for group in groups]),
        ("queue right", [_share([one.queue_is_right for one in group]) for group in groups]),
        ("urgency right", [_share([one.urgency_is_right for one in group]) for group in groups]),
        ("asked details: precision", [_precision(one.of_request for one in group) for group in groups]),
        ("asked details: recall", [_recall(one.of_request for one in group) for group in groups]),
        ("all details: precision", [_precision(one.of_all for one in group) for group in groups]),
        ("all details: recall", [_recall(one.of_all for one in group) for group in groups]),
    ]
    head = f"    {'':26}{''.join(f'{name:>9}' for name in ('all', *languages))}"
    there = sum(len(written(one.asked)) for one in mails)
    bank = f"    bank details shown: {sum(len(one.shown) for one in mails)} of {there}"
    return [head, *(f"    {name:26}{''.join(f'{share:9.1%}' for share in shares)}" for name, shares in rows), bank]


def misses(one: Read) -> list[str]:
    """What was not read as the label says; nothing where all was."""
    told, routing = one.asked, one.verdict.routing
    found = []
    if not one.type_is_right:
        found.append(f"type {routing.request_type}, not {' or '.join(told.request_types)} (rule {routing.rule})")
    if not one.queue_is_right:
        found.append(f"queue {routing.queue}, not {' or '.join(told.queues)} (rule {routing.rule})")
    if not one.urgency_is_right:
        found.append(f"priority {routing.priority}")
    found += [f"shows {number}" for number in one.shown]
    found += [f"found {kind} = {value!r}" for kind, value in one.of_all.wrong]
    found += [f"missed {kind} = {value!r}" for kind, value in dict.fromkeys(one.of_request.missed + one.of_all.missed)]
    return [told.name, *(f"    {line}" for line in found)] if found else []


def _read(one: Asked, compiled: CompiledPolicy) -> Read:
    verdict = triage(parse(one.raw), Context(received_at=NOW, claims=Claims()), compiled, NOW)
    readable = verdict.readable
    details = [(detail.name, detail.value) for detail in verdict.details]
    types = (compiled.policy.request_types[name] for name in one.request_types)
    asked_for = {needed.detail for kind in types for needed in kind.details}
    return Read(
        asked=one,
        verdict=verdict,
        of_request=judged(one, details, asked_for),
        of_all=judged(one, details),
        shown=shown(one, (readable.subject, readable.text, readable.new_text, *(value for _, value in details))),
    )


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / max(len(answers), 1)


def _precision(results: Iterable[Judged]) -> float:
    counts = [(one.found, len(one.wrong)) for one in results]
    found: int = sum(count for count, _ in counts)
    return 1.0 - sum(wrong for _, wrong in counts) / max(found, 1)


def _recall(results: Iterable[Judged]) -> float:
    counts = [(one.stated, len(one.missed)) for one in results]
    stated: int = sum(count for count, _ in counts)
    return 1.0 - sum(missed for _, missed in counts) / max(stated, 1)


if __name__ == "__main__":
    main()
