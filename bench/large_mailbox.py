#!/usr/bin/env python3
"""What a mailbox of a million messages costs, and one of 100,000 whose folder is recreated, on a real Dovecot.

    .venv/bin/python bench/large_mailbox.py [--messages 1000000] [--recreated 100000]

The million are hard links in a Maildir. Each act on them is a process of its own: a first start from now on; a first
start from a date, for which every message's date is asked; the inventory, as a comparison asks for it; the comparison
itself. Exits 1 where one of them takes 5 minutes or 200 MB.

The 100,000 are different mails, taken in by `daydesk run --once` and left where they are; then the folder gets a new
UIDVALIDITY, and they are taken in again. Exits 1 where that makes a case, or less than 100,000 duplicates.

Needs dovecot-imapd, the test extra, and 4 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.dovecot import Dovecot, running_dovecot  # noqa: E402 - the tests' servers serve here too
from support.mails import a_mail  # noqa: E402
from support.working_desk import WorkingDesk  # noqa: E402

from processor.resources import migrations_folder  # noqa: E402
from processor.stages.connections import open_mailbox  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402
from processor.store.models import Case, Inbound  # noqa: E402

MOST_SECONDS, MOST_MEGABYTES = 300, 200
LINKS = 10_000  # to one file: file systems allow 65,000
USER, TEAM = "bench", "Team"
ROOM = "default_vsz_limit = 2G\n"  # its index of a million messages wants more than the usual 256 MB


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one process."""

    seconds: float
    cpu: float  # seconds, user and system
    megabytes: float  # the largest resident size
    said: str

    def __str__(self) -> str:
        return f"{self.seconds:8.1f} s ({self.cpu:.1f} s of its own processor time), {self.megabytes:.0f} MB at most"


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--messages", type=int, default=1_000_000)
    wanted.add_argument("--recreated", type=int, default=100_000)
    wanted.add_argument("--inventory-of", type=Path, help=argparse.SUPPRESS)  # the policy; for the process of its own
    options = wanted.parse_args()
    if options.inventory_of:
        inventory(options.inventory_of)
        return
    with tempfile.TemporaryDirectory(prefix="daydesk-large-") as folder, running_dovecot(more=ROOM) as dovecot:
        listed = not options.messages or listing(Path(folder), dovecot, options.messages)
        told = not options.recreated or recreation(Path(folder), dovecot, options.recreated)
    sys.exit(0 if listed and told else 1)


# A million, listed


def listing(folder: Path, dovecot: Dovecot, messages: int) -> bool:
    began = time.perf_counter()
    fill(dovecot, messages)
    made = time.perf_counter()
    opened(dovecot, "INBOX")
    indexed = time.perf_counter()
    print(f"{messages:,} messages: made in {made - began:.0f} s; Dovecot made its index in {indexed - made:.0f} s")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    costs = []
    for name, start in (("from now on", "now"), ("from a date", yesterday)):
        desk = new_desk(folder / name.replace(" ", "-"), dovecot, start=start, after="leave")
        costs.append(run(desk, "run", "--once"))
        print(f"  a first start {name:<12} {costs[-1]}")
        assert desk.rows(Inbound) == []
        print(f"  the pass after it          {run(desk, 'run', '--once')}")
    costs.append(child([sys.executable, __file__, "--inventory-of", str(desk.config)]))
    print(f"  the inventory              {costs[-1]}")
    assert json.loads(costs[-1].said) == {"messages": messages, "octets": messages * len(a_mail(1))}
    costs.append(run(desk, "inbox", "reconcile", "--json"))
    print(f"  the comparison             {costs[-1]}", flush=True)
    assert json.loads(costs[-1].said)["mailboxes"]["inbox"]["agreement"] == {"history": messages}
    return all(cost.seconds < MOST_SECONDS and cost.megabytes < MOST_MEGABYTES for cost in costs)


def fill(dovecot: Dovecot, messages: int) -> None:
    """So many messages in the user's Maildir, all older than the desk, as hard links: Dovecot never writes into one."""
    opened(dovecot, "INBOX")
    maildir = dovecot.maildir(USER)
    owner = maildir.stat()
    raw = a_mail(1)
    old = (datetime.now(UTC) - timedelta(days=30)).timestamp()
    for number in range(messages):
        if number % LINKS == 0:
            source = maildir / "tmp" / f"source-{number}"
            source.write_bytes(raw)
            os.chown(source, owner.st_uid, owner.st_gid)
            os.utime(source, (old, old))
        os.link(source, maildir / "cur" / f"{int(old) + number}.M{number}P1.bench,S={len(raw)},W={len(raw)}:2,S")


def inventory(config: Path) -> None:
    """In a process of its own, so that its memory is known."""
    desk = WorkingDesk.__new__(WorkingDesk)  # the policy is there already
    desk.folder, desk.config = config.parent, config
    with desk.opened() as opened_desk:
        source = opened_desk.policy.mailboxes[0]
        with open_mailbox(source, opened_desk.policy, opened_desk.store, opened_desk.tokens) as mailbox:
            messages = octets = 0
            for held in mailbox.inventory():
                messages, octets = messages + 1, octets + held.size
    print(json.dumps({"messages": messages, "octets": octets}))


# A hundred thousand, twice


def recreation(folder: Path, dovecot: Dovecot, messages: int) -> bool:
    with dovecot.client(USER) as client:
        client.create_folder(TEAM)
    place = dovecot.maildir(USER) / f".{TEAM}"
    owner = place.stat()
    at = int(datetime.now(UTC).timestamp()) - messages
    for number in range(1, messages + 1):
        file = place / "cur" / f"{at + number}.M{number}P1.bench:2,"
        file.write_bytes(a_mail(number))
        os.chown(file, owner.st_uid, owner.st_gid)
    opened(dovecot, TEAM)
    desk = new_desk(folder / "recreated", dovecot, folder=TEAM, start="everything", after="leave")
    desk.change(acknowledgement={"dry_run": True})
    print(f"{messages:,} mails\n  taken in                   {run(desk, 'run', '--once')}")
    before = Counter(row.state.value for row in desk.rows(Inbound, Inbound.state))
    cases = len(desk.rows(Case, Case.id))
    for file in place.glob("dovecot*"):  # the UIDs and all that was known of them
        file.unlink()
    opened(dovecot, TEAM)
    print(f"  taken in once more         {run(desk, 'run', '--once')}")
    after = Counter(row.state.value for row in desk.rows(Inbound, Inbound.state))
    new_cases = len(desk.rows(Case, Case.id)) - cases
    values = {row.uidvalidity for row in desk.rows(Inbound, Inbound.uidvalidity)}
    print(f"  ledger before {dict(before)}, after {dict(after)}; {len(values)} UIDVALIDITYs; new cases {new_cases}")
    compared = run(desk, "inbox", "reconcile", "--json")
    print(f"  the comparison             {compared}")
    print(f"  which found                {json.loads(compared.said)['mailboxes']['inbox']['agreement']}")
    again = after - before
    return new_cases == 0 and again == Counter(duplicate=messages) and len(values) == 2


def new_desk(at: Path, dovecot: Dovecot, **settings: object) -> WorkingDesk:
    at.mkdir()
    desk = WorkingDesk(at, f"sqlite:///{at / 'desk.db'}")
    desk.add_mailbox(dovecot, USER, **settings)
    with desk.store() as store:
        upgrade(store, migrations_folder())
    return desk


def opened(dovecot: Dovecot, folder: str) -> None:
    """Dovecot makes its index."""
    with dovecot.client(USER) as client:
        client._imap.sock.settimeout(1200)
        client.select_folder(folder)


def run(desk: WorkingDesk, *arguments: str) -> Cost:
    return child([sys.executable, "-m", "processor.cli", *arguments, "--config", str(desk.config)])


def child(command: list[str]) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    cpu = used.ru_utime + used.ru_stime
    return Cost(seconds=time.perf_counter() - began, cpu=cpu, megabytes=used.ru_maxrss / 1024, said=said)


if __name__ == "__main__":
    main()
