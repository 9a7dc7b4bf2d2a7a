#!/usr/bin/env python3
"""Writes faults.md from the tests: what happens at each step under each fault, and on which databases it is tried.

    python docs/reference/make_faults.py

A test that is a cell of the table says so by a mark with step, fault and outcome. What is explained and not tried, and
the words about a step, are in faults-words.toml.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from support.cells import Cell, cells_of  # noqa: E402 - from the checkout that this file is in

WORDS = tomllib.loads((HERE / "faults-words.toml").read_text(encoding="utf-8"))
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
BY_FIXTURE = {"sqlite_url": "SQLite", "postgres_url": "PostgreSQL", "own_postgres": "PostgreSQL"}
NOT_TRIED = "explained"
TESTS = ROOT / "tests"
SIGN = re.compile(r"\bmark\.cell\(|\bsupport\.cells\b")

Tried = dict[Cell, dict[str, None]]  # on which databases; a dict keeps the order


class Collecting:
    """A plugin of pytest that keeps what it would run."""

    def __init__(self) -> None:
        self.cells: Tried = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for cell in cells_of(item):
                self.cells.setdefault(cell, {}).update(dict.fromkeys(_databases(item)))


def _databases(item: pytest.Item) -> Iterator[str]:
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    if "database_url" in parameters:
        yield DATABASES[parameters["database_url"]]
        return
    for fixture, database in BY_FIXTURE.items():
        if fixture in getattr(item, "fixturenames", ()):
            yield database


def collected() -> Tried:
    """Every cell that is tried; raises SystemExit where a test cannot be read."""
    collecting, said = Collecting(), io.StringIO()
    arguments = ["--collect-only", "-qq", "-p", "no:cacheprovider", "-o", "addopts=--strict-markers"]
    with contextlib.redirect_stdout(said):
        code = pytest.main([*arguments, *_files()], plugins=[collecting])
    if code != pytest.ExitCode.OK:
        raise SystemExit(said.getvalue())
    return collecting.cells


def _files() -> list[str]:
    """Where a test is marked as a cell: mostly, but not only, in tests/faults."""
    return [str(path) for path in sorted(TESTS.rglob("test_*.py")) if SIGN.search(path.read_text(encoding="utf-8"))]


def page(tried: Tried) -> str:
    """The whole page."""
    steps = {name: step for step in WORDS["steps"] if (name := step["name"])}
    if unknown := {cell.step for cell in tried} - steps.keys():
        raise SystemExit(f"faults-words.toml knows no step {', '.join(sorted(unknown))}")
    parts = [WORDS["head"]]
    for name, step in steps.items():
        rows = [
            _row(cell.fault, cell.outcome, ", ".join(on) or "any") for cell, on in tried.items() if cell.step == name
        ]
        rows += [_row(one["fault"], one["outcome"], NOT_TRIED) for one in step.get("explained", ())]
        if not rows:
            continue
        parts.append(f"## {name}\n\n{step['words']}\n\n| fault | what happens | tried on |\n| --- | --- | --- |\n")
        parts.append("\n".join(rows) + "\n\n")
    return "".join(parts).rstrip() + "\n"


def _row(fault: str, outcome: str, tried: str) -> str:
    cells = (" ".join(words.split()).replace("|", r"\|") for words in (fault, outcome, tried))
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    made = page(collected())
    if "--print" in sys.argv[1:]:
        sys.stdout.write(made)
    else:
        (HERE / "faults.md").write_text(made, encoding="utf-8")
