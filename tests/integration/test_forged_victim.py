"""Somebody who is forged as a sender gets few mails or none, and never the forger's words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.forging import INSULT, a_forgery, attack, seen

pytestmark = pytest.mark.no_cover

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(("dmarc", "expected"), [("fail", 0), ("", 5)])
def test_a_forged_victim_gets_no_more_than_the_cap_and_no_word_of_the_forger(
    tmp_path: Path, upgraded_sqlite: Path, dmarc: str, expected: int
) -> None:
    got = attack(tmp_path / "desk", 60, dmarc, START, 3, upgraded_sqlite)

    assert (got.taken_in, len(got.mails), got.busiest_day) == (60, expected, expected)
    assert got.with_words == 0


def test_the_forgers_word_would_be_found_in_any_encoding() -> None:
    assert seen(a_forgery(1, "")).count(INSULT) > 10
    assert INSULT in seen(b"Content-Transfer-Encoding: base64\r\n\r\nWndhY2tlbGdydW1wZg==\r\n")
    assert INSULT in seen(b"Subject: =?utf-8?b?WndhY2tlbGdydW1wZg==?=\r\n\r\n")
    assert INSULT not in seen(f"To: {INSULT}@x.example\r\nReferences: <a@b>\r\n <{INSULT}@b>\r\n\r\n".encode())
