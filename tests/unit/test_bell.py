"""A bell wakes a thread that waits for it, alone or together with a socket."""

from __future__ import annotations

import select
import threading

from ingest.bell import Bell

PATIENCE = 10


def test_it_is_awaited_like_any_event() -> None:
    bell = Bell()
    assert not bell.wait(0)
    threading.Timer(0.02, bell.set).start()
    assert bell.wait(PATIENCE)
    bell.clear()
    assert not bell.is_set()


def test_a_selector_hears_it_when_it_rings() -> None:
    bell = Bell()
    with bell.audible() as ear:
        assert select.select([ear], [], [], 0)[0] == []
        threading.Timer(0.02, bell.set).start()
        assert select.select([ear], [], [], PATIENCE)[0] == [ear]


def test_a_selector_hears_that_it_rang_before() -> None:
    bell = Bell()
    bell.set()
    with bell.audible() as ear:
        assert select.select([ear], [], [], 0)[0] == [ear]


def test_nobody_who_rings_ever_waits_for_a_hearer() -> None:
    bell = Bell()
    with bell.audible() as ear:
        for _ in range(1_000):
            bell.set()
        assert select.select([ear], [], [], 0)[0] == [ear]
    bell.set()
    assert bell.is_set()


def test_what_rang_once_is_not_heard_again_after_it_was_cleared() -> None:
    bell = Bell()
    with bell.audible():
        bell.set()
    bell.clear()
    with bell.audible() as ear:
        assert select.select([ear], [], [], 0)[0] == []
