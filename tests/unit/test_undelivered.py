"""Who was not reached, and what was said of it, in the words of many mail systems."""

from __future__ import annotations

import pytest
from support.cost import within_its_time

from ingest.undelivered import read_undelivered

ADA, BOB = "ada@client.example", "bob@client.example"


def rows(text: str, subject: str = "failure notice", *named: str) -> list[tuple[str, str, str]]:
    found = read_undelivered(text, subject, named, "Us <us@desk.example>").recipients
    return [(one.recipient, one.action, one.status) for one in found]


EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {ADA}
    SMTP error from remote mail server after RCPT TO:<{ADA}>:
    host mx.client.example [192.0.2.1]: 550 5.7.0 <us@desk.example>... Use your own server
  {BOB}
    mailbox is full

------ This is a copy of the message, including all the headers. ------

Return-path: <us@desk.example>
Message-ID: <ours@desk.example>
"""
QMAIL = f"""Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{ADA}>:
192.0.2.25 does not like recipient.
Remote host said: 550 5.1.1 <{ADA}>: user unknown
Giving up on 192.0.2.25.

<{BOB}>:
Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)

--- Below this line is a copy of the message.

Return-Path: <us@desk.example>
Subject: to <carl@client.example>
"""
OLD_SENDMAIL = f"""   ----- Transcript of session follows -----
550 client.example (smtp)... 550 Host unknown
554 <{ADA}>... 550 Host unknown (Authoritative answer from name server)
554 <{BOB}>... 550 User unknown

   ----- Unsent message follows -----
Received: by mx.example
"""
EXCHANGE = f"""Your message

  To:      other@client.example
  Subject: 550 5.7.1 is no code here
  Sent:    Thu, 29 Apr 2026 16:51:29 -0500

did not reach the following recipient(s):

{ADA} on Thu, 29 Apr 2026 16:51:51 -0500
    The recipient name is not recognized
{BOB} on Thu, 29 Apr 2026 16:51:51 -0500
    Unable to deliver the message due to a communications failure
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (EXIM, [(ADA, "failed", "5.7.0"), (BOB, "failed", "5.2.2")]),
        (QMAIL, [(ADA, "failed", "5.1.1"), (BOB, "failed", "4.4.1")]),
        (OLD_SENDMAIL, [(ADA, "failed", "5.1.2"), (BOB, "failed", "5.1.1")]),
        (EXCHANGE, [(ADA, "failed", "5.1.1"), (BOB, "failed", "5.4.2")]),
    ],
)
def test_each_recipient_has_what_is_said_of_him(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"Unable to deliver message to: <{ADA}>\nServer mx[192.0.2.1] failed with: 550 <{ADA}> No such user", "5.1.1"),
        (f"Your message:\n  From: us@desk.example\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\n"
         f"The following recipients were affected:\n    {ADA}\n", "5.1.1"),
        (f"------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\n{ADA}\n", "5.1.1"),
        (f"{ADA} Invalid Address, ERROR_CODE :550, ERROR_CODE :5.2.1 <{ADA}>... User Unknown", "5.2.1"),
        (f"{ADA}<mailto:{ADA}>\nThe address couldn't be found. See DSN code 5.1.10 in Exchange Online", "5.1.10"),
        (f"[Status: Error, Address: <{ADA}>, ResponseCode 421, , Host not reachable.]", "4.4.1"),
        (f"undeliverable to {ADA}\nBody of message generated response:\n550-REJECTED - Blacklisted URL", "5.7.1"),
        (f"    --- The following addresses had delivery problems ---\n<{ADA}>   (5.1.1 <{ADA}>... gone)", "5.1.1"),
        (f"There was an error delivering your mail to <{ADA}>.\nDNS lookup failure: host x.example not found", "5.1.2"),
        (f"  * {ADA}\n\nRouting: Could not find a gateway for {ADA}", "5.4.4"),
        (f"It could not be delivered to mobile.\nError: No valid recipients\n\nOriginal Message:\nTo: {ADA}", "5.1.1"),
        (f"<{ADA}>: host mx[192.0.2.1] said: 552\n    quota exceeded (in reply to end of DATA command)", "5.2.2"),
        (f"Votre message n'est pas parvenu à {ADA}.\nVoici la réponse :\n\n550 5.1.1 gone", "5.1.1"),
        (f"抱歉，您的邮件被退回来了\n收件人邮件地址：{ADA}\n退信原因：552 quota", "5.2.2"),
        (f"Hello us@desk.example,\nthe group may not exist, or is not yours.\n{ADA}: members-only", "5.7.1"),
    ],
)  # fmt: skip
def test_many_mail_systems_are_understood(text: str, status: str) -> None:
    assert rows(text) == [(ADA, "failed", status)]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"Delivery to the following recipient has been delayed:\n     {ADA}\nMessage will be retried", "Delay"),
        (f"The address to which the message has not yet been delivered is:\n  {ADA}\n", "Warning: message x delayed"),
        (f"{ADA}: temporary", "Delivery Status Notification (Delay)"),
    ],
)
def test_what_is_still_tried_is_delayed(text: str, subject: str) -> None:
    ((recipient, action, status),) = rows(text, subject)
    assert (recipient, action, status[0]) == (ADA, "delayed", "4")


def test_what_was_tried_for_days_and_given_up_has_failed() -> None:
    text = f"<{ADA}>:\n450 4.2.1 not now\nI'm not going to try again; this message has been in the queue too long."
    assert rows(text, "mail delayed") == [(ADA, "failed", "4.2.1")]


def test_a_warning_that_speaks_of_a_failure_to_come_is_a_delay() -> None:
    text = f"{ADA}: it will be retried for 45 hours. You'll be notified if the delivery fails permanently."
    assert rows(text, "Delivery incomplete")[0][1] == "delayed"


def test_a_success_is_delivered() -> None:
    assert rows(f"Your message was successfully delivered to the destination:\n\n{ADA}\n", "Success") == [
        (ADA, "delivered", "2.0.0")
    ]
    assert rows(f"{ADA}: 250 2.0.0 taken") == [(ADA, "delivered", "2.0.0")]


def test_where_nothing_is_told_it_failed_for_reasons_unknown() -> None:
    (one,) = read_undelivered("It did not work.", "x").recipients
    assert (one.recipient, one.action, one.status, one.inferred) == ("", "failed", "5.0.0", True)
    assert one.diagnostic == "It did not work."
    (one,) = read_undelivered("", "Mail delivery failed").recipients
    assert (one.status, one.diagnostic) == ("5.0.0", "Mail delivery failed")


def test_the_subject_of_the_mail_that_comes_back_is_not_said_of_anybody() -> None:
    text = f"Your message\n\n  Subject: Mailbox full? Delivery is delayed\n\nwas not delivered to:\n\n  {ADA}\n"
    (one,) = read_undelivered(text, "Undeliverable: unknown user of our portal").recipients
    assert (one.recipient, one.action, one.inferred) == (ADA, "failed", True)
    assert "unknown user" not in one.diagnostic
    assert rows(text, "Undeliverable: payment delayed")[0][1] == "failed"


def test_the_subject_tells_where_the_words_do_not() -> None:
    assert rows(f"was not delivered to:\n  {ADA}\n", "DELIVERY FAILURE: User not listed") == [(ADA, "failed", "5.1.1")]


def test_a_status_that_is_written_is_told_from_one_that_the_words_come_to() -> None:
    written, told = read_undelivered(f"<{ADA}>:\n(#5.2.2)\n<{BOB}>:\nmailbox full\n", "x").recipients
    assert (written.status, written.inferred) == (told.status, not told.inferred) == ("5.2.2", False)


def test_the_words_begin_where_they_tell_something() -> None:
    (one, _two) = read_undelivered(EXIM, "x").recipients
    assert one.diagnostic.startswith("host mx.client.example [192.0.2.1]: 550 5.7.0")


def test_those_whom_the_header_names_are_the_recipients() -> None:
    text = f"{BOB} is busy.\n{ADA}\n550 5.2.2 full"
    assert rows(text, "x", ADA) == [(ADA, "failed", "5.2.2")]
    assert rows("550 5.2.2 full", "x", ADA, BOB) == [(ADA, "failed", "5.2.2"), (BOB, "failed", "5.2.2")]


def test_neither_the_reader_nor_who_helps_him_is_the_recipient() -> None:
    text = f"us@desk.example wrote it. For assistance ask help@client.example, or {ADA} herself: mailbox full"
    assert rows(text) == [(ADA, "failed", "5.2.2")]


def test_the_mail_that_comes_back_tells_its_id_and_nothing_else() -> None:
    assert read_undelivered(EXIM, "x").original_message_id == "<ours@desk.example>"
    assert read_undelivered(QMAIL, "x").original_message_id is None


@pytest.mark.parametrize(
    "hostile",
    [
        "a@", "a@b ", "a" * 64 + "@", "deliver " * 8 + "a@b\n", "recipient: ", "<a@b>: 550 ", "-" * 100 + "\n", "- ",
        "user ", "user account address ", "host ", "5.1.", "550 ", "mailbox " * 9 + "\n", "the original message ",
        "please " * 14 + "a@b ", "message-id: <", "delivered " * 10 + "\n",
    ],
)  # fmt: skip
def test_hostile_words_cost_little(hostile: str) -> None:
    with within_its_time():  # what a mail may cost at all; in earnest it is a tenth of a second
        read_undelivered(hostile * (200_000 // len(hostile)), hostile * 100)
