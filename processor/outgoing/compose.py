"""Makes a message of rendered words: RFC 5322 fields, two MIME parts, octets ready for SMTP."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from ingest.errors import Permanent
from ingest.message import LOOP_FIELD, Address, utc

if TYPE_CHECKING:  # whoever only keeps or sends mail needs no template engine
    from processor.outgoing.render import Rendered

_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")  # printable ASCII without < > @ and space
_ONE_ID = 900  # octets, so that a field line stays under the 998 of RFC 5322 section 2.1.1
_ALL_IDS = 1024
_ADDRESS = re.compile(
    r'(?:"[^"\\\x00-\x1f\x7f-\x9f]+"|[^\s"<>(),:;@\[\]\\\x00-\x1f\x7f-\x9f]+)@[^\s"<>(),:;@\\\x00-\x1f\x7f-\x9f]+'
)
_ADDRESS_OCTETS = 254  # RFC 5321 section 4.5.3.1.3, without the brackets
_LINE = 76
_WORD_OCTETS = 39  # in base64 with its frame 64 characters: with the longest field name still one line of 76
_PLAIN = re.compile(r"[ -~]*")
_BOUNDARY = b"=_daydesk"  # "=_" never stands in quoted-printable text (RFC 2045 section 6.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A whole message for one recipient. Its Message-ID is fixed, so that a resend is recognisable (I4)."""

    message_id: str  # with its angle brackets
    envelope_from: str  # empty: the null sender <>
    recipient: str
    content: bytes  # header and body, CRLF lines


def compose(
    rendered: Rendered,
    *,
    sender: Address,
    recipient: str,
    message_id: str,
    in_reply_to: str | None,
    references: Sequence[str] = (),
    envelope_from: str,
    date: datetime,
    automatic: bool = True,
) -> OutgoingMail:
    """The answer to the mail `in_reply_to`, whose own References are `references`: with the marks of an automatic one
    (RFC 3834), or without them where a person sends it.

    Identifiers that are not one plain <...@...>, or too long, are left out. The recipient's address is written as it
    is: with letters beyond ASCII in it the message needs SMTPUTF8 (RFC 6531). Raises Permanent where no mail can be
    addressed to the recipient, ValueError where our own Message-ID or date is not one.
    """
    if not valid_message_id(message_id):
        raise ValueError(f"{message_id!r} is not a Message-ID")
    if not valid_address(recipient):
        raise Permanent(f"{recipient!r} is not an address that mail can be sent to: answer this client in another way.")
    header = [
        f"From: {_mailbox(sender)}",
        f"To: <{recipient}>",
        f"Subject: {_subject(rendered.subject)}",
        f"Date: {format_datetime(utc(date))}",
        f"Message-ID: {message_id}",
        *_threading(in_reply_to, references),
        *(("Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All") if automatic else ()),
        f"{LOOP_FIELD}: {sender.address}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{_BOUNDARY.decode()}"',
    ]
    body = (_part("plain", rendered.text), _part("html", rendered.html), b"--" + _BOUNDARY + b"--\r\n")
    return OutgoingMail(
        message_id=message_id,
        envelope_from=envelope_from,
        recipient=recipient,
        content="\r\n".join([*header, "", ""]).encode() + b"".join(body),
    )


def valid_address(text: str) -> bool:
    """One address that mail can be sent to, without a name."""
    return _ADDRESS.fullmatch(text) is not None and len(text.encode()) <= _ADDRESS_OCTETS


def valid_message_id(text: str) -> bool:
    """One <...@...> of printable ASCII, short enough for a field line of its own."""
    return len(text) <= _ONE_ID and _MESSAGE_ID.fullmatch(text) is not None


def _threading(in_reply_to: str | None, references: Sequence[str]) -> Iterator[str]:
    """In-Reply-To and References (RFC 5322 section 3.6.4); where they are too many the older ones are given up."""
    if in_reply_to is None or not valid_message_id(in_reply_to):
        return
    yield f"In-Reply-To: {in_reply_to}"
    older = [known for known in dict.fromkeys(references) if valid_message_id(known) and known != in_reply_to]
    if sum(len(known) + 3 for known in older) + len(in_reply_to) >= _ALL_IDS:
        older = []
    yield "References: " + "\r\n ".join([*older, in_reply_to])


def _mailbox(address: Address) -> str:
    """A name-addr (RFC 5322 section 3.4)."""
    name = address.name.strip()
    if not name:
        return f"<{address.address}>"
    if _PLAIN.fullmatch(name) and "=?" not in name and len(name) < _LINE - len("From: "):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"\r\n <{address.address}>'
    return f"{_encoded_words(name)}\r\n <{address.address}>"


def _subject(subject: str) -> str:
    """The subject; its first word, our reference, is left readable to programs that decode nothing."""
    if _PLAIN.fullmatch(subject) and "=?" not in subject and len(subject) < _LINE - len("Subject: "):
        return subject
    first, space, rest = subject.partition(" ")
    if space and rest.strip() == rest and _PLAIN.fullmatch(first) and "=?" not in first and len(first) < _WORD_OCTETS:
        return f"{first}\r\n {_encoded_words(rest)}"
    return _encoded_words(subject)


def _encoded_words(text: str) -> str:
    """RFC 2047: one encoded word a line, none of them cut inside a character."""
    words, octets = [], b""
    for character in text:
        coded = character.encode()
        if len(octets) + len(coded) > _WORD_OCTETS:
            words.append(octets)
            octets = b""
        octets += coded
    words.append(octets)
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _part(subtype: str, text: str) -> bytes:
    """A text part in quoted-printable: lines of at most 76 characters, CRLF between them."""
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    return b"".join(
        (
            b"--" + _BOUNDARY + b"\r\n",
            f"Content-Type: text/{subtype}; charset=utf-8\r\n".encode(),
            b"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
            binascii.b2a_qp(lines.encode(), istext=True),
            b"\r\n",  # the line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1)
        )
    )
