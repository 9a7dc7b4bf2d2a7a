"""The text people read: which parts, in which charset, from which of the alternatives."""

from __future__ import annotations

import base64

import pytest

from ingest.html_plain import plain_reading
from ingest.html_text import html_to_text
from ingest.message import Message
from ingest.parser import parse

HEADER = b"From: Alice <alice@client.example>\r\nSubject: Invoice\r\n"
PLAIN = b"Content-Type: text/plain\r\n\r\nplain words"
HTML = b"Content-Type: text/html\r\n\r\n<p>marked-up <b>words</b></p>"
NAMED = b'Content-Type: text/plain; name="notes.txt"\r\n\r\nnamed words'


def multipart(kind: str, *parts: bytes) -> bytes:
    boundary = f"b-{kind}-{len(parts)}".encode()
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        b"Content-Type: multipart/"
        + kind.encode()
        + b"; boundary="
        + boundary
        + b"\r\n\r\n"
        + body
        + b"--"
        + boundary
        + b"--"
    )


def read(*parts: bytes, kind: str = "mixed") -> Message:
    return parse(HEADER + multipart(kind, *parts))


def single(fields: bytes, octets: bytes) -> Message:
    return parse(HEADER + fields + b"\r\n" + octets)


def test_of_alternatives_the_plain_one_is_read() -> None:
    assert read(PLAIN, HTML, kind="alternative").text == "plain words"
    assert read(HTML, PLAIN, kind="alternative").text == "plain words"


def test_a_blank_plain_alternative_gives_way_to_the_marked_up_one() -> None:
    assert read(b"\r\n \r\n", HTML, kind="alternative").text == "marked-up words"


def test_alternatives_without_any_words_are_no_text() -> None:
    assert read(b"\r\n \r\n", b"\r\n\r\n", kind="alternative").text == ""


def test_of_two_marked_up_alternatives_the_last_is_read() -> None:
    assert read(HTML, HTML.replace(b"marked-up", b"last"), kind="alternative").text == "last words"


def test_an_alternative_that_holds_files_still_gives_its_text_and_its_files() -> None:
    image = b"Content-Type: image/png\r\nContent-ID: <logo@x>\r\n\r\n\x89PNG\r\n\x1a\n"
    message = read(b"\r\n ", multipart("related", HTML, image), kind="alternative")
    assert message.text == "marked-up words"
    assert [(one.content_id, one.inline) for one in message.attachments] == [("logo@x", True)]


def test_several_inline_texts_are_joined_in_their_order() -> None:
    assert read(PLAIN, HTML, b"\r\nlast words").text == "plain words\n\nmarked-up words\n\nlast words"


def test_markup_that_says_again_what_was_said_is_left_out() -> None:
    assert read(PLAIN, b"Content-Type: text/html\r\n\r\n<p>plain<br>words</p>").text == "plain words"


def test_text_with_a_name_is_a_file_unless_there_is_no_other_text() -> None:
    assert read(PLAIN, NAMED).text == "plain words"
    assert read(NAMED, b"Content-Type: application/pdf\r\n\r\n%PDF").text == "named words"


def test_named_text_that_is_to_be_shown_inline_is_both_text_and_file() -> None:
    inline = b'Content-Disposition: inline; filename="notes.txt"\r\n' + NAMED
    message = read(PLAIN, inline)
    assert message.text == "plain words\n\nnamed words"
    assert [(one.name, one.inline) for one in message.attachments] == [("notes.txt", True)]


@pytest.mark.parametrize("content_type", [b"text/plain", b"text/html"])
def test_attached_text_is_no_text(content_type: bytes) -> None:
    attached = b"Content-Disposition: attachment\r\nContent-Type: " + content_type + b"\r\n\r\nattached"
    message = read(PLAIN, attached)
    assert (message.text, len(message.attachments)) == ("plain words", 1)


def test_named_markup_that_is_to_be_shown_is_text_too() -> None:
    shown = b'Content-Disposition: inline; filename="page.html"\r\n' + HTML
    assert read(shown).text == "marked-up words"


def test_the_charset_inside_html_counts_where_the_header_names_none() -> None:
    html = '<html><head><meta charset="iso-8859-2"></head><p>Zażółć</p>'.encode("iso-8859-2")
    assert single(b"Content-Type: text/html\r\n", html).text == "Zażółć"


@pytest.mark.parametrize(
    ("label", "octets", "text"),
    [
        (b"iso-8859-1", b"10 \x80 \x93net\x94", "10 € “net”"),
        (b"x-unknown", "größer".encode(), "größer"),
        (b"punycode", b"abc", "abc"),
        (b"rot13", b"abc", "abc"),
        (b"\"'utf-8'\"", "größer".encode(), "größer"),
        (b"../../etc", b"abc", "abc"),
        (b"utf-16", b"odd", "odd"),
        (b"x-sjis", "請求書".encode("cp932"), "請求書"),
        (b"us-ascii", "größer".encode("cp1252"), "größer"),
    ],
)
def test_a_charset_that_lies_or_is_none_costs_no_words(label: bytes, octets: bytes, text: str) -> None:
    assert single(b"Content-Type: text/plain; charset=" + label + b"\r\n", octets).text == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("größer".encode("utf-16"), "größer"),
        ("請求書".encode("iso-2022-jp"), "請求書"),
        ("größer".encode(), "größer"),
    ],
)
def test_a_charset_that_is_not_declared_shows_itself(octets: bytes, text: str) -> None:
    encoded = base64.encodebytes(octets)
    assert single(b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n", encoded).text == text


def test_a_charset_in_a_form_of_rfc_2231_that_breaks_counts_as_none() -> None:
    assert single(b"Content-Type: text/plain; charset*=bogus'x'%ff\r\n", b"words").text == "words"


@pytest.mark.parametrize(
    ("encoding", "octets", "text", "sound"),
    [
        (b"base64", b"d29yZHM=", "words", True),
        (b"BASE64 (what else)", b" d29y ZHM=\r\n", "words", True),
        (b"base64", b"d29yZHM", "words", False),
        (b"base64", b"d29yZHMhd", "words!", False),
        (b"base64", b"d29yZHM=\r\n____\r\na list's footer", "words", False),
        (b"base64", b"never encoded, these words", "never encoded, these words", False),
        (b"quoted-printable", b"gr=C3=B6=\r\n=C3=9Fer", "größer", True),
        (b"quoted-printable", b"50=% off =ZZ", "50=% off =ZZ", True),
        (b"x-uuencode", b"begin 644 x\r\n%=V]R9',\r\n`\r\nend\r\n", "words", True),
        (b"x-uuencode", b"begin 644 x\r\n%=V]R9',\r\n", "words", False),
        (b"x-uuencode", b"begin 644 x\r\n%=V]R9',\r\n%\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f", "words", False),
        (b"x-uuencode", b"words", "words", False),
        (b"rot13", b"words", "words", False),
        (b"", b"words", "words", True),
    ],
)
def test_a_transfer_encoding_that_breaks_keeps_what_can_be_decoded(
    encoding: bytes, octets: bytes, text: str, sound: bool
) -> None:
    for kind in (b"text/plain", b"text/html"):
        fields = b"Content-Type: " + kind + b"; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding + b"\r\n"
        message = single(fields, octets)
        assert message.text == text
        assert (f"transfer-encoding: {kind.decode()} part is broken" not in message.defects) is sound


def test_long_runs_of_base64_come_back_whole_wherever_they_stand() -> None:
    data = bytes(range(256)) * 63  # without padding, so that more can follow
    encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    file = b"Content-Type: application/x-own; name=a.own\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded
    foreign = file.replace(b"a.own", b"b.own") + b"!\r\n" + encoded
    message = read(PLAIN, file, foreign, b"\r\n" + encoded)
    assert message.attachments[0].size == len(data)
    assert message.attachments[1].size == 2 * len(data)
    assert "".join(message.text.split()) == "plainwords" + encoded.decode().replace("\r\n", "")


def test_a_mail_that_holds_our_own_mark_is_read_as_it_is() -> None:
    encoded = base64.encodebytes(bytes(2_000))
    assert single(b"", b"\x00*bulk 0*\r\n" + encoded).text.startswith("*bulk 0*\nAAAA")


def test_flowed_lines_are_joined_and_quoted_ones_stay_apart() -> None:
    flowed = b"one paragraph \r\nthat goes on\r\n>quoted \r\n> and on\r\nown \r\n-- \r\nAlice\r\n stuffed"
    assert single(b"Content-Type: text/plain; format=flowed\r\n", flowed).text == (
        "one paragraph that goes on\n> quoted and on\nown \n-- \nAlice\nstuffed"
    )
    assert single(b"Content-Type: text/plain; format=flowed; delsp=yes\r\n", b"Rech \r\nnung").text == "Rechnung"


def test_quoted_blocks_of_html_are_marked_as_in_plain_text() -> None:
    older = b'<blockquote type="cite">older</blockquote>'
    html = b'<p>my words</p><blockquote type="cite"><p>their words</p>' + older + b"</blockquote>"
    message = single(b"Content-Type: text/html\r\n", html)
    assert "> their words" in message.text
    assert ">> older" in message.text
    assert message.new_text == "my words"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<style>x{}</style><script>y()</script>words", "words"),
        ("<div>" * 3_000 + "deep", "deep"),
        ("<table><tr><td>" * 200 + "deep", "deep"),
        ('<?xml version="1.0" encoding="utf-8"?><html><body>words</body></html>', "words"),
        ("", ""),
        ("a\0b", "ab"),
        ("<p>" + "x" * 500_000 + "</p>", "x" * 500_000),
    ],
)
def test_html_becomes_the_words_that_are_seen(html: str, text: str) -> None:
    assert html_to_text(html).strip() == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<head><title>x</title></head>a<br>b", "a\nb"),
        ("a<!-- hidden <b> -->b", "ab"),
        ("a<!-- never ended", "a"),
        ("<style>never ended", "never ended"),
        ("<script>if (a </ b) x()</script>b</script>", "b"),
        ("a < b &amp; c &#8364;", "a < b & c €"),
        ("<!DOCTYPE html><?php x ?><b>b</b>", "b"),
    ],
)
def test_the_plain_reading_of_html_takes_tags_out_and_leaves_words(html: str, text: str) -> None:
    assert plain_reading(html).strip() == text
