#!/usr/bin/env python3
"""How long `daydesk replay` takes over N stored mails, by the shipped policy and one rule more.

    .venv/bin/python bench/replay.py [--mails 2000]

The mails are those of the other benches, taken in by a desk on SQLite. Prints the time by clock and of the processor,
the reading process included, and what was found. Needs the test extra, and ../shared/tools/make_mail.py.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mailroom import ADDRESS, ROOT, made
from support.working_desk import WorkingDesk

from processor import workers
from processor.resources import migrations_folder
from processor.store.database import Store
from processor.store.migrating import upgrade

RULE = """
[[rules]]
name = "everything-with-a-question"
queue = "customer-service"
when.words = ["when", "question*", "quand", "wann"]
"""


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--mails", type=int, default=2000)
    count = wanted.parse_args().mails
    with tempfile.TemporaryDirectory(prefix="daydesk-replay-") as folder:
        desk = taken_in(Path(folder), count)
        other = Path(folder) / "new.toml"
        other.write_text(desk.config.read_text() + RULE)
        began, spent = time.perf_counter(), _processor()
        command = [sys.executable, "-m", "processor.cli", "replay", "--json", "--policy", str(other)]
        done = subprocess.run([*command, "--config", str(desk.config)], cwd=ROOT, capture_output=True, check=True)
        seconds, of_processor = time.perf_counter() - began, _processor() - spent
    told = json.loads(done.stdout)
    print(f"replay of {told['replayed']} mails: {seconds:.1f} s by the clock, {of_processor:.1f} s of the processor")
    print(f"    other queue: {told['different']['queue']}, unread: {len(told['unread'])}, of {told['mails']}")


def taken_in(folder: Path, count: int) -> WorkingDesk:
    """A desk with the shipped rules that has decided of so many mails."""
    url = f"sqlite:///{folder / 'desk.db'}"
    store = Store(url)
    upgrade(store, migrations_folder())
    store.close()
    made(folder, count)
    desk = WorkingDesk(folder, url, desk={"address": ADDRESS})
    for table in ("queues", "rules"):
        del desk.tables[table]
    desk.tables = {"include": ["default"], **desk.tables}
    desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mails"}])
    with desk.opened() as opened:
        for stage in ("receive", "triage"):
            workers.run_once(opened, stage)
    return desk


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
