#!/usr/bin/env python3
"""What it costs to find nothing new on a kept connection, at any number of messages in the folder, on a real Dovecot.

    .venv/bin/python bench/idle.py [--messages 0 20000 100000] [--passes 300]

Prints the median, the 10th and the 99th percentile of a pass (a NOOP, and what the ledger is asked), of the server's
part of it alone, and of an IDLE that is begun and ended; and the octets of each, in both directions. Exits 1 where the
median pass takes 1 ms or more, or 200 octets or more. Needs dovecot-imapd and the test extra.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.dovecot import Dovecot, running_dovecot  # noqa: E402 - the tests' servers serve here too
from support.mails import a_mail  # noqa: E402
from support.proxy import proxy_to  # noqa: E402
from support.working_desk import WorkingDesk  # noqa: E402

from ingest.bell import Bell  # noqa: E402
from ingest.mailbox import Mailbox  # noqa: E402
from processor.resources import migrations_folder  # noqa: E402
from processor.stages.connections import open_mailbox  # noqa: E402
from processor.stages.desk import Desk  # noqa: E402
from processor.stages.receive import receive  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402

MOST_MS, MOST_OCTETS = 1.0, 200
LINKS = 10_000  # to one file: file systems allow 65,000
USER = "bench"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one thing, done again and again."""

    fast: float  # milliseconds, of the fastest tenth: what a busy machine disturbs least
    median: float
    p99: float
    octets: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ms (10 %: {self.fast:.2f}, 99 %: {self.p99:.2f}), {self.octets:.0f} octets"


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--messages", type=int, nargs="+", default=[0, 20_000, 100_000])
    wanted.add_argument("--passes", type=int, default=300)
    options = wanted.parse_args()
    within = [bench(count, options.passes) for count in options.messages]
    sys.exit(0 if all(within) else 1)


def bench(messages: int, passes: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="daydesk-idle-") as folder, running_dovecot() as dovecot:
        fill(dovecot, messages)
        seconds = opened_once(dovecot)
        with desk_on(Path(folder), dovecot, dovecot.port) as (desk, mailbox):
            timed = [measured(act, passes, lambda: 0) for act in acts(desk, mailbox)]
        with proxy_to(dovecot.port) as proxy, desk_on(Path(folder), dovecot, proxy.port) as (desk, mailbox):
            counted = [measured(act, 20, lambda: proxy.octets) for act in acts(desk, mailbox)]
    whole, server, idle = (replace(time, octets=count.octets) for time, count in zip(timed, counted, strict=True))
    print(f"{messages:>9,} messages (opened by Dovecot for the first time in {seconds:.1f} s)")
    print(f"          a pass              {whole}")
    print(f"          its NOOP alone      {server}")
    print(f"          an IDLE, and its end {idle}", flush=True)
    return whole.median < MOST_MS and whole.octets < MOST_OCTETS


def acts(desk: Desk, mailbox: Mailbox) -> tuple[Callable[[], object], ...]:
    """A pass; what the server does of it; and the waiting, of which this is the beginning and the end."""
    cursor = mailbox.start_cursor(desk.now())
    rung = Bell()
    rung.set()
    return (
        lambda: list(receive(desk, mailbox)),
        lambda: list(mailbox.fetch_after(cursor)),
        lambda: mailbox.wait(rung, 60),
    )


def measured(act: Callable[[], object], times: int, octets: Callable[[], int]) -> Cost:
    act()
    before, took = octets(), []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    time.sleep(0.05)  # the proxy counts in a thread of its own
    percentiles = statistics.quantiles(took, n=100, method="inclusive")
    return Cost(fast=percentiles[9], median=percentiles[49], p99=percentiles[98], octets=(octets() - before) / times)


@contextmanager
def desk_on(folder: Path, dovecot: Dovecot, port: int) -> Iterator[tuple[Desk, Mailbox]]:
    """A new desk, whose mailbox was read to its end."""
    work = folder / str(port)
    work.mkdir()
    made = WorkingDesk(work, f"sqlite:///{work / 'desk.db'}")
    made.add_mailbox(dovecot, USER, port=port, start="now")
    with made.store() as store:
        upgrade(store, migrations_folder())
    with made.opened() as desk, open_mailbox(desk.policy.mailboxes[0], desk.policy, desk.store, desk.tokens) as mailbox:
        yield desk, mailbox


def fill(dovecot: Dovecot, messages: int) -> None:
    """So many messages in the user's Maildir, as hard links: Dovecot never writes into one."""
    with dovecot.client(USER) as client:
        client.select_folder("INBOX")
    maildir = dovecot.maildir(USER)
    owner = maildir.stat()
    raw = a_mail(1)
    at = int(datetime.now(UTC).timestamp()) - messages
    for number in range(messages):
        if number % LINKS == 0:
            source = maildir / "tmp" / f"source-{number}"
            source.write_bytes(raw)
            os.chown(source, owner.st_uid, owner.st_gid)
        os.link(source, maildir / "cur" / f"{at + number}.M{number}P1.bench,S={len(raw)}:2,S")


def opened_once(dovecot: Dovecot) -> float:
    """Dovecot makes its index; how many seconds it takes."""
    with dovecot.client(USER) as client:
        client._imap.sock.settimeout(1200)
        began = time.perf_counter()
        client.select_folder("INBOX")
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
