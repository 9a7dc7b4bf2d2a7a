"""Small mails made to cost much: each is read in a moment and in little memory."""

from __future__ import annotations

import subprocess
import sys
from base64 import encodebytes
from pathlib import Path

import pytest
from support.cost import within_its_time  # each took more, or minutes, where something in it was quadratic

from ingest.html_text import html_to_text
from ingest.message import Message
from ingest.parser import parse

pytestmark = pytest.mark.no_cover

HTML = b"Content-Type: text/html\r\n\r\n"
LONG_TEXT = b"Content-Type: text/plain\r\n\r\n" + b"word " * 5_000_000
WIDE_TABLE = "<table>" + "<tr><td>x</td></tr>" * 8_000 + "<tr><td>" + "y" * 150_000 + "</td></tr></table>"


def read_in_a_moment(raw: bytes) -> Message:
    with within_its_time():
        return parse(raw)


@pytest.mark.parametrize("name", [b"A" + b" " * 40_000 + b"!", b"A" + b" " * 40_000 + b"<", b"A -'" * 10_000 + b"!"])
@pytest.mark.parametrize("field", [b"From", b"Reply-To", b"To", b"Cc"])
def test_a_field_of_blanks_where_an_address_should_be_is_read_in_a_moment(field: bytes, name: bytes) -> None:
    assert read_in_a_moment(field + b": " + name + b"\r\n\r\nwords").text == "words"


@pytest.mark.parametrize("tag", [b"<" + b"a" * 800_000, b"</" + b"a1" * 400_000, b"<a " + b"b" * 800_000])
def test_a_tag_that_never_ends_is_read_in_a_moment(tag: bytes) -> None:
    read_in_a_moment(HTML + b"<p>words</p>" + tag)


def test_hundreds_of_marked_up_parts_are_read_in_a_moment_and_the_rest_is_said_to_be_cut() -> None:
    part = b"--b\r\n" + HTML + b"<p>first</p>" + b"<i></i>" * 6_000 + b"\r\n"
    message = read_in_a_moment(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 400 + b"--b--")
    assert message.text == "first"
    assert "text-cut" in message.defects


def test_a_table_whose_columns_would_fill_gigabytes_is_read_without_its_columns() -> None:
    with within_its_time():
        assert "y" * 150_000 in html_to_text(WIDE_TABLE)


def test_the_subject_of_an_attached_mail_that_never_ends_is_read_in_a_moment_and_cut() -> None:
    attached = b"Content-Type: message/rfc822\r\n\r\nSubject: " + b"=?utf-8?q?a?= " * 800_000
    (inside,) = read_in_a_moment(attached + b"\r\n\r\nwords").attached_messages
    assert inside.subject.startswith("aaa")
    assert len(inside.subject) < 1_000


@pytest.mark.parametrize("line", [b"\r\n", b"\r", b"\n", b"> a \r\n"])
@pytest.mark.parametrize("kind", [b"text/plain; format=flowed", b"text/html", b"message/rfc822", b"multipart/mixed"])
def test_of_a_mail_of_a_million_lines_the_first_are_read_in_a_moment(kind: bytes, line: bytes) -> None:
    message = read_in_a_moment(b"Content-Type: " + kind + b"\r\n\r\n" + line * 1_100_000)
    assert message.limited[0] == "lines: 1,100,002, of which the first 500,000 were read"


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("us-ascii", b"word " * 4_000_000),
        ("utf-8", "\N{GRINNING FACE}\n".encode() * 900_000),
        ("utf-8", b"\xed\xa0\x80" * 5_000_000),
        ("utf-16", "\u4e2d\n".encode("utf-16-le") * 2_000_000),
    ],
    ids=["words", "faces", "broken", "utf-16"],
)
def test_megabytes_of_text_are_cut_where_they_are_read(charset: str, words: bytes) -> None:
    head = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = read_in_a_moment(head.encode() + encodebytes(words))
    assert "text-cut" in message.defects
    assert 900_000 < len(message.text) <= 1_000_000
    assert "\ufffd" not in message.text  # no character was cut in two


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="this system does not tell a process's memory")
@pytest.mark.parametrize(
    ("act", "given", "kilobytes"),
    [
        ("from ingest.html_text import html_to_text as read", WIDE_TABLE.encode(), 200_000),  # it was 3.5 gigabytes
        ("from ingest.parser import parse as read", LONG_TEXT, 200_000),  # half a gigabyte
    ],
    ids=["wide table", "long text"],
)
def test_a_bomb_takes_little_memory(act: str, given: bytes, kilobytes: int) -> None:
    measured = (
        f"import sys\n{act}\n"
        "given = sys.stdin.buffer.read()\n"
        "read(given.decode() if read.__name__ == 'html_to_text' else given)\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", measured], input=given, capture_output=True, check=True)
    assert int(done.stdout) < kilobytes


def test_a_table_of_a_thousand_rows_keeps_its_columns() -> None:
    row = "<tr>" + "".join(f"<td>cell {number}</td>" for number in range(10)) + "</tr>"
    lines = html_to_text("<table>" + row * 1_000 + "</table>").split("\n")
    assert len(lines) == 1_000
    assert lines[0].split() == " ".join(f"cell {number}" for number in range(10)).split()


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -1200", "Fri, 1 Jan 9999 00:00:00 +0000"])
def test_a_date_that_no_calendar_holds_costs_the_date_alone(date: str) -> None:
    message = parse(f"From: a@client.example\r\nDate: {date}\r\n\r\nwords".encode())
    assert (message.sent_at, message.text) == (None, "words")
    assert "date: no such year" in message.defects
