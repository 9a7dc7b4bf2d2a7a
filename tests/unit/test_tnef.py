"""What is in a winmail.dat comes out: files, text, attached mails; what lies in it about counts costs nothing."""

from __future__ import annotations

import struct
import zlib

import pytest
from support.cost import within_its_time
from support.tnef import (
    BINARY,
    BODY,
    CODE_PAGE,
    DATA,
    FILE_PROPERTIES,
    LONG,
    MAIL_OBJECT,
    MAIL_PROPERTIES,
    OBJECT,
    STRING,
    SUBJECT,
    WIDE_STRING,
    a_file,
    a_mail_with,
    attribute,
    compressed_rtf,
    prop,
    table,
    tnef,
)

from ingest.message import Message
from ingest.parser import parse
from ingest.rtf import decompressed, rtf_to_text

RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Gr\'fc\'dfe,\par \u8364? 20 \{net\}}"


def with_tnef(*attributes: bytes, words: bytes = b"") -> Message:
    return parse(a_mail_with(tnef(*attributes), words))


def files(message: Message) -> list[tuple[str, int]]:
    return [(one.name, one.size) for one in message.attachments if one.name != "winmail.dat"]


def test_the_files_of_a_winmail_dat_are_attachments_beside_it() -> None:
    message = with_tnef(a_file(b"BILL~1.PDF", b"%PDF-1.4 bill\0\0"), a_file(b"notes.txt", b"two"))
    assert [one.name for one in message.attachments] == ["winmail.dat", "BILL~1.PDF", "notes.txt"]
    assert files(message) == [("BILL~1.PDF", 15), ("notes.txt", 3)]
    assert message.attachments[1].detected_type == "application/pdf"


def test_the_long_name_counts_and_is_no_path() -> None:
    named = prop(WIDE_STRING, 0x3707, "C:\\x\\Überweisung März.pdf\0".encode("utf-16-le"))
    about = (prop(STRING, 0x370E, b"application/pdf\0"), prop(STRING, 0x3712, b"<pic@client.example>\0"))
    (_, one) = with_tnef(a_file(b"BERW~1.PDF", b"%PDF-1.4", named, *about)).attachments
    assert (one.name, one.declared_type, one.content_id) == (
        "Überweisung März.pdf",
        "application/pdf",
        "pic@client.example",
    )


def test_a_file_without_a_name_is_called_as_it_is_shown() -> None:
    shown = prop(STRING, 0x3001, b"Picture\0")
    message = with_tnef(a_file(b"", b"one", shown), a_file(b"", b"two"))
    assert [name.split("-")[0] for name, _ in files(message)] == ["Picture", "unnamed"]


def test_a_file_whose_octets_are_a_property_keeps_its_last_zeros() -> None:
    document = b"\xd0\xcf\x11\xe0" + bytes(60)
    storage = b"\x0b\x00\x00\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
    for value in (document, storage + document):
        kind = OBJECT if value is not document else BINARY
        message = with_tnef(attribute(FILE_PROPERTIES, table(prop(kind, 0x3701, value)), 2))
        assert files(message)[0][1] == len(document)


def test_the_text_is_read_where_the_mail_has_no_other() -> None:
    body = attribute(BODY, "Grüße aus Köln\0".encode("cp850"))
    page = attribute(CODE_PAGE, struct.pack("<II", 850, 0))
    assert with_tnef(page, body).text == "Grüße aus Köln"
    assert with_tnef(page, body, words=b"Words of the mail.").text == "Words of the mail."


def test_text_in_html_is_read_in_its_charset_and_kept_as_a_file() -> None:
    html = prop(BINARY, 0x1013, "<p>Zażółć <b>gęślą</b></p>".encode("iso-8859-2"))
    message = with_tnef(attribute(MAIL_PROPERTIES, table(html, prop(LONG, 0x3FDE, 28592))))
    assert message.text == "Zażółć gęślą"
    assert files(message) == [("body.html", 26)]
    assert message.attachments[-1].inline


def test_rich_text_is_read_and_kept_as_a_file() -> None:
    rich = prop(BINARY, 0x1009, compressed_rtf(RTF))
    message = with_tnef(attribute(MAIL_PROPERTIES, table(rich)))
    assert message.text == "Grüße,\n€ 20 {net}"
    assert files(message) == [("body.rtf", len(RTF))]


def test_rich_text_made_from_html_is_read_without_its_tags() -> None:
    rtf = rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Dear all,\htmlrtf\par}\htmlrtf0 "
    rtf += rb"{\*\htmltag4 <br>}bye}"
    assert rtf_to_text(rtf) == "Dear all,bye"


@pytest.mark.parametrize(
    "octets", [b"", b"LZFu", compressed_rtf(RTF)[:-3], b"\0" * 16, compressed_rtf(RTF).replace(b"LZFu", b"what")]
)
def test_rich_text_that_is_broken_is_none(octets: bytes) -> None:
    assert decompressed(octets) == b""


def test_rich_text_that_was_not_compressed_is_taken_as_it_is() -> None:
    assert decompressed(struct.pack("<II4sI", len(RTF) + 12, len(RTF), b"MELA", 0) + RTF) == RTF


def test_references_of_compressed_rich_text_are_followed() -> None:
    inside = b"\x04ab" + struct.pack(">H", 207 << 4 | 4) + struct.pack(">H", 215 << 4)
    head = struct.pack("<II4sI", len(inside) + 12, 8, b"LZFu", zlib.crc32(inside, 0xFFFFFFFF) ^ 0xFFFFFFFF)
    assert decompressed(head + inside) == b"abababab"


def test_a_mail_that_was_attached_is_told_with_its_sender_and_words() -> None:
    said = table(
        prop(WIDE_STRING, 0x0C1A, "Bob\0".encode("utf-16-le")),
        prop(STRING, 0x0C1F, b"bob@else.example\0"),
        prop(STRING, 0x0037, b"Old bill\0"),
    )
    inner = tnef(attribute(MAIL_PROPERTIES, said), attribute(BODY, b"inner words"), a_file(b"old.pdf", b"%PDF-1.4"))
    message = with_tnef(
        a_file(b"", b"", prop(OBJECT, 0x3701, MAIL_OBJECT + inner)), attribute(SUBJECT, b"outer"), words=b"Mine."
    )
    (mail,) = message.attached_messages
    assert [(one.name, one.address) for one in mail.from_] == [("Bob", "bob@else.example")]
    assert (mail.subject, mail.text, mail.sha256) == ("Old bill", "inner words", message.attachments[1].sha256)
    assert [name for name, _ in files(message)] == ["Old bill", "old.pdf"]
    assert message.text == "Mine."


def test_a_winmail_dat_that_is_none_is_a_defect_and_stays_an_attachment() -> None:
    message = parse(a_mail_with(b"something else"))
    assert ("tnef: winmail.dat is none" in message.defects, len(message.attachments)) == (True, 1)


@pytest.mark.parametrize(
    "lie",
    [
        attribute(MAIL_PROPERTIES, struct.pack("<IHHI", 2**32 - 1, 0x1003, 0x1234, 2**32 - 1)),
        attribute(MAIL_PROPERTIES, struct.pack("<I", 2**32 - 1) + struct.pack("<HHI", LONG, 0x1234, 1) * 250_000),
        attribute(MAIL_PROPERTIES, struct.pack("<IHHII", 1, STRING, 0x0037, 1, 2**32 - 1) + b"short"),
        attribute(MAIL_PROPERTIES, table(struct.pack("<HH", LONG, 0x9000) + b"\xff" * 24)),
        attribute(FILE_PROPERTIES, b"", 2) * 250_000,
        attribute(DATA, b"x", 9),
        struct.pack("<BHHI", 2, DATA, 0, 2**32 - 1),
    ],
    ids=["many values", "many properties", "long string", "long name", "many attributes", "no level", "long data"],
)
def test_counts_and_lengths_that_lie_cost_nothing(lie: bytes) -> None:
    with within_its_time():
        message = with_tnef(a_file(b"bill.pdf", b"%PDF-1.4"), lie)
    assert files(message)[0][0] == "bill.pdf"


def test_more_than_is_read_of_a_winmail_dat_is_told() -> None:
    message = with_tnef(attribute(SUBJECT, b"") * 200_001)
    assert message.limited == ("tnef: more in a winmail.dat than is read",)


def test_mails_within_mails_are_opened_to_a_depth() -> None:
    inner = tnef(attribute(SUBJECT, b"innermost"))
    for number in range(9):
        inner = tnef(
            attribute(SUBJECT, b"level %d" % number),
            attribute(FILE_PROPERTIES, table(prop(OBJECT, 0x3701, MAIL_OBJECT + inner)), 2),
        )
    message = parse(a_mail_with(inner))
    assert [one.subject for one in message.attached_messages] == ["level 7", "level 6", "level 5"]
