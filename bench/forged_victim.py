#!/usr/bin/env python3
"""Ten thousand mails that forge one victim: how many acknowledgements does he get, and in whose words?

    .venv/bin/python bench/forged_victim.py [--mails 10000] [--hours 24]

Twice through the real stages: once with a DMARC fail by the policy's gateway, once without any verdict; the address is
written in many ways. Exits 1 where he got any mail after a fail, more than five in 24 hours otherwise, or a byte of the
attacker's beyond his own address and the ids of RFC 5322 section 3.6.4.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.forging import Backscatter, attack  # noqa: E402 - the path is made above

CAP = 5  # caps.address_per_day
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--mails", type=int, default=10_000)
    wanted.add_argument("--hours", type=int, default=24, help="over which they are spread")
    options = wanted.parse_args()
    with tempfile.TemporaryDirectory(prefix="daydesk-forged-") as folder:
        right = [
            tried(Path(folder) / (dmarc or "none"), dmarc, most, options.mails, options.hours)
            for dmarc, most in (("fail", 0), ("", CAP))
        ]
    sys.exit(0 if all(right) else 1)


def tried(folder: Path, dmarc: str, most: int, mails: int, hours: int) -> bool:
    began = time.perf_counter()
    got: Backscatter = attack(folder, mails, dmarc, START, hours)
    longest = max(map(len, got.mails), default=0)
    right = got.taken_in == mails and got.busiest_day <= most and not got.with_words
    seconds = time.perf_counter() - began
    print(f"DMARC {dmarc or 'unknown'}, {mails} mails, {seconds:.0f} s: {'RIGHT' if right else 'WRONG'}")
    print(f"    acknowledgements: {len(got.mails)}, in 24 hours at most {got.busiest_day} of {most}")
    print(f"    with a word of the attacker's: {got.with_words}; the longest has {longest} octets")
    return right


if __name__ == "__main__":
    main()
