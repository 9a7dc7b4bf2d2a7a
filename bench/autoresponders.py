#!/usr/bin/env python3
"""Six machines that answer mail against the desk for thirty simulated days: how often is each acknowledged a day?

    .venv/bin/python bench/autoresponders.py [--days 30]

Two of them are desks of this make with databases of their own; the others are a vacation script, a server that bounces
to From, an out-of-office and a ticket desk that answers everything and shows no sign of a machine. Every morning each
writes one mail as a person does, and somebody forges our desk towards the other two. Mail goes through the real stages,
a real SMTP server on loopback and folders, under a clock that leaps. Exits 1 where a correspondent got more than one
acknowledgement on a day from any desk, or none on a day on which he wrote.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.autoresponders import World  # noqa: E402 - the path is made above
from support.machines import CORRESPONDENTS, DESK, OTHER_DESKS, live  # noqa: E402

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--days", type=int, default=30)
    options = wanted.parse_args()
    logging.disable()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="daydesk-autoresponders-") as folder:
        world = live(Path(folder), options.days, START)
    told(world, options.days)
    right = max(world.acknowledged.values()) == 1 and len(world.acknowledged) == options.days * 8
    print(f"{options.days} days in {time.perf_counter() - began:.0f} s: {'RIGHT' if right else 'WRONG'}")
    sys.exit(0 if right else 1)


def told(world: World, days: int) -> None:
    print(f"mails: {sum(world.mails.values())}, to the desk {world.mails[DESK]}")
    pairs = [(DESK, who) for who in CORRESPONDENTS] + [(other, DESK) for other in OTHER_DESKS]
    for desk, who in pairs:
        counts = Counter(n for (at, to, _day), n in world.acknowledged.items() if (at, to) == (desk, who))
        most, on = max(counts, default=0), sum(counts.values())
        print(f"    {desk} acknowledged {who}: on {on} of {days} days, at most {most} a day")


if __name__ == "__main__":
    main()
