"""One reading process as its parent has it: begun, asked, and at its end what it died of."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pickle import UnpicklingError
from typing import Any

from ingest.errors import Transient, in_words
from processor.reading.limits import Limits
from processor.reading.wire import LENGTH, READY, framed, unframed

START_SECONDS = 60  # by the clock; a quarter of a second where the machine is not busy
GRACE_SECONDS = 5  # that its own clock gets to end it, before its parent does
_ANSWER_OCTETS = 64_000_000  # no mail within the limits says so much
_CHUNK = 1 << 20
NONSENSE = "it gave an answer that is none"
_STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_HANDED_ON = ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")


class Died(Exception):
    """The process has ended, or was ended; the message says of what."""


class Process:
    """A process that has imported what reading needs, under its limits, without our secrets and connections.

    A stop that the terminal or the supervisor sends to all of us does not reach it: the batch in hand is finished.
    It ends with its parent, at the latest when the time for the mail in hand is over.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buffer = bytearray()
        with tempfile.TemporaryFile() as said:
            self._process, self._in, self._out = _begun(limits, said.fileno())
            self._takes, self._gives = _watched(self._in, select.POLLOUT), _watched(self._out, select.POLLIN)
            try:
                self._ready(START_SECONDS)
                return
            except Died as death:
                cause = str(death)
            self.end()
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip().splitlines() or [cause]
        raise _no_start(words[-1])

    def ask(self, mails: Sequence[tuple[str, bytes, int]], *, views: bool = False) -> None:
        """Put these before it: compression, octets, how many there are without it; and whether views are wanted.

        Died where it could not even begin with them, which is no single mail's fault.
        """
        request = memoryview(framed((list(mails), views)))
        while request:
            self._wait(self._takes, self._limits.clock_seconds + GRACE_SECONDS)
            try:
                request = request[os.write(self._in, request[:_CHUNK]) :]
            except BrokenPipeError:
                raise Died(self._cause()) from None
        self._ready(self._limits.clock_seconds + GRACE_SECONDS)

    def answers(self, count: int) -> Iterator[tuple[Any, bool]]:
        """What each of so many mails says, as soon as it was read; and whether the process is spent."""
        for _ in range(count):
            answer = self._answer(self._limits.clock_seconds + GRACE_SECONDS)
            if not isinstance(answer, tuple) or len(answer) != 2:
                raise Died(NONSENSE)
            yield answer

    def end(self) -> None:
        """At once, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def _ready(self, seconds: float) -> None:
        if self._answer(seconds) != READY:
            raise Died(NONSENSE)

    def _answer(self, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        while (frame := self._frame()) is None:
            self._wait(self._gives, deadline - time.monotonic())
            octets = os.read(self._out, _CHUNK)
            if not octets:
                raise Died(self._cause())
            self._buffer += octets
        try:
            return unframed(frame)
        except (UnpicklingError, EOFError, ValueError, TypeError, AttributeError):
            raise Died(NONSENSE) from None

    def _frame(self) -> bytes | None:
        if len(self._buffer) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self._buffer)
        if length > _ANSWER_OCTETS:
            raise Died(NONSENSE)
        end = LENGTH.size + length
        if len(self._buffer) < end:
            return None
        frame = bytes(self._buffer[LENGTH.size : end])
        del self._buffer[:end]
        return frame

    def _wait(self, pipe: select.poll, seconds: float) -> None:
        if not pipe.poll(max(0.0, seconds) * 1000):
            raise Died(f"it took more than {self._limits.clock_seconds} s")

    def _cause(self) -> str:
        """What it died of; one that has closed its end and lives on is no use to anybody."""
        try:
            code = self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return "it answers no more"
        if code == -signal.SIGPROF:
            return f"it needed more than {self._limits.seconds} s of processor time"
        if code == -signal.SIGALRM:
            return f"it took more than {self._limits.clock_seconds} s"
        if code == -signal.SIGKILL:
            return "it was killed from outside, as the system does where the machine lacks memory"
        return f"it was killed by {signal.Signals(-code).name}" if code < 0 else f"it ended by itself with {code}"


def _begun(limits: Limits, said: int) -> tuple[subprocess.Popen[bytes], int, int]:
    """The process, and where requests go in and answers come out."""
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    environment = {name: os.environ[name] for name in _HANDED_ON if name in os.environ} | {"PYTHONPATH": path}
    figures = map(str, (limits.seconds, limits.clock_seconds, limits.megabytes))
    command = [sys.executable, "-P", "-s", "-m", "processor.reading.child", *figures]
    its_in, our_in = os.pipe()
    our_out, its_out = os.pipe()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)  # handed on to it, from its very beginning
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=its_in, stdout=its_out, stderr=said, env=environment, start_new_session=True
        )
    except OSError as error:
        os.close(our_in)
        os.close(our_out)
        raise _no_start(in_words(error)) from None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(its_in)
        os.close(its_out)
    for pipe in (our_in, our_out):
        os.set_blocking(pipe, False)
    return process, our_in, our_out


def _watched(pipe: int, event: int) -> select.poll:
    watched = select.poll()
    watched.register(pipe, event)
    return watched


def _no_start(why: str) -> Transient:
    return Transient(
        f"The process that reads mails does not start ({why}): nothing was touched, the next pass tries again. "
        "Is there memory and room for one more process?"
    )
