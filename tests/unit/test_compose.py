"""What is composed reads back, by the standard library, as what MAIL asks of an acknowledgement."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest

from ingest.errors import Permanent
from ingest.message import LOOP_FIELD, Address
from processor.outgoing.compose import OutgoingMail, compose
from processor.outgoing.render import Rendered

WORDS = Rendered(subject="[DD-7K3M-9QXW-5] We have received your message", text="Hello\n\nBye\n", html="<p>Hello</p>\n")
OWN_ID = "<dd-7k3m-9qxw-5.ack.aaaabbbbccccddddeeeeffff22@desk.example>"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def composed(rendered: Rendered = WORDS, **more: Any) -> OutgoingMail:
    values: dict[str, Any] = {
        "sender": Address(name="Accounts", address="accounts@desk.example"),
        "recipient": "client@client.example",
        "message_id": OWN_ID,
        "in_reply_to": "<question@client.example>",
        "references": ("<older@client.example>",),
        "envelope_from": "",
        "date": NOON,
    }
    return compose(rendered, **(values | more))


def read(mail: OutgoingMail) -> EmailMessage:
    message = email.message_from_bytes(mail.content, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert all(not field.defects for field in message.values())
    return message


def parts(mail: OutgoingMail) -> dict[str, str]:
    return {part.get_content_type(): part.get_content().replace("\r\n", "\n") for part in read(mail).iter_parts()}


def test_the_header_is_the_one_of_an_automatic_answer() -> None:
    assert {name: str(value) for name, value in read(composed()).items()} == {
        "From": "Accounts <accounts@desk.example>",
        "To": "client@client.example",
        "Subject": "[DD-7K3M-9QXW-5] We have received your message",
        "Date": "Tue, 24 Nov 2026 12:00:00 +0000",
        "Message-ID": OWN_ID,
        "In-Reply-To": "<question@client.example>",
        "References": "<older@client.example> <question@client.example>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        LOOP_FIELD: "accounts@desk.example",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_daydesk"',
    }


def test_what_is_kept_beside_the_content_is_what_the_content_says() -> None:
    mail = composed(envelope_from="accounts+b-1@desk.example")
    assert (mail.message_id, mail.envelope_from, mail.recipient) == (
        OWN_ID, "accounts+b-1@desk.example", "client@client.example",
    )  # fmt: skip


def test_text_comes_before_html_and_both_come_back_whole() -> None:
    rendered = Rendered(subject="s", text="Grüße\n.\n..dots\nFrom here \n" + "é" * 200 + "\n", html="<p>ß €</p>\n")
    assert list(parts(composed(rendered)).items()) == [("text/plain", rendered.text), ("text/html", rendered.html)]


def test_every_line_is_short_ascii_and_ends_with_crlf() -> None:
    rendered = Rendered(subject="ü" * 200, text="x" * 500 + "é" * 500, html="<p>" + "word " * 300)
    content = composed(rendered, sender=Address(name="Ü" * 100, address="a@desk.example")).content
    assert content.endswith(b"\r\n")
    assert content.replace(b"\r\n", b"").isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 76


@pytest.mark.parametrize(
    "subject",
    [
        "[DD-7K3M-9QXW-5] Nous avons bien reçu votre message",
        "[DD-7K3M-9QXW-5] Re: " + "long and plain " * 12,
        "[DD-7K3M-9QXW-5] Re: 請求書 🧾 について " * 4,
        "[DD-7K3M-9QXW-5] Re: =?utf-8?q?not_ours?= at all",
        "Überfällig",
        "a" * 120,
        "é " + "b" * 80,
        "=?x?= " + "c" * 80,
        "d" * 60 + " é",
        "[DD-7K3M-9QXW-5]  é",
    ],
)
def test_a_subject_comes_back_as_it_was(subject: str) -> None:
    assert read(composed(Rendered(subject=subject.strip(), text="t", html="h")))["Subject"] == subject.strip()


def test_the_reference_can_be_read_in_the_subject_without_decoding() -> None:
    mail = composed(Rendered(subject="[DD-7K3M-9QXW-5] Nous avons bien reçu votre message", text="t", html="h"))
    assert b"Subject: [DD-7K3M-9QXW-5]\r\n =?utf-8?b?" in mail.content


@pytest.mark.parametrize(
    "name",
    [
        'Accounts "A" \\ Co., Ltd',
        "Comptabilité",
        "=?utf-8?q?x?=",
        "support@other.example",
        "a <b>",
    ],
)
def test_the_desk_s_name_comes_back_as_it_is(name: str) -> None:
    (sender,) = read(composed(sender=Address(name=name, address="accounts@desk.example")))["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "accounts@desk.example")


@pytest.mark.parametrize("name", ["n" * 150, "Ü" * 150, "Service comptabilité fournisseurs " * 5])
def test_a_long_name_comes_back_as_it_is(name: str) -> None:
    content = composed(sender=Address(name=name, address="accounts@desk.example")).content
    field = email.message_from_bytes(content)["From"]  # the newer parser puts spaces between encoded words
    assert str(make_header(decode_header(field))) == f"{name.strip()} <accounts@desk.example>"


def test_a_desk_without_name_is_its_address() -> None:
    assert read(composed(sender=Address(address="accounts@desk.example")))["From"] == "accounts@desk.example"


@pytest.mark.parametrize(
    "forged",
    [
        "<a@b>\r\nBcc: victim@x.example",
        "<a@b> <c@d>",
        "a@b",
        "<a@b@c>",
        "<a b@c>",
        "<ä@b>",
        "<@b>",
        "<a@>",
        "<>",
        "",
        f"<{'a' * 900}@b>",
        "<a@b>\n",
        "<\x00@b>",
    ],
)
def test_an_identifier_that_is_not_one_is_left_out(forged: str) -> None:
    mail = composed(in_reply_to=forged, references=("<older@client.example>",))
    assert "In-Reply-To" not in read(mail)
    assert "References" not in read(mail)
    assert read(composed(references=(forged,)))["References"] == "<question@client.example>"


def test_a_mail_without_message_id_is_answered_without_threading() -> None:
    assert {"In-Reply-To", "References"}.isdisjoint(read(composed(in_reply_to=None)).keys())


def test_a_long_thread_is_cut_to_the_mail_that_is_answered() -> None:
    older = tuple(f"<{number:040}@client.example>" for number in range(20))
    assert read(composed(references=older))["References"] == "<question@client.example>"
    assert len(read(composed(references=older[:10]))["References"].split()) == 11


def test_an_identifier_stands_once_in_the_references() -> None:
    twice = ("<older@client.example>", "<question@client.example>", "<older@client.example>")
    assert read(composed(references=twice))["References"] == "<older@client.example> <question@client.example>"


@pytest.mark.parametrize(
    "recipient",
    ["o'brien+x@client.example", '"john doe"@client.example', "a_b=c@[192.0.2.1]", "a.b.@sub.client.example"],
)
def test_an_unusual_recipient_is_written_as_it_is(recipient: str) -> None:
    mail = composed(recipient=recipient)
    assert mail.recipient == recipient
    assert f"To: <{recipient}>\r\n".encode() in mail.content


def test_an_international_recipient_is_kept_in_utf8() -> None:
    assert "To: <jürgen@bücher.example>\r\n".encode() in composed(recipient="jürgen@bücher.example").content


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "nobody",
        "a@b\r\nBcc: c@d",
        "a b@c.example",
        "a@b,c@d.example",
        "a@b>c",
        "Name <a@b.example>",
        "a@b@c.example",
        "a\x00@b.example",
        "a\u2028b@c.example",
        "x" * 250 + "@client.example",
    ],
)
def test_what_cannot_be_written_to_is_refused(recipient: str) -> None:
    with pytest.raises(Permanent, match="is not an address that mail can be sent to"):
        composed(recipient=recipient)


def test_a_message_id_of_ours_that_is_none_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="is not a Message-ID"):
        composed(message_id="dd-7k3m@desk.example")


def test_the_date_is_the_same_moment_in_utc() -> None:
    paris = datetime(2026, 11, 24, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    assert read(composed(date=paris))["Date"] == "Tue, 24 Nov 2026 12:00:00 +0000"
    with pytest.raises(ValueError, match="no time zone"):
        composed(date=datetime(2026, 11, 24, 13, 0))  # noqa: DTZ001 - that is the point
