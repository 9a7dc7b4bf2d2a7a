"""What attached documents say is read within limits, and where it is not, the attachment tells why."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from ingest.documents import ALL_CHARACTERS, CHARACTERS, MARKUP_OCTETS, OCTETS
from ingest.message import Attachment
from ingest.parser import parse


def read(*files: tuple[str, str, bytes]) -> tuple[Attachment, ...]:
    """The attachments of a mail with these files: name, type, octets."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "ada@client.example"
    mail.set_content("See attached.")
    for name, kind, octets in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(octets, maintype=main, subtype=sub, filename=name)
    return parse(mail.as_bytes()).attachments


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("note.txt", "text/plain"),
        ("note.txt", "application/octet-stream"),
        ("list.csv", "text/csv"),
        ("list.CSV", "application/vnd.ms-excel"),
        ("no ending", "text/csv"),
    ],
)
def test_the_words_of_a_text_are_read(name: str, kind: str) -> None:
    (one,) = read((name, kind, "Invoice;4711\r\nprix;15 €".encode()))
    assert (one.text, one.unread) == ("Invoice;4711\nprix;15 €", "")


def test_text_in_two_octets_a_letter_is_read() -> None:
    (one,) = read(("list.csv", "text/csv", "Invoice;4711".encode("utf-16")))
    assert one.text == "Invoice;4711"


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream"])
def test_the_words_of_a_page_are_read_and_hidden_ones_marked(kind: str) -> None:
    page = b"<p>Invoice <b>4711</b></p><p style='display:none'>unseen</p><script>alert()</script>"
    (one,) = read(("bill.html", kind, page))
    assert one.text.split("\n") == ["Invoice 4711", "", "[hidden: unseen]"]


@pytest.mark.parametrize(
    ("name", "kind", "octets"),
    [
        ("photo.png", "image/png", b"\x89PNG\r\n\x1a\n"),
        ("photo.txt", "text/plain", b"\x89PNG\r\n\x1a\n"),
        ("odd.txt", "text/plain", b"a\0b"),
        ("table.xlsx", "application/octet-stream", b"words"),
        ("bill.pdf", "application/pdf", b"words"),
    ],
)
def test_what_is_no_document_says_nothing(name: str, kind: str, octets: bytes) -> None:
    (one,) = read((name, kind, octets))
    assert (one.text, one.unread) == ("", "")


def test_a_long_text_is_cut_and_says_so() -> None:
    (one,) = read(("long.txt", "text/plain", b"word " * CHARACTERS))
    assert len(one.text) == CHARACTERS
    assert one.unread == "only its first 100,000 characters were read"


def test_a_huge_text_is_not_read_and_says_so() -> None:
    (one,) = read(("huge.txt", "text/plain", b"w" * (OCTETS + 1)))
    assert (one.text, one.unread) == ("", "it has 2,000,001 octets; text of more than 2,000,000 is not read")


def test_all_documents_of_a_mail_together_have_a_limit() -> None:
    last = read(*((f"{number}.txt", "text/plain", b"w" * CHARACTERS) for number in range(5)))[-1]
    assert ALL_CHARACTERS == 4 * CHARACTERS
    assert (last.text, last.unread) == ("", "the documents before it said 400,000 characters, and more are not read")


def test_all_pages_of_a_mail_together_have_a_limit() -> None:
    page = b"<p>word</p>" + b" " * (MARKUP_OCTETS // 2)
    said = [(one.text, one.unread) for one in read(*((f"{number}.html", "text/html", page) for number in range(2)))]
    assert said == [("word", ""), ("", "more than 500,000 octets of HTML are attached")]


@pytest.mark.parametrize(
    ("name", "kind"), [("bill.xml", "application/xml"), ("bill", "text/xml"), ("bill.xml", "text/plain")]
)
def test_an_invoice_in_xml_is_read(name: str, kind: str) -> None:
    (one,) = read((name, kind, b"<Invoice><ID>4711</ID></Invoice>"))
    assert one.text == ("Invoice number: 4711" if kind != "text/plain" else "<Invoice><ID>4711</ID></Invoice>")
