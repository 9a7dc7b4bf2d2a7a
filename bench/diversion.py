#!/usr/bin/env python3
"""Can a payment be diverted? Adversarial change requests and ordinary mails go through a real desk.

    .venv/bin/python bench/diversion.py [--count 500] [--seed 11] [--misses]

The adversarial mails are made by varying the true ones of tests/messages/requests, and by wordings of their own:
sender, DMARC, thread, place and writing of the account, disguise of the words (tests/support/diverting.py). Each is
a case of a desk with the shipped policy; then everything that people may do to be rid of a case is done to it, and a
second mail comes that is harmless. None may be settled before a second person has confirmed a call.

The ordinary mails are those of the labelled set that are no request of the kind; honest changes of bank details are to
be held as well and are counted apart. Exit code 1: a case was settled, or not held, or too many ordinary ones were.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.asked import HALVES, asked  # noqa: E402 - the tests' mails serve here too
from support.conversing import Conversing  # noqa: E402
from support.diverted_desk import (  # noqa: E402
    a_desk,
    every_way,
    harmless_answers,
    levels,
    release,
    settled_without_two,
)
from support.diverting import diverted  # noqa: E402

from processor import resources  # noqa: E402
from processor.policy.desk import Run  # noqa: E402
from processor.reading.reader import Reader, open_reader  # noqa: E402
from processor.store.database import Store  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402
from processor.store.models import Case  # noqa: E402

MOST_ORDINARY = 0.02


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_reader(Run()) as reader:
        wrong = _adversarial(_desk(Path(folder, "one"), reader), given.count, given.seed, given.misses)
        wrong += _ordinary(_desk(Path(folder, "two"), reader))
    return 1 if wrong else 0


def _desk(folder: Path, reader: Reader) -> Conversing:
    folder.mkdir()
    url = f"sqlite:///{folder / 'desk.db'}"
    store = Store(url)
    upgrade(store, resources.migrations_folder())
    store.close()
    return a_desk(folder, url, reader)


def _adversarial(talk: Conversing, count: int, seed: int, misses: bool) -> int:
    mails = list(diverted(count, seed))
    talk.take_in(*(mail.raw for mail in mails))
    found = levels(talk)
    for number, mail in enumerate(mails, 1):
        if misses and found.get(number) != "hold":
            origin = mail.made[0] if mail.made[0].startswith("wording") else "a true one"
            print(f"    {found.get(number)}: {'; '.join((origin, *mail.made[1:]))}")
    references = [row.reference for row in talk.desk.rows(Case)]
    passed: Counter[str] = Counter()
    with talk.desk.store() as store:
        for reference, other in zip(references, references[1:] + references[:1], strict=True):
            passed.update(every_way(store, reference, other, datetime.now(UTC)))
    settled = settled_without_two(talk, references)
    talk.take_in(*harmless_answers(talk, mails))
    lowered = sum(row.diversion != "hold" or row.released_at is not None for row in talk.desk.rows(Case))
    with talk.desk.store() as store:
        for reference in references:
            release(store, reference, datetime.now(UTC))
    released = len(settled_without_two(talk, references))
    held = sum(level == "hold" for level in found.values())
    print(f"{len(mails)} adversarial requests: {len(references)} cases, {held} held")
    print(f"    resolved or closed without a second person, by 11 ways: {len(settled)} {dict(passed) or ''}")
    print(f"    not held any more after a harmless second mail: {lowered}")
    print(f"    closed once two people had confirmed: {released}")
    return len(settled) + sum(passed.values()) + (len(mails) - held)


def _ordinary(talk: Conversing) -> int:
    mails = list(asked())
    talk.take_in(*(one.raw for one in mails))
    found = levels(talk)
    wrong = 0
    for half in HALVES:
        ordinary = [number for number, one in enumerate(mails, 1) if one.half == half and not one.diversion]
        honest = [number for number, one in enumerate(mails, 1) if one.half == half and False in one.diversion]
        true = [number for number, one in enumerate(mails, 1) if one.half == half and one.diversion == (True,)]
        held = {name: sum(found.get(number) == "hold" for number in those)
                for name, those in (("ordinary", ordinary), ("honest", honest), ("true", true))}  # fmt: skip
        print(
            f"half {half}: {held['ordinary']} of {len(ordinary)} ordinary mails held "
            f"({held['ordinary'] / len(ordinary):.1%}); apart from them {held['honest']} of {len(honest)} honest or "
            f"doubtful changes, {held['true']} of {len(true)} true requests"
        )
        wrong += held["ordinary"] > MOST_ORDINARY * len(ordinary) or held["true"] < len(true)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
