"""What is read in a mail: each way in which mail is broken, by name, in a mail written by hand."""

from __future__ import annotations

import base64
import hashlib
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.errors import Permanent
from ingest.gate import ParseLimits
from ingest.message import Message
from ingest.parser import parse

HEADER = b"From: Alice <alice@client.example>\r\nTo: accounts@desk.example\r\nSubject: Invoice\r\n"
MIXED = HEADER + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\n'
INNER_MAIL = (
    b"From: Eve <eve@else.example>\r\nSubject: =?utf-8?q?Stolen_caf=C3=A9?=\r\n"
    b'Content-Type: multipart/mixed; boundary="inner"\r\n\r\n'
    b"--inner\r\n\r\nwords of another\r\n--inner\r\n"
    b"Content-Type: application/pdf; name=theirs.pdf\r\n\r\n%PDF-1.4\r\n--inner--\r\n"
)


def mixed(*parts: bytes) -> bytes:
    return MIXED + b"".join(b"--outer\r\n" + part + b"\r\n" for part in parts) + b"--outer--\r\n"


def with_from(*values: str | bytes) -> Message:
    fields = [b"From: " + (value if isinstance(value, bytes) else value.encode()) + b"\r\n" for value in values]
    return parse(b"".join(fields) + b"Subject: x\r\n\r\nwords")


def addresses(message: Message) -> list[str]:
    return [one.address for one in message.from_]


def test_an_ordinary_mail_is_read_whole() -> None:
    raw = (
        b"Return-Path: <alice@client.example>\r\nMessage-ID: <one@client.example>\r\n"
        b"In-Reply-To: <zero@desk.example>\r\nReferences: <a@desk.example>\r\n <zero@desk.example>\r\n"
        b"Date: Mon, 3 Feb 2025 10:15:00 +0100\r\nReply-To: Billing <billing@client.example>\r\n"
        b"Cc: bob@client.example\r\n" + HEADER + b"\r\nWhere is my money?\r\n"
    )
    message = parse(raw)
    assert message.sha256 == hashlib.sha256(raw).hexdigest()
    assert message.message_id == "<one@client.example>"
    assert message.in_reply_to == ("<zero@desk.example>",)
    assert message.references == ("<a@desk.example>", "<zero@desk.example>")
    assert message.sent_at == datetime(2025, 2, 3, 9, 15, tzinfo=UTC)
    assert message.sender is not None
    assert (message.sender.name, message.sender.address) == ("Alice", "alice@client.example")
    assert [one.address for one in message.reply_to + message.to + message.cc] == [
        "billing@client.example",
        "accounts@desk.example",
        "bob@client.example",
    ]
    assert (message.subject, message.text, message.new_text) == ("Invoice", "Where is my money?", "Where is my money?")
    assert message.headers[0] == ("Return-Path", "<alice@client.example>")
    assert (message.content_type, message.from_ambiguous, message.defects) == ("text/plain", False, ())


def test_a_mail_of_no_octet_is_a_mail_that_says_nothing() -> None:
    message = parse(b"")
    assert (message.text, message.from_, message.from_ambiguous) == ("", (), True)
    assert message.defects == ("empty: no octet at all",)


@pytest.mark.parametrize("raw", [b"\n", b"\x00", b"just words without any header", b"\xff\xfe\xfd"])
def test_a_mail_without_header_is_read_and_says_so(raw: bytes) -> None:
    assert "header: there is none" in parse(raw).defects


def test_trap_1_a_root_that_is_a_mail_around_a_multipart_without_start_is_data_and_no_crash() -> None:
    raw = (
        b"Content-Type: message/rfc822\r\n\r\nSubject: inside\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nwords"
    )
    message = parse(raw)
    assert [inside.subject for inside in message.attached_messages] == ["inside"]
    assert message.text == ""


@pytest.mark.parametrize("disposition", [b"", b"Content-Disposition: attachment; filename=x.eml\r\n"])
def test_trap_2_words_and_files_of_an_attached_mail_are_not_the_senders_own(disposition: bytes) -> None:
    attached = b"Content-Type: message/rfc822\r\n" + disposition + b"\r\n" + INNER_MAIL
    message = parse(mixed(b"\r\nmy own words", attached))
    assert message.text == "my own words"
    assert [one.declared_type for one in message.attachments] == ["message/rfc822"]
    assert [inside.subject for inside in message.attached_messages] == ["Stolen café"]


def test_trap_3_an_attached_mail_keeps_the_digest_of_its_original() -> None:
    attached = b"Content-Type: message/rfc822\r\n\r\n" + INNER_MAIL
    for raw in (mixed(attached), mixed(b"\r\nwords", attached)):
        (attachment,) = parse(raw).attachments
        assert (attachment.size, attachment.sha256) == (len(INNER_MAIL), hashlib.sha256(INNER_MAIL).hexdigest())


def test_trap_3_an_attached_mail_in_base64_is_decoded_although_that_is_forbidden() -> None:
    encoded = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(
        INNER_MAIL
    )
    message = parse(mixed(b"\r\nwords", encoded))
    assert message.attachments[0].sha256 == hashlib.sha256(INNER_MAIL).hexdigest()
    assert [inside.subject for inside in message.attached_messages] == ["Stolen café"]


def test_trap_3_an_attached_mail_deeper_down_is_found_in_the_raw_octets() -> None:
    inner = (
        b"Content-Type: multipart/mixed; boundary=deep\r\n\r\npreamble\r\n--deep\r\n\r\nfirst\r\n"
        b"--deep  \r\nContent-Type: message/rfc822\r\n\r\n" + INNER_MAIL + b"\r\n--deep--\r\nepilogue"
    )
    message = parse(mixed(b"\r\nwords", inner))
    assert message.attachments[0].sha256 == hashlib.sha256(INNER_MAIL).hexdigest()
    assert message.text == "words\n\nfirst"


def test_trap_3_where_the_place_of_an_attached_mail_is_not_told_it_is_built_anew() -> None:
    raw = mixed(b"--outer\r\nContent-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\nwords")
    message = parse(raw)
    assert [inside.subject for inside in message.attached_messages] == ["inside"]
    assert message.attachments[0].size > 0


def test_trap_3_a_mail_attached_below_parts_that_cannot_be_told_apart_is_built_anew() -> None:
    run = b"QUJD" * 19 + b"\r\n"
    attached = b"Content-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\n" + run * 20
    inner = b"Content-Type: multipart/mixed; boundary=deep\r\n\r\n--deep\r\n" + attached + b"\r\n--deep--"
    message = parse(mixed(b"--outer\r\n" + inner))
    assert [inside.subject for inside in message.attached_messages] == ["inside"]
    assert message.attachments[0].size > len(run) * 19


def test_trap_3_a_line_that_only_begins_like_a_boundary_is_none() -> None:
    mail = INNER_MAIL + b"\r\n--outer-not\r\n x--outer\r\n"
    raw = MIXED + b"--outer\r\nContent-Type: message/rfc822\r\n\r\n" + mail + b"\r\n--outer\r\n\r\nnever ended"
    message = parse(raw)
    assert message.attachments[0].sha256 == hashlib.sha256(mail).hexdigest()
    assert message.text == "never ended"


def test_trap_4_a_pdf_without_name_or_disposition_is_an_attachment_and_no_text() -> None:
    message = parse(mixed(b"\r\nwords", b"Content-Type: application/pdf\r\n\r\n%PDF-1.4 \xe2\xe3\r\n"))
    assert message.text == "words"
    assert message.attachments[0].detected_type == "application/pdf"


@pytest.mark.parametrize(
    ("part", "method"),
    [
        (b"Content-Type: text/calendar; method=reply\r\n\r\nBEGIN:VCALENDAR", "REPLY"),
        (b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:Counter\r\n", "COUNTER"),
        (b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n", None),
    ],
)
def test_trap_4_a_calendar_part_is_no_text_and_tells_its_method(part: bytes, method: str | None) -> None:
    message = parse(mixed(b"\r\nwords", part))
    assert message.text == "words"
    assert message.calendar_methods == ((method,) if method else ())
    assert [one.declared_type for one in message.attachments] == ["text/calendar"]


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        (b"iso-2022-jp", "請求書を添付します".encode("iso-2022-jp"), "請求書を添付します"),
        (b"utf-7", b"Betrag +IKw-", "Betrag €"),
        (b"unicode-1-1-utf-7", b"Betrag +IKw-", "Betrag €"),
    ],
)
def test_trap_5_charsets_of_seven_bits_are_decoded(charset: bytes, octets: bytes, text: str) -> None:
    for encoding in (b"", b"Content-Transfer-Encoding: 7bit\r\n"):
        raw = HEADER + b"Content-Type: text/plain; charset=" + charset + b"\r\n" + encoding + b"\r\n" + octets
        assert parse(raw).text == text


def test_trap_6_one_bad_octet_costs_one_character_and_not_the_whole_text() -> None:
    body = "发票已经付款了".encode("gb2312") + b"\xff" + "谢谢".encode("gb2312")
    message = parse(HEADER + b"Content-Type: text/plain; charset=gb2312\r\n\r\n" + body)
    assert message.text.startswith("发票已经付款了")
    assert message.text.endswith("谢谢")
    assert "charset: text/plain part is not what it declares" in message.defects


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("Überweisung".encode(), "Überweisung"),
        ("Überweisung für März".encode("cp1252"), "Überweisung für März"),
        ("Frische Lebensmittel, größte Auswahl, schön, schon wieder ä".encode() + b"\xfc", "Frische"),
    ],
)
def test_trap_6_utf_8_that_is_none_is_read_as_what_western_windows_writes(octets: bytes, text: str) -> None:
    assert parse(HEADER + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + octets).text.startswith(text)


@pytest.mark.parametrize("octets", ["Größe für Frische".encode(), "Größe für Frische".encode("cp1252")])
def test_trap_7_raw_octets_of_eight_bits_in_a_header_are_kept(octets: bytes) -> None:
    message = parse(b"From: a@b.example\r\nSubject: " + octets + b"\r\n\r\nx")
    assert message.subject == "Größe für Frische"
    assert ("Subject", "Größe für Frische") in message.headers


def test_trap_8_a_multipart_whose_boundary_never_comes_keeps_its_words() -> None:
    raw = HEADER + b'Content-Type: multipart/mixed; boundary="never"\r\n\r\nall the words\r\n'
    message = parse(raw)
    assert message.text == "all the words"
    assert "StartBoundaryNotFoundDefect" in message.defects


def test_trap_8_a_boundary_that_the_lines_show_is_used_where_the_declared_one_never_comes() -> None:
    parts = (
        b"--real\r\nContent-Type: text/plain\r\n\r\nwords\r\n"
        b"--real\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n"
        b"--real\r\nContent-Type: message/rfc822\r\n\r\n" + INNER_MAIL + b"\r\n--real--\r\n"
    )
    message = parse(HEADER + b"Content-Type: multipart/mixed; boundary=never\r\n\r\n" + parts)
    assert message.text == "words"
    assert message.attachments[1].sha256 == hashlib.sha256(INNER_MAIL).hexdigest()


def test_trap_9_the_name_of_an_unnamed_file_comes_from_its_content() -> None:
    raw = mixed(b"\r\nwords", b"Content-Type: application/pdf\r\n\r\n%PDF-1.4")
    digest = hashlib.sha256(b"%PDF-1.4").hexdigest()
    assert [parse(raw).attachments[0].name for _ in range(2)] == [f"unnamed-{digest[:8]}.pdf"] * 2


def test_trap_10_every_from_and_every_to_field_is_read_and_two_of_one_are_a_defect() -> None:
    message = parse(
        b"From: a@one.example\r\nFrom: b@two.example\r\nTo: c@x.example\r\nTo: d@x.example\r\nSubject: x\r\n\r\nwords"
    )
    assert addresses(message) == ["a@one.example", "b@two.example"]
    assert [one.address for one in message.to] == ["c@x.example", "d@x.example"]
    assert message.from_ambiguous
    assert {"from: 2 fields", "to: 2 fields"} <= set(message.defects)


def test_trap_11_a_mail_without_from_and_date_is_data() -> None:
    message = parse(b"Subject: x\r\n\r\nwords")
    assert (message.from_, message.sender, message.sent_at, message.from_ambiguous) == ((), None, None, True)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('filename="../../etc/x.pdf"', "x.pdf"),
        ('filename="C:\\\\Users\\\\me\\\\bill.pdf"', "bill.pdf"),
        ("filename*=UTF-8''Rechnung%20%C3%BC.pdf", "Rechnung ü.pdf"),
        ('filename="=?utf-8?q?Stra=C3=9Fe=2Epdf?="', "Straße.pdf"),
        ('filename="a\u202egnp.pdf"', "agnp.pdf"),
        ('filename="' + "x" * 300 + '.pdf"', "x" * 196 + ".pdf"),
        ('filename="' + "x" * 300 + '"', "x" * 200),
    ],
)
def test_trap_12_a_file_name_is_data_and_no_path(name: str, kept: str) -> None:
    part = f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {name}\r\n\r\n%PDF-1.4".encode()
    assert parse(mixed(part)).attachments[0].name == kept


@pytest.mark.parametrize("name", ["..", "", "/", "..\\\\"])
def test_trap_12_a_name_without_a_name_counts_as_none(name: str) -> None:
    part = f'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n%PDF-1.4'
    assert parse(mixed(part.encode())).attachments[0].name.startswith("unnamed-")


def test_trap_12_no_decoded_header_holds_a_line_break_or_a_control_character() -> None:
    subject = b"=?utf-8?q?Pay=0D=0ABcc:_x=00=1B[31m_=E2=80=AEnow?="
    message = parse(b"From: a@b.example\r\nSubject: " + subject + b"\r\n\r\nx\x00y\x1b[0m\r\nz")
    assert message.subject == "Pay  Bcc: x[31m now"
    assert message.text == "xy[0m\nz"


def test_trap_13_the_address_in_angle_brackets_counts_and_not_the_one_in_the_name() -> None:
    message = with_from("alice@good.example <bob@evil.example>")
    assert addresses(message) == ["bob@evil.example"]
    assert message.from_ambiguous


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Bob <bob@x.example>", ["bob@x.example"]),
        ("bob@X.Example", ["bob@x.example"]),
        ('"alice@good.example" <bob@x.example>', ["bob@x.example"]),
        ("=?utf-8?q?alice=40good?= <bob@x.example>", ["bob@x.example"]),
        ("bob@x.example (alice@good.example)", ["bob@x.example"]),
        ('"Bob \\"(the@one)\\" (x" <bob@x.example>', ["bob@x.example"]),
        ("Team: bob@x.example;", ["bob@x.example"]),
        ('"a\\"@b" Bob <bob@x.example> (a \\) b@c (d@e))', ["bob@x.example"]),
        ('"a@b" [Bob] (x\\)@(y)) <bob@x.example>', ["bob@x.example"]),
        ("Bob <jörg@x.example>", ["jörg@x.example"]),
        ('"b b"@x.example', ['"b b"@x.example']),
        ("Smith, Bob <bob@x.example>", ["bob@x.example"]),
    ],
)
def test_one_certain_address_is_not_ambiguous(value: str, found: list[str]) -> None:
    message = with_from(value)
    assert (addresses(message), message.from_ambiguous) == (found, False)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nobody",
        "undisclosed-recipients:;",
        "a@x.example, b@x.example",
        "Team: a@x.example, b@x.example;",
        "a@x.example b@x.example",
        "<a@x.example> <b@x.example>",
        "a@x.example b, <b@x.example>",
        "a@x.example <b@x.example>",
        b"Bob <j\xf6rg@x.example>",
        "a\u202e@x.example",
        "a" * 400 + "@x.example",
    ],
)
def test_anything_else_than_one_certain_address_is_ambiguous(value: str | bytes) -> None:
    assert with_from(value).from_ambiguous


def test_a_name_of_eight_bits_that_is_no_utf_8_does_not_cost_the_address() -> None:
    message = with_from(b"J\xf6rg <joerg@x.example>")
    assert (addresses(message), message.from_[0].name) == (["joerg@x.example"], "Jörg")


def test_trap_14_many_folded_lines_and_many_commas_elsewhere_are_no_bomb() -> None:
    raw = b"Subject: a,\r\n b,\r\n c,\r\n d;\r\nTo: a@x.example\r\n\r\nx"
    message = parse(raw, ParseLimits(header_fields=3, addresses=2))
    assert message.subject == "a, b, c, d;"


def test_a_body_without_header_may_be_larger_than_a_header_may_be() -> None:
    assert parse(b"words and more\n" * 100, ParseLimits(header_bytes=64)).text.startswith("words and more")


def test_text_beyond_the_limit_is_cut_and_said() -> None:
    message = parse(HEADER + b"\r\n" + b"word " * 100, ParseLimits(text_characters=50))
    assert (len(message.text), message.defects) == (50, ("text-cut",))


def test_a_failure_that_nobody_foresaw_is_permanent_and_says_what_failed() -> None:
    limits = ParseLimits(text_characters="many")  # type: ignore[arg-type] # the point: a bug of ours
    with pytest.raises(Permanent, match="TypeError"):
        parse(HEADER + b"\r\nx", limits)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 3 Feb 2025 10:15:00 +0100", datetime(2025, 2, 3, 9, 15, tzinfo=UTC)),
        ("Tue, 3 Feb 2025 10:15:00 +0000", datetime(2025, 2, 3, 10, 15, tzinfo=UTC)),
        ("Mon, 3 Feb 2025 10:15:00", datetime(2025, 2, 3, 10, 15, tzinfo=UTC)),
        ("3 Feb 2025 10:15:00 -0500 EST", datetime(2025, 2, 3, 15, 15, tzinfo=UTC)),
        ("soon", None),
        ("Mon, 99 Feb 2025 10:15:00 +0100", None),
    ],
)
def test_a_date_is_read_in_utc_or_is_none(value: str, moment: datetime | None) -> None:
    assert parse(b"Date: " + value.encode() + b"\r\n\r\nx").sent_at == moment


def test_message_ids_are_found_in_folds_and_junk_and_are_bounded() -> None:
    raw = (
        b'Message-ID: bare@client.example\r\nIn-Reply-To: Your mail of Monday <a@x.example> ("x")\r\n'
        b"References: <one\r\n @x.example> junk <two@x.example> <two@x.example> <>\r\n\r\nx"
    )
    message = parse(raw)
    assert message.message_id == "<bare@client.example>"
    assert message.in_reply_to == ("<a@x.example>",)
    assert message.references == ("<one@x.example>", "<two@x.example>")
    many = b"References: " + b" ".join(b"<%d@x.example>" % number for number in range(300)) + b"\r\n\r\nx"
    assert parse(many).references[-1] == "<299@x.example>"
    assert len(parse(many).references) == 100


def test_a_name_that_rfc_2231_forbids_costs_the_name_alone() -> None:
    part = b"Content-Type: application/pdf; name*" + b"9" * 3900 + b"=x\r\n\r\n%PDF-1.4"
    assert parse(mixed(b"\r\nwords", part)).attachments[0].declared_type == "application/pdf"


def test_a_content_type_with_thousands_of_parameters_is_cut() -> None:
    part = b"Content-Type: application/pdf" + b";a=b" * 5_000 + b"\r\n\r\n%PDF-1.4"
    assert parse(mixed(part)).attachments[0].detected_type == "application/pdf"


def test_reading_writes_no_log_and_no_file(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with caplog.at_level(logging.DEBUG):
        parse(mixed(b"\r\nwords", b"Content-Type: message/rfc822\r\n\r\n" + INNER_MAIL) + b"Subject: =?shift_jis?b?!?=")
    assert caplog.records == []
    assert list(tmp_path.iterdir()) == []
