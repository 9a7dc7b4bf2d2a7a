"""What a policy file says before it is known whether it is right: tables, lists and words where there are any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

Place = tuple[str | int, ...]
Mistake = tuple[Place, str]  # where, and what is wrong


def unknown(where: Place, name: object, known: Mapping[str, Any]) -> Iterator[Mistake]:
    """The mistake that this name is none of those known."""
    if isinstance(name, str) and name not in known:
        yield where, f"{name!r} is not defined; there are {', '.join(sorted(known)) or 'none'}"


def words(listed: object) -> list[str]:
    """The words of a list."""
    return [word for word in listed if is_word(word)] if isinstance(listed, list) else []


def is_word(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def named(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The table of this name."""
    table = data.get(key)
    return table if isinstance(table, Mapping) else {}


def tables(data: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The tables of this list, each with its place there."""
    listed = data.get(key)
    if not isinstance(listed, list):
        return []
    return [(index, table) for index, table in enumerate(listed) if isinstance(table, Mapping)]
