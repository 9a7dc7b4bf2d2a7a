"""Killed at each boundary in turn and started again, the desk loses nothing and doubles nothing (I1 to I4)."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from support import strace
from support.boundaries import SERVERS, Boundary, commits
from support.dovecot import Dovecot, running_dovecot, why_not_here
from support.mails import a_mail
from support.nursery import born
from support.postgresql import at_port, socket_of
from support.proxy import Proxy, proxy_to
from support.sums import assert_copied, assert_filed_once, assert_nothing_doubled, assert_nothing_lost, assert_sound
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Outbox

LONG = bool(os.environ.get("DAYDESK_LONG"))  # nightly
ROUNDS = 40 if LONG else 1
KILLS = 25  # in a round: on two databases 50, and 2,000 at night
COMMITS = 10  # of a pass on PostgreSQL
CALLS = {"pwrite64": 60, "fdatasync": 10, "unlink": 1}  # of a pass on SQLite, about
LIFE_SECONDS = 30


@pytest.fixture(scope="module")
def old_dovecot() -> Iterator[Dovecot]:
    """A server without MOVE."""
    if reason := why_not_here():
        pytest.skip(reason)
    with running_dovecot(capability="IMAP4rev1 UIDPLUS") as server:
        yield server


@dataclass(slots=True, kw_only=True)
class Doomed:
    """A desk with two mailboxes that dies again and again; proxies stand before its servers."""

    desk: WorkingDesk
    user: str
    sink: SmtpSink
    servers: dict[str, Dovecot]  # mail, old mail
    proxies: dict[str, Proxy]  # also smtp, and database
    mails: dict[str, list[bytes]] = field(default_factory=lambda: {"mail": [], "old mail": []})
    died: list[str] = field(default_factory=list)  # at which boundaries

    @property
    def all_mails(self) -> list[bytes]:
        return [mail for mails in self.mails.values() for mail in mails]

    def bring(self) -> None:
        """One more mail for each mailbox."""
        for name, server in self.servers.items():
            fresh = a_mail(len(self.all_mails))
            server.deliver(self.user, [fresh])
            self.mails[name].append(fresh)

    def dies_at(self, boundary: Boundary) -> bool:
        """One life, which ends there; false where it did not come to that place."""
        process: list[BaseProcess] = []
        proxy = self.proxies[boundary.server]
        proxy.obey(boundary.rule(lambda: process[0].kill()))
        died = self._life(process, lambda: None)
        proxy.obey()
        return self._counted(died, boundary.name)

    def dies_before(self, call: str, number: int) -> bool:
        """The same, before the system call of this number."""
        process: list[BaseProcess] = []
        died = self._life(process, lambda: strace.killing(process[0].pid or 0, call, number), traced=True)
        return self._counted(died, f"before {call} {number}")

    def dies_after(self, seconds: float) -> bool:
        process: list[BaseProcess] = []

        def wait() -> None:
            process[0].join(seconds)
            process[0].kill()

        return self._counted(self._life(process, wait), "at any moment")

    def lives(self) -> None:
        """Undisturbed, until all is done."""
        for _ in range(3):
            assert not self._life([], lambda: None)
            if {row.state for row in self.desk.rows(Outbox)} <= {"sent"}:
                return

    def _life(self, process: list[BaseProcess], begun: Callable[[], Any], *, traced: bool = False) -> bool:
        """Whether it was killed."""
        while True:
            process[:] = [born(self.desk.config, self.desk.folder / "stderr", "run", "--once", traced=traced)]
            with ExitStack() as stack:
                if (companion := begun()) is not None:
                    stack.enter_context(companion)
                process[0].join(LIFE_SECONDS)
                code = process[0].exitcode
                process[0].kill()
                process[0].join()
            process[0].close()
            assert code in (0, -9, 75), f"{code}: {self._said()}"
            if code != 75:  # the killed one's lock is not yet given back
                return code == -9

    def _counted(self, died: bool, name: str) -> bool:
        if died:
            self.died.append(name)
            assert_sound(self.desk, self.user, self.servers.values(), self.all_mails, self.sink)
        return died

    def _said(self) -> str:
        return (self.desk.folder / "stderr").read_text()

    def assert_all_came_home(self) -> None:
        self.lives()
        assert_nothing_lost(self.desk, self.all_mails)
        assert_nothing_doubled(self.desk, self.sink)
        assert_filed_once(self.servers["mail"], self.user, self.mails["mail"])
        assert_copied(self.servers["old mail"], self.user, self.mails["old mail"])
        assert "Traceback" not in self._said()


@pytest.fixture
def doomed(
    dovecot: Dovecot, old_dovecot: Dovecot, user: str, sink: SmtpSink, database_url: str, tmp_path: Path
) -> Iterator[Doomed]:
    servers = {"mail": dovecot, "old mail": old_dovecot}
    before: dict[str, Any] = {name: server.port for name, server in servers.items()} | {"smtp": sink.port}
    if database_url.startswith("postgresql"):
        before["database"] = socket_of(database_url)
    with ExitStack() as stack:
        proxies = {name: stack.enter_context(proxy_to(where)) for name, where in before.items()}
        url = at_port(database_url, proxies["database"].port) if "database" in proxies else database_url
        desk = WorkingDesk(tmp_path, url, smtp={"port": proxies["smtp"].port, "batch": 2}, run={"batch_messages": 2})
        for name, server in servers.items():
            desk.add_mailbox(server, user, name.replace(" ", "-"), port=proxies[name].port)
        yield Doomed(desk=desk, user=user, sink=sink, servers=servers, proxies=proxies)


@pytest.mark.cell(
    "store",
    "SIGKILL before, within and after every command, commit and write in turn",
    "Mail is in the inbox or in the ledger at every moment, and filed away only after. The next pass goes on where the "
    "killed one was. An acknowledgement whose answer was not heard goes out again with the same Message-ID.",
)
@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_is_lost_or_doubled_wherever_the_desk_is_killed(doomed: Doomed, number: int) -> None:
    draw = random.Random(number)  # noqa: S311 - places, no secrets
    on_postgresql = "database" in doomed.proxies
    servers = list(SERVERS[number + on_postgresql :: 2]) if number == 0 or not LONG else draw.sample(SERVERS, 11)
    doomed.bring()
    doomed.lives()  # the first one is slow to be born, and makes what is made once

    for boundary in servers:
        doomed.bring()
        assert doomed.dies_at(boundary), boundary.name
    while len(doomed.died) < KILLS:
        doomed.bring()
        dies_in_the_database(doomed, draw)

    doomed.assert_all_came_home()
    if not on_postgresql and not strace.traces():
        pytest.skip(f"SQLite was killed at random moments, and not at each of its writes: {strace.MISSING}")


def dies_in_the_database(doomed: Doomed, draw: random.Random) -> bool:
    """At a commit, or at a write of one."""
    if "database" in doomed.proxies:
        return doomed.dies_at(draw.choice(list(commits(COMMITS))))
    if not strace.traces():
        return doomed.dies_after(draw.uniform(0.05, 0.8))
    call = draw.choice(list(CALLS))
    return doomed.dies_before(call, draw.randint(1, CALLS[call]))
