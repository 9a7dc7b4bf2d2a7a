"""A TCP relay that counts what passes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(slots=True)
class Relay:
    port: int
    octets: int = 0


@contextmanager
def counting_relay(port: int) -> Iterator[Relay]:
    """Relays one connection to this port of the loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(("127.0.0.1", port)) as server:
        relay = Relay(listener.getsockname()[1])
        thread = threading.Thread(target=_accept, args=(relay, listener, server))
        thread.start()
        yield relay
        thread.join()


def _accept(relay: Relay, listener: socket.socket, server: socket.socket) -> None:
    client, _ = listener.accept()
    with client:
        back = threading.Thread(target=_pump, args=(relay, server, client))
        back.start()
        _pump(relay, client, server)
        back.join()


def _pump(relay: Relay, source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while octets := source.recv(65_536):
            relay.octets += len(octets)
            target.sendall(octets)
        target.shutdown(socket.SHUT_WR)
