"""What the benches that count mail share: mails, a desk to take them in, and whether the sums are exact."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the tests' servers serve the benches too

from support.dovecot import Dovecot  # noqa: E402
from support.mails import message_id_of  # noqa: E402
from support.working_desk import WorkingDesk  # noqa: E402

from processor.demo.smtp_sink import SmtpSink  # noqa: E402
from processor.resources import migrations_folder  # noqa: E402
from processor.store.database import Store  # noqa: E402
from processor.store.migrating import upgrade  # noqa: E402
from processor.store.models import Case, Event, Inbound, Outbox  # noqa: E402

ADDRESS = "accounts@example.test"  # whom make_mail.py writes to
MAKE_MAIL = ROOT.parent / "shared" / "tools" / "make_mail.py"

Sums = dict[str, Any]


def made(folder: Path, count: int) -> list[bytes]:
    """Realistic mails, always the same."""
    subprocess.run(
        [sys.executable, MAKE_MAIL, str(count), folder / "mails", "7"], check=True, stdout=subprocess.DEVNULL
    )
    return [file.read_bytes() for file in sorted((folder / "mails").glob("*.eml"))]


def make_desk(folder: Path, url: str, smtp_port: int, dovecot: Dovecot, users: Sequence[str]) -> WorkingDesk:
    """A desk on a new database that reads these users' inboxes."""
    folder.mkdir(exist_ok=True)
    store = Store(url)
    upgrade(store, migrations_folder())
    store.close()
    desk = WorkingDesk(folder, url, smtp={"port": smtp_port}, desk={"address": ADDRESS})
    for user in users:
        desk.add_mailbox(dovecot, user, user)
    return desk


def sums(desk: WorkingDesk, sink: SmtpSink) -> Sums:
    """What the desk and the SMTP server hold."""
    ledger, outbox = desk.rows(Inbound), desk.rows(Outbox)
    decided = [row.data["send"] for row in desk.rows(Event) if row.kind == "acknowledgement decided"]
    return {
        "ledger rows": len(ledger),
        "states": dict(Counter(str(row.state) for row in ledger)),
        "digests": len({row.sha256 for row in ledger}),
        "cases": len(desk.rows(Case)),
        "decisions to acknowledge": sum(decided),
        "outbox": dict(Counter(str(row.state) for row in outbox)),
        "cases with a second acknowledgement row": len(outbox) - len({row.case_id for row in outbox}),
        "Message-IDs in the sink": len({message_id_of(mail.content) for mail in sink.received}),
        "second copies in the sink": len(sink.received) - len({mail.content for mail in sink.received}),
    }


def held(dovecot: Dovecot, users: Sequence[str]) -> Sums:
    """What the mail server holds, over all users."""
    inbox, processed, digests = 0, 0, set()
    for user in users:
        with dovecot.client(user) as client:
            inbox += client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"]
            client.select_folder("Processed", readonly=True)
            uids = client.search()
            processed += len(uids)
            for at in range(0, len(uids), 100):
                there = client.fetch(uids[at : at + 100], ["BODY.PEEK[]"])
                digests |= {sha256(item[b"BODY[]"]).hexdigest() for item in there.values()}
    return {"INBOX": inbox, "Processed": processed, "Processed, digests": len(digests)}


def right(told: Mapping[str, Any], folders: Sums, count: int) -> bool:
    """Nothing lost, nothing doubled."""
    states = told["states"]
    return (
        told["ledger rows"] == told["digests"] == count
        and bool(told["decisions to acknowledge"])
        and states.get("case", 0) + states.get("appended", 0) == count
        and told["cases"] == states.get("case", 0)
        and told["outbox"] == {"sent": told["decisions to acknowledge"]}
        and told["cases with a second acknowledgement row"] == 0
        and told["Message-IDs in the sink"] == told["decisions to acknowledge"]
        and folders == {"INBOX": 0, "Processed": count, "Processed, digests": count}
    )


def show(counts: Mapping[str, Any]) -> None:
    for what, count in counts.items():
        print(f"    {what}: {count}", flush=True)
