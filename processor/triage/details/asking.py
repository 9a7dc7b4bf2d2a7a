"""Says which mandatory details of a request are missing."""

from __future__ import annotations

from collections.abc import Iterable

from processor.policy import RequestType
from processor.policy.routing import DetailAsk
from processor.triage.details.found import FoundDetail
from processor.triage.folding import fold
from processor.triage.phrases import canonical, needle


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
