"""Cuts long work into pieces of bounded size: UID windows, lists of UIDs, batches by count and octets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from ingest.mailbox import Limits

T = TypeVar("T")

BEGINNING = 65_536  # octets taken of a message that is too large to fetch whole: its header, and what it is about


def windows(low: int, high: int, width: int) -> Iterator[tuple[int, int]]:
    """Ranges (first, last) of at most `width` numbers that cover low..high; none where low is above high."""
    for first in range(low, high + 1, width):
        yield first, min(first + width - 1, high)


def pieces(items: Iterable[T], length: int) -> Iterator[Sequence[T]]:
    """The items in lists of at most `length`."""
    source = iter(items)
    while piece := list(islice(source, length)):
        yield piece


def beginning(limits: Limits) -> int:
    """How many octets are fetched of a message above the limit."""
    return min(BEGINNING, limits.message_bytes)


def batches(items: Iterable[T], size: Callable[[T], int], limits: Limits) -> Iterator[Sequence[T]]:
    """The items in order, each batch within the limits; one large message is a batch of its own.

    `size` is the whole message's; one above the limit counts by the beginning that is fetched of it.
    """
    batch: list[T] = []
    octets = 0
    for item in items:
        cost = size(item) if size(item) <= limits.message_bytes else beginning(limits)
        if batch and (len(batch) >= limits.batch_messages or octets + cost > limits.batch_bytes):
            yield batch
            batch, octets = [], 0
        batch.append(item)
        octets += cost
    if batch:
        yield batch
