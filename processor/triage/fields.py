"""Reads the values of structured header fields, whatever nonsense they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.message import Message

Fields = Mapping[str, tuple[str, ...]]  # by name in lower case; the values topmost first

_NEEDS_CARE = re.compile(r'[("\\]')
_SIGNS = frozenset('"\\;=/() \t\n')


def by_name(message: Message) -> Fields:
    """Every field of the header, in one walk."""
    found: dict[str, list[str]] = {}
    for name, value in message.headers:
        found.setdefault(name.lower(), []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def without_comments(value: str) -> str:
    """The value without its comments, nested ones too (RFC 5322 section 3.2.2); an open one ends with the value."""
    return ("".join(character for character, _ in _scan(value)) if "(" in value else value).strip()


def plain_words(value: str) -> str:
    """The value without comments and quotation marks; in what was quoted nothing looks like the field's own signs."""
    if not _NEEDS_CARE.search(value):
        return value
    words = ((character, "_" if character in _SIGNS else character, quoted) for character, quoted in _scan(value))
    return "".join(hidden if quoted else "" if character == '"' else character for character, hidden, quoted in words)


def first_token(value: str) -> str:
    """The value without comments and parameters, in lower case."""
    return without_comments(value).partition(";")[0].strip().lower()


def _scan(value: str) -> Iterator[tuple[str, bool]]:
    """Each character outside of comments, and whether it is the content of a quoted string."""
    depth, quoted, escaped = 0, False, False
    for character in value:
        if escaped or (character == "\\" and (depth or quoted)):
            escaped = not escaped
        elif character == '"' and not depth:
            quoted = not quoted
            yield character, False
            continue
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            continue
        if not depth:
            yield character, quoted
