"""Tells systemd how the daemon is: sd_notify(3), datagrams to the socket that it names. Without one, nothing."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

EVERY_SECONDS = 10.0  # how often somebody looks how the daemon is, where nobody asks for more


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """Who started the daemon, and how often he wants to hear that it lives."""

    address: str | None = None
    every_seconds: float = EVERY_SECONDS

    @classmethod
    def named_in(cls, environment: Mapping[str, str], pid: int) -> Self:
        """The one of NOTIFY_SOCKET; WATCHDOG_USEC counts where it is meant for this process."""
        address = environment.get("NOTIFY_SOCKET", "")
        if not address.startswith(("/", "@")):
            return cls()
        microseconds = environment.get("WATCHDOG_USEC", "")
        if not microseconds.isdecimal() or environment.get("WATCHDOG_PID", str(pid)) != str(pid):
            return cls(address=address)
        half = int(microseconds) / 2_000_000  # sd_watchdog_enabled(3): twice within the time
        return cls(address=address, every_seconds=min(half, EVERY_SECONDS) or EVERY_SECONDS)

    def tell(self, **states: str) -> None:
        """Such as READY="1". A supervisor that does not listen is no reason to stop working."""
        if self.address is None:
            return
        lines = "\n".join(f"{name}={' '.join(value.split())}" for name, value in states.items())
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address  # an abstract one
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.setblocking(False)
            out.sendto(lines.encode(), address)
