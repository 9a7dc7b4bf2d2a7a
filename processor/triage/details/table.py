"""Finds the details of a policy in a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from ingest.message import Message
from processor.policy import Detail, Policy
from processor.triage.details.found import LONGEST_VALUE, MOST_VALUES, FoundDetail
from processor.triage.details.persons import named
from processor.triage.details.places import Joined, Place, documents_of
from processor.triage.details.readers import READERS, Mail, Value
from processor.triage.patterns import compile_set, compile_values

MOST_MATCHES = 200  # of one pattern, the same value over and over included

_BETWEEN_VALUES = re.compile(r"[,;&]\s*|\s(?:and|et|und|y|e)\s")


class DetailTable:
    """The details of a policy, made ready."""

    def __init__(self, policy: Policy) -> None:
        self._details = policy.details
        self._zone = ZoneInfo(policy.desk.timezone)
        self._own_domains = frozenset(address.rpartition("@")[2].lower() for address in policy.desk.own_addresses)
        self._unwritten = {name for name, detail in policy.details.items() if detail.sender or detail.attachment}
        self._readers = {name: READERS[detail.reads] for name, detail in policy.details.items() if detail.reads}
        owned = [(name, pattern) for name, detail in policy.details.items() for pattern in detail.patterns]
        self._owners = tuple(name for name, _ in owned)
        self._values = tuple(compile_values(pattern) for _, pattern in owned)
        self._matching = compile_set([pattern for _, pattern in owned])  # most patterns find nothing in most mails

    def find(self, message: Message, came: datetime, language: str | None = None) -> tuple[FoundDetail, ...]:
        """Every detail that the mail states, in the policy's order, each value once.

        `came`: INTERNALDATE; days without a year, and "yesterday", are told from it, in the desk's zone.
        """
        mail = Mail(message, came.astimezone(self._zone).date(), language, self._own_domains)
        joined = Joined.of(mail.places)
        values = {
            read: list(read(mail)) for read in set(self._readers.values())
        }  # a firm may be asked for by two names
        written = {name: list(values[read]) for name, read in self._readers.items() if values[read]}
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


def _at(value: str, place: Place, at: int) -> Value:
    return Value(text=value, evidence=place.evidence, line=place.line(at))


def _given(detail: Detail, message: Message) -> Iterator[Value]:
    """What the mail gives without a pattern: its sender and the documents with it."""
    if detail.sender and message.sender:
        given = named(message.sender) if detail.sender == "name" else message.sender.address
        yield Value(text=given, evidence="sender")
    if detail.attachment:
        yield from (Value(text=document.name, evidence="attachment name") for document in documents_of(message))


def _distinct(name: str, detail: Detail, values: Iterable[Value]) -> Iterator[FoundDetail]:
    seen: set[str] = set()
    for one in values:
        for part in _BETWEEN_VALUES.split(one.text) if detail.listed else (one.text,):
            value = " ".join(part.split()).strip(" .,;:-–")[:LONGEST_VALUE].rstrip()
            same = one.normal or value.casefold()
            if value and same not in seen and len(seen) < MOST_VALUES:
                seen.add(same)
                yield FoundDetail(
                    name=name,
                    value=value,
                    evidence=one.evidence,
                    certainty=one.certainty,
                    line=one.line,
                    only_asked=detail.only_asked,
                    normal=one.normal,
                )
