"""An IMAP server that says what a test tells it to say, however wrong."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO


class HangUp(Exception):
    """The script ends the connection here."""


@dataclass(slots=True)
class Peer:
    """The client, as the server sees it."""

    connection: socket.socket
    lines: BinaryIO
    gone: threading.Event
    command: str = ""  # the one to be answered, without its tag

    def say(self, octets: bytes) -> None:
        self.connection.sendall(octets)

    def trickle(self, octet: bytes = b"x", pause: float = 0.02) -> None:
        """One octet after the other, for ever: no single read waits long."""
        while not self.gone.wait(pause):
            self.say(octet)

    def stall(self) -> None:
        self.gone.wait()

    def hear(self) -> bytes:
        line = self.lines.readline()
        if not line.endswith(b"\n"):
            raise HangUp
        return line.strip()


Answer = bytes | Callable[[Peer, bytes], None]  # untagged lines before the tagged OK, or all of it given the tag

USUAL: Mapping[str, Answer] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 MOVE UIDPLUS\r\n",
    "LOGIN": b"",
    "NOOP": b"",
    "LOGOUT": b"* BYE\r\n",
    "STATUS": b"* STATUS INBOX (UIDNEXT 2 UIDVALIDITY 7)\r\n",
    "SELECT": b"* 1 EXISTS\r\n* OK [UIDNEXT 2] next\r\n* OK [UIDVALIDITY 7] valid\r\n",
    "UID SEARCH": b"* SEARCH 1\r\n",
    "UID FETCH 1 (RFC822.SIZE": b'* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE "21-Nov-2026 12:00:00 +0100")\r\n',
    "UID FETCH 1 (BODY": b"* 1 FETCH (UID 1 BODY[] {5}\r\nhello)\r\n",
    "LIST": b'* LIST () "/" Processed\r\n',
    "UID MOVE": b"",
}


@dataclass(slots=True)
class ScriptedImap:
    """Each of `scripts` serves one connection, the last one every further connection."""

    scripts: tuple[Mapping[str, Answer], ...]
    greeting: bytes | Callable[[Peer], None] = b"* OK ready\r\n"
    heard: list[str] = field(default_factory=list)  # every command, without its tag
    connections: int = 0
    tls: ssl.SSLContext | None = None
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _end: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def serve(self) -> None:
        self._listener.settimeout(0.05)
        while not self._end.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            script = self.scripts[min(self.connections, len(self.scripts) - 1)]
            self.connections += 1
            connection.settimeout(10)
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                self._converse(Peer(connection, lines, self._end), {**USUAL, **script})

    def _converse(self, peer: Peer, script: Mapping[str, Answer]) -> None:
        try:
            if callable(self.greeting):
                self.greeting(peer)
            else:
                peer.say(self.greeting)
            while not self._end.is_set():
                tag, _, command = peer.hear().partition(b" ")
                peer.command = command.decode()
                self.heard.append(peer.command)
                self._answer(peer, tag, script)
        except (HangUp, OSError):
            return

    def _answer(self, peer: Peer, tag: bytes, script: Mapping[str, Answer]) -> None:
        command = self.heard[-1]
        fitting = [key for key in script if command.upper().startswith(key)]
        if not fitting:
            peer.say(tag + b" BAD unknown command\r\n")
            return
        answer = script[max(fitting, key=len)]
        if callable(answer):
            answer(peer, tag)
        else:
            peer.say(answer + tag + b" OK done\r\n")

    def stop(self) -> None:
        self._end.set()


@contextmanager
def scripted_imap(
    *scripts: Mapping[str, Answer],
    greeting: bytes | Callable[[Peer], None] = b"* OK ready\r\n",
    tls: ssl.SSLContext | None = None,
) -> Iterator[ScriptedImap]:
    server = ScriptedImap(scripts or ({},), greeting, tls=tls)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
        server._listener.close()


def refusing(words: bytes) -> Answer:
    """`words` begin with NO or BAD."""

    def answer(peer: Peer, tag: bytes) -> None:
        peer.say(tag + b" " + words + b"\r\n")

    return answer


def ending(words: bytes) -> Answer:
    """Say this, then end the connection."""

    def answer(peer: Peer, tag: bytes) -> None:
        peer.say(words)
        raise HangUp

    return answer


def idling(*words: bytes) -> Answer:
    """Lets the client wait, says each of these in a piece of its own, and ends when it is asked to."""

    def answer(peer: Peer, tag: bytes) -> None:
        peer.say(b"+ idling\r\n")
        for octets in words:
            peer.say(octets)
        assert peer.hear() == b"DONE"
        peer.say(tag + b" OK done\r\n")

    return answer
