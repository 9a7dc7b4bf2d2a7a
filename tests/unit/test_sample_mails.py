"""The sample mails: each kind is there, each can be read, and all of them are nobody's."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import filetype
import pytest

from processor.demo.mails import SampleMail, gateway, sample_mails
from processor.demo.papers import pdf, png

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DESK = "accounts@daydesk.example"
KINDS = """
bank details change
bounce
calendar reply
colleague on a client's behalf
company name change
contract (client)
contract (vendor)
contract law
credit note
duplicate, first
duplicate, the same octets once more
empty body
follow-up on an own mail
general
grouped direct debit
hostile: forged own address
hostile: injections in subject, names, body and file name
hostile: look-alike of a supplier's domain
hostile: two From fields
HTML without a text part
invoice before payment
invoice query (client)
invoice query (client), details missing
invoice query (interpreter)
legal notice, urgent
missing payment
missing payment by cheque, details missing
newsletter
no-reply notice of a system
no words, only an attachment
odd: raw ISO-2022-JP
odd: raw ISO-8859-1 in header and body
odd: the sender's clock is wrong
one mail to two teams
out-of-office
payment for a suspended account, urgent
payment reminder of a supplier
payment split
privacy request
read receipt
refund
reimbursement
remittance advice of a bank
reply that quotes
security deposit
security deposit wrongly settled
several invoices in one mail
site or salon name change
stale: received over 24 h ago
statement of account
tax correction
tax documentation
TDS refund
text and HTML side by side
unclaimed payment
"""


@pytest.fixture(scope="module")
def mails() -> dict[str, SampleMail]:
    return {mail.name: mail for mail in sample_mails(DESK, NOON)}


def read(mail: SampleMail) -> EmailMessage:
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text(mail: SampleMail) -> str:
    body = read(mail).get_body(("plain", "html"))
    assert body is not None
    return str(body.get_content())


def test_all_names_differ(mails: dict[str, SampleMail]) -> None:
    assert len(mails) == len(sample_mails(DESK, NOON)) >= 40


def test_every_kind_is_there(mails: dict[str, SampleMail]) -> None:
    wanted = set(KINDS.strip().splitlines())
    assert wanted - {mail.kind for mail in mails.values()} == set()


def test_the_same_desk_and_moment_give_the_same_octets(mails: dict[str, SampleMail]) -> None:
    assert list(sample_mails(DESK, NOON)) == list(mails.values())


def test_the_standard_library_reads_every_mail(mails: dict[str, SampleMail]) -> None:
    for mail in mails.values():
        message = read(mail)
        assert message["Return-Path"] is not None, mail.name
        assert message["Message-ID"], mail.name
        assert "@" in str(message["From"]), mail.name
        for part in message.walk():
            assert part.defects == [], mail.name


def test_every_line_ends_as_it_does_on_the_wire(mails: dict[str, SampleMail]) -> None:
    for mail in mails.values():
        assert b"\n" not in mail.raw.replace(b"\r\n", b""), mail.name


def test_no_placeholder_is_left(mails: dict[str, SampleMail]) -> None:
    for mail in mails.values():
        assert not re.search(rb"\{(day|date)\b", mail.raw), mail.name


def test_every_domain_is_an_example(mails: dict[str, SampleMail]) -> None:
    for mail in mails.values():
        written = mail.raw.replace(b"=\r\n", b"").replace(b"http://www.w3.org/2000/svg", b"").decode("latin-1")
        for domain in re.findall(r"(?:@|https?://)([\w.-]+\.[a-z]{2,})\b", written):
            assert domain.endswith(".example"), (mail.name, domain)


def test_all_but_one_came_within_the_last_day_oldest_first(mails: dict[str, SampleMail]) -> None:
    moments = [mail.received_at for mail in mails.values()]
    assert moments == sorted(moments)
    assert moments[-1] < NOON
    assert [moment for moment in moments if moment < NOON - timedelta(hours=24)] == [NOON - timedelta(hours=26)]


def test_the_demo_puts_its_own_addresses_in() -> None:
    mails = sample_mails("help@firm.example", NOON)
    to = {read(mail)["To"].addresses[0].addr_spec for mail in mails}
    assert to == {"help@firm.example", "legal@firm.example"}
    assert not any(b"daydesk.example" in mail.raw for mail in mails)
    assert gateway("help@firm.example") == "mx.firm.example"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        sample_mails(DESK, NOON.replace(tzinfo=None))


def test_days_are_counted_from_the_writing_and_put_in_the_mails_language(mails: dict[str, SampleMail]) -> None:
    assert "Date : 14 novembre 2026" in text(mails["missing-payment-transfer"])  # written on the 20th
    assert "ausgefallenen Dolmetschertermin am 27. Oktober" in text(mails["credit-note"])


def test_a_duplicate_has_the_same_octets_and_came_later(mails: dict[str, SampleMail]) -> None:
    first, again = mails["same-mail-twice"], mails["same-mail-twice-again"]
    assert first.raw == again.raw
    assert first.received_at < again.received_at


def test_a_follow_up_names_the_mail_that_it_follows(mails: dict[str, SampleMail]) -> None:
    first, second = read(mails["missing-payment-transfer"]), read(mails["second-mail-on-the-same"])
    assert second["In-Reply-To"] == first["Message-ID"]


def test_the_hostile_subject_holds_a_line_break_once_decoded(mails: dict[str, SampleMail]) -> None:
    assert b"\r\nBcc:" not in mails["hostile"].raw
    assert "\r\nBcc: everyone@victim.example" in read(mails["hostile"])["Subject"]


def test_the_raw_mails_are_in_the_charset_that_their_names_say(mails: dict[str, SampleMail]) -> None:
    assert "請求書 INV-20421" in text(mails["japanese-iso-2022-jp"])
    assert b"\x1b$B" in mails["japanese-iso-2022-jp"].raw
    assert "Relevé de compte".encode("latin-1") in mails["raw-latin-1"].raw


def test_attachments_are_what_their_types_say(mails: dict[str, SampleMail]) -> None:
    seen = set()
    for mail in mails.values():
        for part in read(mail).walk():
            if part.get_content_type() in ("application/pdf", "image/png") and mail.name != "hostile":  # that one lies
                seen.add(part.get_content_type())
                assert filetype.guess_mime(part.get_payload(decode=True)) == part.get_content_type(), mail.name
    assert seen == {"application/pdf", "image/png"}


def test_a_pdf_finds_each_of_its_objects() -> None:
    paper = pdf(["Total (net): 1 284,60 €", "back\\slash"])
    table = int(paper.rpartition(b"startxref\n")[2].split()[0])
    assert paper[table:].startswith(b"xref\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", paper[table:])]
    assert [paper[place:].split(b" ")[0] for place in places] == [b"1", b"2", b"3", b"4", b"5"]
    assert rb"(Total \(net\): 1 284,60 " + b"\x80)" in paper
    assert rb"(back\\slash)" in paper


def test_a_png_unpacks_to_one_octet_for_each_of_its_points() -> None:
    image = png(40, 30)
    assert struct.unpack(">II", image[16:24]) == (40, 30)
    length = struct.unpack(">I", image[33:37])[0]
    assert len(zlib.decompress(image[41 : 41 + length])) == (40 + 1) * 30
