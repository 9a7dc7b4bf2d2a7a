"""Finds the details of a request in a mail, and says which mandatory ones are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from ingest.message import Attachment, Message
from processor.policy import Detail, Policy, RequestType
from processor.policy.routing import DetailAsk
from processor.triage.folding import fold
from processor.triage.patterns import compile_set, compile_values, octets_of
from processor.triage.phrases import canonical, needle

MOST_VALUES = 20  # of one detail; a grouped debit names many invoices
MOST_MATCHES = 200  # of one pattern, the same value over and over included
LONGEST_VALUE = 100

Evidence = Literal["subject", "text", "sender", "attachment name"]

_BETWEEN_PLACES = b"\n\x1e\n"  # each place begins a line; no text holds the separator, no pattern takes it for a blank
_BETWEEN_VALUES = re.compile(r"[,;&]\s*|\s(?:and|et|und|y|e)\s")
_SIGNATURE_IMAGE = re.compile(r"image\d{1,4}\.(?:png|gif|jpe?g)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDetail:
    """A detail that the mail states, and where."""

    name: str
    value: str
    evidence: Evidence

    @property
    def stated(self) -> bool:
        """It stands in the writer's own words."""
        return self.evidence in ("subject", "text")


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
        places = _Places.of(message)
        written: dict[str, list[tuple[str, Evidence]]] = {}
        for number in sorted(self._matching(places.octets)):
            name = self._owners[number]
            matches = islice(self._values[number](places.octets), MOST_MATCHES)
            values = ((value, places.evidence(at)) for at, value in matches)
            written.setdefault(name, []).extend(values)
        stated = self._unwritten | written.keys()
        return tuple(
            found
            for name, detail in self._details.items()
            if name in stated
            for found in _distinct(name, detail, (*written.get(name, ()), *_given(detail, places)))
        )


def compile_details(policy: Policy) -> DetailTable:
    """The details that this policy knows; made once, used for every mail."""
    return DetailTable(policy)


def missing(request_type: RequestType, found: Iterable[FoundDetail]) -> tuple[str, ...]:
    """The names of the request's mandatory details that were not found, in the policy's order."""
    values: dict[str, list[str]] = {}
    for item in found:
        values.setdefault(item.name, []).append(item.value)
    asked = (ask.detail for ask in request_type.details if ask.detail not in values and _asked(ask, values))
    return tuple(dict.fromkeys(asked))


def _asked(ask: DetailAsk, values: dict[str, list[str]]) -> bool:
    if ask.when_detail is None:
        return True
    given = [fold(value) for value in values.get(ask.when_detail, ())]
    return any(needle(canonical(word)) in value for word in ask.holds for value in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """What is read in a mail, in one piece: subject, the writer's own words (never the quoted), attachments' names."""

    message: Message
    documents: tuple[Attachment, ...]
    octets: bytes
    text_at: int
    names_at: int

    @classmethod
    def of(cls, message: Message) -> _Places:
        documents = tuple(a for a in message.attachments if not a.inline and not _SIGNATURE_IMAGE.fullmatch(a.name))
        names = "\n".join(document.name.rpartition(".")[0] or document.name for document in documents)
        parts = [octets_of(text) for text in (message.subject, message.new_text, names.replace("_", " "))]
        return cls(
            message=message,
            documents=documents,
            octets=_BETWEEN_PLACES.join(parts),
            text_at=len(parts[0]) + len(_BETWEEN_PLACES),
            names_at=len(parts[0]) + len(parts[1]) + 2 * len(_BETWEEN_PLACES),
        )

    def evidence(self, at: int) -> Evidence:
        if at < self.text_at:
            return "subject"
        return "text" if at < self.names_at else "attachment name"


def _given(detail: Detail, places: _Places) -> Iterator[tuple[str, Evidence]]:
    """What the mail gives without a pattern: its sender and the documents with it."""
    sender = places.message.sender
    if detail.sender and sender:
        yield (sender.name if detail.sender == "name" else sender.address), "sender"
    if detail.attachment:
        yield from ((document.name, "attachment name") for document in places.documents)


def _distinct(name: str, detail: Detail, values: Iterable[tuple[str, Evidence]]) -> Iterator[FoundDetail]:
    seen: set[str] = set()
    for written, evidence in values:
        for part in _BETWEEN_VALUES.split(written) if detail.listed else (written,):
            value = " ".join(part.split()).strip(" .,;:-–")[:LONGEST_VALUE].rstrip()
            if value and value.casefold() not in seen and len(seen) < MOST_VALUES:
                seen.add(value.casefold())
                yield FoundDetail(name=name, value=value, evidence=evidence)
