"""Long work in pieces of bounded size."""

from __future__ import annotations

from ingest.batches import BEGINNING, batches, beginning, pieces, windows
from ingest.mailbox import Limits


def test_windows_cover_the_range_without_gap_or_overlap() -> None:
    assert list(windows(4, 12, 4)) == [(4, 7), (8, 11), (12, 12)]


def test_an_empty_range_has_no_window() -> None:
    assert list(windows(5, 4, 10)) == []


def test_pieces_keep_the_order_and_are_at_most_so_long() -> None:
    assert [list(piece) for piece in pieces(range(5), 2)] == [[0, 1], [2, 3], [4]]


def test_a_batch_ends_before_it_grows_too_large() -> None:
    limits = Limits(batch_messages=3, batch_bytes=10, message_bytes=100)
    assert list(batches([4, 6, 1, 1, 1, 1, 30, 2], lambda size: size, limits)) == [[4, 6], [1, 1, 1], [1], [30], [2]]


def test_a_message_above_the_limit_counts_by_its_beginning() -> None:
    limits = Limits(batch_bytes=2 * BEGINNING, message_bytes=BEGINNING)
    assert list(batches([10**9, 10**9, 1], lambda size: size, limits)) == [[10**9, 10**9], [1]]


def test_nothing_gives_no_batch() -> None:
    assert list(batches([], lambda size: size, Limits())) == []


def test_the_beginning_is_never_longer_than_a_message_may_be() -> None:
    assert beginning(Limits(message_bytes=100)) == 100
    assert beginning(Limits()) == BEGINNING
