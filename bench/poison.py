#!/usr/bin/env python3
"""A hundred poison mails among ten thousand good ones: what comes through, and how much longer it takes.

    .venv/bin/python bench/poison.py [--good 10000] [--poison 100] [--seconds 5] [--url sqlite:///daydesk.db]

Twice through triage, from a folder of files: the good mails alone, then with the poison strewn among them. A fifth of
it each crashes, aborts, leaves, bloats or hangs what reads it. Prints the ledger, both times, the longest wait between
two batches in which good mails were settled, and how many tries the poison had until the last good mail was through:
one for each, since its second and third try come after all good ones. Exits 1 where a good mail did not come through.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.mails import a_mail  # noqa: E402 - the tests' mails serve here too
from support.poison import a_poison, put_on_path  # noqa: E402
from support.working_desk import WorkingDesk  # noqa: E402

from processor.reading.reader import open_reader  # noqa: E402
from processor.resources import migrations_folder  # noqa: E402
from processor.stages.triage import triage_batch  # noqa: E402
from processor.store.database import Store  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402
from processor.store.models import Inbound  # noqa: E402

ACTS = ("crash", "abort", "leave", "bloat", "hang")


@dataclass(slots=True, kw_only=True)
class Run:
    """What triage did with one ledger."""

    seconds: float = 0.0  # until the last good mail was settled
    longest_gap: float = 0.0  # between two batches in which good mails were settled
    whole: float = 0.0  # until nothing was left
    ledger: Counter[tuple[str, int]] = field(default_factory=Counter)
    tries_before_the_last_good: int = 0


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--good", type=int, default=10_000)
    wanted.add_argument("--poison", type=int, default=100)
    wanted.add_argument("--seconds", type=int, default=5, help="run.parse_seconds, which every hanging mail takes")
    wanted.add_argument("--url", help="the desk's database, empty; else a SQLite file for each run")
    options = wanted.parse_args()
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="daydesk-poison-") as folder:
        sys.path.insert(0, str(put_on_path(Path(folder) / "path")))  # on ours, and so on that of the reading process
        if not options.url:
            told("good mails alone", triaged(Path(folder) / "good", options.good, 0, options.seconds, None))
        run = triaged(Path(folder) / "both", options.good, options.poison, options.seconds, options.url)
        told(f"with {options.poison} poison mails", run)
    print(f"tries of poison before the last good mail was through: {run.tries_before_the_last_good}")
    sys.exit(run.ledger["case", 0] != options.good)


def triaged(folder: Path, good: int, poison: int, seconds: int, url: str | None) -> Run:
    (folder / "mail").mkdir(parents=True)
    strew(folder / "mail", good, poison)
    url = url or f"sqlite:///{folder / 'desk.db'}"
    store = Store(url)
    upgrade(store, migrations_folder())
    store.close()
    desk = WorkingDesk(folder, url, mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
    desk.change(run={"parse_seconds": seconds})
    desk.run_once("receive")
    return watched(desk)


def strew(folder: Path, good: int, poison: int) -> None:
    every = (good + poison) // poison if poison else 0
    acts = itertools.cycle(ACTS)
    for number in range(good + poison):
        poisonous = every and number % every == every // 2 and number // every < poison
        (folder / f"{number:06}.eml").write_bytes(a_poison(next(acts), number) if poisonous else a_mail(number))
    os.sync()


def watched(desk: WorkingDesk) -> Run:
    run = Run()
    began = last = time.monotonic()
    with desk.opened() as opened, open_reader(opened.policy.run) as reader:
        settled = 0
        while triage_batch(opened, reader):
            now = time.monotonic()
            states = Counter((str(row.state), row.tries) for row in desk.rows(Inbound, Inbound.state, Inbound.tries))
            looking = time.monotonic() - now
            began, last = began + looking, last + looking  # what this bench itself takes is no delay
            if states["case", 0] > settled:
                settled = states["case", 0]
                run.longest_gap = max(run.longest_gap, now + looking - last)
                last = time.monotonic()
                run.seconds = last - began
                run.tries_before_the_last_good = sum(tries * count for (_state, tries), count in states.items())
            run.ledger = states
    run.whole = time.monotonic() - began
    return run


def told(what: str, run: Run) -> None:
    print(
        f"{what}: good ones through after {run.seconds:.1f} s, all done after {run.whole:.1f} s; "
        f"longest wait between two of them {run.longest_gap:.2f} s"
    )
    for (state, tries), count in sorted(run.ledger.items()):
        print(f"    {state} with {tries} tries: {count}", flush=True)


if __name__ == "__main__":
    main()
