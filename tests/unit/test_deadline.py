"""A peer that sends an octet now and then is cut in time."""

from __future__ import annotations

import socket
import time

from ingest.deadline import Deadline


def test_a_reader_wakes_up_when_the_deadline_passes() -> None:
    near, far = socket.socketpair()
    with near, far:
        began = time.monotonic()
        with Deadline(0.1, lambda: near) as deadline:
            assert near.recv(1) == b""
        assert deadline.passed
        assert time.monotonic() - began < 5


def test_work_that_ends_in_time_leaves_the_connection_alone() -> None:
    near, far = socket.socketpair()
    with near, far:
        with Deadline(0.05, lambda: near) as deadline:
            far.send(b"x")
            assert near.recv(1) == b"x"
        time.sleep(0.15)
        far.send(b"y")
        assert near.recv(1) == b"y"
        assert not deadline.passed


def test_a_connection_that_is_closed_already_is_no_mishap() -> None:
    near, far = socket.socketpair()
    near.close()
    with far, Deadline(0.01, lambda: near) as deadline:
        time.sleep(0.1)
    assert deadline.passed
