"""Real mail of every kind, read by the parser: nothing crashes, nothing is refused but what is empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.message import Message
from ingest.parser import parse

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the public test mail is not there: put it into {CORPUS}")


def read(*patterns: str) -> dict[str, Message]:
    files = [file for pattern in patterns for file in sorted(CORPUS.glob(pattern)) if file.is_file()]
    return {file.name: parse(file.read_bytes()) for file in files}


def test_every_file_is_read() -> None:
    files = [file for file in sorted(CORPUS.rglob("*")) if file.is_file()]
    read = [parse(file.read_bytes()) for file in files]
    assert len(read) > 600
    assert [bool(one.headers or one.text) for one in read] == [file.stat().st_size > 0 for file in files]


def test_nearly_every_bounce_with_a_report_tells_its_recipients_and_its_mail() -> None:
    reports = [message.report for message in read("bounces/*").values() if message.report]
    assert len(reports) > 300
    assert sum(1 for report in reports if report.recipients) > len(reports) * 0.95
    assert sum(1 for report in reports if report.original_message_id) > len(reports) * 0.85


def test_mails_with_a_winmail_dat_show_it_by_its_octets() -> None:
    carriers = read("tnef/*.eml")
    assert carriers
    found = [one.detected_type for message in carriers.values() for one in message.attachments]
    assert "application/vnd.ms-tnef" in found


def test_words_in_rare_charsets_are_read() -> None:
    mails = read("mikel_mail/**/*.eml")
    assert mails["japanese_iso_2022.eml"].text == "すみません。"
    assert mails["japanese_shift_jis.eml"].text.startswith("あいうえお")
    assert mails["ks_c_5601-1987.eml"].text == "스티해"
