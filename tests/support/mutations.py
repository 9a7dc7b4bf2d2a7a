"""Mails made wrong on purpose, by their structure: parts, boundaries, fields, charsets, encodings, counts."""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from support.mails import a_mail
from support.tnef import BODY, FILE_PROPERTIES, MAIL_OBJECT, OBJECT, a_file, a_mail_with, attribute, prop, table, tnef

LARGEST = 60_000  # octets of a seed, and of most that is made of it: many small mails find more than few large ones
_RARELY = 400_000  # one in a hundred
_ENCODED = re.compile(rb"(?im)^(content-transfer-encoding:)[^\r\n]*")
_TYPED = re.compile(rb"(?im)^(content-type:)[^\r\n;]*")
_CHARSET = re.compile(rb"(?i)charset=[^\s;]*")
_BOUNDARY = re.compile(rb"(?i)boundary=\"?([^\s\";]{1,200})")
_FIELD = re.compile(rb"(?m)^[!-9;-~]{1,60}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_NUMBER = re.compile(rb"\d{1,9}")
_TYPES = (
    b"text/plain", b"text/html", b"multipart/mixed", b"multipart/alternative", b"multipart/signed",
    b"message/rfc822", b"multipart/report; report-type=delivery-status", b"message/delivery-status",
    b"message/partial; number=1", b"message/external-body", b"application/pkcs7-mime", b"application/ms-tnef",
    b"text/calendar", b"text/enriched", b"multipart/digest", b"text/plain; format=flowed; delsp=yes",
    b"application/octet-stream", b"x", b"",
)  # fmt: skip
_ENCODINGS = (
    b"base64", b"quoted-printable", b"7bit", b"8bit", b"x-uuencode", b"binary", b"base64;", b"none",
)  # fmt: skip
_CHARSETS = (
    b"utf-8", b"us-ascii", b"iso-2022-jp", b"utf-7", b"gb2312", b"big5", b"utf-16", b"utf-32", b"shift_jis",
    b"x", b"iso-8859-8-i", b"hz", b"euc-kr", b"idna", b"\"\xff\"", b"unicode_escape", b"'''", b"cp65001",
)  # fmt: skip
_JUNK = (
    b"=?utf-8?q?=0D=0A=00?=", b"=?utf-8?b?w7", b"=?x?b?=?=", b"<a@b>", b"a@b <c@d>, ", b'"', b"(((((", b"\\",
    b";", b"\0", b"\xff\xfe", b"\xe2\x80\xae", b"\x1b$B", b"\r", b"\n", b"\r\n\r\n", b"\t" * 80, b" " * 300,
    b"--", b"=", b"%", b"&#", b"\nbegin 644 a\n#0V%T\n`\nend\n", b"\n=ybegin line=1 size=1 name=x\n", b"<" * 60,
    b"<table><tr><td>", b"<!--", b"[[", b"\n-----BEGIN PGP SIGNED MESSAGE-----\n\n",
    b"\n-----BEGIN PGP MESSAGE-----\n", b"BEGIN:VEVENT\n", b">" * 60, b"\nOn 1 May 2020, x wrote:\n> ",
    b"\nFrom: a\nSent: b\nTo: c\nSubject: d\n", b"*0*=utf-8''%", b"\x00*bulk 0*", b"\n\n>From here\n",
    b"<blockquote>" * 30, b"</", b"\xef\xbb\xbf", b"{\\rtf1 \\'", b"\x00\x80\x30\x80",
)  # fmt: skip

Change = Callable[[bytes, Random, Sequence[bytes]], bytes]


def seeds(corpus: Path) -> list[bytes]:
    """Public mails where they are, and mails of ours that have something in them."""
    files = sorted(file for file in corpus.rglob("*") if file.is_file() and "trimmed" not in file.parts)
    read = [file.read_bytes() for file in files if file.suffix not in (".list", ".tsv", ".md")]
    mails = [a_mail_with(raw) if raw.startswith(b"\x78\x9f\x3e\x22") else raw for raw in read]
    return [raw for raw in [*mails, *_own()] if 0 < len(raw) <= LARGEST]


def mutated(seed: int, mails: Sequence[bytes]) -> bytes:
    """The mail of this seed: always the same of the same mails."""
    draw = Random(seed)  # noqa: S311 - mails, no secrets
    raw = draw.choice(mails)
    largest = LARGEST if draw.randrange(100) else _RARELY
    for _ in range(draw.choice((1, 1, 2, 3, 5, 8))):
        raw = draw.choice(CHANGES)(raw, draw, mails)[:largest] or b"\n"
    return raw


def _own() -> list[bytes]:
    inner = tnef(attribute(BODY, b"inner"), a_file(b"x.txt", b"x"))
    packed = tnef(
        a_file(b"a.pdf", b"%PDF"), attribute(FILE_PROPERTIES, table(prop(OBJECT, 0x3701, MAIL_OBJECT + inner)), 2)
    )
    mixed = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
    invitation = b'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nATTENDEE;CN="a":mailto:a@b\r\nEND:VEVENT\r\n'
    envelope = (
        bytes.fromhex("308006092a864886f70d010702a0803080020101310030800609")
        + bytes.fromhex("2a864886f70d010701a0802480040d")
        + b"MIME-Version:1\r\n\r\nx"
    )
    parts = (
        b"Content-Type: text/calendar; method=REQUEST\r\n\r\n" + invitation,
        b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(envelope),
        b"Content-Type: text/plain\r\n\r\nx\nbegin 644 a.txt\n#0V%T\n`\nend\n",
        b"Content-Type: message/rfc822\r\n\r\n" + a_mail(3),
        b"Content-Type: text/html\r\n\r\n<p>x<ul><li>y</ul><blockquote>z</blockquote>",
    )
    return [a_mail(number) for number in range(9)] + [
        a_mail_with(packed),
        *(mixed + b"--o\r\n" + part + b"\r\n--o--\r\n" for part in parts),
        mixed + b"".join(b"--o\r\n" + part + b"\r\n" for part in parts) + b"--o--\r\n",
    ]


def _flip(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    octets = bytearray(raw)
    for _ in range(draw.randint(1, 12)):
        octets[draw.randrange(len(octets))] = draw.randrange(256)
    return bytes(octets)


def _slice(raw: bytes, draw: Random) -> tuple[int, int]:
    start = draw.randrange(len(raw))
    return start, min(len(raw), start + draw.choice((1, 5, 60, 900)))


def _cut(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    start, end = _slice(raw, draw)
    return raw[:start] + raw[end:] or b"\n"


def _truncate(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    return raw[: draw.randrange(1, len(raw) + 1)]


def _repeat(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    start, end = _slice(raw, draw)
    return raw[:end] + raw[start:end] * draw.choice((1, 2, 30, 400)) + raw[end:]


def _junk(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    at = draw.randrange(len(raw))
    return raw[:at] + draw.choice(_JUNK) * draw.choice((1, 1, 1, 4, 90)) + raw[at:]


def _fields(raw: bytes, draw: Random, mails: Sequence[bytes]) -> bytes:
    """Delete, double, move or borrow a field, of the outer header or of a part's."""
    found = list(_FIELD.finditer(raw[:20_000]))
    if not found:
        return raw
    one, other = draw.choice(found), draw.choice(found)
    act = draw.randrange(4)
    if act == 0:
        return raw[: one.start()] + raw[one.end() :]
    if act == 1:
        return raw[: other.start()] + one[0] + raw[other.start() :]
    if act == 2:
        first, last = sorted((one, other), key=lambda match: match.start())
        return raw[: first.start()] + last[0] + raw[first.start() : last.start()] + raw[last.end() :]
    borrowed = _FIELD.search(draw.choice(mails)[:5_000])
    return raw[: one.start()] + (borrowed[0] if borrowed else b"") + raw[one.start() :]


def _relabel(pattern: re.Pattern[bytes], values: Sequence[bytes], before: bytes) -> Change:
    def change(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
        found = list(pattern.finditer(raw[:50_000]))
        if not found:
            return before + draw.choice(values) + b"\r\n" + raw if b":" in before else raw
        one = draw.choice(found)
        head = one[1] + b" " if pattern.groups else before
        return raw[: one.start()] + head + draw.choice(values) + raw[one.end() :]

    return change


def _parts(raw: bytes, draw: Random, mails: Sequence[bytes]) -> bytes:
    """Delete, double, swap or borrow a part."""
    boundaries = _BOUNDARY.findall(raw[:50_000])
    if not boundaries:
        return raw
    line = b"--" + draw.choice(boundaries)
    pieces = raw.split(line)
    if len(pieces) < 3:
        return raw
    one, other = draw.randrange(1, len(pieces)), draw.randrange(1, len(pieces))
    act = draw.randrange(4)
    if act == 0:
        del pieces[one]
    elif act == 1:
        pieces[one:one] = [pieces[other]] * draw.choice((1, 2, 40))
    elif act == 2:
        pieces[one], pieces[other] = pieces[other], pieces[one]
    else:
        pieces.insert(one, b"\r\n" + draw.choice(mails)[:20_000] + b"\r\n")
    return line.join(pieces)


def _boundary(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    """Another boundary for a multipart, or for its parts alone; one of another multipart."""
    boundaries = _BOUNDARY.findall(raw[:50_000])
    if not boundaries:
        return raw
    one = draw.choice(boundaries)
    new = draw.choice((b"x", draw.choice(boundaries), one[:-1] or b"x", one + b"x", b"", b'"', b"=_" * 40))
    return raw.replace(one, new, draw.choice((1, 2, -1)))


def _nest(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    for level in range(draw.choice((1, 2, 5, 30))):
        if draw.random() < 0.5:
            raw = b"Content-Type: message/rfc822\r\n\r\n" + raw
        else:
            raw = b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n" % (level, level) + raw
    return b"From: n@b.example\r\n" + raw


def _encode(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    """The body in base64, whatever the header says of it."""
    header, blank, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")
    label = b"\r\nContent-Transfer-Encoding: base64" if draw.random() < 0.8 else b""
    return header + label + blank + encodebytes(body[:60_000])


def _line_ends(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", draw.choice((b"\r\n", b"\r", b"\n", b"\r\r\n", b"\n\n")))


def _count(raw: bytes, draw: Random, _: Sequence[bytes]) -> bytes:
    found = list(_NUMBER.finditer(raw[:50_000]))
    if not found:
        return raw
    one = draw.choice(found)
    return raw[: one.start()] + draw.choice((b"0", b"-1", b"4294967295", b"9" * 400, b"1e9")) + raw[one.end() :]


CHANGES: Sequence[Change] = (
    _flip, _flip, _cut, _truncate, _repeat, _junk, _junk, _fields, _fields, _parts, _parts, _boundary, _nest, _encode,
    _line_ends, _count, _relabel(_ENCODED, _ENCODINGS, b"Content-Transfer-Encoding: "),
    _relabel(_TYPED, _TYPES, b"Content-Type: "), _relabel(_CHARSET, [b"charset=" + one for one in _CHARSETS], b""),
)  # fmt: skip
