"""One TOML file of a policy, with the line of each of its keys, so that a mistake can be shown where it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from ingest.errors import Configuration, in_words
from processor.policy.raw import Place

_HEADING = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_LONG_STRING = re.compile(r"\"{3}|'{3}")
_AT_LINE = re.compile(r"\(at line (\d+)")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


@dataclass(frozen=True, kw_only=True)
class PolicySource:
    """What a policy file says, and where."""

    path: Path
    data: dict[str, Any]
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> dict[Place, int]:
        """Where each key stands; asked for by those alone who have a mistake to tell."""
        return dict(_lines(self.text))

    def line(self, where: Place) -> int:
        """The line of the nearest key at or above this one; 0 where there is none."""
        return next(
            (self.lines[where[:length]] for length in range(len(where), 0, -1) if where[:length] in self.lines), 0
        )

    def place(self, where: Place) -> str:
        """`file:line` of the nearest key at or above this one."""
        line = self.line(where)
        return f"{self.path}:{line}" if line else str(self.path)


def read_source(path: Path) -> PolicySource:
    """The file, read; raises Configuration where it cannot be, or is not TOML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Configuration(
            f"There is no {path.absolute()}: write one with `daydesk init`, or name yours with --config."
        ) from None
    except OSError as error:
        raise Configuration(f"{path} cannot be read ({in_words(error)}): may this user read it?") from None
    except UnicodeDecodeError:
        raise Configuration(f"{path} is not text in UTF-8: save it as such.") from None
    try:
        data = dict(_parsed(text))
    except tomllib.TOMLDecodeError as error:
        raise Configuration(f"{_spot(path, str(error))}: is not TOML: {error}; mend the line") from None
    return PolicySource(path=path, data=data, text=text)


@lru_cache(maxsize=16)  # of a policy read anew it is mostly the operator's own file that has changed
def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _spot(path: Path, message: str) -> str:
    line = _AT_LINE.search(message)
    return f"{path}:{line[1]}" if line else str(path)


def _lines(text: str) -> Iterator[tuple[Place, int]]:
    """The place of each heading and key; keys inside inline tables are found by the key that holds them."""
    table: Place = ()
    counts: dict[Place, int] = {}
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        inside, quote = bool(quote), _quote_after(line, quote)
        if inside:
            continue  # words of a string, which may look like a heading
        if heading := _HEADING.match(line):
            names = _parts(heading[2])
            table = _indexed(names, counts, is_list=heading[1] == "[[")
            yield table, number
        elif key := _KEY.match(line):
            names = _parts(key[1])
            for length in range(1, len(names) + 1):
                yield table + names[:length], number


def _quote_after(line: str, quote: str) -> str:
    """The quotation mark of the string of several lines that is open at the end of the line, or nothing."""
    for mark in _LONG_STRING.findall(line):
        if not quote:
            quote = mark
        elif mark == quote:
            quote = ""
    return quote


def _indexed(names: tuple[str, ...], counts: dict[Place, int], *, is_list: bool) -> Place:
    """The path of a heading, with the number of the list entry that each of its names stands for."""
    place: Place = ()
    for position, name in enumerate(names):
        place += (name,)
        if is_list and position == len(names) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place += (counts[place],)
    return place


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
