"""The shapes in which mail programs put their parts together: every text in its order, every file, nothing twice."""

from __future__ import annotations

import pytest

from ingest.message import Message
from ingest.parser import parse

HEAD = b"From: a@client.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
PLAIN = b"Content-Type: text/plain; charset=us-ascii\r\n\r\n"
HTML = b"Content-Type: text/html\r\n\r\n"
PDF = b"Content-Type: application/pdf; name=%b.pdf\r\nContent-Disposition: attachment\r\n\r\n%%PDF %b"
PICTURE = b"Content-Type: image/png; name=%b.png\r\nContent-Disposition: inline\r\nContent-ID: <%b>\r\n\r\n\x89PNG%b"
_count = iter(range(10_000))


def multi(kind: bytes, *parts: bytes) -> bytes:
    boundary = b"=_%d" % next(_count)
    inside = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        b"Content-Type: multipart/"
        + kind
        + b'; boundary="'
        + boundary
        + b'"\r\n\r\n'
        + inside
        + b"--"
        + boundary
        + b"--\r\n"
    )


def read(content: bytes) -> Message:
    return parse(HEAD + content)


def pdf(name: bytes) -> bytes:
    return PDF % (name, name)


def picture(name: bytes) -> bytes:
    return PICTURE % (name, name, name)


def names(message: Message) -> list[str]:
    return [one.name for one in message.attachments]


def test_apple_mail_with_a_file_between_two_texts_keeps_both_in_order() -> None:
    message = read(multi(b"mixed", PLAIN + b"before", pdf(b"a"), PLAIN + b"between", picture(b"b"), PLAIN + b"after"))
    assert message.text == "before\n\nbetween\n\nafter"
    assert names(message) == ["a.pdf", "b.png"]


def test_apple_mail_with_files_inside_the_html_alternative_has_its_text_once() -> None:
    rich = multi(b"mixed", HTML + b"<p>Hello</p>", pdf(b"a"), HTML + b"<p>World</p>")
    message = read(multi(b"alternative", PLAIN + b"Hello\r\n\r\nWorld", rich))
    assert (message.text, names(message)) == ("Hello\n\nWorld", ["a.pdf"])


def test_a_file_with_a_resource_fork_of_the_macintosh_is_two_files() -> None:
    fork = b"Content-Type: application/applefile; name=a.pdf\r\n\r\n\0\5\26\7"
    message = read(multi(b"mixed", PLAIN + b"words", multi(b"appledouble", fork, pdf(b"a"))))
    assert (message.text, names(message)) == ("words", ["a.pdf", "a.pdf"])


def test_outlook_with_pictures_beside_the_html_has_them_inline() -> None:
    related = multi(b"related", HTML + b'<p>Hello <img src="cid:b"></p>', picture(b"b"))
    for content in (
        multi(b"alternative", PLAIN + b"Hello", related),
        multi(b"related", multi(b"alternative", PLAIN + b"Hello", HTML + b"<p>Hello</p>"), picture(b"b")),
        multi(b"mixed", multi(b"alternative", PLAIN + b"Hello", related), pdf(b"a")),
    ):
        message = read(content)
        assert message.text == "Hello"
        assert next((one.name, one.inline, one.content_id) for one in message.attachments) == ("b.png", True, "b")


def test_a_footer_that_a_mailing_list_adds_is_read_after_the_words() -> None:
    body = multi(b"alternative", PLAIN + b"Words", HTML + b"<p>Words</p>")
    assert read(multi(b"mixed", body, PLAIN + b"-- \r\nThe list")).text.startswith("Words\n\n--")


def test_preamble_and_epilogue_are_nobodys_words() -> None:
    parts = multi(b"mixed", PLAIN + b"words").replace(b"\r\n\r\n--", b"\r\n\r\nThis is a multi-part message.\r\n--", 1)
    assert read(parts + b"\r\nepilogue").text == "words"


@pytest.mark.parametrize("end", [b"", b"--=_", b"\r\n", b"--"])
def test_a_multipart_that_never_ends_is_read_to_its_end(end: bytes) -> None:
    raw = multi(b"mixed", PLAIN + b"words", pdf(b"a"))
    assert names(read(raw.rpartition(b"--=_")[0] + end)) == ["a.pdf"]


def test_a_mail_of_files_alone_and_one_of_nothing_are_mails() -> None:
    assert (read(pdf(b"a")).text, names(read(pdf(b"a")))) == ("", ["a.pdf"])
    for nothing in (b"", b"\r\n", PLAIN, PLAIN + b" \r\n\t\r\n", multi(b"mixed"), multi(b"alternative", PLAIN, HTML)):
        message = read(nothing)
        assert (message.text, message.new_text, message.attachments, message.subject) == ("", "", (), "x")


def test_a_line_that_an_mbox_file_escaped_is_the_writers_own() -> None:
    message = read(PLAIN + b"Dear team,\r\n\r\n>From Monday on we are closed.\r\n\r\nJane")
    assert ">From Monday on we are closed." in message.new_text


def test_a_mail_attached_as_any_file_is_told_by_its_name() -> None:
    inner = b"From: eve@else.example\r\nSubject: inside\r\n\r\nwords of another"
    kind = b"Content-Type: application/octet-stream; name=old.eml\r\n\r\n"
    message = read(multi(b"mixed", PLAIN + b"mine", kind + inner, kind + b"no mail at all"))
    assert [(one.subject, one.text) for one in message.attached_messages] == [("inside", "words of another")]
    assert (message.text, names(message)) == ("mine", ["old.eml", "old.eml"])


def test_a_recipient_that_a_field_of_a_bounce_names_has_no_control_character() -> None:
    head = b"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nSubject: Mail delivery failed: returned\r\n"
    failed = (
        b"X-Failed-Recipients: jo\x00hn@client.example\r\n\r\nA message that you sent could not be delivered.\r\n\r\n"
    )
    words = b"  john@client.example\r\n    550 5.1.1 no such user\r\n"
    report = parse(head + failed + words).report
    assert report is not None
    assert report.recipients
    assert all(one.recipient.isprintable() for one in report.recipients)
