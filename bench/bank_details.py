#!/usr/bin/env python3
"""Bank details written in ten thousand ways: how many are taken out; and what ordinary texts lose that is none.

    .venv/bin/python bench/bank_details.py [--number 10000] [--seed 1] [--show]

Each is a made-up number with right check digits, introduced as a mail does, changed (blanks, line ends, digits of
other scripts, split parts, quoted lines, HTML tags between, tables), put into a mail and read from its octets. It is
shown where its digits stand in what people read. Ordinary texts are those of the labelled mails without a bank detail,
and the public mails beside the project where they are there.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.asked import asked  # noqa: E402 - the tests' mails serve here too
from support.bank_numbers import KINDS, MUTATIONS, shown, written  # noqa: E402

from ingest.errors import Permanent  # noqa: E402
from ingest.parser import parse  # noqa: E402
from processor.triage.bank_details import bank_details  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
WANTED = 0.999


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print each that is shown, and each false mark")
    given = parser.parse_args()
    random_ = random.Random(given.seed)  # noqa: S311 - the same ones every time
    all_, seen = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for number in range(given.number):
        one = written(random_, KINDS[number % len(KINDS)], MUTATIONS[number // len(KINDS) % len(MUTATIONS)])
        all_[one.kind, one.mutation] += 1
        if shown(one):
            seen[one.kind, one.mutation] += 1
            if given.show:
                print(f"SHOWN {one}")
    _table(all_, seen)
    marks = list(_false_marks())
    if given.show:
        print("\n".join(marks))
    print(f"false marks over ordinary texts: {len(marks)}")
    share = 1 - seen.total() / all_.total()
    print(f"{all_.total():,} written, {share:.2%} redacted (wanted: {WANTED:.1%})")
    sys.exit(share < WANTED)


def _table(all_: Counter[tuple[str, str]], seen: Counter[tuple[str, str]]) -> None:
    print(f"{'redacted':14}" + "".join(f"{mutation:>12}" for mutation in MUTATIONS))
    for kind in KINDS:
        shares = (1 - seen[kind, mutation] / max(1, all_[kind, mutation]) for mutation in MUTATIONS)
        print(f"{kind:14}" + "".join(f"{share:12.1%}" for share in shares))


def _false_marks() -> Iterator[str]:
    for name, text in _ordinary():
        for one in bank_details(text):
            yield f"MARK {one.kind} in {name}: {text[max(0, one.start - 40) : one.end + 10]!r}"


def _ordinary() -> Iterator[tuple[str, str]]:
    for told in asked():
        if not told.bank and told.half == "build":  # the texts of the other half are printed nowhere
            yield told.name, told.words
    for file in sorted(CORPUS.rglob("*")) if CORPUS.is_dir() else ():
        if file.is_file() and file.suffix != ".tsv":
            try:
                yield file.name, parse(file.read_bytes()).text
            except Permanent:
                continue


if __name__ == "__main__":
    main()
