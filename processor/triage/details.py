"""Finds the details of a request in a mail, and says which mandatory ones are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import re2

from ingest.message import Attachment, Message
from processor.policy import Detail, Policy, RequestType
from processor.policy.routing import DetailAsk
from processor.triage.folding import LIMIT, fold
from processor.triage.phrases import canonical, needle

MOST_VALUES = 20  # of one detail; a grouped debit names many invoices
LONGEST_VALUE = 100

Evidence = Literal["subject", "text", "sender", "attachment name"]

_BETWEEN_VALUES = re.compile(r"[,;&]\s*|\s(?:and|et|und|y|e)\s")
_SIGNATURE_IMAGE = re.compile(r"image\d{1,4}\.(?:png|gif|jpe?g)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDetail:
    """A detail that the mail states, and where."""

    name: str
    value: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """What is read in a mail: the writer's own words, never the quoted ones."""

    message: Message
    texts: tuple[tuple[Evidence, bytes], ...]
    documents: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One detail of the policy, made ready."""

    name: str
    detail: Detail
    expressions: tuple[Any, ...]  # RE2, over UTF-8

    def values(self, places: _Places) -> Iterator[tuple[str, Evidence]]:
        for evidence, octets in places.texts:
            for expression in self.expressions:
                for match in expression.finditer(octets):
                    groups = match.groups()
                    value = next((group for group in groups if group is not None), b"") if groups else match.group(0)
                    yield from ((part, evidence) for part in self._parts(value.decode(errors="replace")))
        sender = places.message.sender
        if self.detail.sender and sender:
            yield (sender.name if self.detail.sender == "name" else sender.address), "sender"
        if self.detail.attachment:
            yield from ((document.name, "attachment name") for document in places.documents)

    def _parts(self, value: str) -> list[str]:
        return _BETWEEN_VALUES.split(value) if self.detail.listed else [value]


class DetailTable:
    """The details of a policy, made ready."""

    def __init__(self, policy: Policy) -> None:
        self._rows = tuple(
            _Row(name=name, detail=detail, expressions=tuple(re2.compile(p.encode()) for p in detail.patterns))
            for name, detail in policy.details.items()
        )

    def find(self, message: Message) -> tuple[FoundDetail, ...]:
        """Every detail that the mail states, in the policy's order, each value once."""
        places = _places(message)
        return tuple(found for row in self._rows for found in _distinct(row, places))


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


def _places(message: Message) -> _Places:
    documents = tuple(a for a in message.attachments if not a.inline and not _SIGNATURE_IMAGE.fullmatch(a.name))
    names = "\n".join(document.name.rpartition(".")[0] or document.name for document in documents)
    texts: tuple[tuple[Evidence, str], ...] = (
        ("subject", message.subject),
        ("text", message.new_text),
        ("attachment name", names.replace("_", " ")),
    )
    return _Places(
        message=message,
        texts=tuple((evidence, text[:LIMIT].encode(errors="replace")) for evidence, text in texts if text),
        documents=documents,
    )


def _distinct(row: _Row, places: _Places) -> Iterator[FoundDetail]:
    seen: set[str] = set()
    for raw, evidence in row.values(places):
        value = " ".join(raw.split()).strip(" .,;:-–")[:LONGEST_VALUE].rstrip()
        if value and value.casefold() not in seen:
            seen.add(value.casefold())
            yield FoundDetail(name=row.name, value=value, evidence=evidence)
        if len(seen) == MOST_VALUES:
            return
