#!/usr/bin/env python3
"""Mutated mails, as many as asked for: none may end in an error, take over 5 s, or grow its process by over 300 MB.

    .venv/bin/python bench/mutated.py --mails 50000 --processes 2 [--corpus ../shared/corpus] [--keep DIR]

Each mail is made of public mails and our own by its number (tests/support/mutations.py), and read in a process that
the system limits. Prints the rate, the slowest and the largest, and each violation; writes the mails of these into a
folder, and exits 1 where there is one. A number makes the same mail again: --first NUMBER --mails 1.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.mutations import mutated, seeds  # noqa: E402 - from the checkout that this file is in

from ingest.parser import parse  # noqa: E402

SECONDS, MEGABYTES = 5.0, 300
PORTION = 500  # mails that a process reports on together
SILENT_SECONDS = 120  # without a word of a process: it hangs where no signal of ours reaches it


class TooLong(BaseException):
    """No handler of an exception in the parser is to catch it."""


@dataclass(slots=True)
class Portion:
    """What came of so many mails."""

    first: int
    mails: int = 0
    octets: int = 0
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[float, int] = (0.0, -1)  # megabytes that the process grew by, at most
    violations: list[tuple[int, str]] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=50_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="number of the first mail")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--keep", type=Path, default=Path("mutated-violations"), help="folder for mails that violate")
    options = parser.parse_args()
    began = time.monotonic()
    total = Portion(first=options.first)
    for portion in _portions(options):
        _add(total, portion)
        for number, what in portion.violations:
            print(f"\nmail {number}: {what}", flush=True)
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{number}.eml").write_bytes(mutated(number, seeds(options.corpus)))
        rate = total.mails / (time.monotonic() - began)
        print(f"\r{total.mails:,} of {options.mails:,} mails, {rate:,.0f}/s   ", end="", flush=True)
    print(f"\n{total.octets / 1e6:,.0f} MB of mail; violations: {len(total.violations)}")
    print(f"slowest: {total.slowest[0]:.2f} s (mail {total.slowest[1]}); limit {SECONDS:.0f} s")
    print(f"largest: {total.largest[0]:.0f} MB (mail {total.largest[1]}); limit {MEGABYTES} MB")
    return 1 if total.violations or total.mails < options.mails else 0


def _portions(options: argparse.Namespace) -> Iterator[Portion]:
    """As they are done; a process that hangs ends all, since nobody knows in which mail."""
    firsts = range(options.first, options.first + options.mails, PORTION)
    work = [(first, min(PORTION, options.first + options.mails - first)) for first in firsts]
    context = multiprocessing.get_context("spawn")
    with context.Pool(options.processes, _begin, (options.corpus,), maxtasksperchild=20) as pool:
        done = pool.imap_unordered(_read, work)
        for _ in work:
            try:
                yield done.next(timeout=SILENT_SECONDS)
            except multiprocessing.TimeoutError:
                print(f"\na process hangs, or was killed: nothing was heard for {SILENT_SECONDS} s", flush=True)
                return


_mails: list[bytes] = []


def _begin(corpus: Path) -> None:
    """In each process, once: the seeds, and the limits of the system."""
    _mails[:] = seeds(corpus)
    parse(_mails[0])  # what is loaded late is no mail's fault
    signal.signal(signal.SIGPROF, _too_long)
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + (MEGABYTES + 100) * 1_000_000,) * 2)


def _too_long(_number: int, _frame: FrameType | None) -> Any:
    raise TooLong


def _read(work: tuple[int, int]) -> Portion:
    first, count = work
    portion = Portion(first=first)
    for number in range(first, first + count):
        raw = mutated(number, _mails)
        before, resident = time.process_time(), _resident()
        what = _tried(raw)
        seconds, grown = time.process_time() - before, (_resident() - resident)
        portion.mails += 1
        portion.octets += len(raw)
        portion.slowest = max(portion.slowest, (seconds, number))
        portion.largest = max(portion.largest, (grown, number))
        if what or seconds > SECONDS or grown > MEGABYTES:
            portion.violations.append((number, what or f"{seconds:.2f} s, {grown:.0f} MB"))
    return portion


def _tried(raw: bytes) -> str:
    """What went wrong; nothing where the mail was read."""
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
    try:
        parse(raw)
    except TooLong:
        return f"over {2 * SECONDS:.0f} s"
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        cause = error.__cause__ or error
        return f"{type(error).__name__} ({type(cause).__name__}: {cause})"[:300]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _resident() -> float:
    """Megabytes at most so far: what one mail adds to it is what it needed beyond all before."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def _add(total: Portion, portion: Portion) -> None:
    total.mails += portion.mails
    total.octets += portion.octets
    total.slowest = max(total.slowest, portion.slowest)
    total.largest = max(total.largest, portion.largest)
    total.violations += portion.violations


if __name__ == "__main__":
    raise SystemExit(main())
