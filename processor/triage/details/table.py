"""Finds the details of a policy in a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ingest.message import Message
from processor.policy import Detail, Policy
from processor.triage.details.found import LONGEST_VALUE, MOST_VALUES, Certainty, Evidence, FoundDetail
from processor.triage.details.places import Joined, Place, documents_of, places_of
from processor.triage.patterns import compile_set, compile_values

MOST_MATCHES = 200  # of one pattern, the same value over and over included

_BETWEEN_VALUES = re.compile(r"[,;&]\s*|\s(?:and|et|und|y|e)\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    text: str
    evidence: Evidence
    line: int | None = None
    certainty: Certainty = "stated"
    normal: str | None = None


class DetailTable:
    """The details of a policy, made ready."""

    def __init__(self, policy: Policy) -> None:
        self._details = policy.details
        self._unwritten = {name for name, detail in policy.details.items() if detail.sender or detail.attachment}
        owned = [(name, pattern) for name, detail in policy.details.items() for pattern in detail.patterns]
        self._owners = tuple(name for name, _ in owned)
        self._values = tuple(compile_values(pattern) for _, pattern in owned)
        self._matching = compile_set([pattern for _, pattern in owned])  # most patterns find nothing in most mails

    def find(self, message: Message) -> tuple[FoundDetail, ...]:
        """Every detail that the mail states, in the policy's order, each value once."""
        joined = Joined.of(places_of(message))
        written: dict[str, list[_Value]] = {}
        for number in sorted(self._matching(joined.octets)):
            name = self._owners[number]
            matches = islice(self._values[number](joined.octets), MOST_MATCHES)
            written.setdefault(name, []).extend(_at(value, *joined.place(at)) for at, value in matches)
        stated = self._unwritten | written.keys()
        return tuple(
            found
            for name, detail in self._details.items()
            if name in stated
            for found in _distinct(name, detail, (*written.get(name, ()), *_given(detail, message)))
        )


def compile_details(policy: Policy) -> DetailTable:
    """The details that this policy knows; made once, used for every mail."""
    return DetailTable(policy)


def _at(value: str, place: Place, at: int) -> _Value:
    return _Value(text=value, evidence=place.evidence, line=place.line(at))


def _given(detail: Detail, message: Message) -> Iterator[_Value]:
    """What the mail gives without a pattern: its sender and the documents with it."""
    if detail.sender and message.sender:
        given = message.sender.name if detail.sender == "name" else message.sender.address
        yield _Value(text=given, evidence="sender")
    if detail.attachment:
        yield from (_Value(text=document.name, evidence="attachment name") for document in documents_of(message))


def _distinct(name: str, detail: Detail, values: Iterable[_Value]) -> Iterator[FoundDetail]:
    seen: set[str] = set()
    for one in values:
        for part in _BETWEEN_VALUES.split(one.text) if detail.listed else (one.text,):
            value = " ".join(part.split()).strip(" .,;:-–")[:LONGEST_VALUE].rstrip()
            if value and value.casefold() not in seen and len(seen) < MOST_VALUES:
                seen.add(value.casefold())
                yield FoundDetail(
                    name=name,
                    value=value,
                    evidence=one.evidence,
                    certainty=one.certainty,
                    line=one.line,
                    normal=one.normal,
                )
