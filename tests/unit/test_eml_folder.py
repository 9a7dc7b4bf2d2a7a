"""A folder of .eml files as a mailbox."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.file_mail import Ledger, take_in, write

from ingest.eml_folder import EmlFolderMailbox
from ingest.errors import Configuration

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def mailbox_at(path: Path, ledger: Ledger, **settings: Any) -> EmlFolderMailbox:
    return EmlFolderMailbox(name="scans", path=path, taken=ledger.taken, **settings)


def raws(mailbox: EmlFolderMailbox, ledger: Ledger) -> list[bytes]:
    return [message.raw for message in take_in(mailbox, ledger, mailbox.start_cursor(NOW))]


def test_eml_files_at_any_depth_come_oldest_first(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "b.eml", b"second", NOW)
    write(tmp_path / "2026" / "november" / "a.EML", b"first", NOW - timedelta(hours=1))
    write(tmp_path / "notes.txt", b"not mail", NOW)
    write(tmp_path / ".hidden.eml", b"not mail", NOW)
    write(tmp_path / ".git" / "c.eml", b"not mail", NOW)
    with mailbox_at(tmp_path, ledger) as mailbox:
        assert raws(mailbox, ledger) == [b"first", b"second"]
        assert raws(mailbox, ledger) == []


def test_another_mail_under_a_used_name_is_another_message(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "scan.eml", b"one", NOW)
    assert raws(mailbox_at(tmp_path, ledger), ledger) == [b"one"]
    write(tmp_path / "scan.eml", b"two", NOW + timedelta(seconds=1))
    assert raws(mailbox_at(tmp_path, ledger), ledger) == [b"two"]


def test_taken_files_are_moved_to_processed_under_their_path(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "a.eml", b"one", NOW)
    write(tmp_path / "in" / "b.eml", b"two", NOW)
    mailbox = mailbox_at(tmp_path, ledger, after="move")
    assert raws(mailbox, ledger) == [b"one", b"two"]
    assert (tmp_path / "Processed" / "a.eml").read_bytes() == b"one"
    assert (tmp_path / "Processed" / "in" / "b.eml").read_bytes() == b"two"
    assert mailbox.listing() == []
    assert raws(mailbox_at(tmp_path, ledger), ledger) == []


def test_an_earlier_file_in_processed_is_never_overwritten(tmp_path: Path, ledger: Ledger) -> None:
    mailbox = mailbox_at(tmp_path, ledger, after="move")
    write(tmp_path / "a.eml", b"one", NOW)
    raws(mailbox, ledger)
    write(tmp_path / "a.eml", b"two", NOW + timedelta(seconds=1))
    raws(mailbox, ledger)
    kept = {file.read_bytes() for file in (tmp_path / "Processed").iterdir()}
    assert kept == {b"one", b"two"}


def test_moving_can_be_repeated(tmp_path: Path, ledger: Ledger) -> None:
    write(tmp_path / "a.eml", b"one", NOW)
    write(tmp_path / "b.eml", b"two", NOW)
    mailbox = mailbox_at(tmp_path, ledger, after="move")
    cursor = mailbox.start_cursor(NOW)
    first, second = mailbox.listing()
    assert mailbox.file_away(cursor, [first]) == [first]
    assert mailbox.file_away(cursor, [first, second]) == [first, second]
    assert sorted(os.listdir(tmp_path / "Processed")) == ["a.eml", "b.eml"]


def test_links_do_not_lead_out_of_the_folder(tmp_path: Path, ledger: Ledger) -> None:
    outside = write(tmp_path / "outside" / "secret.eml", b"secret", NOW)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.eml").symlink_to(outside)
    (inside / "folder").symlink_to(outside.parent)
    assert raws(mailbox_at(inside, ledger), ledger) == []


def test_a_name_that_is_not_utf8_is_a_name_like_any_other(tmp_path: Path, ledger: Ledger) -> None:
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/f\xff.eml")), b"one", NOW)
    assert raws(mailbox_at(tmp_path, ledger, after="move"), ledger) == [b"one"]


@pytest.mark.parametrize("kind", ["absent", "file"])
def test_a_path_that_is_no_folder_is_named(tmp_path: Path, ledger: Ledger, kind: str) -> None:
    write(tmp_path / "file", b"", NOW)
    with pytest.raises(Configuration, match=f"{kind} is not there, or not of the kind"):
        mailbox_at(tmp_path / kind, ledger).__enter__()


def test_all_of_the_public_corpus_comes_in_once(ledger: Ledger) -> None:
    corpus = Path(__file__).parents[3] / "shared" / "corpus"
    if not corpus.is_dir():
        pytest.skip(f"the corpus of public mails is not at {corpus}: put it beside the checkout")
    expected = sum(name.endswith(".eml") for _, _, names in os.walk(corpus) for name in names)
    mailbox = mailbox_at(corpus, ledger)
    assert len(raws(mailbox, ledger)) == len(ledger.held) == expected
    assert raws(mailbox, ledger) == []
