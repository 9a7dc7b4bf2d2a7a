"""How many of the details that were found in a labelled mail are right, and how many of those it states were found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from support.asked import Asked
from support.likeness import alike

LISTED = frozenset(("invoice-number", "credit-note-number", "payment-number"))  # every one of them is to be found
UNJUDGED = frozenset(("contact", "period", "earlier-contact"))  # of which labels tell nothing
_REFERENCES = ("invoice-or-reference", "invoice-number", "customer-reference")
_ALSO = {  # what may stand under another kind's name without being wrong
    "company-name": ("account-name",),
    "account-name": ("company-name",),
    "customer-reference": ("invoice-or-reference",),
    "invoice-or-reference": (*LISTED, "customer-reference"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Kinds and values: found and wrong, stated and not found; and the counts behind precision and recall."""

    found: int
    wrong: tuple[tuple[str, str], ...]
    stated: int
    missed: tuple[tuple[str, str], ...]


def judged(one: Asked, found: Iterable[tuple[str, str]], asked_for: Set[str] | None = None) -> Judged:
    """Of all kinds, or of those alone that the request asks for."""
    values = [(kind, value) for kind, value in found if kind not in UNJUDGED]
    counted = [(kind, value) for kind, value in values if asked_for is None or kind in asked_for]
    stated = list(_stated(one, asked_for))
    return Judged(
        found=len(counted),
        wrong=tuple((kind, value) for kind, value in counted if not _right(one, kind, value)),
        stated=len(stated),
        missed=tuple((kind, options[0]) for kind, options in stated if not _was_found(kind, options, values)),
    )


def _right(one: Asked, kind: str, value: str) -> bool:
    if kind == "name" and one.sender_name and alike(kind, value, one.sender_name):
        return True
    kinds = (kind, *_ALSO.get(kind, ()))
    labels = [label for name in kinds for told in (one.details, one.may, one.documents) for label in told.get(name, ())]
    return any(alike(kind, value, label) for label in labels)


def _stated(one: Asked, asked_for: Set[str] | None) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Each detail that must be found, with the values any of which will do."""
    for kind, options in one.details.items():
        if kind in UNJUDGED or (asked_for is not None and not asked_for & {kind, *_firm(kind)}):
            continue
        if kind == "name" and asked_for is None and any(alike(kind, one.sender_name, option) for option in options):
            continue  # From tells it, and people see that
        if kind in LISTED:
            yield from ((kind, (option,)) for option in options)
        else:
            yield kind, options
    if asked_for and "invoice-or-reference" in asked_for and "invoice-or-reference" not in one.details:
        options = tuple(option for kind in _REFERENCES for option in one.details.get(kind, ()))
        if options:
            yield "invoice-or-reference", options


def _firm(kind: str) -> tuple[str, ...]:
    """A firm is wanted under either of its names."""
    return _ALSO[kind] if kind in ("company-name", "account-name") else ()


def _was_found(kind: str, options: tuple[str, ...], found: Iterable[tuple[str, str]]) -> bool:
    kinds = {kind, *_firm(kind)}
    return any(name in kinds and alike(kind, value, option) for name, value in found for option in options)


def shown(one: Asked, texts: Iterable[str]) -> tuple[str, ...]:
    """The bank details written in the mail itself that stand in any of these texts, whatever their grouping."""
    signs = [_signs(text) for text in texts]
    return tuple(number for number in written(one) if any(_account(number) in text for text in signs))


def written(one: Asked) -> tuple[str, ...]:
    """The bank details in the mail's own text, not those that only an attachment holds."""
    return tuple(number for number in one.bank if _account(number) in _signs(f"{one.subject} {one.text}"))


def _account(number: str) -> str:
    """The number of the account itself, where a code of the bank goes with it."""
    return _signs(max(number.split(), key=len))


def _signs(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
