"""What Amazon SES tells in JSON of bounces, complaints and deliveries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.message import Report, ReportedRecipient
from ingest.notification import read_notification
from ingest.parser import parse

ADA = "ada@client.example"
MAIL = {"commonHeaders": {"messageId": "<ours@desk.example>"}}
BOUNCED = {
    "bounceType": "Permanent",
    "bouncedRecipients": [
        {"emailAddress": ADA, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 gone"},
        {"emailAddress": "bob@client.example"},
    ],
}


def told(event: str, about: Any, key: str = "notificationType") -> Report | None:
    name = event[0].lower() + event[1:]
    return read_notification(json.dumps({key: event, "mail": MAIL, name: about}))


def test_a_bounce_tells_each_recipient_and_its_mail() -> None:
    report = told("Bounce", BOUNCED)
    assert report == Report(
        kind="delivery-status",
        recipients=(
            ReportedRecipient(recipient=ADA, action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 gone"),
            ReportedRecipient(recipient="bob@client.example", action="failed", status=""),
        ),
        original_message_id="<ours@desk.example>",
        shown_by="Amazon SES: Bounce",
    )


def test_a_status_that_is_not_told_is_what_the_words_come_to() -> None:
    row = {"emailAddress": ADA, "diagnosticCode": "550 user unknown"}
    report = told("Bounce", {"bounceType": "Permanent", "bouncedRecipients": [row]}, "eventType")
    assert report is not None
    assert [(one.status, one.inferred) for one in report.recipients] == [("5.1.1", True)]


def test_a_delivery_and_a_delay_are_no_failures() -> None:
    delivery = told("Delivery", {"recipients": [ADA], "smtpResponse": "250 2.6.0 taken"})
    delay = told("DeliveryDelay", {"delayedRecipients": [{"emailAddress": ADA, "status": "4.4.7"}]})
    assert delivery is not None
    assert delay is not None
    assert [(one.recipient, one.action, one.status) for one in delivery.recipients + delay.recipients] == [
        (ADA, "delivered", "2.6.0"),
        (ADA, "delayed", "4.4.7"),
    ]


@pytest.mark.parametrize(("kind", "feedback"), [({"complaintFeedbackType": "Fraud"}, "fraud"), ({}, "abuse")])
def test_a_complaint_is_one(kind: dict[str, str], feedback: str) -> None:
    report = told("Complaint", {"complainedRecipients": [{"emailAddress": ADA}, {}], **kind})
    assert report is not None
    assert (report.kind, report.feedback) == ("feedback-report", feedback)
    assert [one.recipient for one in report.recipients] == [ADA]


def test_one_inside_another_notification_and_broken_over_lines_is_read() -> None:
    inner = json.dumps({"notificationType": "Bounce", "bounce": BOUNCED}).replace("gone", "gone\nfor good")
    outer = json.dumps({"Type": "Notification", "Message": inner}).replace("\\\\n", "\n")
    mail = b"From: AWS <no-reply@sns.amazonaws.com>\r\nSubject: x\r\n\r\n" + outer.encode() + b"\r\n--\r\nUnsubscribe"
    report = parse(mail).report
    assert report is not None
    assert report.recipients[0].status == "5.1.1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "[]",
        "{}",
        '{"notificationType": 7}',
        '{"notificationType": "Open", "open": {}}',
        '{"Message": "words"}',
        '{"Message": "[1]"}',
        '{"a": ' + "[" * 100_000,
    ],
)
def test_anything_else_is_no_notification(text: str) -> None:
    assert read_notification(text) is None


@pytest.mark.parametrize("about", ["words", [], {"bouncedRecipients": {}}, {"bouncedRecipients": [7, [], None]}])
def test_a_bounce_that_is_broken_tells_no_status(about: Any) -> None:
    report = told("Bounce", about)
    assert report is not None
    assert {one.status for one in report.recipients} <= {""}


def test_the_same_words_from_anybody_else_are_a_mail() -> None:
    words = json.dumps({"notificationType": "Bounce", "bounce": BOUNCED}).encode()
    assert parse(b"From: jane@client.example\r\nSubject: x\r\n\r\n" + words).report is None
    assert parse(b"From: no-reply@sns.amazonaws.com\r\nSubject: x\r\n\r\nAlarm: disk full").report is None
