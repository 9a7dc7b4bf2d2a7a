"""Whatever octets come: a Message or Permanent, and no character in it that nobody should meet."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import Permanent
from ingest.message import Message
from ingest.parser import parse

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
JUNK = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [
            b"=?utf-8?q?=0D=0A=00?=",
            b"=?utf-7?b?+?=",
            b"<a@b.example>",
            b"a@b <c@d>",
            b'"',
            b"(",
            b"\\",
            b";",
            b"'",
            b"%00",
        ]
    ),
)
TYPES = [
    b"text/plain",
    b"text/html",
    b"text/calendar; method=REPLY",
    b"multipart/mixed; boundary=b",
    b"multipart/report; boundary=b",
    b"multipart/alternative; boundary=b",
    b"multipart/related",
    b"multipart/digest; boundary=b",
    b"message/rfc822",
    b"message/delivery-status",
    b"message/partial",
    b"application/pdf; name*0*=x",
    b"text/plain; charset=utf-16; format=flowed",
    b"text/html; charset*=unknown'x'%ff",
    b"text/plain; charset=\xff",
    b"/",
    b"",
]
NAMES = [
    b"From",
    b"To",
    b"Cc",
    b"Reply-To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"References",
    b"Content-Type",
    b"Content-ID",
    b"Content-Disposition",
    b"Content-Transfer-Encoding",
    b"MIME-Version",
    b"Final-Recipient",
    b"X-Any",
    b"",
    b"Broken Name",
]
ENCODINGS = [b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"binary ", b"?"]


@st.composite
def fields(draw: st.DrawFn) -> bytes:
    name = draw(st.sampled_from(NAMES))
    special = {b"Content-Type": TYPES, b"Content-Transfer-Encoding": ENCODINGS}.get(name)
    value = draw(st.sampled_from(special)) if special else b" ".join(draw(st.lists(JUNK, max_size=3)))
    return name + b": " + value + draw(st.sampled_from([b"\r\n", b"\n", b"\r\n ", b"\r", b""]))


@st.composite
def mails(draw: st.DrawFn, depth: int = 0) -> bytes:
    header = b"".join(draw(st.lists(fields(), max_size=6)))
    body = [draw(JUNK)]
    if depth < 3:
        for _ in range(draw(st.integers(0, 3))):
            body += [draw(st.sampled_from([b"\r\n--b\r\n", b"\n--b--\n", b"--b", b"\r\n\r\n"])), draw(mails(depth + 1))]
    return header + draw(st.sampled_from([b"\r\n", b"\n", b""])) + b"".join(body)


def texts(message: Message) -> list[str]:
    found = [
        message.subject,
        message.text,
        message.new_text,
        *(one.subject for one in message.attached_messages),
        *message.defects,
    ]
    found += [text for field in message.headers for text in field]
    found += [text for one in message.attachments for text in (one.name, one.declared_type, one.content_id or "")]
    people = message.from_ + message.reply_to + message.to + message.cc
    found += [text for person in people for text in (person.name, person.address)]
    recipients = message.report.recipients if message.report else ()
    found += [text for one in recipients for text in (one.recipient, one.action, one.status, one.diagnostic)]
    return [*found, message.content_type, *message.references, *message.in_reply_to]


def examine(raw: bytes) -> None:
    try:
        message = parse(raw)
    except Permanent:
        assert raw == b""
        return
    for text in texts(message):
        assert not CONTROLS.search(text)
        text.encode()
    for text in [message.subject, *(text for field in message.headers for text in field)]:
        assert "\n" not in text
    assert not any("/" in one.name or "\\" in one.name or not one.name for one in message.attachments)
    assert parse(raw) == message


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_octets_are_read_or_refused(raw: bytes) -> None:
    examine(raw)


@given(mails())
@settings(max_examples=300, deadline=None)
def test_anything_that_has_the_structure_of_mail_is_read_or_refused(raw: bytes) -> None:
    examine(raw)
