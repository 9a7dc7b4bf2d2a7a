"""A proxy on the loopback that cuts, stalls, slows down or swallows a connection at the octet that a test names."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from support.proxied import Connection, Doing, Fault, Way

__all__ = ["LITERAL", "Fault", "Proxy", "Rule", "Way", "proxy_to"]

Address = int | tuple[str, int] | str  # a port of the loopback, a host and its port, or the path of a socket
HOST = "127.0.0.1"
LITERAL = rb"\{\d+\+?\}\r\n"  # IMAP's sign that so many octets follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What happens where: after `at` octets of one way, or where what fits `seen` (a regular expression) passes by.

    It happens `later` octets after that; with `before`, before any of it is sent on that came in one piece with its
    end. The first `skip` such places are let by, then it happens at `times` of them, on whatever connections they are.
    `call` comes first, in the proxy's own thread: all before that place has been sent by then, and nothing after it.
    """

    way: Way
    fault: Fault = Fault.NONE
    at: int | None = None
    seen: bytes | None = None
    later: int = 0
    before: bool = False
    skip: int = 0
    times: int | None = 1  # None: without end
    call: Callable[[], object] | None = None
    pause: float = 1.0  # seconds between two octets, where they drip

    def __post_init__(self) -> None:
        if (self.at is None) == (self.seen is None):
            raise ValueError("a rule says `at` or `seen`, and not both")

    def places(self, window: bytes, start: int, new: int) -> Iterator[int]:
        """Where it is to happen; the window begins at octet `start` of its way, and is new from octet `new` on."""
        end = start + len(window)
        if self.at is not None:
            if new < self.at <= end or self.at == end == 0:
                yield self.at
            return
        for match in re.finditer(self.seen or b"", window, re.DOTALL):
            if start + match.end() > new:
                yield max(new, start + match.start()) if self.before else start + match.end() + self.later


@dataclass(slots=True)
class _Rules:
    """What is obeyed now, and how often it was."""

    given: tuple[Rule, ...] = ()
    met: list[int] = field(default_factory=list)  # of each rule: how many of its places were met
    fired: list[Rule] = field(default_factory=list)
    octets: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def give(self, rules: tuple[Rule, ...]) -> None:
        with self.changed:
            self.given, self.met, self.fired = rules, [0] * len(rules), []

    def places(self, way: Way, window: bytes, start: int, new: int) -> Sequence[tuple[int, Doing]]:
        with self.changed:
            self.octets += start + len(window) - new
            rules = [rule for rule in self.given if rule.way is way]
        return [(place, rule) for rule in rules for place in rule.places(window, start, new)]

    def happens(self, rule: Doing) -> bool:
        found = self._its_turn(rule)
        if found is None:
            return False
        if found.call is not None:
            found.call()
        with self.changed:
            self.fired.append(found)
            self.changed.notify_all()
        return True

    def _its_turn(self, asked: Doing) -> Rule | None:
        """None where it is not, is no more, or where other rules have been given since the place was seen."""
        with self.changed:
            for number, rule in enumerate(self.given):
                if rule is asked:
                    met = self.met[number]
                    self.met[number] += 1
                    late = rule.times is not None and met >= rule.skip + rule.times
                    return None if met < rule.skip or late else rule
        return None


class Proxy:
    """Stands before one server, and passes on every connection as its rules say."""

    host = HOST

    def __init__(self, server: Address) -> None:
        self._server = server
        self._rules = _Rules()
        self._listener = socket.create_server((HOST, 0))
        self._end, self._ending = socket.socketpair()
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0

    def obey(self, *rules: Rule) -> None:
        """From now on, on old connections too; with none, all passes. What was done to a connection stays done."""
        self._rules.give(rules)

    @property
    def fired(self) -> list[Rule]:
        """What has happened under the rules of now."""
        return self._rules.fired

    @property
    def octets(self) -> int:
        """How many came, from either side."""
        return self._rules.octets

    def struck(self, count: int = 1, seconds: float = 60) -> bool:
        """Waits until something has happened so often; false where it did not."""
        with self._rules.changed:
            return self._rules.changed.wait_for(lambda: len(self.fired) >= count, seconds)

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # all is over
                return
            self.connections += 1
            thread = threading.Thread(target=self._pass_on, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._ending.close()  # which every connection sees
        for thread in self._threads:
            thread.join(10)
        self._listener.close()
        self._end.close()

    def _pass_on(self, client: socket.socket) -> None:
        # A server that is away: the client meets one that hangs up.
        with client, suppress(OSError), _connected(self._server) as server:
            Connection(client, server, self._end, self._rules).run()


@contextmanager
def proxy_to(server: Address, *rules: Rule) -> Iterator[Proxy]:
    """A proxy before this server that obeys these rules at first."""
    proxy = Proxy(server)
    proxy.obey(*rules)
    accepting = threading.Thread(target=proxy.serve, daemon=True)
    accepting.start()
    try:
        yield proxy
    finally:
        proxy.close()
        accepting.join(10)


def _connected(server: Address) -> socket.socket:
    if not isinstance(server, str):
        return socket.create_connection((HOST, server) if isinstance(server, int) else server, timeout=10)
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.connect(server)
    except OSError:
        sock.close()
        raise
    return sock
