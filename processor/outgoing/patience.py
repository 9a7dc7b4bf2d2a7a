"""How long a server may keep us waiting."""

from __future__ import annotations

import io
import math
import socket
import time
from typing import Any


class Clock:
    """How long the server may take: for its next answer, and for everything about one message."""

    def __init__(self, patience: float) -> None:
        """`patience` is for one answer, in seconds."""
        self._usual_patience = patience

    def start(self, seconds: float) -> None:
        """Another message, which may take this long as a whole, begins."""
        self._end = time.monotonic() + seconds
        self._patience = self._usual_patience

    def wait_for_the_deadline(self) -> None:
        """Who gives up early on a message that was sent whole makes two of it (RFC 5321 section 4.5.3.2.6)."""
        self._patience = math.inf

    def pause(self) -> float:
        """Seconds that the next wait may last. Raises TimeoutError when there are none left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this message is over")
        return min(left, self._patience)


class Answers(io.RawIOBase):
    """What the server says, under the clock: a time-out alone is outlived by a server that says an octet at a time."""

    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        self._sock = sock
        self._clock = clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._clock.pause())
        return self._sock.recv_into(buffer)
