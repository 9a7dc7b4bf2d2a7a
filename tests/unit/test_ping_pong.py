"""What may answer an acknowledgement of ours is told from what cannot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from support.triage import CLIENT, RECEIVED, a_context, a_message

from ingest.message import Attachment
from processor.triage.context import Answered, Given
from processor.triage.ping_pong import answers_ours
from processor.triage.receipt import reads_as_receipt

REFERENCE = "DD-431R-DEY4-J"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def given(made_at: datetime, mailbox: str = CLIENT, sent_at: datetime | None = None) -> Given:
    return Given(mailbox=mailbox, reference=REFERENCE, made_at=made_at, sent_at=sent_at or made_at)


def shown(*lately: Given, pause: timedelta = HOUR, **mail: Any) -> str | None:
    """What shows that a mail of now answers one of these."""
    context = a_context(answered=Answered(given=lately))
    return answers_ours(a_message(**{"subject": "Hello", **mail}), context, "DD", pause)


def attached(kind: str | None, declared: str = "application/octet-stream", *, inline: bool = False) -> Attachment:
    return Attachment(name="x", declared_type=declared, detected_type=kind, size=1, sha256="0", inline=inline)


def test_a_mail_after_nothing_answers_nothing() -> None:
    assert shown(subject="[#4711] We have received your mail", text=REFERENCE) is None


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (-SECOND, None),
        (timedelta(0), "follows ours of 2026-03-02 09:00 UTC"),
        (SECOND, "follows ours of 2026-03-02 08:59 UTC"),
        (HOUR - SECOND, "follows ours of 2026-03-02 08:00 UTC"),
        (HOUR, None),
    ],
)
def test_the_pause_begins_with_ours_and_ends_after_its_time(ago: timedelta, expected: str | None) -> None:
    assert shown(given(RECEIVED - ago)) == expected


def test_ours_of_the_same_second_may_have_been_before() -> None:
    assert shown(given(RECEIVED + timedelta(milliseconds=900)))
    assert not shown(given(RECEIVED + timedelta(milliseconds=1000)))


def test_the_pause_begins_when_ours_was_taken() -> None:
    late = given(RECEIVED - 5 * HOUR, sent_at=RECEIVED - MINUTE)
    assert shown(late) == "follows ours of 2026-03-02 08:59 UTC"
    assert shown(given(RECEIVED - 5 * HOUR)) is None


def test_a_mail_that_was_there_before_ours_was_made_answers_nothing_though_ours_was_not_yet_sent() -> None:
    assert shown(given(RECEIVED + MINUTE, sent_at=RECEIVED + HOUR), text=REFERENCE) is None


def test_a_pause_of_nothing_holds_nobody_up() -> None:
    assert shown(given(RECEIVED), pause=timedelta(0)) is None
    assert shown(given(RECEIVED), pause=timedelta(0), text=REFERENCE)


def test_another_mailbox_has_no_pause() -> None:
    assert shown(given(RECEIVED - MINUTE, "bob@client.example")) is None


def test_another_spelling_is_the_same_mailbox() -> None:
    assert shown(given(RECEIVED - MINUTE), sender="Jane+x@client.example")


def test_a_mail_without_sender_has_no_pause() -> None:
    assert shown(given(RECEIVED - MINUTE), sender=None) is None


@pytest.mark.parametrize(
    ("attachment", "holds"),
    [
        (attached("application/pdf"), False),
        (attached(None, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), False),
        (attached("application/zip"), False),
        (attached(None, "text/csv"), False),
        (attached(None, "text/xml"), False),
        (attached(None, "application/xml"), False),
        (attached("application/pdf", inline=True), True),
        (attached("image/png", "application/pdf"), True),
        (attached(None, "image/png"), True),
        (attached(None, "application/pkcs7-signature"), True),
        (attached(None, "text/xml-external-parsed-entity"), True),
        (attached(None), True),
    ],
)
def test_a_document_shows_that_somebody_sent_it(attachment: Attachment, holds: bool) -> None:
    assert (shown(given(RECEIVED - MINUTE), attachments=(attachment,)) is not None) is holds


@pytest.mark.parametrize(
    "mail",
    [
        {"subject": f"Re: [{REFERENCE}] We have your message"},
        {"subject": "x", "text": f"you wrote: {REFERENCE.lower()} and so on"},
        {"subject": "x", "attached_ids": (f"<{REFERENCE.lower()}.ack.aaaaaaaaaaaaaaaaaaaaaaaaaa@desk.example>",)},
        {"subject": "DD-YKWR-9PX4-M", "text": REFERENCE},
    ],
)
def test_a_mail_that_names_the_case_answers_though_hours_have_passed(mail: dict[str, Any]) -> None:
    other = given(RECEIVED - 20 * HOUR, "bob@client.example")
    assert (
        shown(other, attachments=(attached("application/pdf"),), **mail) == f"names {REFERENCE}, which we acknowledged"
    )


@pytest.mark.parametrize("text", ["DD-YKWR-9PX4-M", "DD-431R-DEY4-K", "x" * 70_000 + f" {REFERENCE}"])
def test_another_case_or_one_beyond_what_is_read_is_none_of_ours(text: str) -> None:
    assert shown(given(RECEIVED - 20 * HOUR), text=text) is None


def test_a_receipt_hours_later_answers_ours() -> None:
    early, late = given(RECEIVED - 20 * HOUR), given(RECEIVED - 10 * HOUR, "bob@client.example")
    expected = "reads as a receipt, after ours of 2026-03-01 23:00 UTC"
    assert shown(early, late, subject="Ticket 4711", attachments=(attached("application/pdf"),)) == expected


@pytest.mark.parametrize(
    "subject",
    [
        "[#4711] Invoice",
        "[Ticket#2026030410000012] RE: Rechnung",
        "[client.example #4711] AutoReply: x",
        "Case 00012345: Invoice",
        "CASE NO. 12345",
        "Ticket ID: ABC-4711",
        "Your incident INC0012345 was opened",
        "##4711## Demande",
        "Vorgang Nr. 4711",
        "Empfangsbestätigung",
        "Request received: Invoice",
    ],
)
def test_the_subject_of_a_receipt_is_known(subject: str) -> None:
    assert reads_as_receipt(a_message(subject=subject))


@pytest.mark.parametrize(
    "words",
    [
        "Hello,\n\nWe have received your e-mail.",
        "Thank you for contacting us!",
        "Nous avons bien reçu votre demande.",
        "Vielen Dank für Ihre Anfrage.",
        "Hemos recibido su mensaje.",
        "Abbiamo ricevuto la sua richiesta.",
        "Potwierdzenie otrzymania wiadomości",
        "Vi har modtaget din henvendelse",
    ],
)
def test_the_words_of_a_receipt_are_known(words: str) -> None:
    assert reads_as_receipt(a_message(subject="x", new_text=words))


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Invoice 4711", "When do you pay?"),
        ("#4711", ""),
        ("Order [88]", "We have not received your payment."),
        ("In case 2 of 3 fails", "Did you receive ours?"),
        ("Invoice", "x " * 800 + "we have received your mail"),
        ("x" * 500 + " ticket 4711", ""),
        ("", ""),
    ],
)
def test_other_words_are_no_receipt(subject: str, words: str) -> None:
    assert not reads_as_receipt(a_message(subject=subject, new_text=words))


def test_the_words_that_are_quoted_are_not_the_writers() -> None:
    assert not reads_as_receipt(
        a_message(subject="x", text="> we have received your mail", new_text="When do you pay?")
    )
