"""One connection through the proxy: two ways, in one thread, with what a rule does to them."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

KEPT = 65_536  # octets looked back at, for what comes in several pieces
PIECE = 65_536


class Way(Enum):
    """Whither octets go."""

    TO_SERVER = "to the server"
    TO_CLIENT = "to the client"


class Fault(Enum):
    """What is done to a connection."""

    NONE = "nothing; for the call alone"
    CUT = "both sides are told that it ended (FIN)"
    RESET = "both sides are told that it broke (RST)"
    STALL = "nothing more passes this way; the other way goes on"
    DRIP = "an octet at a time passes this way"
    SWALLOW = "what either side says is taken and lost, as on a line that broke without a word"


class Doing(Protocol):
    """What a rule does to the connection."""

    @property
    def fault(self) -> Fault: ...

    @property
    def pause(self) -> float: ...


class Obeyed(Protocol):
    """The rules, as a connection asks about them."""

    def places(self, way: Way, window: bytes, start: int, new: int) -> Sequence[tuple[int, Doing]]:
        """Where something may happen: the window begins at octet `start` of this way, and is new from `new` on."""

    def happens(self, rule: Doing) -> bool:
        """Whether it does, now that all that comes before the place has been sent."""


class _Over(Exception):
    """The connection has ended."""


@dataclass(slots=True)
class _Lane:
    """The octets of one way."""

    way: Way
    source: socket.socket
    target: socket.socket
    came: int = 0  # octets so far
    tail: bytes = b""  # the last of them
    waiting: bytearray = field(default_factory=bytearray)  # those that came and are not sent on
    places: list[tuple[int, Doing]] = field(default_factory=list)  # where something may happen, in order
    ended: bool = False  # the source has said its last
    stalled: bool = False
    pause: float = 0.0  # between two octets
    drips_at: float = 0.0

    @property
    def reads(self) -> bool:
        return not (self.ended or self.stalled or self.waiting)

    @property
    def writes(self) -> bool:
        return bool(self.waiting) and not self.stalled and time.monotonic() >= self.drips_at

    @property
    def rests(self) -> float | None:
        """Until when there is nothing to do, in seconds."""
        return max(0.0, self.drips_at - time.monotonic()) if self.pause and self.waiting else None


class Connection:
    """Runs until both sides have ended, or until `end` can be read."""

    def __init__(self, client: socket.socket, server: socket.socket, end: socket.socket, rules: Obeyed) -> None:
        self._lanes = (_Lane(Way.TO_SERVER, client, server), _Lane(Way.TO_CLIENT, server, client))
        self._end = end
        self._rules = rules
        self._swallows = False

    def run(self) -> None:
        for lane in self._lanes:
            lane.source.setblocking(False)
            if lane.source.family == socket.AF_INET:
                lane.source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(_Over, OSError):
            for lane in self._lanes:
                self._look(lane, b"")
                self._send(lane)
            while not all(lane.ended and not lane.waiting for lane in self._lanes):
                self._turn()

    def _turn(self) -> None:
        """Wait until something can be done, and do it."""
        reading = [lane.source for lane in self._lanes if lane.reads]
        writing = [lane.target for lane in self._lanes if lane.writes]
        rests = [rest for lane in self._lanes if (rest := lane.rests) is not None]
        readable, writable, _ = select.select([self._end, *reading], writing, [], min(rests, default=None))
        if self._end in readable:
            raise _Over
        for lane in self._lanes:
            if lane.source in readable and lane.reads:
                self._take(lane, lane.source.recv(PIECE))
            elif lane.target in writable and lane.writes:
                self._send(lane)

    def _take(self, lane: _Lane, octets: bytes) -> None:
        lane.ended = not octets
        if self._swallows:
            return
        if octets:
            self._look(lane, octets)
        self._send(lane)

    def _look(self, lane: _Lane, octets: bytes) -> None:
        """Where in what came something may happen."""
        window = lane.tail + octets
        found = self._rules.places(lane.way, window, lane.came - len(lane.tail), lane.came)
        lane.places = sorted([*lane.places, *found], key=lambda place: place[0])
        lane.came += len(octets)
        lane.tail = window[-KEPT:]
        lane.waiting += octets

    def _send(self, lane: _Lane) -> None:
        """All up to the next place, then what happens there, and so on."""
        while True:
            self._do_what_is_due(lane)
            if lane.stalled or not lane.waiting:
                break
            passed = lane.came - len(lane.waiting)
            many = lane.places[0][0] - passed if lane.places else len(lane.waiting)
            try:
                sent = lane.target.send(lane.waiting[: 1 if lane.pause else many])
            except BlockingIOError:
                return
            del lane.waiting[:sent]
            if lane.pause:
                lane.drips_at = time.monotonic() + lane.pause
                break
        if lane.ended and not lane.waiting and not self._swallows:
            lane.target.shutdown(socket.SHUT_WR)

    def _do_what_is_due(self, lane: _Lane) -> None:
        while lane.places and lane.places[0][0] <= lane.came - len(lane.waiting):
            _, rule = lane.places.pop(0)
            if self._rules.happens(rule):
                self._do(lane, rule)

    def _do(self, lane: _Lane, rule: Doing) -> None:
        if rule.fault in (Fault.CUT, Fault.RESET):
            self._hang_up(reset=rule.fault is Fault.RESET)
            raise _Over
        if rule.fault is Fault.STALL:
            lane.stalled = True
        elif rule.fault is Fault.DRIP:
            lane.pause = rule.pause
        elif rule.fault is Fault.SWALLOW:
            self._swallows = True
            for each in self._lanes:
                each.waiting.clear()
                each.places.clear()

    def _hang_up(self, *, reset: bool) -> None:
        """The sockets are closed by whoever opened them; what is unread in one would turn its end into a reset."""
        for lane in self._lanes:
            if reset:
                lane.source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                with suppress(OSError):
                    lane.source.shutdown(socket.SHUT_WR)
                    while lane.source.recv(PIECE):
                        pass
