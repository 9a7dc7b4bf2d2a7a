"""Reads daydesk.toml and what it includes; names every mistake at once, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingest.errors import Configuration
from processor.policy.agreement import disagreements, labels_never_learned
from processor.policy.model import Policy
from processor.policy.raw import Mistake, Place
from processor.policy.sentences import sentence
from processor.policy.source import PolicySource, read_source

# tables by key: the operator's own entry replaces the included one
_NAMED = ("queues", "details", "request_types", "vocabulary")
_LISTED = ("rules", "urgency", "placing")  # lists: the operator's own entries come first


def load_policy(path: Path, shipped: Callable[[str], Path]) -> Policy:
    """The policy of this file. `shipped` finds an included policy of ours by name. Raises Configuration."""
    own = _with_words_beside(read_source(path))
    return parse_policy([own, *_included(own, shipped, frozenset({path.resolve()}))], path.parent.resolve())


def _included(by: PolicySource, shipped: Callable[[str], Path], within: frozenset[Path]) -> Iterator[PolicySource]:
    """The files that this one includes, each followed by those that it includes itself."""
    names = by.data.pop("include", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Configuration(f'{by.place(("include",))}: include: must be a list of names, such as ["default"]')
    for name in names:
        try:
            path = by.path.parent / name if name.endswith(".toml") else shipped(name)
            if path.resolve() in within:
                raise Configuration(f"{path} includes itself, by way of this file: take one of the two out.")
            source = _with_words_beside(read_source(path))
        except Configuration as error:
            raise Configuration(f"{by.place(('include',))}: include: {error}") from None
        yield source
        yield from _included(source, shipped, within | {path.resolve()})


def _with_words_beside(source: PolicySource) -> PolicySource:
    """A file of word weights is looked for beside the policy file that names it."""
    name = source.data.get("word_weights", "none")
    if isinstance(name, str) and name != "none":
        source.data["word_weights"] = str(source.path.parent.resolve() / name)
    return source


def parse_policy(sources: list[PolicySource], folder: Path) -> Policy:
    """The policy of these files, the first one's entries before the others'. Raises Configuration."""
    data, origins = _merged(sources)
    mistakes = list(disagreements(data))
    try:
        policy = Policy.model_validate({**data, "folder": folder})
    except ValidationError as error:
        found = [item for item in error.errors() if not _follows(dict(item))]
        mistakes += _joined((_place(item["loc"], data), sentence(dict(item))) for item in found)

    def refuse(found: Iterable[Mistake]) -> None:
        if told := [_told(mistake, origins, sources[0]) for mistake in found]:
            raise _configuration(told)

    refuse(mistakes)
    return policy.held_to(lambda words: refuse(labels_never_learned(policy.rules, words)))


def _told(mistake: Mistake, origins: Origins, first: PolicySource) -> tuple[PolicySource, int, str]:
    """In which file, at which line, and in words."""
    where, what = mistake
    source, inner = _origin(where, origins, first)
    name = ".".join(str(part) for part in inner)
    return source, source.line(inner), f"{source.place(inner)}: {name}: {what}"


def _configuration(mistakes: list[tuple[PolicySource, int, str]]) -> Configuration:
    """The mistakes in the order of the file's lines, one a line."""
    files = list(dict.fromkeys(str(source.path) for source, _, _ in mistakes))
    told = sorted(mistakes, key=lambda mistake: (files.index(str(mistake[0].path)), mistake[1]))
    head = "The policy has a mistake:" if len(told) == 1 else f"The policy has {len(told)} mistakes:"
    return Configuration("\n  ".join([head, *(text for _, _, text in told)]))


Origins = dict[Place, tuple[PolicySource, Place]]


def _merged(sources: list[PolicySource]) -> tuple[dict[str, Any], Origins]:
    """All files as one table, and for each named or listed entry the file and place it came from."""
    data: dict[str, Any] = {}
    origins: Origins = {}
    for source in sources:
        for key, value in source.data.items():
            if key in _NAMED and isinstance(value, dict):
                mine = data.setdefault(key, {})
                for name in value.keys() - mine.keys():
                    origins[key, name] = (source, (key, name))
                data[key] = {**value, **mine}
            elif key in _LISTED and isinstance(value, list):
                mine = data.setdefault(key, [])
                for index, entry in enumerate(value):
                    origins[key, len(mine)] = (source, (key, index))
                    mine.append(entry)
            elif key not in data:
                data[key] = value
                origins[key,] = (source, (key,))
    return data, origins


def _origin(where: Place, origins: Origins, first: PolicySource) -> tuple[PolicySource, Place]:
    for length in (2, 1):
        if found := origins.get(where[:length]):
            source, start = found
            return source, start + where[length:]
    return first, where


def _follows(item: dict[str, Any]) -> bool:
    """A list is called too short where its entries have mistakes: those are told themselves."""
    return item["type"] == "too_short" and bool(item["input"])


def _place(loc: Place, data: Any) -> Place:
    """Pydantic's location without the tags of its unions, which are no keys of the file."""
    if loc[0] == "mailboxes":
        loc = (*loc[:2], *loc[3:])  # the third is the kind
    for depth, part in enumerate(loc):
        if isinstance(data, dict):
            if part not in data:
                return loc[: depth + 1]
            data = data[part]
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part]
        else:
            return loc[:depth]
    return loc


def _joined(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """One mistake a place: where several forms are allowed, pydantic tells of each."""
    by_place: dict[Place, list[str]] = {}
    for where, what in mistakes:
        by_place.setdefault(where, []).append(what)
    return [(where, "; or ".join(dict.fromkeys(whats))) for where, whats in by_place.items()]
