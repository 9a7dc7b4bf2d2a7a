#!/usr/bin/env python3
"""How well mails are read: ordinary ones, beside the standard library, replies, bounces, winmail.dat; and how fast.

    .venv/bin/python bench/fidelity.py [--mails 2000] [--rounds 3] [--corpus ../shared/corpus]

Needs the public test mail of ../shared/corpus and the yardsticks of ../shared/tools. Prints each figure with what it
should reach, and the mails that miss it by name; exits 1 where one is not reached. The speed is processor time beside
mail-parser's alone on the same mails, in turn in the same minutes, the median of the rounds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from fidelity_ordinary import ordinary  # noqa: E402 - from the checkout that this file is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: what was found beside what should be, and what misses it."""

    what: str
    found: str
    should: str
    reached: bool
    missed: Sequence[str] = ()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2_000, help="ordinary mails to read")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the comparison with mail-parser")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    options = parser.parse_args()
    good = True
    for figure in figures(options):
        good = good and figure.reached
        print(f"{'' if figure.reached else 'NOT REACHED  '}{figure.what}: {figure.found} ({figure.should})", flush=True)
        for name in figure.missed:
            print(f"    {name}")
    return 0 if good else 1


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    yield from _ordinary(options.mails, options.rounds)


def _ordinary(count: int, rounds: int) -> Iterator[Figure]:
    found = ordinary(count, rounds)
    yield Figure(
        what="ordinary mails garbled",
        found=f"{len(found.garbled)} of {found.mails:,}",
        should="0",
        reached=not found.garbled,
        missed=found.garbled,
    )
    each = ", ".join(f"{ratio:.2f}" for ratio in found.ratios)
    yield Figure(
        what="processor time beside mail-parser alone",
        found=f"{found.ratio:.2f} ({each})",
        should="at most 1",
        reached=found.ratio <= 1,
    )


if __name__ == "__main__":
    raise SystemExit(main())
