"""An mbox file as a mailbox."""

from __future__ import annotations

import fcntl
import mailbox as standard
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.file_mail import Ledger, take_in, write

from ingest.errors import Configuration, Transient
from ingest.mailbox import Limits
from ingest.mbox import MboxMailbox

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ONE = b"From anna@example.org Fri Nov 20 09:30:00 2026\nSubject: one\n\nhello\n"
TWO = b"From bob@example.org Sat Nov 21 10:00:00 2026 +0100\nSubject: two\n\nhello\n"


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "mbox", ONE + b"\n" + TWO, NOW)


def mailbox_at(path: Path, ledger: Ledger, **settings: Any) -> MboxMailbox:
    return MboxMailbox(name="archive", path=path, taken=ledger.taken, **settings)


def raws(mailbox: MboxMailbox, ledger: Ledger) -> list[bytes]:
    return [message.raw for message in take_in(mailbox, ledger, mailbox.start_cursor(NOW))]


def raws_of(tmp_path: Path, octets: bytes) -> list[bytes]:
    ledger = Ledger()
    return raws(mailbox_at(write(tmp_path / "mbox", octets, NOW), ledger), ledger)


def test_messages_come_in_the_files_order_with_the_date_of_their_from_line(file: Path, ledger: Ledger) -> None:
    with mailbox_at(file, ledger) as mailbox:
        one, two = take_in(mailbox, ledger, mailbox.start_cursor(NOW))
    assert (one.raw, two.raw) == (b"Subject: one\n\nhello\n", b"Subject: two\n\nhello\n")
    assert one.received_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert two.received_at == datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert not one.oversize


def test_a_message_is_the_same_wherever_it_stands_in_a_rewritten_file(file: Path, ledger: Ledger) -> None:
    mailbox = mailbox_at(file, ledger)
    raws(mailbox, ledger)
    three = ONE.replace(b"one", b"three")
    write(file, three + b"\n" + TWO + b"\n" + ONE + b"\n", NOW)
    assert raws(mailbox, ledger) == [b"Subject: three\n\nhello\n"]
    assert raws(mailbox_at(file, ledger), ledger) == []


def test_a_file_that_did_not_change_is_not_read_again(file: Path, ledger: Ledger) -> None:
    mailbox = mailbox_at(file, ledger)
    raws(mailbox, ledger)
    assert raws(mailbox, ledger) == []
    file.chmod(0o600)  # no change of content
    state = file.stat()
    file.write_bytes(b"x" * state.st_size)  # not even an mbox any more, which a reading would notice
    write(file, b"x" * state.st_size, NOW)
    assert raws(mailbox, ledger) == []


def test_what_was_given_but_not_committed_is_given_again(file: Path, ledger: Ledger) -> None:
    mailbox = mailbox_at(file, ledger)
    cursor = mailbox.start_cursor(NOW)
    assert len(list(mailbox.fetch_after(cursor))) == 1
    assert len(list(mailbox.fetch_after(cursor))) == 1


def test_the_same_message_twice_is_one_message(tmp_path: Path) -> None:
    assert raws_of(tmp_path, ONE + b"\n" + ONE) == [b"Subject: one\n\nhello\n"]


def test_quoted_from_lines_are_unquoted_once(tmp_path: Path) -> None:
    octets = ONE + b"\n>From here on\n>>From there\n> From not\n"
    assert raws_of(tmp_path, octets) == [b"Subject: one\n\nhello\n\nFrom here on\n>From there\n> From not\n"]


def test_only_a_from_line_after_a_blank_line_begins_a_message(tmp_path: Path) -> None:
    octets = ONE + TWO + b"\nFrom Monday on we are closed, since 10:30 2026\n"
    (raw,) = raws_of(tmp_path, octets)
    assert raw == octets.split(b"\n", 1)[1]


def test_blank_lines_of_the_message_itself_are_kept(tmp_path: Path) -> None:
    one, two = raws_of(tmp_path, ONE + b"\n\n\n" + TWO + b"\n\n")
    assert one == b"Subject: one\n\nhello\n\n\n"
    assert two == b"Subject: two\n\nhello\n\n"


def test_line_ends_of_dos_and_bare_from_lines_are_read(tmp_path: Path) -> None:
    octets = b"\r\nFrom \r\nSubject: one\r\n\r\nhello\r\n\r\nFrom - Sat Nov 21 10:00:00 2026\r\nSubject: two\r\n\r\n"
    assert raws_of(tmp_path, octets) == [b"Subject: one\r\n\r\nhello\r\n", b"Subject: two\r\n"]


@pytest.mark.parametrize("sender", [b"", b"nobody Sat Nov 99 10:00:00 2026", b"nobody Sat Nov 21 99:00:00 2026"])
def test_without_a_readable_date_the_files_time_counts(tmp_path: Path, ledger: Ledger, sender: bytes) -> None:
    file = write(tmp_path / "mbox", b"From " + sender + b"\nSubject: one\n\n", NOW - timedelta(days=1))
    mailbox = mailbox_at(file, ledger)
    (message,) = take_in(mailbox, ledger, mailbox.start_cursor(NOW))
    assert message.received_at == NOW - timedelta(days=1)


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert raws_of(tmp_path, b"") == []


def test_a_line_longer_than_what_is_read_at_once_stays_whole(tmp_path: Path) -> None:
    long = b"x" * 65_536 + b">From " + b"y" * 70_000 + b"\n"
    (raw,) = raws_of(tmp_path, ONE + b"\n" + long)
    assert raw == b"Subject: one\n\nhello\n\n" + long


def test_of_a_message_above_the_limit_only_the_beginning_is_given(tmp_path: Path, ledger: Ledger) -> None:
    line = b"x" * 99 + b"\n"
    file = write(tmp_path / "mbox", ONE + line * 2_000 + b"\n" + TWO, NOW)
    mailbox = mailbox_at(file, ledger, limits=Limits(message_bytes=100_000))
    large, small = take_in(mailbox, ledger, mailbox.start_cursor(NOW))
    assert (large.size, len(large.raw), large.oversize) == (200_020, 65_536, True)
    assert small.raw == b"Subject: two\n\nhello\n"


def test_what_the_standard_library_writes_is_read(tmp_path: Path, ledger: Ledger) -> None:
    path = tmp_path / "mbox"
    written = standard.mbox(path)
    written.add(b"Subject: one\n\nFrom here\n")
    written.add(b"Subject: two\n\nend\n")
    written.close()
    assert raws(mailbox_at(path, ledger), ledger) == [b"Subject: one\n\nFrom here\n", b"Subject: two\n\nend\n"]


def test_a_file_that_is_no_mbox_is_named(tmp_path: Path, ledger: Ledger) -> None:
    file = write(tmp_path / "mbox", b"Subject: a mail\n\nhello\n", NOW)
    with pytest.raises(Configuration, match="is not an mbox"):
        mailbox_at(file, ledger).check()


@pytest.mark.parametrize("name", ["absent", "."])
def test_a_path_that_is_no_file_is_named(tmp_path: Path, ledger: Ledger, name: str) -> None:
    mailbox = mailbox_at(tmp_path / name, ledger)
    with pytest.raises(Configuration, match="is not there, or not of the kind"):
        mailbox.__enter__()


def test_a_file_that_vanishes_between_passes_is_named(file: Path, ledger: Ledger) -> None:
    mailbox = mailbox_at(file, ledger)
    cursor = mailbox.start_cursor(NOW)
    file.unlink()
    with pytest.raises(Configuration, match="is not there"):
        list(mailbox.fetch_after(cursor))


def test_a_file_that_another_program_writes_is_read_later(file: Path, ledger: Ledger) -> None:
    hold = (
        "import fcntl, sys\n"
        "file = open(sys.argv[1], 'r+b')\n"
        "fcntl.lockf(file, fcntl.LOCK_EX)\n"
        "sys.stdout.write('held\\n'); sys.stdout.flush(); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", hold, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        with pytest.raises(Transient, match="another program is writing"):
            raws(mailbox_at(file, ledger), ledger)
        writer.communicate(b"")
    assert len(raws(mailbox_at(file, ledger), ledger)) == 2


def test_the_file_is_never_changed(file: Path, ledger: Ledger) -> None:
    before = file.read_bytes()
    raws(mailbox_at(file, ledger), ledger)
    assert file.read_bytes() == before
    with open(file, "r+b") as writer:
        fcntl.lockf(writer, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nor is it still locked


def test_messages_cannot_be_moved_out_of_an_mbox(file: Path, ledger: Ledger) -> None:
    with pytest.raises(Configuration, match="set after to leave"):
        mailbox_at(file, ledger, after="move").__enter__()
