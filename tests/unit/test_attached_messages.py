"""Mails within a mail: each with its own sender, subject and words, as attached, and never mixed into the outer one."""

from __future__ import annotations

import hashlib
from base64 import encodebytes
from datetime import UTC, datetime

import pytest
from support.cost import within_its_time

from ingest.message import Address, AttachedMessage
from ingest.parser import parse

HEADER = b"From: Ada <ada@client.example>\r\nSubject: Fwd\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
INNER = (
    b"From: =?utf-8?q?J=C3=B6rg?= <joerg@else.example>\r\nTo: Ada <ada@client.example>, bob@client.example\r\n"
    b"Date: Mon, 3 Feb 2025 10:15:00 +0100\r\nMessage-ID: <inner@else.example>\r\nSubject: Gr\xfc\xdfe\r\n"
    b"Content-Type: text/html; charset=iso-8859-1\r\n\r\n<p>Words of <b>J\xf6rg</b></p>\r\n"
)
TOLD = AttachedMessage(
    message_id="<inner@else.example>",
    from_=(Address(name="Jörg", address="joerg@else.example"),),
    to=(Address(name="Ada", address="ada@client.example"), Address(address="bob@client.example")),
    subject="Grüße",
    sent_at=datetime(2025, 2, 3, 9, 15, tzinfo=UTC),
    text="Words of Jörg",
    sha256=hashlib.sha256(INNER).hexdigest(),
)


def attached(*mails: bytes, fields: bytes = b"") -> bytes:
    parts = b"".join(b"--o\r\nContent-Type: message/rfc822\r\n" + fields + b"\r\n" + one + b"\r\n" for one in mails)
    return HEADER + b"--o\r\n\r\nMy own words.\r\n" + parts + b"--o--\r\n"


def around(mail: bytes, number: int) -> bytes:
    """A mail that has this one attached."""
    boundary = b"b%d" % number
    head = b"Subject: level %d\r\nContent-Type: multipart/mixed; boundary=%b\r\n\r\n--%b\r\n\r\nwords %d\r\n--%b\r\n"
    kind = b"Content-Type: message/rfc822\r\n\r\n"
    return head % (number, boundary, boundary, number, boundary) + kind + mail + b"\r\n--" + boundary + b"--\r\n"


def test_an_attached_mail_is_told_whole_and_its_words_are_not_the_outer_ones() -> None:
    message = parse(attached(INNER))
    assert message.attached_messages == (TOLD,)
    assert (message.text, len(message.attachments)) == ("My own words.", 1)
    assert message.attachments[0].sha256 == TOLD.sha256


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable"])
def test_an_attached_mail_that_is_encoded_although_that_is_forbidden_is_told_the_same(encoding: bytes) -> None:
    body = encodebytes(INNER) if encoding == b"base64" else INNER.replace(b"=", b"=3D")
    message = parse(attached(body, fields=b"Content-Transfer-Encoding: " + encoding + b"\r\n"))
    assert message.attached_messages == (TOLD,)


def test_mails_within_mails_are_told_one_after_the_other() -> None:
    message = parse(attached(around(around(INNER, 2), 1), INNER))
    assert [(one.subject, one.text) for one in message.attached_messages] == [
        ("level 1", "words 1"),
        ("level 2", "words 2"),
        ("Grüße", "Words of Jörg"),
        ("Grüße", "Words of Jörg"),
    ]


def test_files_in_an_attached_mail_are_not_ours() -> None:
    inner = around(INNER, 1).replace(b"--b1\r\n\r\nwords 1", b"--b1\r\nContent-Type: application/pdf\r\n\r\n%PDF")
    message = parse(attached(inner))
    assert [one.declared_type for one in message.attachments] == ["message/rfc822"]
    assert [one.text for one in message.attached_messages] == ["", "Words of Jörg"]


def test_an_attached_mail_without_anything_is_told_as_such() -> None:
    (one,) = parse(attached(b"")).attached_messages
    assert (one.message_id, one.from_, one.subject, one.text) == (None, (), "", "")


def test_a_hundred_attached_mails_are_read_and_the_others_are_said_to_be_left() -> None:
    message = parse(attached(*[INNER] * 150))
    assert (len(message.attached_messages), len(message.attachments)) == (100, 150)
    assert message.limited == ("attached mails: 50 more than 100, which were not read",)


def test_large_attached_mails_cost_no_more_than_their_header() -> None:
    html = b"Subject: x\r\nContent-Type: text/html\r\n\r\n" + b"<i>w</i>" * 50_000
    with within_its_time():
        message = parse(attached(*[html] * 60))
    assert len(message.attached_messages) == 60
    assert message.attached_messages[0].text.startswith("ww")
    assert message.limited == ("attached mails: so large that not all of their words were read",)


@pytest.mark.parametrize("name", [b"From", b"To", b"Subject", b"Date", b"Message-ID"])
def test_a_header_of_an_attached_mail_that_never_ends_is_read_in_a_moment(name: bytes) -> None:
    for value in (b"a@b.example, " * 300_000, b"x" * 4_000_000, b"=?utf-8?q?a?= " * 200_000, b" (" * 1_000_000):
        with within_its_time():
            parse(attached(name + b": " + value + b"\r\n\r\nx"))


def test_a_piece_of_a_mail_says_so_and_the_first_shows_its_words() -> None:
    head = (
        b'From: a@client.example\r\nContent-Type: message/partial; id="abc@client.example"; number=%d; total=3\r\n\r\n'
    )
    first = parse(head % 1 + b"Subject: whole\r\nContent-Type: text/plain\r\n\r\nThe beginning of")
    assert first.text == "The beginning of"
    assert first.limited == ("partial: piece 1 of 3 of the mail abc@client.example",)
    second = parse(head % 2 + b"the words, and their end.")
    assert (second.text, second.limited) == ("", ("partial: piece 2 of 3 of the mail abc@client.example",))
    assert len(second.attachments) == 1


def test_a_part_that_is_elsewhere_is_named_and_not_fetched() -> None:
    part = b'--o\r\nContent-Type: message/external-body; access-type=URL; URL="http://x.example/a"; name=a.pdf\r\n\r\n'
    message = parse(HEADER + part + b"Content-Type: application/pdf\r\n\r\n--o--")
    assert message.limited == ("external-body: a part is elsewhere (URL), never fetched",)
    assert [one.name for one in message.attachments] == ["a.pdf"]
