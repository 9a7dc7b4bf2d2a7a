#!/usr/bin/env python3
"""How long a mail is under way from delivery to acknowledgement, at one mail a second: by IDLE, and by polling.

    .venv/bin/python bench/latency.py [--mails 60] [--every 1.0] [--poll 5]

A real `daydesk run` on SQLite with the default policy; a second IMAP client appends realistic mails; an SMTP server
notes when each acknowledgement is taken. Measured are IDLE on the embedded server, which tells of a mail as it comes;
on Dovecot, which tells of it half a second later (a constant of its own), so that the time from its telling on is shown
apart; on Dovecot with imap_hibernate_timeout, at half the rate, which waits no more; and Dovecot polled every few
seconds. Exits 1 where the median of the first, or that of the second from the server's telling on, is 150 ms or more.
Needs dovecot-imapd and the test extra.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from imapclient import IMAPClient

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.daemons import end, running  # noqa: E402 - the tests' servers serve here too
from support.dovecot import HIBERNATING, running_dovecot  # noqa: E402
from support.mails import a_mail  # noqa: E402
from support.proxy import Rule, Way, proxy_to  # noqa: E402
from support.working_desk import WorkingDesk  # noqa: E402

from processor.demo.imap_server import EmbeddedImap  # noqa: E402
from processor.demo.smtp_sink import SmtpSink  # noqa: E402
from processor.resources import migrations_folder  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402

MOST_MS = 150
PATIENCE = 30  # seconds for the last acknowledgement


@dataclass(frozen=True, kw_only=True)
class Server:
    """An IMAP server, and somebody who may log in."""

    port: int
    user: str
    password: str


@dataclass(frozen=True, kw_only=True)
class Trip:
    """Of one mail: when it was handed to the server, and when the rest was done."""

    delivered: float
    told: float  # by the server
    received: float  # committed, and filed away
    triaged: float
    answered: float  # the acknowledgement was taken by the SMTP server


@dataclass(frozen=True, kw_only=True)
class Medians:
    """In milliseconds: of the whole way, and from the server's telling on."""

    whole: float
    ours: float


class Sink(SmtpSink):
    """Notes when the mail for each recipient was taken."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[str, float] = {}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken[envelope.rcpt_tos[0]] = time.monotonic()
        return await super().handle_DATA(server, session, envelope)


@dataclass(slots=True)
class Ear:
    """When the server told of messages."""

    at: list[float] = field(default_factory=list)

    def hear(self) -> None:
        self.at.append(time.monotonic())

    def after(self, moment: float) -> float:
        return self.at[bisect(self.at, moment)]


class Stages:
    """When the daemon says that each stage was done with a mail: by the event's name, in order."""

    def __init__(self, daemon: subprocess.Popen[str]) -> None:
        self.at: dict[str, list[float]] = defaultdict(list)
        assert daemon.stderr is not None
        self._lines = daemon.stderr
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        since = time.time() - time.monotonic()
        for line in self._lines:
            entry = json.loads(line)
            self.at[entry["event"]].append(datetime.fromisoformat(entry["timestamp"]).timestamp() - since)

    def ended(self) -> None:
        self._reader.join(PATIENCE)

    def after(self, event: str, moment: float) -> float:
        return self.at[event][bisect(self.at[event], moment)]


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--mails", type=int, default=60)
    wanted.add_argument("--every", type=float, default=1.0, help="seconds between two mails")
    wanted.add_argument("--poll", type=int, default=5, help="run.poll_seconds, where there is no IDLE")
    options = wanted.parse_args()
    ways = (
        ("IDLE, embedded server", embedded(), options.every, None),
        ("IDLE, Dovecot", dovecot(), options.every, None),
        ("IDLE, Dovecot that hibernates", dovecot(HIBERNATING), 2 * options.every, None),
        (f"Dovecot polled every {options.poll} s", dovecot(), options.every, options.poll),
    )
    medians = [bench(name, server, options.mails, every, poll) for name, server, every, poll in ways]
    sys.exit(0 if medians[0].whole < MOST_MS and medians[1].ours < MOST_MS else 1)


def bench(name: str, server: AbstractContextManager[Server], mails: int, every: float, poll: int | None) -> Medians:
    with server as started:
        return told(f"{name}: {mails} mails, one every {every:g} s", trips(started, mails, every, poll))


@contextmanager
def embedded() -> Iterator[Server]:
    with EmbeddedImap() as server:
        yield Server(port=server.port, user=server.user, password=server.password)


@contextmanager
def dovecot(more: str = "") -> Iterator[Server]:
    with running_dovecot(more=more) as server:
        yield Server(port=server.port, user="bench", password=server.password)


def trips(server: Server, mails: int, every: float, poll: int | None) -> list[Trip]:
    """Mails go in, one after the other, while a real daemon works; by IDLE, or by polling after so many seconds."""
    ear = Ear()
    told_of = Rule(way=Way.TO_CLIENT, seen=rb"\* \d+ EXISTS\r\n", times=None, call=ear.hear)
    with (
        tempfile.TemporaryDirectory(prefix="daydesk-latency-") as folder,
        Sink() as sink,
        proxy_to(server.port) as proxy,
    ):
        desk = desk_in(Path(folder), server, proxy.port, sink.port, poll)
        with running(desk) as daemon, IMAPClient("127.0.0.1", server.port, ssl=False) as client:
            stages = Stages(daemon)
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else an APPEND waits for 40 ms
            client.login(server.user, server.password)
            warm_up(client, sink)
            proxy.obey(told_of)
            delivered = deliver(client, mails, every)
            await_all(sink, mails + 1)
            end(daemon)
            stages.ended()
    return [
        Trip(
            delivered=moment,
            told=ear.after(moment),
            received=stages.after("received", moment),
            triaged=stages.after("triaged", moment),
            answered=sink.taken[address(number)],
        )
        for number, moment in delivered.items()
    ]


def desk_in(folder: Path, server: Server, imap: int, smtp: int, poll: int | None) -> WorkingDesk:
    """A new desk with the default policy."""
    made = WorkingDesk(folder, f"sqlite:///{folder / 'desk.db'}", smtp={"port": smtp})
    (folder / "password").write_text(server.password)
    source = {
        "kind": "imap",
        "name": "inbox",
        "host": "127.0.0.1",
        "port": imap,
        "security": "plain",
        "username": server.user,
        "password": {"file": "password"},
        "idle": poll is None,
    }
    del made.tables["queues"], made.tables["rules"]
    made.change(include=["default"], mailboxes=[source], run={"poll_seconds": poll or 60})
    with made.store() as store:
        upgrade(store, migrations_folder())
    return made


def address(number: int) -> str:
    return f"client{number}@c{number}.example"


def warm_up(client: IMAPClient, sink: Sink) -> None:
    """A first mail, again and again until the daemon has begun to look ("now" means from its first look on)."""
    ends = time.monotonic() + PATIENCE
    while address(0) not in sink.taken and time.monotonic() < ends:
        client.append("INBOX", a_mail(0))
        time.sleep(2)
    await_all(sink, 1)


def deliver(client: IMAPClient, mails: int, every: float) -> dict[int, float]:
    """By number, when each was begun to be handed over."""
    delivered: dict[int, float] = {}
    begun = time.monotonic()
    for number in range(1, mails + 1):
        time.sleep(max(0.0, begun + number * every - time.monotonic()))
        delivered[number] = time.monotonic()
        client.append("INBOX", a_mail(number))
    return delivered


def await_all(sink: Sink, count: int) -> None:
    ends = time.monotonic() + PATIENCE
    while len(sink.taken) < count:
        if time.monotonic() > ends:
            sys.exit(f"{count - len(sink.taken)} of {count} mails were not acknowledged")
        time.sleep(0.05)


def told(how: str, done: Sequence[Trip]) -> Medians:
    """Prints milliseconds."""
    whole = [(trip.answered - trip.delivered) * 1000 for trip in done]
    ours = [(trip.answered - trip.told) * 1000 for trip in done]
    print(how)
    print(f"    delivery to acknowledgement:      {spread(whole)}")
    print(f"    server's word to acknowledgement: {spread(ours)}")
    shares = [
        f"{name} {statistics.median((getattr(trip, name) - getattr(trip, before)) * 1000 for trip in done):.0f}"
        for before, name in pairwise(("delivered", "told", "received", "triaged", "answered"))
    ]
    print(f"    medians of its parts, each since the one before: {', '.join(shares)}", flush=True)
    return Medians(whole=statistics.median(whole), ours=statistics.median(ours))


def spread(took: list[float]) -> str:
    percentiles = statistics.quantiles(took, n=100, method="inclusive")
    median, high, highest = (percentiles[at] for at in (49, 89, 98))
    return f"median {median:.0f} ms, 90 % {high:.0f}, 99 % {highest:.0f}, most {max(took):.0f}"


if __name__ == "__main__":
    main()
