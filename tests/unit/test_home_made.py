"""A report in a form of its own is known by who sends it and what it says; a person who writes about one is none."""

from __future__ import annotations

import pytest

from ingest.message import Report
from ingest.parser import parse
from ingest.status import told_status

NOBODY = "Sorry.\n\n<ada@client.example>:\n550 5.1.1 no such user\n"
SESSION = "...\nSent <<< RCPT TO:<ada@client.example>\nReceived >>> 550 5.1.1 no such user\n"
BOUNCED = "Undelivered Mail Returned to Sender"


def report_in(sender: str, subject: str, words: str = "", *fields: str) -> Report | None:
    head = "\r\n".join((f"From: {sender}", "To: desk@desk.example", f"Subject: {subject}", *fields))
    return parse(f"{head}\r\n\r\n{words}".encode()).report


@pytest.mark.parametrize(
    ("sender", "subject", "words", "fields"),
    [
        ("MAILER-DAEMON@qmail.example", "failure notice", "", ()),
        ("mailer-daemon@mail.ru.example", "Any", "", ("Return-Path: <>",)),
        ("mailer-daemon@mail.ru.example", "Ваше сообщение не доставлено", "", ()),
        ("Mail Delivery System <Mail.Delivery.System@mx.example>", "Delivery status notification", "", ()),
        ("sysadmin@mms.example", "Undeliverable Message", "", ("Return-Path: <>",)),
        ("admin@domino.example", "DELIVERY FAILURE: User not listed", "", ("Return-Path: <MAILER-DAEMON@mx.example>",)),
        ("MAILER-DAEMON <>", "Mail delivery failed", "", ()),
        ("<>", "Delivery status", "", ()),
        ("Mail <MAILER-DAEMON>", "Mail delivery failed", "", ()),
        ("Postmaster@exchange.example", "Undeliverable: Invoice 4711", NOBODY, ()),
        ("postmaster@exchange.example", "Échec de la remise : facture", NOBODY, ()),
        ("POSTMASTER <postmaster@filter.example>", "メッセージを配信できません。", SESSION, ()),
        ("post_master@phone.example", "Undelivered Message", NOBODY, ()),
        ("no-reply@phone.example", "Mail", "It could not be delivered to: <ada@client.example>", ("Return-Path: <>",)),
        ("someone@filter.example", "Notice", SESSION, ("Return-Path: <>",)),
    ],
)
def test_a_report_of_a_mail_system_is_known(sender: str, subject: str, words: str, fields: tuple[str, ...]) -> None:
    report = report_in(sender, subject, words, *fields)
    assert report is not None
    assert report.kind == "delivery-status"
    assert report.shown_by.endswith(subject)
    assert len(report.recipients) == 1


@pytest.mark.parametrize(
    ("sender", "subject", "words", "fields"),
    [
        ("jane@client.example", f"Fwd: {BOUNCED}", NOBODY + SESSION, ()),
        ("jane@client.example", BOUNCED, NOBODY + SESSION, ("Return-Path: <jane@client.example>",)),
        ("postmaster@client.example", "Invoice", NOBODY, ()),
        ("postmaster@client.example", "Your mail was not delivered", "Our gateway held it back. Regards, Tom", ()),
        ("postmaster@client.example", f"Re: {BOUNCED}", NOBODY, ()),
        ("mailer-daemon@client.example", "Invoice", NOBODY, ()),
        ("jane@client.example", "Invoice", "I am away.", ("Return-Path: <>",)),
        ("jane@client.example", f"Automatic reply: {BOUNCED}", "I am away.", ("Return-Path: <>",)),
        ("jane@client.example", "Away", "Mail to <ada@client.example> is not read.", ("Return-Path: <>",)),
        ("mailer-daemon+77@client.example", "Hello", "", ()),
        ("", BOUNCED, NOBODY, ()),
    ],
)
def test_a_person_who_writes_about_a_report_and_other_machines_are_none(
    sender: str, subject: str, words: str, fields: tuple[str, ...]
) -> None:
    assert report_in(sender, subject, words, *fields) is None


def test_a_providers_home_made_complaint_is_a_complaint() -> None:
    complaint = report_in("Staff@hotmail.com", "Complaint about message from 192.0.2.1")
    assert complaint is not None
    assert (complaint.kind, complaint.feedback) == ("feedback-report", "abuse")
    assert complaint.shown_by == "Complaint about message from 192.0.2.1"
    assert report_in("jane@client.example", "complaint about message from you") is None
    assert report_in("staff@hotmail.com", "Invoice") is None


def test_a_mail_program_that_unsubscribes_for_its_user_is_no_complaint_of_abuse() -> None:
    wish = report_in("jane@client.example", "unsubscribe", "", "X-Apple-Unsubscribe: true")
    assert wish == Report(kind="feedback-report", feedback="opt-out", shown_by="x-apple-unsubscribe")


@pytest.mark.parametrize("hostile", ["rcpt to:<", "550 ", "could not be ", "delivery ", "a@b "])
def test_hostile_words_cost_little(hostile: str) -> None:
    words = hostile * (200_000 // len(hostile))
    report_in("postmaster@client.example", "Undeliverable: x", words)
    report_in("jane@client.example", hostile * 2_000, words, "Return-Path: <>")
    told_status(words, lasting=True)
