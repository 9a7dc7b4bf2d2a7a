"""What bounces, receipts and complaints say: kind, recipients, and which mail they are about."""

from __future__ import annotations

import base64

import pytest

from ingest.message import Report, ReportedRecipient
from ingest.parser import parse

HEADER = b"From: mailer-daemon@relay.example\r\nSubject: Report\r\n"
FAILED = (
    b"Reporting-MTA: dns; relay.example\r\n\r\n"
    b"Original-Recipient: rfc822;alice@client.example\r\nFinal-Recipient: rfc822; other@client.example\r\n"
    b"Action: Failed\r\nStatus: 5.1.1 (no such user)\r\nDiagnostic-Code: smtp; 550 no\r\n such user\r\n\r\n"
    b"Final-Recipient: RFC822; bob@client.example\r\nAction: delayed\r\n"
)
RETURNED = b"Message-ID: <ours@desk.example>\r\nSubject: our answer\r\n\r\nour words\r\n"


def report_mail(kind: bytes, *parts: tuple[bytes, bytes]) -> bytes:
    parameter = b"; report-type=" + kind if kind else b""
    body = b"".join(b"--b\r\nContent-Type: " + name + b"\r\n\r\n" + text + b"\r\n" for name, text in parts)
    return (
        b"Content-Type: multipart/report"
        + parameter
        + b"; boundary=b\r\n\r\n--b\r\n\r\nfor people\r\n"
        + body
        + b"--b--\r\n"
    )


def read(raw: bytes) -> Report:
    report = parse(raw).report
    assert report is not None
    return report


@pytest.mark.parametrize("kind", [b"delivery-status", b"Delivery-Status", b""])
@pytest.mark.parametrize("returned", [b"message/rfc822", b"text/rfc822-headers", b"message/global"])
def test_a_bounce_tells_its_recipients_and_the_mail_it_is_about(kind: bytes, returned: bytes) -> None:
    message = parse(HEADER + report_mail(kind, (b"message/delivery-status", FAILED), (returned, RETURNED)))
    assert message.text == "for people"
    assert message.report == Report(
        kind="delivery-status",
        recipients=(
            ReportedRecipient(
                recipient="alice@client.example", action="failed", status="5.1.1", diagnostic="smtp; 550 no such user"
            ),
            ReportedRecipient(recipient="bob@client.example", action="delayed", status=""),
        ),
        original_message_id="<ours@desk.example>",
    )


def test_a_receipt_tells_what_was_done_with_which_mail() -> None:
    notification = (
        b"Final-Recipient: rfc822;alice@client.example\r\nOriginal-Message-ID: <ours@desk.example>\r\n"
        b"Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    parts = (b"message/disposition-notification", notification)
    assert read(HEADER + report_mail(b"disposition-notification", parts)) == Report(
        kind="disposition-notification",
        recipients=(ReportedRecipient(recipient="alice@client.example", action="displayed", status=""),),
        original_message_id="<ours@desk.example>",
    )


def test_a_complaint_tells_who_complained() -> None:
    feedback = b"Feedback-Type: abuse\r\nUser-Agent: x/1\r\nOriginal-Rcpt-To: <alice@client.example>\r\n"
    assert read(
        HEADER + report_mail(b"feedback-report", (b"message/feedback-report", feedback), (b"message/rfc822", RETURNED))
    ) == Report(
        kind="feedback-report",
        recipients=(ReportedRecipient(recipient="alice@client.example", action="abuse", status=""),),
        original_message_id="<ours@desk.example>",
        feedback="abuse",
    )


def test_a_complaint_may_name_several() -> None:
    feedback = b"Feedback-Type: abuse\r\n" + b"".join(
        b"Original-Rcpt-To: <%d@client.example>\r\n" % number for number in range(3)
    )
    report = read(HEADER + report_mail(b"feedback-report", (b"message/feedback-report", feedback)))
    assert [(one.recipient, one.action) for one in report.recipients] == [
        (f"{number}@client.example", "abuse") for number in range(3)
    ]


def test_a_complaint_that_tells_no_recipient_tells_its_kind() -> None:
    report = read(
        HEADER + report_mail(b"feedback-report", (b"message/feedback-report", b"Feedback-Type: Not-Spam\r\n"))
    )
    assert (report.recipients, report.feedback) == ((), "not-spam")


@pytest.mark.parametrize(
    "kind",
    [
        b"message/rfc822",
        b"message/global",
        b"message/rfc822-headers",
        b"text/rfc822-headers",
        b"message/rfc822\r\nContent-Transfer-Encoding: base64",
    ],
)
def test_a_mail_that_comes_back_without_a_report_is_known_by_its_message_id(kind: bytes) -> None:
    octets = base64.encodebytes(RETURNED) if b"base64" in kind else RETURNED
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsorry\r\n--b\r\nContent-Type: " + kind
    message = parse(HEADER + raw + b"\r\n\r\n" + octets + b"\r\n--b--\r\n")
    assert (message.report, message.attached_ids) == (None, ("<ours@desk.example>",))


def test_a_message_id_below_the_header_of_what_comes_back_is_none() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"Subject: x\r\n\r\nMessage-ID: <ours@desk.example>\r\n--b--\r\n"
    )
    assert parse(HEADER + raw).attached_ids == ()


def test_a_report_in_base64_is_read_all_the_same() -> None:
    encoded = base64.encodebytes(FAILED)
    part = (b"message/delivery-status\r\nContent-Transfer-Encoding: base64", encoded)
    assert len(read(HEADER + report_mail(b"delivery-status", part)).recipients) == 2


def test_a_report_that_a_list_has_wrapped_is_found() -> None:
    inner = report_mail(b"delivery-status", (b"message/delivery-status", FAILED))
    raw = b"Content-Type: multipart/mixed; boundary=w\r\n\r\n--w\r\n" + inner + b"\r\n--w\r\n\r\na footer\r\n--w--\r\n"
    assert len(read(HEADER + raw).recipients) == 2


def test_a_mail_with_other_parts_first_is_no_report() -> None:
    inner = report_mail(b"delivery-status", (b"message/delivery-status", FAILED))
    raw = (
        b"Content-Type: multipart/mixed; boundary=w\r\n\r\n--w\r\n\r\nlook at this\r\n--w\r\n"
        + inner
        + b"\r\n--w--\r\n"
    )
    assert parse(HEADER + raw).report is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"no fields at all",
        b"Final-Recipient: rfc822;\r\nAction: failed",
        b"Action: failed\r\nStatus: 5.0.0",
        b"\xff\xfe",
    ],
)
def test_a_report_without_a_recipient_is_still_a_report_of_somebodys_mail(text: bytes) -> None:
    report = read(HEADER + report_mail(b"delivery-status", (b"message/delivery-status", text)))
    assert (report.kind, report.original_message_id, report.shown_by) == ("delivery-status", None, "")
    assert [(one.recipient, one.action, one.status, one.inferred) for one in report.recipients] == [
        ("", "failed", "5.0.0", True)
    ]


@pytest.mark.parametrize("field", [b"status", b"Diagnostic-Code"])
def test_a_recipient_whose_fields_tell_nothing_is_told_by_the_words_for_people(field: bytes) -> None:
    status = b"Final-Recipient: rfc822; alice@client.example\r\nAction: failed\r\n" + field + b": 5.0.0\r\n"
    mail = report_mail(b"delivery-status", (b"message/delivery-status", status))
    words = b"<alice@client.example>: 550 5.2.2 mailbox full"
    (one,) = read(HEADER + mail.replace(b"for people", words)).recipients
    told = ("5.2.2", "550 5.2.2 mailbox full")
    assert (one.status, one.diagnostic) == (told if field == b"status" else ("5.0.0", "5.0.0"))


@pytest.mark.parametrize(
    ("status", "diagnostic", "found"),
    [
        ("5.0.0", "smtp; 550 5.1.1 no such user", ("5.1.1", False)),
        ("5.0.0", "smtp; 5.1.0 - Unknown address error 550-'5.2.2 full'", ("5.2.2", False)),
        ("5.1.1", "smtp; 550 5.7.1 you are blocked", ("5.7.1", False)),
        ("5.1.1", "smtp; 550 5.0.0 refused", ("5.1.1", False)),
        ("4.4.7", "smtp; 450 4.2.1 not now", ("4.4.7", False)),
        ("5.1.1", "smtp; 450 4.2.1 not now", ("5.1.1", False)),
        ("5.0.0", "smtp; 550 no such user", ("5.0.0", False)),
        ("", "smtp; 550 no such user", ("5.1.1", True)),
        ("", "X-Notes; Maximum hop count exceeded", ("5.4.6", True)),
        ("", "something", ("", False)),
    ],
)
def test_the_servers_own_answer_counts_before_what_its_client_made_of_it(
    status: str, diagnostic: str, found: tuple[str, bool]
) -> None:
    group = f"Final-Recipient: rfc822; a@client.example\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}\r\n"
    report = read(HEADER + report_mail(b"delivery-status", (b"message/delivery-status", group.encode())))
    assert [(one.status, one.inferred) for one in report.recipients] == [found]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (b"delivery-status", FAILED),
        (
            b"disposition-notification",
            b"Final-Recipient: rfc822; alice@client.example\r\nDisposition: x; seen\r\n",
        ),
        (b"feedback-report", b"Feedback-Type: abuse\r\nOriginal-Rcpt-To: alice@client.example\r\n"),
    ],
)
def test_a_mail_that_is_nothing_but_the_fields_of_a_report_is_one(kind: bytes, fields: bytes) -> None:
    report = read(HEADER + b"Content-Type: message/" + kind + b"\r\n\r\n" + fields)
    assert (report.kind, report.recipients[0].recipient) == (kind.decode(), "alice@client.example")


def test_an_ordinary_mail_is_no_report() -> None:
    assert parse(HEADER + b"\r\nwords").report is None
