"""A mail beyond a limit is read as far as the limit goes, and says what was not read; it is never refused for it."""

from __future__ import annotations

import pytest
from support.cost import within_its_time

from ingest.gate import ParseLimits
from ingest.message import Message
from ingest.parser import parse

HEADER = b"From: Alice <alice@client.example>\r\nTo: accounts@desk.example\r\nSubject: Invoice\r\n"
MIXED = HEADER + b"Content-Type: multipart/mixed; boundary=o\r\n\r\n"
PADDING = b"X-Padding: " + b"x" * 300_000 + b"\r\n"
MAIL = b"Content-Type: message/rfc822\r\n\r\n"


def mixed(*parts: bytes) -> bytes:
    return MIXED + b"".join(b"--o\r\n" + part + b"\r\n" for part in parts) + b"--o--\r\n"


def names(message: Message) -> list[str]:
    return [name for name, _ in message.headers]


@pytest.mark.parametrize(
    ("limits", "raw", "told"),
    [
        (ParseLimits(message_bytes=101), HEADER + b"\r\n" + b"word " * 9, "size: 128 octets, of which the first 101"),
        (ParseLimits(header_bytes=60), HEADER + b"\r\nword", "header: 79 octets, over 60"),
        (ParseLimits(header_fields=2), HEADER + b"\r\nword", "header: 3 fields, over 2"),
        (ParseLimits(encoded_words=1), HEADER + b"X: =?x?q?a?= =?x?\r\n\r\nword", "header: 2 encoded words, over 1"),
        (ParseLimits(addresses=1), HEADER + b"Cc: a@x,\r\n b@x,\r\n c@x\r\n\r\nword", "header: 4 addresses, over 1"),
        (ParseLimits(parts=3), mixed(b"\r\nword", b"\r\nb", b"\r\nc"), "parts: more than 3, of which the first"),
        (
            ParseLimits(part_fields=6),
            mixed(b"\r\nword", b"a: b\r\nc: d\r\ne: f\r\n\r\n"),
            "fields: more than 6 in all parts, of which the first were read",
        ),
        (ParseLimits(nesting=1), mixed(b"\r\nword", MAIL), "nesting: parts over 1 deep, which were not gone into"),
        (
            ParseLimits(nested_lines=40),
            mixed(b"\r\nword", MAIL + MAIL + MAIL + MAIL + b"\r\n" * 9),
            "nesting: 28 lines in parts 2 deep, of which the first were read",
        ),
        (
            ParseLimits(nesting=5_000, parts=9_000, nested_lines=10**9),
            HEADER + MAIL * 4_000,
            "nesting: parts inside parts too deep for the parser",
        ),
        (ParseLimits(lines=6), HEADER + b"\r\nword\r\n" + b"more\r\n" * 5, "lines: 10, of which the first 6 were read"),
    ],
)  # fmt: skip
def test_what_is_beyond_a_limit_is_told_and_the_rest_is_read(limits: ParseLimits, raw: bytes, told: str) -> None:
    message = parse(raw, limits)
    assert message.limited[0].startswith(told)
    assert (message.sender.address if message.sender else "", message.subject) == ("alice@client.example", "Invoice")
    assert message.text.startswith("word") or b"word" not in raw
    assert bool(message.header_cut) is told.startswith("header")


@pytest.mark.parametrize("padding", [PADDING, b"X-Many: 1\r\n" * 3_000, b"Received: by x\r\n" * 30_000])
def test_fields_that_matter_are_seen_behind_any_padding(padding: bytes) -> None:
    hidden = (
        b"Auto-Submitted: auto-replied\r\nLIST-ID: <x.example>\r\nFrom: eve@else.example\r\nX-Rest: 1\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe"
    )
    message = parse(HEADER + padding + hidden)
    assert message.fields("auto-submitted") == ("auto-replied",)
    assert message.fields("list-id") == ("<x.example>",)
    assert [one.address for one in message.from_] == ["alice@client.example", "eve@else.example"]
    assert (message.from_ambiguous, message.text) == (True, "Grüße")
    assert message.header_cut


def test_one_field_that_is_too_long_does_not_cost_the_short_ones() -> None:
    message = parse(PADDING + HEADER + b"\r\nwords")
    assert (names(message), message.text) == (["From", "To", "Subject"], "words")


def test_a_field_that_matters_is_read_as_far_as_its_beginning() -> None:
    subject = b"Subject: " + b"word " * 70_000
    message = parse(b"From: alice@client.example\r\nX-First: " + b"x" * 100_000 + b"\r\n" + subject + b"\r\n\r\nwords")
    assert 7_000 < len(message.subject) < 8_000
    assert names(message) == ["From", "X-First", "Subject"]


def test_too_many_addresses_and_words_cost_those_that_are_too_many() -> None:
    to = b"To: " + b", ".join(b"a%d@x.example" % number for number in range(6_000)) + b"\r\n"
    message = parse(HEADER + to + b"Cc: late@x.example\r\n\r\nwords")
    assert 4_990 < len(message.to) <= 5_002
    assert message.to[1].address == "a0@x.example"
    subject = parse(b"Subject: " + b"=?utf-8?q?a?= " * 6_000 + b"\r\nX-Late: =?utf-8?q?b?=\r\n\r\nwords")
    assert subject.subject == "a" * 5_000
    assert subject.fields("x-late") == ("",)


def test_parts_after_the_thousandth_are_left_and_those_before_it_kept() -> None:
    message = parse(mixed(*[b"Content-Type: application/pdf\r\n\r\n%PDF"] * 1_200))
    assert len(message.attachments) == 999
    assert {one.size for one in message.attachments} == {4}


def test_what_stands_too_deep_is_an_attachment_of_its_octets() -> None:
    message = parse(
        mixed(b"\r\nmine", MAIL + b"Subject: 1\r\n" + MAIL + b"Subject: 2\r\n\r\nx"), ParseLimits(nesting=2)
    )
    assert (message.text, [one.subject for one in message.attached_messages]) == ("mine", ["1"])


def test_parts_behind_a_deep_one_are_still_read() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=d%d\r\n\r\n--d%d\r\n" % (n, n) for n in range(80))
    message = parse(mixed(deep + b"\r\nx", b"Content-Type: text/plain\r\n\r\nafter"))
    assert message.text.endswith("after")
    assert message.limited == ("nesting: parts over 50 deep, which were not gone into",)


@pytest.mark.parametrize(
    "raw",
    [
        b"a:\r\n" * 3_000_000,
        b"From: a@b.example\r\n" * 1_000_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 1_000_000,
        b"To: " + b"a@b.example, " * 1_000_000,
        b"To: " + b'"' * 9_000_000,
        b"List-Id:\r\n " * 1_000_000,
        b"x" * 10_000_000,
        HEADER + b"\r\n" + b"x" * 10_000_000,
        HEADER + b"\r\n" + b"word " * 2_000_000,
        HEADER + b"Content-Type: text/html\r\n\r\n" + b"<b>x</b> " * 1_200_000,
        HEADER + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41" * 3_400_000,
        HEADER + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 2_500_000,
        MIXED + b"--o\r\n\r\nx\r\n" * 300_000,
        MIXED + b"--o\r\n" * 1_000_000,
        HEADER + MAIL * 100_000,
    ],
    ids=lambda raw: repr(raw[:12] + raw[-12:]),
)
def test_a_bomb_or_one_huge_line_is_read_in_a_moment(raw: bytes) -> None:
    with within_its_time():
        parse(raw)
