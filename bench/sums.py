#!/usr/bin/env python3
"""Whether the sums are exact: N realistic mails through Dovecot, on SQLite and PostgreSQL, undisturbed and killed.

    .venv/bin/python bench/sums.py [--mails 2000] [--kills 50]

Prints what the ledger, the cases, the outbox, the SMTP sink and the server's folders hold; exits 1 where they disagree.
Needs dovecot-imapd, the test extra, and ../shared/tools/make_mail.py.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.dovecot import Dovecot, running_dovecot  # noqa: E402 - the tests' servers serve here too
from support.mails import message_id_of  # noqa: E402
from support.nursery import born  # noqa: E402
from support.postgresql import running_postgresql  # noqa: E402
from support.working_desk import WorkingDesk  # noqa: E402

from processor.demo.smtp_sink import SmtpSink  # noqa: E402
from processor.resources import migrations_folder  # noqa: E402
from processor.store.database import Store  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402
from processor.store.models import Case, Event, Inbound, Outbox  # noqa: E402

LONGEST_LIFE = 0.5  # seconds; fifty such lives end before 2,000 mails are done
ADDRESS = "accounts@example.test"  # whom make_mail.py writes to
MAKE_MAIL = ROOT.parent / "shared" / "tools" / "make_mail.py"


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


def made(folder: Path, count: int) -> list[bytes]:
    subprocess.run(
        [sys.executable, MAKE_MAIL, str(count), folder / "mails", "7"], check=True, stdout=subprocess.DEVNULL
    )
    return [file.read_bytes() for file in sorted((folder / "mails").glob("*.eml"))]


def databases(folder: Path) -> Iterator[tuple[str, Callable[[str], object]]]:
    yield "sqlite", lambda name: sqlite(folder, name)
    with running_postgresql() as server:
        yield "postgresql", lambda _name: server.database()


@contextmanager
def sqlite(folder: Path, name: str) -> Iterator[str]:
    yield f"sqlite:///{folder / name}.db"


def check(folder: Path, dovecot: Dovecot, mails: list[bytes], database: Callable, kills: int) -> bool:
    folder.mkdir()
    user = folder.name
    dovecot.deliver(user, mails, received_at=datetime.now(UTC))
    with database(folder.name) as url, SmtpSink() as sink:
        store = Store(url)
        upgrade(store, migrations_folder())
        store.close()
        desk = WorkingDesk(folder, url, smtp={"port": sink.port}, desk={"address": ADDRESS})
        desk.add_mailbox(dovecot, user)
        began = time.perf_counter()
        killed = live(desk, kills)
        seconds = time.perf_counter() - began
        first = sums(desk, sink)
        live(desk, 0)
        second = sums(desk, sink)
    folders = held(dovecot, user)
    exact = right(first, folders, mails) and first == second
    print(f"{user}: {killed} kills, {seconds:.0f} s: {'EXACT' if exact else 'WRONG'}")
    for what, count in {**first, **folders}.items():
        print(f"    {what}: {count}")
    print(f"    a second pass: {'adds nothing' if first == second else second}", flush=True)
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


def sums(desk: WorkingDesk, sink: SmtpSink) -> dict[str, object]:
    ledger, outbox = desk.rows(Inbound), desk.rows(Outbox)
    decided = [row.data["send"] for row in desk.rows(Event) if row.kind == "acknowledgement decided"]
    return {
        "ledger rows": len(ledger),
        "states": dict(Counter(str(row.state) for row in ledger)),
        "digests": len({row.sha256 for row in ledger}),
        "cases": len(desk.rows(Case)),
        "decisions to acknowledge": sum(decided),
        "outbox": dict(Counter(str(row.state) for row in outbox)),
        "Message-IDs in the sink": len({message_id_of(mail.content) for mail in sink.received}),
        "second copies in the sink": len(sink.received) - len({mail.content for mail in sink.received}),
    }


def held(dovecot: Dovecot, user: str) -> dict[str, object]:
    with dovecot.client(user) as client:
        inbox = client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"]
        client.select_folder("Processed", readonly=True)
        uids = client.search()
        digests = {
            sha256(item[b"BODY[]"]).hexdigest()
            for at in range(0, len(uids), 100)
            for item in client.fetch(uids[at : at + 100], ["BODY.PEEK[]"]).values()
        }
    return {"INBOX": inbox, "Processed": len(uids), "Processed, digests": len(digests)}


def right(told: dict, folders: dict, mails: list[bytes]) -> bool:
    count = len(mails)
    states = told["states"]
    return (
        told["ledger rows"] == told["digests"] == count
        and bool(told["decisions to acknowledge"])
        and states.get("case", 0) + states.get("appended", 0) == count
        and told["cases"] == states.get("case", 0)
        and told["outbox"] == {"sent": told["decisions to acknowledge"]}
        and told["Message-IDs in the sink"] == told["decisions to acknowledge"]
        and folders == {"INBOX": 0, "Processed": count, "Processed, digests": count}
    )


if __name__ == "__main__":
    main()
