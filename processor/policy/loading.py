"""Reads daydesk.toml and what it includes; names every mistake at once, each with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingest.errors import Configuration
from processor.policy.model import Policy
from processor.policy.source import Place, PolicySource, read_source

_NAMED = ("queues", "details", "request_types")  # tables by key: the operator's own entry replaces the included one
_LISTED = ("rules", "urgency")  # lists: the operator's own entries come first
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a key of this table; look for a spelling mistake",
}


def load_policy(path: Path, shipped: Callable[[str], Path]) -> Policy:
    """The policy of this file. `shipped` finds an included policy of ours by name. Raises Configuration."""
    own = read_source(path)
    included = own.data.pop("include", [])
    if not isinstance(included, list) or not all(isinstance(name, str) for name in included):
        raise Configuration(f'{own.place(("include",))}: include: must be a list of names, such as ["default"]')
    others = [read_source(path.parent / name if name.endswith(".toml") else shipped(name)) for name in included]
    return parse_policy([own, *others], path.parent.resolve())


def parse_policy(sources: list[PolicySource], folder: Path) -> Policy:
    """The policy of these files, the first one's entries before the others'."""
    data, origins = _merged(sources)

    def told(where: Place, what: str) -> str:
        source, inner = _origin(where, origins, sources[0])
        return f"{source.place(inner)}: {'.'.join(str(part) for part in inner)}: {what}"

    try:
        policy = Policy.model_validate({**data, "folder": folder})
    except ValidationError as error:
        raise _configuration([told(_place(item["loc"]), _sentence(dict(item))) for item in error.errors()]) from None
    if mistakes := [told(where, what) for where, what in policy.mistakes()]:
        raise _configuration(mistakes)
    return policy


def _configuration(mistakes: list[str]) -> Configuration:
    head = "The policy has a mistake:" if len(mistakes) == 1 else f"The policy has {len(mistakes)} mistakes:"
    return Configuration("\n  ".join([head, *mistakes]))


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


def _place(loc: tuple[str | int, ...]) -> Place:
    """Pydantic's location without the tags of its unions."""
    return tuple(part for part in loc if part not in ("imap", "maildir", "mbox", "folder") or loc[0] != "mailboxes")


def _sentence(item: dict[str, Any]) -> str:
    if item["type"] in _WORDS:
        return _WORDS[item["type"]]
    message = str(item["msg"]).removeprefix("Value error, ")
    shown = item.get("input")
    return f"{message} (it is {shown!r})" if isinstance(shown, str | int | float) else message
