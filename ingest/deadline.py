"""Ends what takes too long as a whole: a peer that sends an octet a second outlives every socket time-out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self


class Deadline:
    """A `with` block that may take so many seconds; after them the socket is shut, so that the reader wakes up.

    `passed` tells why the block failed. The socket is asked for only then, since STARTTLS replaces it.
    """

    def __init__(self, seconds: float, socket_now: Callable[[], socket.socket]) -> None:
        self.passed = False
        self._socket_now = socket_now
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        with suppress(OSError):  # it was closed in the meantime
            # The plain socket's method: an SSLSocket's own would pull its TLS state from under the reader.
            socket.socket.shutdown(self._socket_now(), socket.SHUT_RDWR)
