"""An event that a thread can await together with a socket, without looking at it again and again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Bell(threading.Event):
    """Set, cleared and awaited like any event; within `audible` it is heard by a selector as well."""

    def __init__(self) -> None:
        super().__init__()
        self._ringing = threading.Lock()
        self._rope: socket.socket | None = None

    def set(self) -> None:
        super().set()
        with self._ringing:
            if self._rope is not None:
                self._ring(self._rope)

    @contextmanager
    def audible(self) -> Iterator[socket.socket]:
        """A socket that can be read from once the bell was rung, be it before. For one thread at a time."""
        ear, rope = socket.socketpair()
        with ear, rope:
            rope.setblocking(False)
            with self._ringing:
                self._rope = rope
                if self.is_set():
                    self._ring(rope)
            try:
                yield ear
            finally:
                with self._ringing:
                    self._rope = None

    @staticmethod
    def _ring(rope: socket.socket) -> None:
        try:
            rope.send(b"\0")
        except BlockingIOError:
            return  # it was rung so often that nobody can miss it
