"""Header values as people read them."""

from __future__ import annotations

import pytest

from ingest.headers import header_text
from ingest.parser import parse


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        (" folded\r\n\tonce\n twice", "folded once twice"),
        ("=?utf-8?q?gr=C3=B6=C3=9Fer?=", "größer"),
        ("=?UTF-8?B?Z3LDtg==?= =?utf-8?b?w59lcg==?=", "größer"),
        ("=?utf-8?q?gr=C3?=\r\n =?utf-8?q?=B6=C3=9Fer?=", "größer"),
        ("=?utf-8?q?one?= =?iso-8859-1?q?_tw=F6?=", "one twö"),
        ("=?utf-8?q?one?= and =?utf-8?q?two?= more", "one and two more"),
        ("Re: =?utf-8?q?is it ok??=", "Re: is it ok?"),
        ("=?utf-8*en?q?langue?=", "langue"),
        ("=?utf-8?q?never ended", "=?utf-8?q?never ended"),
        ("=?x-none?q?gr=C3=B6?=", "grö"),
        ("=?utf-8?b?d29yZHM?=", "words"),
        ("\x1b$B@A5a=q\x1b(B", "請求書"),
        ("gr\udcc3\udcb6\udcc3\udc9fer", "größer"),
        ("gr\udcf6\udcdfer", "größer"),
        ("a\u00a0b\u202ec\x07", "a bc"),
    ],
)
def test_a_value_is_unfolded_decoded_and_cleaned(raw: str, text: str) -> None:
    assert header_text(raw) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),  # cut within a character
        ("=?utf-8?q?=C3?= =?UTF-8?b?vA==?=", "ü"),
        ("=?utf-8?b?w?=\r\n =?utf-8?b?7w=?=", "ü"),  # cut within base64
        ("=?utf-8?q?a?= =?iso-8859-1?q?=FC?=", "aü"),
        ("=?utf-8?q?=3D=3Futf-8=3Fq=3F=3DC3=3DBC=3F=3D?=", "ü"),  # encoded twice
        ("=?utf-8?b?=?utf-8?q?x?=?=", "x"),
        ("=?us-ascii?q?=FC?=", "ü"),
        ("=?utf-8?q?=FC?=", "ü"),
        ("=?x-unknown?q?=C3=BC?=", "ü"),
        ("=?gb2312?b?t6LGselG?=", "发票镕"),  # a letter of the wider GBK
        ("=?unicode-1-1-utf-7?q?+IKw-?=", "€"),
        ("=?utf-8*de?q?=C3=BC?=", "ü"),
        ("=?utf-8?q?a b?=", "a b"),
        ("=?utf-8?b?w7w", "=?utf-8?b?w7w"),
        ("請求書".encode("iso-2022-jp").decode("ascii"), "請求書"),
    ],
)
def test_an_encoded_word_is_read_however_it_is_broken(written: str, read: str) -> None:
    assert header_text(written) == read


@pytest.mark.parametrize("charset", ["big5", "gb2312", "koi8-r", "shift_jis", "windows-1251"])
def test_octets_of_a_header_that_declare_nothing_are_in_the_charset_of_the_text(charset: str) -> None:
    name = {"koi8-r": "Привет", "windows-1251": "Привет"}.get(charset, "日本")
    part = f"--b\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode() + name.encode(charset)
    raw = b"From: " + name.encode(charset) + b" <a@client.example>\r\nSubject: " + name.encode(charset)
    for message in (
        parse(raw + b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part),
        parse(raw + f"\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode() + name.encode(charset)),
    ):
        assert (message.subject, message.from_[0].name, message.text) == (name, name, name)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b'"=?utf-8?q?J=C3=B6rg?="', "Jörg"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
        (b"=?utf-8?q?J=C3=B6rg=2C_X?=", "Jörg, X"),
        (b"J=?utf-8?q?=C3=B6?=rg", "Jörg"),
        (b"=?utf-8?q?a=40b.example?=", "a@b.example"),
        (b"=?x?q?=C3=BC?=", "ü"),
    ],
)
def test_a_display_name_is_decoded_wherever_it_stands_and_names_nobody_else(value: bytes, name: str) -> None:
    message = parse(b"From: " + value + b" <real@client.example>\r\n\r\nwords")
    assert [(one.name, one.address) for one in message.from_] == [(name, "real@client.example")]
    assert not message.from_ambiguous


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"a@x.example b@y.example", ["a@x.example", "b@y.example"]),
        (b"Bob <bob@x.example> Eve <eve@y.example>", ["bob@x.example", "eve@y.example"]),
        (b"Big Bug bb@bug.example", ["bb@bug.example"]),
        (b'"alice@good.example', []),
        (b"nobody at all", []),
    ],
)
def test_addresses_against_the_grammar_are_told_and_ambiguous(value: bytes, found: list[str]) -> None:
    message = parse(b"From: " + value + b"\r\n\r\nwords")
    assert set(found) <= {one.address for one in message.from_}
    assert message.from_ambiguous


def test_blanks_before_the_first_field_of_a_file_do_not_hide_its_header() -> None:
    for blanks in (b" ", b"\r\n", b"\n\n\t"):
        message = parse(blanks + b"From: a@client.example\r\nSubject: x\r\n\r\nwords")
        assert (message.subject, message.text) == ("x", "words")
    assert parse(b"\r\n\r\njust words").text == "just words"
