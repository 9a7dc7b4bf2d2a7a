"""An SMTP server that says what a test tells it to, and that hangs up wherever it is told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from io import BufferedReader
from types import TracebackType
from typing import Self


class Act(Enum):
    """What a server may do instead of answering."""

    CUT = "close the connection"
    RESET = "close the connection with a TCP reset"
    STALL = "say nothing more"
    DRIP = "begin an answer, and go on with it an octet at a time, without end"


GOOD = {
    "greeting": "220 scripted.example at your service",
    "EHLO": "250-scripted.example\r\n250 8BITMIME",
    "MAIL": "250 2.1.0 sender ok",
    "RCPT": "250 2.1.5 recipient ok",
    "DATA": "354 go on",
    "dot": "250 2.0.0 taken",
    "RSET": "250 2.0.0 forgotten",
    "QUIT": "221 2.0.0 bye",
}


@dataclass(frozen=True)
class Meanwhile:
    """An answer, or what is done instead, that comes after something else has happened."""

    happens: Callable[[], object]
    then: str | Act


Answer = str | Act | Meanwhile | Callable[[], str | Act]  # the last one is asked each time
# By command; also greeting, dot (the end of a message) and content (its first octet). Of a list each is played once,
# the last one again and again.
Script = Mapping[str, Answer | Sequence[Answer]]


@dataclass
class Conversation:
    """What one client said on one connection."""

    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)


class ScriptedSmtp:
    """Plays one script for each connection, the last one again and again; what a script leaves out goes well."""

    host = "127.0.0.1"

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts) or [{}]
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self.conversations: list[Conversation] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        self._start(self._listen)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for open_socket in self._sockets:
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError:  # closed by the script
                continue
        for thread in self._threads:
            thread.join(10)
        for open_socket in (self._listener, *self._sockets):
            open_socket.close()

    @property
    def contents(self) -> list[bytes]:
        """Every message that was sent whole, on any connection."""
        return [content for conversation in self.conversations for content in conversation.contents]

    def _start(self, act: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=act, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # the test is over
                return
            script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
            conversation = Conversation()
            self.conversations.append(conversation)
            self._sockets.append(connection)
            self._start(self._converse, connection, _Acts({**GOOD, **script}), conversation)

    def _converse(self, connection: socket.socket, acts: _Acts, conversation: Conversation) -> None:
        try:
            with connection.makefile("rb") as lines:
                self._play(connection, acts.next("greeting"))
                while line := lines.readline():
                    command = line.decode(errors="replace").rstrip("\r\n")
                    conversation.commands.append(command)
                    act = acts.next(command.partition(" ")[0].upper())
                    self._play(connection, act)
                    if isinstance(act, str) and act.startswith("354"):
                        self._take_content(connection, lines, acts, conversation)
                    elif isinstance(act, str) and act.startswith("221"):
                        return
        except OSError:  # the script, or the client, hung up
            return
        finally:
            connection.close()

    def _take_content(
        self, connection: socket.socket, lines: BufferedReader, acts: _Acts, conversation: Conversation
    ) -> None:
        if acts.has("content"):
            lines.read(1)
            self._play(connection, acts.next("content"))
        conversation.contents.append(_content(lines))
        self._play(connection, acts.next("dot"))

    def _play(self, connection: socket.socket, act: str | Act) -> None:
        if isinstance(act, str):
            connection.sendall(act.encode() + b"\r\n")
        elif act is Act.STALL:
            self._over.wait()
        elif act is Act.DRIP:
            connection.sendall(b"250 ")
            while not self._over.wait(0.02):
                connection.sendall(b"x")
        else:
            if act is Act.RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            raise ConnectionAbortedError(act.value)


class _Acts:
    """What is still to be played on one connection."""

    def __init__(self, script: Script) -> None:
        self._left = {step: list(act) if isinstance(act, list | tuple) else [act] for step, act in script.items()}

    def has(self, step: str) -> bool:
        return step in self._left

    def next(self, step: str) -> str | Act:
        acts = self._left.get(step, ["502 5.5.1 not in the script"])
        act = acts.pop(0) if len(acts) > 1 else acts[0]
        if isinstance(act, Meanwhile):
            act.happens()
            return act.then
        return act() if callable(act) else act


def _content(lines: BufferedReader) -> bytes:
    """The message up to its final dot, with leading dots as they came over the wire."""
    content = b""
    for line in lines:
        if line == b".\r\n":
            return content
        content += line
    raise ConnectionAbortedError("the client hung up before the final dot")
