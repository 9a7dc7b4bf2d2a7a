"""Cells of the fault table: step and fault name the test, the outcome goes into docs/reference/faults.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.mark import ParameterSet


@dataclass(frozen=True, slots=True)
class Cell:
    """As a mark tells it. `outcome` says to an operator, in whole sentences, what happens there."""

    step: str
    fault: str
    outcome: str

    @property
    def name(self) -> str:
        return f"{self.step}-{self.fault}"


def cell(step: str, fault: str, outcome: str, *values: Any) -> ParameterSet:
    """A cell as a parameter; `values` are the test's own."""
    return pytest.param(*values, id=Cell(step, fault, outcome).name, marks=pytest.mark.cell(step, fault, outcome))


def cells_of(node: Any) -> Iterator[Cell]:
    """What this test is marked with."""
    for mark in node.iter_markers("cell"):
        yield Cell(*mark.args, **mark.kwargs)
