"""Two copies of one mail that came by two ways are known as such; two mails are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.parser import parse

MAIL = (
    b"From: Ada <ada@client.example>\r\nTo: accounts@desk.example, legal@desk.example\r\n"
    b"Message-ID: <1@client.example>\r\n"
)
BODY = b"\r\nPlease see below.\r\n"


@pytest.mark.parametrize(
    "copy",
    [
        b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\nDelivered-To: legal@desk.example\r\n" + MAIL + BODY,
        b"X-Spam-Score: 1\r\n" + MAIL + BODY + b"\r\n",
        (MAIL + BODY).replace(b"\r\n", b"\n"),
        MAIL.replace(b", legal", b",\r\n legal") + BODY,
    ],
)
def test_what_servers_add_on_the_way_does_not_make_another_mail(copy: bytes) -> None:
    assert parse(copy).sha256 != parse(MAIL + BODY).sha256
    assert parse(copy).content_sha256 == parse(MAIL + BODY).content_sha256 is not None


@pytest.mark.parametrize(
    "other",
    [
        MAIL + BODY.replace(b"below", b"above"),
        MAIL.replace(b"ada@", b"eve@") + BODY,
        MAIL.replace(b"<1@", b"<2@") + BODY,
        b"Reply-To: eve@evil.example\r\n" + MAIL + BODY,
        b"Subject: another\r\n" + MAIL + BODY,
    ],
)
def test_another_word_or_another_writer_makes_another_mail(other: bytes) -> None:
    assert parse(other).content_sha256 != parse(MAIL + BODY).content_sha256


def test_a_mail_without_an_id_is_never_taken_for_a_copy() -> None:
    assert parse(b"Subject: hello\r\n" + BODY).content_sha256 is None


def test_the_topmost_received_field_says_when_the_mail_was_taken() -> None:
    raw = (
        b"Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0100\r\nReceived: x; Mon, 2 Mar 2020 10:00:00 +0000\r\n"
        + MAIL
    )
    assert parse(raw + BODY).received_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert parse(b"Received: nobody knows when\r\n" + MAIL + BODY).received_at is None
