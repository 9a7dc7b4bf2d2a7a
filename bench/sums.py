#!/usr/bin/env python3
"""Whether the sums are exact: N realistic mails through Dovecot, on SQLite and PostgreSQL, undisturbed and killed.

    .venv/bin/python bench/sums.py [--mails 2000] [--kills 50]

Prints what the ledger, the cases, the outbox, the SMTP sink and the server's folders hold; exits 1 where they disagree.
Needs dovecot-imapd, the test extra, and ../shared/tools/make_mail.py.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mailroom import held, made, make_desk, right, show, sums
from support.dovecot import Dovecot, running_dovecot
from support.nursery import born
from support.postgresql import running_postgresql
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink

LONGEST_LIFE = 0.5  # seconds; fifty such lives end before 2,000 mails are done


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--mails", type=int, default=2000)
    wanted.add_argument("--kills", type=int, default=50)
    options = wanted.parse_args()
    with tempfile.TemporaryDirectory(prefix="daydesk-sums-") as folder, running_dovecot() as dovecot:
        mails = made(Path(folder), options.mails)
        exact = [
            check(Path(folder) / f"{name}-{kills}", dovecot, mails, url, kills)
            for name, url in databases(Path(folder))
            for kills in (0, options.kills)
        ]
    sys.exit(0 if all(exact) else 1)


def databases(folder: Path) -> Iterator[tuple[str, Callable[[str], object]]]:
    yield "sqlite", lambda name: sqlite(folder, name)
    with running_postgresql() as server:
        yield "postgresql", lambda _name: server.database()


@contextmanager
def sqlite(folder: Path, name: str) -> Iterator[str]:
    yield f"sqlite:///{folder / name}.db"


def check(folder: Path, dovecot: Dovecot, mails: list[bytes], database: Callable, kills: int) -> bool:
    user = folder.name
    dovecot.deliver(user, mails, received_at=datetime.now(UTC))
    with database(user) as url, SmtpSink() as sink:
        desk = make_desk(folder, url, sink.port, dovecot, [user])
        began = time.perf_counter()
        killed = live(desk, kills)
        seconds = time.perf_counter() - began
        first = sums(desk, sink)
        live(desk, 0)
        second = sums(desk, sink)
    folders = held(dovecot, [user])
    exact = right(first, folders, len(mails)) and first == second
    print(f"{user}: {killed} kills, {seconds:.0f} s: {'EXACT' if exact else 'WRONG'}")
    show({**first, **folders, "a second pass": "adds nothing" if first == second else second})
    return exact


def live(desk: WorkingDesk, kills: int) -> int:
    """Lives of the real command, each but the last killed at a random moment."""
    draw = random.Random(7)  # noqa: S311 - moments, no secrets
    killed = 0
    while killed < kills:
        process = born(desk.config, desk.folder / "stderr", "run", "--once")
        process.join(draw.uniform(0.05, LONGEST_LIFE))
        if process.exitcode is not None:
            break  # all is done before the kills are
        process.kill()
        process.join()
        killed += 1
    last = born(desk.config, desk.folder / "stderr", "run", "--once")
    last.join()
    if last.exitcode:
        sys.exit((desk.folder / "stderr").read_text())
    return killed


if __name__ == "__main__":
    main()
