"""The real command in processes of its own that start fast: forked from one that has imported everything already."""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path

from processor.cli import main

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["processor.cli.desk", "processor.cli.opening", "processor.cli.logs", "processor.daemon", "sqlalchemy", "psycopg"]
)


def born(config: Path, stderr: Path, *arguments: str) -> BaseProcess:
    """`daydesk ARGUMENTS --config CONFIG`; what it says on standard error is added to this file."""
    process = _CONTEXT.Process(target=_live, args=(str(config), str(stderr), arguments))
    process.start()
    return process


def _live(config: str, stderr: str, arguments: tuple[str, ...]) -> None:
    os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    sys.argv = ["daydesk", *arguments, "--config", config]
    main()
