#!/usr/bin/env python3
"""How soon the desk is back at work after a kill, and how soon it says that a server is dead.

    .venv/bin/python bench/back_at_work.py [--kills 10] [--no-servers]

Kills: `daydesk run` under a parent that starts it again after a second, as the systemd unit of the documents does,
is killed (SIGKILL) on each kind of database; a mail comes at that moment. Told is the time until it is acknowledged and
settled. Servers: the mail server, the SMTP server and PostgreSQL in turn fall silent, without a word and with every
connection open; told is the time until the log says so, at the settings of a new policy. Exits 1 where a kill costs
more than 10 s, or a dead server is noticed after more than 2 minutes. Needs dovecot-imapd and the test extra.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mailroom import ROOT, make_desk
from support.dovecot import Dovecot, running_dovecot
from support.mails import a_mail
from support.postgresql import PostgreSql, running_postgresql
from support.proxy import Fault, Proxy, Rule, Way, proxy_to
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Outbox

RESTART_SECONDS = 1.0  # RestartSec of the unit in docs/how-to/run-as-a-daemon.md
BACK_WITHIN, NOTICED_WITHIN = 10.0, 120.0
POLL_SECONDS = 60  # of a new policy
LIMIT_SECONDS = 300.0
SILENCE = tuple(Rule(way=way, seen=b".", fault=Fault.SWALLOW, times=None) for way in Way)


class Supervised:
    """`daydesk run`, started again whenever it ends."""

    def __init__(self, desk: WorkingDesk) -> None:
        self._log = desk.folder / "stderr"
        self._command = [sys.executable, "-m", "processor.cli", "run", "--config", str(desk.config)]
        self._over = False
        self._begin()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._over = True
        self._process.terminate()
        self._thread.join()

    def log(self) -> str:
        return self._log.read_text()

    def _begin(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stderr=log)

    def _watch(self) -> None:
        while True:
            self._process.wait()
            if self._over:
                return
            time.sleep(RESTART_SECONDS)
            self._begin()


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--kills", type=int, default=10)
    wanted.add_argument("--no-servers", action="store_true", help="Kills alone.")
    options = wanted.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="daydesk-back-") as folder,
        running_dovecot() as dovecot,
        running_postgresql() as postgres,
        SmtpSink() as sink,
    ):
        well = [after_kills(Path(folder) / kind, kind, postgres, dovecot, sink, options.kills) for kind in DATABASES]
        if not options.no_servers:
            well += [after_silence(Path(folder) / name, name, postgres, dovecot, sink) for name in SILENCED]
    sys.exit(0 if all(well) else 1)


@contextmanager
def on_sqlite(_postgres: PostgreSql, folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'desk.db'}"


@contextmanager
def on_postgresql(postgres: PostgreSql, _folder: Path) -> Iterator[str]:
    with postgres.database() as url:
        yield url


DATABASES = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def after_kills(folder: Path, kind: str, postgres: PostgreSql, dovecot: Dovecot, sink: SmtpSink, kills: int) -> bool:
    folder.mkdir()
    with DATABASES[kind](postgres, folder) as url, ExitStack() as stack:
        desk = make_desk(folder, url, sink.port, dovecot, [kind])
        desk.change(run={"poll_seconds": POLL_SECONDS}, desk={"address": "accounts@desk.example"})
        daemon = Supervised(desk)
        stack.callback(daemon.end)
        first = seconds_until(lambda: "first start" in daemon.log())
        times = []
        for number in range(kills):
            daemon.kill()
            dovecot.deliver(kind, [a_mail(number)])
            times.append(seconds_until(lambda before=number: len(settled(desk)) > before))
    words = f"killed {kills} times, its next mail settled after {told(times)} (started first in {first:.1f} s)"
    print(f"{kind}: {words}", flush=True)
    return max(times) <= BACK_WITHIN


def settled(desk: WorkingDesk) -> list[int]:
    return [row.id for row in desk.rows(Outbox, Outbox.id, Outbox.state) if row.state == "sent"]


def swallowed_mail(proxies: dict[str, Proxy], _postgres: PostgreSql) -> ExitStack:
    proxies["mail"].obey(*SILENCE)
    return ExitStack()


def swallowed_smtp(proxies: dict[str, Proxy], _postgres: PostgreSql) -> ExitStack:
    proxies["smtp"].obey(*SILENCE)
    return ExitStack()


def frozen_postgresql(_proxies: dict[str, Proxy], postgres: PostgreSql) -> ExitStack:
    stack = ExitStack()
    stack.enter_context(postgres.frozen())
    return stack


SILENCED = {  # what is done, and the words of the log
    "mail server": (swallowed_mail, '"receive '),
    "SMTP server": (swallowed_smtp, '"deliver"'),
    "PostgreSQL": (frozen_postgresql, "cannot be used now"),
}


def after_silence(folder: Path, name: str, postgres: PostgreSql, dovecot: Dovecot, sink: SmtpSink) -> bool:
    act, words = SILENCED[name]
    folder.mkdir()
    user = name.lower().replace(" ", "-")
    with postgres.database() as url, ExitStack() as stack:
        proxies = {
            "mail": stack.enter_context(proxy_to(dovecot.port)),
            "smtp": stack.enter_context(proxy_to(sink.port)),
        }
        desk = make_desk(folder, url, proxies["smtp"].port, dovecot, [user])
        mailbox = desk.tables["mailboxes"][0] | {"port": proxies["mail"].port}
        desk.change(run={"poll_seconds": POLL_SECONDS}, desk={"address": "accounts@desk.example"}, mailboxes=[mailbox])
        daemon = Supervised(desk)
        stack.callback(daemon.end)
        dovecot.deliver(user, [a_mail(1)])
        if seconds_until(lambda: len(settled(desk)) == 1) > LIMIT_SECONDS:
            sys.exit(f"the desk does not work at all:\n{daemon.log()[-2000:]}")
        with act(proxies, postgres):
            dovecot.deliver(user, [a_mail(2)])
            seconds = seconds_until(lambda: said(daemon.log(), words))
        for proxy in proxies.values():
            proxy.obey()
    print(f"{name}: fell silent, the log said so after {seconds:.1f} s", flush=True)
    return seconds <= NOTICED_WITHIN


def said(log: str, words: str) -> bool:
    return any(words in line for line in log.splitlines() if '"try again later"' in line)


def seconds_until(holds: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > LIMIT_SECONDS:
            return math.inf
        time.sleep(0.05)
    return time.monotonic() - began


def told(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.1f} s (median), {ordered[-1]:.1f} s (longest)"


if __name__ == "__main__":
    main()
