"""A Maildir as a mailbox."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.commoner import commoner
from support.file_mail import Ledger, take_in, write

from ingest.errors import Configuration, Transient
from ingest.files import first_octets, moment, rename, status_of
from ingest.mailbox import Limits
from ingest.maildir import MaildirMailbox
from ingest.message import FetchedMessage, Withheld

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    folder = tmp_path / "Maildir"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    return folder


def mailbox_at(path: Path, ledger: Ledger, **settings: Any) -> MaildirMailbox:
    return MaildirMailbox(name="accounts", path=path, taken=ledger.taken, **settings)


def raws(mailbox: MaildirMailbox, ledger: Ledger) -> list[bytes]:
    return [message.raw for message in take_in(mailbox, ledger, mailbox.start_cursor(NOW))]


def test_messages_come_oldest_first_with_the_time_of_their_file(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "2.host", b"second", NOW)
    write(maildir / "cur" / "1.host:2,S", b"first", NOW - timedelta(hours=1))
    write(maildir / "tmp" / "3.host", b"not delivered yet", NOW)
    with mailbox_at(maildir, ledger) as mailbox:
        messages = take_in(mailbox, ledger, mailbox.start_cursor(NOW))
    assert [message.raw for message in messages] == [b"first", b"second"]
    assert messages[0].received_at == NOW - timedelta(hours=1)
    assert {message.folder for message in messages} == {str(maildir)}
    assert all(0 < message.uid < 2**63 for message in messages)


def test_a_second_pass_gives_nothing_even_after_a_restart(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    assert raws(mailbox_at(maildir, ledger), ledger) == [b"one"]
    assert raws(mailbox_at(maildir, ledger), ledger) == []
    write(maildir / "new" / "0.host", b"older, but delivered later", NOW - timedelta(days=1))
    assert raws(mailbox_at(maildir, ledger), ledger) == [b"older, but delivered later"]


def test_the_ledger_is_asked_once_about_a_message_that_stays(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    mailbox = mailbox_at(maildir, ledger)
    raws(mailbox, ledger)
    raws(mailbox, ledger)
    before = ledger.asked
    assert raws(mailbox, ledger) == []
    assert ledger.asked == before


def test_what_was_given_but_not_committed_is_given_again(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    mailbox = mailbox_at(maildir, ledger)
    cursor = mailbox.start_cursor(NOW)
    assert len(list(mailbox.fetch_after(cursor))) == 1
    assert len(list(mailbox.fetch_after(cursor))) == 1


def test_a_message_that_a_mail_program_flagged_is_still_the_same(maildir: Path, ledger: Ledger) -> None:
    file = write(maildir / "new" / "1.host", b"one", NOW)
    mailbox = mailbox_at(maildir, ledger)
    raws(mailbox, ledger)
    file.rename(maildir / "cur" / "1.host:2,RS")
    assert raws(mailbox, ledger) == []


def test_taken_messages_are_moved_to_processed_as_seen(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    write(maildir / "cur" / "2.host:2,FR", b"two", NOW)
    write(maildir / "cur" / "3.host:1,experimental", b"three", NOW)
    mailbox = mailbox_at(maildir, ledger, after="move")
    assert len(raws(mailbox, ledger)) == 3
    processed = maildir / ".Processed"
    assert sorted(os.listdir(processed / "cur")) == ["1.host:2,S", "2.host:2,FRS", "3.host:2,S"]
    assert (processed / "maildirfolder").exists()
    assert mailbox.listing() == []


def test_moving_can_be_repeated_and_passes_over_what_is_gone(maildir: Path, ledger: Ledger) -> None:
    first = write(maildir / "new" / "1.host", b"one", NOW)
    write(maildir / "new" / "2.host", b"two", NOW)
    mailbox = mailbox_at(maildir, ledger, after="move")
    cursor = mailbox.start_cursor(NOW)
    uids = mailbox.listing()
    first.unlink()
    assert mailbox.file_away(cursor, uids) == uids
    assert mailbox.file_away(cursor, uids) == uids
    assert os.listdir(maildir / ".Processed" / "cur") == ["2.host:2,S"]


def test_messages_that_were_not_taken_are_not_moved(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    mailbox = mailbox_at(maildir, ledger, after="move")
    mailbox.file_away(mailbox.start_cursor(NOW), [12345])
    assert os.listdir(maildir / "new") == ["1.host"]


def test_messages_that_are_left_stay_where_they_are(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    raws(mailbox_at(maildir, ledger), ledger)
    assert sorted(os.listdir(maildir)) == ["cur", "new", "tmp"]
    assert os.listdir(maildir / "new") == ["1.host"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [("now", [b"after"]), (date(2026, 11, 21), [b"today", b"after"]), ("everything", [b"old", b"today", b"after"])],
)
def test_the_policy_says_where_a_first_start_begins(
    maildir: Path, ledger: Ledger, start: Any, expected: list[bytes]
) -> None:
    write(maildir / "new" / "1.host", b"old", NOW - timedelta(days=9))
    write(maildir / "new" / "2.host", b"today", NOW - timedelta(hours=3))
    write(maildir / "new" / "3.host", b"after", NOW + timedelta(minutes=1))
    assert raws(mailbox_at(maildir, ledger, start=start), ledger) == expected


def test_of_a_message_above_the_limit_only_the_beginning_is_read(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"x" * 100_000, NOW)
    mailbox = mailbox_at(maildir, ledger, limits=Limits(message_bytes=70_000))
    (message,) = take_in(mailbox, ledger, mailbox.start_cursor(NOW))
    assert (message.size, len(message.raw), message.oversize) == (100_000, 65_536, True)


def test_batches_are_bounded(maildir: Path, ledger: Ledger) -> None:
    for number in range(5):
        write(maildir / "new" / f"{number}.host", b"x", NOW)
    mailbox = mailbox_at(maildir, ledger, limits=Limits(batch_messages=2))
    assert [len(batch) for _, batch in mailbox.fetch_after(mailbox.start_cursor(NOW))] == [2, 2, 1]


def test_links_and_hidden_files_are_not_followed(maildir: Path, ledger: Ledger, tmp_path: Path) -> None:
    secret = write(tmp_path / "secret", b"not mail", NOW)
    (maildir / "new" / "1.host").symlink_to(secret)
    write(maildir / "new" / ".hidden", b"not mail", NOW)
    (maildir / "cur" / "folder").mkdir()
    assert raws(mailbox_at(maildir, ledger), ledger) == []


def test_a_file_that_vanishes_while_it_is_read_is_merely_missing(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW - timedelta(hours=1))
    gone = write(maildir / "new" / "2.host", b"two", NOW)
    mailbox = mailbox_at(maildir, ledger, limits=Limits(batch_messages=1))
    batches = mailbox.fetch_after(mailbox.start_cursor(NOW))
    next(batches)
    gone.unlink()
    assert list(batches) == []


def test_a_check_tells_what_is_there(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    assert "messages 1; taken messages stay as they are." in mailbox_at(maildir, ledger).check()
    assert "are moved to the processed folder" in mailbox_at(maildir, ledger, after="move").check()


def test_a_folder_that_is_no_maildir_is_named(tmp_path: Path, ledger: Ledger) -> None:
    with pytest.raises(Configuration, match=r"Mailbox accounts: .*new is not there"):
        mailbox_at(tmp_path, ledger).__enter__()


def test_a_file_that_may_not_be_read_is_withheld_and_the_others_are_given(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW).chmod(0)
    write(maildir / "new" / "2.host", b"two", NOW)
    mailbox = mailbox_at(maildir, ledger)
    with commoner():
        ((_cursor, (withheld, given)),) = mailbox.fetch_after(mailbox.start_cursor(NOW))
    assert isinstance(withheld, Withheld)
    assert withheld.reason == f"{maildir / 'new' / '1.host'} cannot be read (Permission denied)"
    assert (withheld.size, withheld.received_at) == (3, NOW)
    assert isinstance(given, FetchedMessage)


def test_a_folder_that_may_not_be_read_is_named_and_tried_again_later(maildir: Path, ledger: Ledger) -> None:
    (maildir / "new").chmod(0)
    with commoner(), pytest.raises(Transient, match=r"new cannot be used"):
        raws(mailbox_at(maildir, ledger), ledger)


def test_a_failing_file_system_is_named_and_tried_again_later(maildir: Path, ledger: Ledger) -> None:
    write(maildir / "new" / "1.host", b"one", NOW)
    (maildir / ".Processed").symlink_to(maildir / ".Processed")  # a loop, so that nothing can be made under it
    mailbox = mailbox_at(maildir, ledger, after="move")
    cursor = mailbox.start_cursor(NOW)
    with pytest.raises(Transient, match=r"\.Processed.*next pass tries again"):
        mailbox.file_away(cursor, mailbox.listing())


def test_reading_and_renaming_take_a_vanished_file_calmly(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    assert first_octets(absent, 10) is None
    assert status_of(str(absent)) is None
    rename(absent, tmp_path / "elsewhere")


def test_a_link_is_not_read(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(write(tmp_path / "secret", b"secret", NOW))
    assert first_octets(link, 10) is None


def test_a_rename_into_a_folder_that_is_missing_fails(tmp_path: Path) -> None:
    file = write(tmp_path / "file", b"", NOW)
    with pytest.raises(FileNotFoundError):
        rename(file, tmp_path / "absent" / "file")


def test_another_failure_to_open_is_not_hidden(tmp_path: Path) -> None:
    file = write(tmp_path / "file", b"", NOW)
    with pytest.raises(NotADirectoryError):
        first_octets(file / "below", 10)


def test_a_time_that_no_calendar_holds_counts_as_old() -> None:
    assert moment(1e18) == datetime(1970, 1, 1, tzinfo=UTC)
