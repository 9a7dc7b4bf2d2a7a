"""RE2 patterns over UTF-8: which of many match, asked once, and all that one of them finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import re2

from processor.triage.folding import LIMIT


def octets_of(text: str) -> bytes:
    """What patterns are run over: RE2 works on octets, and turning a str into them costs more than the search."""
    return text[:LIMIT].encode(errors="replace")


def compile_set(patterns: Sequence[str]) -> Callable[[bytes], Collection[int]]:
    """Says which of the patterns, by position, match somewhere: one pass over the octets, however many they are."""
    together = re2.Set.SearchSet()
    for pattern in patterns:
        together.Add(pattern.encode())
    together.Compile()

    def matching(octets: bytes) -> Collection[int]:
        return (together.Match(octets) or ()) if patterns else ()

    return matching


def compile_values(pattern: str) -> Callable[[bytes], Iterator[tuple[int, str]]]:
    """Finds all values of the pattern, with their offsets: its first group that took part, or else the whole match."""
    expression = re2.compile(pattern.encode())
    groups = range(1, expression.groups + 1)

    def values(octets: bytes) -> Iterator[tuple[int, str]]:
        for match in expression.finditer(octets):
            taken = next((number for number in groups if match.start(number) >= 0), 0)
            start, end = match.span(taken)
            yield start, octets[start:end].decode(errors="replace")

    return values
