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

from fidelity_bounces import bounces  # noqa: E402 - from the checkout that this file is in
from fidelity_fields import fields  # noqa: E402
from fidelity_ordinary import ordinary  # noqa: E402
from fidelity_replies import replies  # noqa: E402
from fidelity_tnef import packed  # noqa: E402


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
    parser.add_argument("--misses", action="store_true", help="name each mail that misses, where there may be some")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        raise SystemExit(f"The public test mail is not there: put it into {options.corpus}.")
    good = True
    for figure in figures(options):
        good = good and figure.reached
        print(f"{'' if figure.reached else 'NOT REACHED  '}{figure.what}: {figure.found} ({figure.should})", flush=True)
        for name in figure.missed if options.misses or not figure.reached else ():
            print(f"    {name}")
    return 0 if good else 1


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    yield from _fields(options.corpus)
    yield from _replies(options.corpus)
    yield from _bounces(options.corpus)
    yield from _packed(options.corpus)
    yield from _ordinary(options.mails, options.rounds)


def _fields(corpus: Path) -> Iterator[Figure]:
    found = fields(corpus)
    yield Figure(
        what="mails at which reading raised",
        found=f"{len(found.raised)} of {found.mails}",
        should="0",
        reached=not found.raised,
        missed=found.raised,
    )
    yield Figure(
        what="fields in which the standard library is judged to read better",
        found=f"{len(found.against_us)} of {len(found.rows)}; the same {found.same:,}",
        should="0",
        reached=not found.against_us,
        missed=[f"{row.file} {row.field}: {row.judged or 'not judged'}" for row in found.rows],
    )
    yield Figure(
        what="attached files lost",
        found=f"{len(found.lost)} of {found.files}",
        should="0",
        reached=not found.lost,
        missed=found.lost,
    )


def _replies(corpus: Path) -> Iterator[Figure]:
    found = replies(corpus)
    yield Figure(
        what="replies whose writer lost words",
        found=f"{len(found.lost)} of {found.files}",
        should="at most 3",
        reached=len(found.lost) <= 3,
        missed=found.lost,
    )
    yield Figure(
        what="replies cut exactly",
        found=f"{found.exact} of {found.files}",
        should="at least 45",
        reached=found.exact >= 45,
        missed=found.more,
    )


def _bounces(corpus: Path) -> Iterator[Figure]:
    found = bounces(corpus)
    recognised, status, taken = found.figures
    yield Figure(
        what="bounces recognised",
        found=f"{found.recognised} of {found.bounces}, {recognised:.1%}",
        should="at least 98 %",
        reached=recognised >= 0.98,
        missed=found.misses,
    )
    yield Figure(
        what="their expected status found",
        found=f"{found.found} of {found.stated}, {status:.1%}",
        should="at least 95 %",
        reached=status >= 0.95,
    )
    for kind, (known, of) in found.others.items():
        yield Figure(what=f"{kind} known as such", found=f"{known} of {of}", should="all", reached=known == of)
    yield Figure(
        what="other mail taken for a bounce",
        found=f"{found.taken} of {found.mails:,}, {taken:.2%}",
        should="at most 1 %",
        reached=taken <= 0.01,
    )


def _packed(corpus: Path) -> Iterator[Figure]:
    found = packed(corpus)
    yield Figure(
        what="files of a winmail.dat out with their octets",
        found=f"{found.found} of {found.listed} in {found.lists} lists",
        should="all",
        reached=not found.missed,
        missed=found.missed,
    )


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
