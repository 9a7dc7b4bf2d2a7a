"""The real command in processes of its own that start fast: forked from one that has imported everything already."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from processor.cli import main

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        *("processor.cli.desk", "processor.cli.opening", "processor.cli.logs", "processor.cli.progress"),
        *("processor.daemon", "processor.stages.deciding", "ingest.imap", "ingest.mbox"),
        *("sqlalchemy", "psycopg", "structlog"),
    ]
)


def born(config: Path, stderr: Path, *arguments: str, traced: bool = False) -> BaseProcess:
    """`daydesk ARGUMENTS --config CONFIG`; what it says on standard error is added to this file.

    `traced`: it does nothing before somebody traces its system calls.
    """
    process = _CONTEXT.Process(target=_live, args=(str(config), str(stderr), arguments, traced))
    process.start()
    return process


def _live(config: str, stderr: str, arguments: tuple[str, ...], traced: bool) -> None:
    while traced and "TracerPid:\t0\n" in Path("/proc/self/status").read_text():
        time.sleep(0.001)
    os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    sys.argv = ["daydesk", *arguments, "--config", config]
    main()


class Forked:
    """`daydesk ARGUMENTS`, with our environment, as `subprocess.Popen` would have it: its words come by pipes."""

    def __init__(self, *arguments: str) -> None:
        (its_out, out), (its_told, told) = os.pipe(), os.pipe()
        self.stdout, self.stderr = os.fdopen(its_out, encoding="utf-8"), os.fdopen(its_told, encoding="utf-8")
        self._process = _CONTEXT.Process(
            target=_speak, args=(arguments, dict(os.environ), list(sys.path), _Handed(out), _Handed(told))
        )
        self._process.start()
        os.close(out)
        os.close(told)
        self.pid: int = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("daydesk", timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        told = io.StringIO()
        listening = threading.Thread(target=lambda: told.write(self.stderr.read()))
        listening.start()
        out = self.stdout.read()
        listening.join()
        self.wait(timeout)
        return out, told.getvalue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stdout.close()
        self.stderr.close()
        self._process.join()


class _Handed:
    """An end of a pipe that goes over to the process as it is born."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (DupFd(self._descriptor),)


def _taken(handed: Any) -> int:
    descriptor: int = handed.detach()
    return descriptor


def _speak(arguments: tuple[str, ...], environment: dict[str, str], path: list[str], out: int, told: int) -> None:
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = path
    os.dup2(out, 1)
    os.dup2(told, 2)
    os.close(out)
    os.close(told)
    sys.argv = ["daydesk", *arguments]
    main()
