#!/usr/bin/env python3
"""Ten thousand sends, of which one in ten loses the server's last reply: is each told, and none missing or renamed?

    .venv/bin/python bench/lost_replies.py [--sends 10000] [--lost 0.1] [--postgresql]

A mail is taken whole, and the connection is cut before the server says so (RFC 1047). The desk cannot know, so it sends
again under the same Message-ID. Exits 1 where a sum is wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.delivering import Watch  # noqa: E402 - the path is made above
from support.mails import a_mail  # noqa: E402
from support.postgresql import running_postgresql  # noqa: E402
from support.scripted_smtp import Act, ScriptedSmtp  # noqa: E402
from support.working_desk import WorkingDesk  # noqa: E402

from processor.resources import migrations_folder  # noqa: E402
from processor.store.database import Store  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402
from processor.store.models import Dispatch, Event, Outbox  # noqa: E402


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument(
        "--sends", type=int, default=10_000, help="mails handed to the server, second copies among them"
    )
    wanted.add_argument("--lost", type=float, default=0.1, help="the share of them whose reply is lost")
    wanted.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    options = wanted.parse_args()
    replies = losing(options.sends, options.lost)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="daydesk-lost-")))
        url = f"sqlite:///{folder / 'desk.db'}"
        if options.postgresql:
            url = stack.enter_context(stack.enter_context(running_postgresql()).database())
        server = stack.enter_context(ScriptedSmtp({"dot": replies}))
        desk = made(folder, url, server.port, options.sends - len(replies.lost))
        began = time.perf_counter()
        rounds = deliver(desk)
        seconds = time.perf_counter() - began
        sums = counted(desk, server, replies)
    right = judge(sums, options.sends, len(replies.lost))
    print(f"{url.partition(':')[0]}: {seconds:.0f} s in {rounds} rounds: {'EXACT' if right else 'WRONG'}")
    for what, count in sums.items():
        print(f"    {what}: {count:,}")
    sys.exit(0 if right else 1)


@dataclass
class Replies:
    """The server's last words to each mail that it took, or none."""

    lost: frozenset[int]  # which of them, counted from 0
    sends: int = 0
    injected: int = 0

    def __call__(self) -> str | Act:
        here, self.sends = self.sends, self.sends + 1
        if here not in self.lost:
            return "250 2.0.0 taken"
        self.injected += 1
        return Act.CUT


def losing(sends: int, share: float) -> Replies:
    draw = random.Random(7)  # noqa: S311 - numbers, no secrets
    return Replies(frozenset(draw.sample(range(sends - 1), round(sends * share))))  # the very last one arrives


def made(folder: Path, url: str, port: int, mails: int) -> WorkingDesk:
    """A desk with so many acknowledgements due."""
    store = Store(url)
    upgrade(store, migrations_folder())
    store.close()
    desk = WorkingDesk(folder, url, smtp={"port": port, "batch": 100})
    (folder / "mail").mkdir()
    for number in range(mails):
        (folder / "mail" / f"{number}.eml").write_bytes(a_mail(number))
    desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
    for stage in ("receive", "triage"):
        desk.run_once(stage)
    return desk


def deliver(desk: WorkingDesk) -> int:
    """Until nothing is left to send, with an hour between the rounds."""
    now, rounds = Watch(datetime.now(UTC)), 0
    while any(row.state not in (Dispatch.SENT, Dispatch.FAILED) for row in desk.rows(Outbox, Outbox.state)):
        desk.run_once("deliver", now)
        now.forward(hours=4)
        rounds += 1
    return rounds


def counted(desk: WorkingDesk, server: ScriptedSmtp, replies: Replies) -> dict[str, int]:
    contents = [message_from_bytes(content) for content in server.contents]
    copies = Counter(mail["Message-ID"] for mail in contents)
    named: dict[str, set[str]] = {}
    for mail in contents:
        named.setdefault(mail["To"], set()).add(mail["Message-ID"])
    rows = desk.rows(Outbox)
    kinds = Counter(row.kind for row in desk.rows(Event, Event.kind))
    decided = sum(row.data["send"] for row in desk.rows(Event) if row.kind == "acknowledgement decided")
    return {
        "sends": len(contents),
        "replies lost, by the server": replies.injected,
        "attempts that ended unknown, by the events": kinds["acknowledgement unknown"],
        "other attempts that ended badly": kinds["acknowledgement due"] + kinds["acknowledgement failed"],
        "second copies": len(contents) - len(copies),
        "acknowledgements decided": decided,
        "acknowledgements sent": sum(row.state is Dispatch.SENT for row in rows),
        "missing at the server": len({row.message_id for row in rows} - copies.keys()),
        "with a second Message-ID": sum(len(ids) > 1 for ids in named.values()),
    }


def judge(sums: dict[str, int], sends: int, lost: int) -> bool:
    return sums == {
        "sends": sends,
        "replies lost, by the server": lost,
        "attempts that ended unknown, by the events": lost,
        "other attempts that ended badly": 0,
        "second copies": lost,
        "acknowledgements decided": sends - lost,
        "acknowledgements sent": sends - lost,
        "missing at the server": 0,
        "with a second Message-ID": 0,
    }


if __name__ == "__main__":
    main()
