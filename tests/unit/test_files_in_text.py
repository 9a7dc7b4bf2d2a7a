"""Files that stand in a text, uuencoded or as yEnc, become attachments; prose that looks like one stays."""

from __future__ import annotations

import binascii
import zlib

import pytest
from support.cost import within_its_time

from ingest.parser import parse

HEADER = b"From: a@client.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
FILE = bytes(range(256)) * 3


def uuencoded(name: bytes, octets: bytes, *, backtick: bool = True) -> bytes:
    lines = [binascii.b2a_uu(octets[at : at + 45], backtick=backtick) for at in range(0, len(octets), 45)]
    return b"begin 644 " + name + b"\n" + b"".join(lines) + (b"`\n" if backtick else b" \n") + b"end\n"


def yenc(name: bytes, octets: bytes, crc: int | None = None) -> bytes:
    shifted = [(octet + 42) % 256 for octet in octets]
    coded = b"".join(
        b"=" + bytes(((octet + 64) % 256,)) if octet in b"\0\r\n=" else bytes((octet,)) for octet in shifted
    )
    lines = b"".join(coded[at : at + 127] + b"\r\n" for at in range(0, len(coded), 127))
    if b"=\r\n" in lines:  # an escape is not cut in two
        lines = coded + b"\r\n"
    crc = zlib.crc32(octets) if crc is None else crc
    return (
        b"=ybegin line=128 size=%d name=%b\r\n" % (len(octets), name)
        + lines
        + b"=yend size=%d crc32=%08x\r\n" % (len(octets), crc)
    )


def files(body: bytes) -> tuple[str, list[tuple[str, int]], tuple[str, ...]]:
    message = parse(HEADER + body)
    return message.text, [(one.name, one.size) for one in message.attachments], message.defects


@pytest.mark.parametrize("backtick", [True, False])
def test_each_uuencoded_file_is_an_attachment_and_not_in_the_text(backtick: bool) -> None:
    body = (
        b"before\n"
        + uuencoded(b"a b.pdf", FILE, backtick=backtick)
        + b"between\n"
        + uuencoded(b"../c", b"x")
        + b"after"
    )
    assert files(body) == ("before\nbetween\nafter", [("a b.pdf", len(FILE)), ("c", 1)], ())


def test_blanks_that_were_lost_at_the_ends_of_lines_cost_nothing() -> None:
    body = b"\n".join(
        line.rstrip(b" ") for line in uuencoded(b"zeros", (b"x" * 39 + bytes(6)) * 2, backtick=False).split(b"\n")
    )
    assert files(body)[1:] == ([("zeros", 90)], ())


def test_a_file_that_was_cut_off_is_kept_as_far_as_it_goes_and_said_to_be_broken() -> None:
    body = b"before\n" + uuencoded(b"cut.bin", FILE)[:200] + b"\n\nafter"
    text, found, defects = files(body)
    assert (text.split("\n")[0], text.split("\n")[-1]) == ("before", "after")
    assert (found[0][0], defects) == ("cut.bin", ("uuencode: a file in the text is broken",))
    assert 0 < found[0][1] < len(FILE)


@pytest.mark.parametrize(
    "prose",
    [
        "begin 644 invoices by Monday, please.\nThen send them.\nend",
        "We begin 644 cases a year.",
        "begin 1999 with a song\nM is a letter\nend",
        "> begin 644 a.txt\n> #0V%T\n> `\n> end",
        "begin 644 x\nend",
        "=ybegin is how yEnc begins",
        "=ybegin line=128 size=3 name=x\nbut it never ends",
    ],
)
def test_prose_stays_prose(prose: str) -> None:
    assert files(prose.encode())[:2] == (prose, [])


def test_an_empty_file_is_a_file() -> None:
    assert files(b"begin 644 empty\n`\nend\n")[1] == [("empty", 0)]


def test_a_file_as_yenc_is_an_attachment_and_its_checksum_is_looked_at() -> None:
    body = b"before\n" + yenc(b"photo 1.jpg", FILE) + b"after"
    assert files(body) == ("before\nafter", [("photo 1.jpg", len(FILE))], ())
    assert files(yenc(b"photo.jpg", FILE, crc=1))[2] == ("uuencode: a file in the text is broken",)


def test_more_files_than_are_looked_for_stay_in_the_text() -> None:
    text, found, _ = files(uuencoded(b"x", b"y") * 700)
    assert (len(found), text.count("begin 644")) == (500, 200)


def test_yenc_made_of_escapes_alone_stays_text_and_a_large_one_is_read_in_pieces() -> None:
    assert files(b"=ybegin line=1 size=1 name=x\n" + b"==" * 900 + b"\n=yend size=1\n")[1] == []
    octets = FILE * 2_000
    assert files(yenc(b"large", octets))[1:] == ([("large", len(octets))], ())


@pytest.mark.parametrize(
    "line",
    [b"begin 644 x\n", b"begin 644 x\nM\n", b"=ybegin line=1 size=1 name=x\n", b"#0V%T\n", b"begin 644 x\n#0V%T\n"],
)
def test_a_megabyte_that_only_begins_like_files_is_read_in_a_moment(line: bytes) -> None:
    with within_its_time():
        parse(HEADER + b"begin 644 y\n" + line * (1_000_000 // len(line)))
