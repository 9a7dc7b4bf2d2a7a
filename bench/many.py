#!/usr/bin/env python3
"""Whether the sums are exact where two desks share the work, one is killed again and again, and PostgreSQL too.

    .venv/bin/python bench/many.py [--mails 5000] [--kill-every 5] [--restarts 2]

Two `daydesk run` on one PostgreSQL take mails from three Dovecot mailboxes. Every so many seconds one of the two is
killed (SIGKILL) and started again; PostgreSQL is killed as often as told, stays away for two seconds, and is started on
what it had written. Prints what ledger, cases, outbox, SMTP sink and folders hold; exits 1 where they disagree.
Needs dovecot-imapd, the test extra, and ../shared/tools/make_mail.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from mailroom import held, made, make_desk, right, show, sums
from support.dovecot import running_dovecot
from support.nursery import born
from support.postgresql import PostgreSql, running_postgresql
from support.working_desk import WorkingDesk

from ingest.errors import Transient
from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Inbound, Outbox

USERS = ("accounts", "legal", "invoices")
AWAY_SECONDS = 2.0
LOOK_SECONDS = 0.5
LIMIT_SECONDS = 1800
TRY_AGAIN = 75
DONE = {"sent", "attempted", "failed"}  # an attempt whose deliverer was killed waits for the end


@dataclass(slots=True, kw_only=True)
class Crew:
    """Two desks on one database, and what was done to them."""

    desk: WorkingDesk
    postgres: PostgreSql
    at_work: list[BaseProcess] = field(default_factory=list)
    kills: int = 0
    restarts: int = 0

    def see_to_it(self) -> None:
        """That there are two, as a supervisor does: one that found no database at its start ended with 75."""
        for process in [one for one in self.at_work if one.exitcode is not None]:
            if process.exitcode != TRY_AGAIN:
                sys.exit(f"a desk ended by itself with {process.exitcode}: see its log\n{self.log()[-2000:]}")
            self.at_work.remove(process)
        while len(self.at_work) < 2:
            self.at_work.append(born(self.desk.config, self.desk.folder / "stderr", "run"))

    def kill_one(self) -> None:
        """The older one, so that each is killed in turn."""
        dead = self.at_work.pop(0)
        dead.kill()
        dead.join()
        self.kills += 1

    def log(self) -> str:
        return (self.desk.folder / "stderr").read_text()

    def restart_postgresql(self) -> None:
        self.postgres.kill()
        time.sleep(AWAY_SECONDS)
        self.postgres.start()
        self.restarts += 1

    def end(self) -> None:
        for process in self.at_work:
            process.terminate()
        for process in self.at_work:
            process.join()


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--mails", type=int, default=5000)
    wanted.add_argument("--kill-every", type=float, default=5.0, metavar="SECONDS")
    wanted.add_argument("--restarts", type=int, default=2, help="of PostgreSQL")
    options = wanted.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="daydesk-many-") as folder,
        running_dovecot() as dovecot,
        running_postgresql() as postgres,
        postgres.database() as url,
        SmtpSink() as sink,
    ):
        mails = made(Path(folder), options.mails)
        for number, user in enumerate(USERS):
            dovecot.deliver(user, mails[number :: len(USERS)], received_at=datetime.now(UTC))
        crew = Crew(desk=make_desk(Path(folder) / "desk", url, sink.port, dovecot, USERS), postgres=postgres)
        began = time.monotonic()
        disturb(crew, options.mails, options.kill_every, options.restarts)
        seconds = time.monotonic() - began
        crew.desk.run_once()  # nobody else is left: what the killed ones attempted is taken up
        told, folders = sums(crew.desk, sink), held(dovecot, USERS)
        lacks = crew.log().count('"try again later"')
    exact = right(told, folders, options.mails) and crew.restarts == options.restarts
    print(
        f"{crew.kills} kills, {crew.restarts} restarts of PostgreSQL, {seconds:.0f} s: {'EXACT' if exact else 'WRONG'}"
    )
    show({**told, **folders, "passes that ended and were tried again": lacks})
    sys.exit(0 if exact else 1)


def disturb(crew: Crew, mails: int, kill_every: float, restarts: int) -> None:
    """Until all mail is taken in, decided and sent."""
    crew.see_to_it()
    marks = [mails * (number + 1) // (restarts + 1) for number in range(restarts)]
    end, next_kill = time.monotonic() + LIMIT_SECONDS, time.monotonic() + kill_every
    for taken, done in progress(crew.desk, mails):
        if done or time.monotonic() > end:
            break
        if marks and taken >= marks[0]:
            marks.pop(0)
            crew.restart_postgresql()
        elif time.monotonic() >= next_kill:
            next_kill += kill_every
            crew.kill_one()
        crew.see_to_it()
    crew.end()


def progress(desk: WorkingDesk, mails: int) -> Iterator[tuple[int, bool]]:
    """How many mails are decided, and whether nothing is left to do for desks that live."""
    taken, done = 0, False
    while True:
        try:
            taken = len([row for row in desk.rows(Inbound, Inbound.state) if row.state != "pending"])
            done = taken == mails and {row.state for row in desk.rows(Outbox, Outbox.state)} <= DONE
        except Transient:  # PostgreSQL is just coming back
            done = False
        yield taken, done
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main()
