"""A mail of a hundred million octets is taken in by its beginning, and costs no memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.dovecot import Dovecot
from support.mails import a_mail
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Inbound, RawMessage

OCTETS = 100_000_000
SPARE_MEGABYTES = 15  # by which two runs of the same process may differ


@pytest.mark.no_cover
def test_a_mail_of_100_mb_is_marked_oversize_and_its_neighbours_come_and_memory_stays_small(
    sqlite_url: str, dovecot: Dovecot, user: str, sink: SmtpSink, tmp_path: Path
) -> None:
    desk = WorkingDesk(tmp_path, sqlite_url, smtp={"port": sink.port})
    desk.add_mailbox(dovecot, user)
    dovecot.deliver(user, [a_mail(1)])
    before = megabytes_of_a_pass(desk)
    put_large(dovecot, user, a_mail(2))
    dovecot.deliver(user, [a_mail(3)])

    after = megabytes_of_a_pass(desk)

    assert after - before < SPARE_MEGABYTES
    rows = desk.rows(Inbound)
    assert [row.state for row in rows] == ["case"] * 3
    assert [row.size for row in rows if row.oversize] == [OCTETS]
    assert max(raw.size for raw in desk.rows(RawMessage)) == 65_536
    assert len(sink.received) == 3
    with dovecot.client(user) as client:
        assert client.select_folder("Processed", readonly=True)[b"EXISTS"] == 3


def put_large(dovecot: Dovecot, user: str, head: bytes) -> None:
    """As a file with a hole, so that it takes no room; its name tells the size, as a delivery by LMTP has it."""
    folder = dovecot.maildir(user) / "new"
    file = folder / f"1.M1P1.host,S={OCTETS},W={OCTETS}"
    file.write_bytes(head)
    os.truncate(file, OCTETS)
    owner = folder.stat()
    os.chown(file, owner.st_uid, owner.st_gid)


def megabytes_of_a_pass(desk: WorkingDesk) -> float:
    """The largest resident size of the real command, or of a child of its."""
    with desk.start("run", "--once") as process:
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert (process.returncode, process.communicate()) == (0, ("", ""))
    return used.ru_maxrss / 1024
