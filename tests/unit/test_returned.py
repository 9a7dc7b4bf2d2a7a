"""A bounce or a complaint counts under our own token alone, and whom we wrote to is whom it counts for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.triage import CLIENT, KEY, a_case, a_context, a_message, a_policy

from ingest.message import Address, Message, Report, ReportedRecipient
from ingest.undelivered import read_undelivered
from processor.triage.context import Context, SentMail
from processor.triage.correlation import claims_of
from processor.triage.reference import mint_reference, own_message_id, verp_address
from processor.triage.returned import Fate, Returned
from processor.triage.telling import RECIPIENTS_TOLD, told
from processor.triage.verdict import Outcome, Verdict, compile_policy, triage

GATEWAY = "mx.desk.example"
POLICY = a_policy(authserv_id=GATEWAY)
ONE, TWO = (mint_reference("DD", lambda _, number=number: number) for number in (11, 12))
OURS = own_message_id(ONE, "ack", KEY, "desk.example")
SIGNED = verp_address("accounts@desk.example", ONE, KEY)
ACK = SentMail(id=7, purpose="acknowledgement", message_id=OURS, recipient=CLIENT, envelope_from=SIGNED)
REPLIED = own_message_id(ONE, "reply-1", KEY, "desk.example")
REPLY = replace(ACK, id=9, purpose="reply-1", message_id=REPLIED, recipient="bob@client.example")
DAEMON = "MAILER-DAEMON@mx.client.example"
TO_US = (Address(address=SIGNED),)
GONE = ReportedRecipient(recipient=CLIENT, action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 no such user")


def dsn(*groups: ReportedRecipient, message_id: str | None = OURS, **more: Any) -> Message:
    report = Report(kind="delivery-status", recipients=groups, original_message_id=message_id)
    return a_message(sender=DAEMON, report=report, **more)


def home_made(text: str, subject: str = "failure notice", **more: Any) -> Message:
    said = read_undelivered(text, subject)
    report = Report(
        kind="delivery-status",
        recipients=said.recipients,
        original_message_id=said.original_message_id,
        shown_by=f"mailer-daemon: {subject}",
    )
    return a_message(("Return-Path", "<>"), sender=DAEMON, subject=subject, text=text, report=report, **more)


def arf(feedback: str, *groups: ReportedRecipient) -> Message:
    report = Report(kind="feedback-report", recipients=groups, original_message_id=OURS, feedback=feedback)
    return a_message(sender="fbl@provider.example", report=report)


def verdict_on(message: Message, *sent: SentMail, case: bool = True) -> Verdict:
    known = [replace(a_case(ONE, CLIENT), sent=sent or (ACK,))] if case else []
    context: Context = a_context(*known, claims=claims_of(message, KEY, POLICY))
    return triage(message, context, compile_policy(POLICY), context.received_at)


def returned(message: Message, *sent: SentMail) -> Returned:
    verdict = verdict_on(message, *sent)
    assert verdict.outcome is Outcome.APPENDED
    assert not verdict.acknowledgement.send
    assert verdict.returned is not None
    return verdict.returned


def test_a_hard_bounce_tells_that_our_mail_came_back_and_suppresses_whom_we_wrote_to() -> None:
    found = returned(dsn(GONE))
    assert (found.fate, found.mail, found.came_back) == (Fate.BOUNCED, ACK, True)
    assert found.suppress == "came back: smtp; 550 5.1.1 no such user"
    assert [(one.address, one.ours, one.action, one.status) for one in found.recipients] == [
        (CLIENT, True, "failed", "5.1.1")
    ]


@pytest.mark.parametrize(
    "proof",
    [
        {"message_id": OURS},
        {"message_id": OURS.replace("desk.example", "DESK.example").upper()},
        {"message_id": None, "in_reply_to": (OURS,)},
        {"message_id": None, "references": ("<x@client.example>", OURS)},
        {"message_id": None, "to": TO_US},
        {"message_id": None, "attached_ids": ("<x@client.example>", OURS)},
        {"message_id": None, "text": f"> Message-ID: {OURS}\n"},
    ],
)
def test_our_token_is_found_wherever_a_report_shows_it(proof: dict[str, Any]) -> None:
    assert (returned(dsn(GONE, **proof)).mail, returned(dsn(GONE, **proof)).suppress is None) == (ACK, False)


@pytest.mark.parametrize(
    "forged",
    [
        {"message_id": own_message_id(ONE, "ack", b"guessed", "desk.example")},
        {"message_id": None, "to": (Address(address=verp_address("accounts@desk.example", ONE, b"guessed")),)},
        {"message_id": None, "text": f"Message-ID: {OURS[:-20]}"},
        {"message_id": None},
    ],
)
def test_a_bounce_without_our_token_is_any_automatic_mail(forged: dict[str, Any]) -> None:
    verdict = verdict_on(dsn(GONE, subject=f"Undeliverable: {ONE}", **forged))
    assert (verdict.outcome, verdict.returned) == (Outcome.CASE, None)
    assert not verdict.acknowledgement.send


def test_a_bounce_that_joins_by_its_reference_alone_counts_for_nothing() -> None:
    forged = a_message(
        sender=CLIENT, subject=f"Undeliverable: {ONE}", report=Report(kind="delivery-status", recipients=(GONE,))
    )
    verdict = verdict_on(forged)
    assert (verdict.outcome, verdict.correlation.how, verdict.returned) == (Outcome.APPENDED, "reference", None)


def test_a_bounce_of_a_case_that_is_not_there_is_any_automatic_mail() -> None:
    verdict = verdict_on(dsn(GONE), case=False)
    assert (verdict.outcome, verdict.returned) == (Outcome.CASE, None)


def test_a_bounce_whose_sender_is_refuted_is_told_and_nothing_follows() -> None:
    refuted = dsn(GONE)
    verdict = verdict_on(
        replace(refuted, headers=(("Authentication-Results", f"{GATEWAY}; dmarc=fail"), *refuted.headers))
    )
    assert verdict.returned is not None
    assert (verdict.returned.fate, verdict.returned.believed) == (Fate.BOUNCED, False)
    assert (verdict.returned.came_back, verdict.returned.suppress) == (False, None)
    assert verdict.warnings == ("sender not confirmed: DMARC fail",)


def test_an_address_that_the_report_chooses_is_never_suppressed() -> None:
    other = replace(GONE, recipient="director@client.example")
    found = returned(dsn(other))
    assert (found.mail, found.fate) == (ACK, Fate.BOUNCED)  # forwarded by him we wrote to, and nobody was there
    assert [one.ours for one in found.recipients] == [False]


def test_of_several_recipients_he_whom_we_wrote_to_decides() -> None:
    well = replace(GONE, recipient=CLIENT.upper(), action="relayed", status="2.0.0", diagnostic="")
    found = returned(dsn(replace(GONE, recipient="director@client.example"), well))
    assert (found.fate, found.suppress) == (Fate.HANDED_ON, None)
    assert [one.ours for one in found.recipients] == [False, True]
    assert found.words == "2.0.0"


def test_where_only_some_behind_the_address_failed_it_is_told_and_nothing_follows() -> None:
    one, two = (replace(GONE, recipient=f"{name}@client.example") for name in ("one", "two"))
    assert returned(dsn(one, two)).fate is Fate.BOUNCED
    found = returned(dsn(one, replace(two, action="delivered", status="2.0.0")))
    assert (found.fate, found.suppress, found.came_back) == (Fate.REPORTED_ON, None, False)


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "fate", "suppressed"),
    [
        ("failed", "5.1.1", "", Fate.BOUNCED, True),
        ("failed", "5.0.0", "smtp; 550 5.1.1 no such user", Fate.BOUNCED, True),
        ("failed", "", "smtp; 550 User unknown", Fate.BOUNCED, True),
        ("", "5.1.1", "", Fate.BOUNCED, True),
        ("failed", "5.7.1", "smtp; 550 5.7.1 spam", Fate.BOUNCED, False),
        ("failed", "5.2.2", "smtp; 552 full", Fate.BOUNCED, False),
        ("failed", "4.4.7", "", Fate.BOUNCED, False),  # given up on the way
        ("failed", "", "", Fate.BOUNCED, False),
        ("delayed", "4.4.1", "smtp; 451 later", Fate.DELAYED, False),
        ("delayed", "5.1.1", "", Fate.DELAYED, False),
        ("", "4.2.2", "", Fate.DELAYED, False),
        ("delivered", "2.0.0", "", Fate.HANDED_ON, False),
        ("expanded", "2.0.0", "", Fate.HANDED_ON, False),
        ("", "", "", Fate.REPORTED_ON, False),
        ("unheard-of", "5.1.1", "", Fate.REPORTED_ON, False),
    ],
)
def test_what_follows_from_action_and_status(
    action: str, status: str, diagnostic: str, fate: Fate, suppressed: bool
) -> None:
    found = returned(dsn(replace(GONE, action=action, status=status, diagnostic=diagnostic)))
    assert (found.fate, found.suppress is not None) == (fate, suppressed)
    assert found.came_back is (fate is Fate.BOUNCED)


def test_the_mail_that_the_report_names_is_the_one_that_came_back() -> None:
    assert returned(dsn(GONE), REPLY, ACK).mail == ACK
    assert returned(dsn(GONE, message_id=REPLY.message_id), REPLY, ACK).mail == REPLY


@pytest.mark.parametrize("proof", [{"in_reply_to": (OURS,)}, {"references": (OURS, "<theirs@client.example>")}])
@pytest.mark.parametrize("named", [{}, {"message_id": None, "attached_ids": ("<theirs@client.example>",)}])
def test_a_report_that_brings_back_somebody_elses_mail_of_the_same_thread_is_not_about_ours(
    proof: dict[str, Any], named: dict[str, Any]
) -> None:
    found = returned(dsn(GONE, **{"message_id": "<theirs@client.example>", **named, **proof}))
    assert (found.fate, found.mail, found.came_back, found.suppress) == (Fate.BOUNCED, None, False, None)


def test_at_our_signed_address_our_mail_is_known_though_a_gateway_has_renamed_it() -> None:
    assert returned(dsn(GONE, message_id="<renamed@gateway.example>", to=TO_US)).mail == ACK


def test_where_nothing_tells_which_mail_it_was_it_is_told_and_nothing_follows() -> None:
    found = returned(dsn(GONE, message_id=None, to=TO_US), REPLY, ACK)
    assert (found.fate, found.mail, found.came_back, found.suppress) == (Fate.BOUNCED, None, False, None)


@pytest.mark.parametrize(
    ("text", "status", "suppressed"),
    [
        (f"<{CLIENT}>:\n192.0.2.1 said: 550 5.1.1 user unknown\nMessage-ID: {OURS}", "5.1.1", True),
        (f"Sorry, no mailbox here by that name. (#5.1.1)\n\nMessage-ID: {OURS}", "5.1.1", True),
        (f"550 No such user here\n\nMessage-ID: {OURS}", "5.1.1", True),
        (f"Unknown user: gone\n\nMessage-ID: {OURS}", "5.1.1", True),
        (f"Unrouteable address\n\nMessage-ID: {OURS}", "5.1.2", False),
        (f"452 no such user, says our relay\n\nMessage-ID: {OURS}", "4.1.1", False),
        (f"550 5.4.1 Recipient address rejected: Access denied. AS(201806281)\nMessage-ID: {OURS}", "5.4.1", True),
        (f"550 5.4.1 No answer from host\nMessage-ID: {OURS}", "5.4.1", False),
        (f"552 5.2.2 mailbox full\nMessage-ID: {OURS}", "5.2.2", False),
        (f"It did not work.\nMessage-ID: {OURS}", "5.0.0", False),
    ],
)
def test_a_home_made_bounce_is_read_by_its_words(text: str, status: str, suppressed: bool) -> None:
    found = returned(home_made(text))
    assert (found.fate, found.mail, found.suppress is not None) == (Fate.BOUNCED, ACK, suppressed)
    assert [(one.address, one.ours, one.status) for one in found.recipients] == [(CLIENT, True, status)]
    assert found.words


@pytest.mark.parametrize("subject", ["Warning: message delayed 4 hours", "Mail delivery failed (Delay)"])
def test_a_home_made_warning_of_a_delay_suppresses_nobody(subject: str) -> None:
    found = returned(home_made(f"550 5.1.1 perhaps\nMessage-ID: {OURS}", subject))
    assert (found.fate, found.suppress) == (Fate.DELAYED, None)


def test_a_home_made_bounce_of_nobody_knows_which_mail_names_nobody() -> None:
    found = returned(home_made("550 5.1.1 user unknown", to=TO_US), REPLY, ACK)
    assert found.words == "550 5.1.1 user unknown"
    assert (found.mail, found.suppress, found.recipients[0].address, found.recipients[0].ours) == (
        None,
        None,
        "",
        False,
    )


@pytest.mark.parametrize("more", [{"text": f"You wrote:\n> Message-ID: {OURS}\n"}, {"attached_ids": (OURS,)}])
def test_a_person_who_quotes_or_attaches_our_mail_joins_nothing_by_it(more: dict[str, Any]) -> None:
    verdict = verdict_on(a_message(sender="stranger@client.example", **more))
    assert (verdict.outcome, verdict.returned) == (Outcome.CASE, None)


def test_a_person_or_a_receipt_under_our_token_brings_nothing_back() -> None:
    assert verdict_on(a_message(in_reply_to=(OURS,))).returned is None
    receipt = a_message(report=Report(kind="disposition-notification", recipients=(GONE,), original_message_id=OURS))
    assert verdict_on(receipt).returned is None


@pytest.mark.parametrize("feedback", ["abuse", "fraud", "other", "opt-out"])
def test_a_complaint_under_our_token_suppresses_whom_we_wrote_to(feedback: str) -> None:
    found = returned(arf(feedback))
    assert (found.fate, found.mail, found.suppress) == (Fate.COMPLAINED_OF, ACK, f"complained: {feedback}")
    assert not found.came_back
    assert [(one.address, one.ours, one.action) for one in found.recipients] == [(CLIENT, True, feedback)]


@pytest.mark.parametrize("feedback", ["not-spam", "auth-failure"])
def test_feedback_that_is_no_complaint_is_told_and_nothing_follows(feedback: str) -> None:
    found = returned(arf(feedback, ReportedRecipient(recipient="x@client.example", action=feedback, status="")))
    assert (found.fate, found.suppress, found.recipients[0].address) == (Fate.REPORTED_ON, None, "x@client.example")


def test_a_home_made_complaint_under_our_token_counts_too() -> None:
    report = Report(kind="feedback-report", feedback="abuse", shown_by="complaint about message from 192.0.2.1")
    message = a_message(sender="staff@hotmail.com", report=report, attached_ids=(OURS,))
    assert returned(message).suppress == "complained: abuse"
    assert returned(replace(message, to=TO_US, attached_ids=()), REPLY, ACK).suppress is None


def test_words_of_our_mail_that_come_back_tick_nothing_off() -> None:
    policy = a_policy().model_dump()
    policy["details"] = {"number": {"ask": {"en": "your invoice number"}, "patterns": [r"invoice (\d+)"]}}
    policy["request_types"] = {"query": {"label": {"en": "Query"}, "queue": "triage", "details": ["number"]}}
    message = dsn(GONE, new_text="about invoice 4711", text="about invoice 4711")
    context = a_context(replace(a_case(ONE, CLIENT), sent=(ACK,)), claims=claims_of(message, KEY, POLICY))
    assert (
        triage(message, context, compile_policy(type(POLICY).model_validate(policy)), context.received_at).details == ()
    )


def test_bank_details_in_a_report_reach_no_text() -> None:
    group = replace(
        GONE, recipient="DE89370400440532013000@x.example", diagnostic="550 5.1.1 DE89 3704 0044 0532 0130 00"
    )
    found = returned(dsn(group))
    assert found.suppress == "came back: 550 5.1.1 [IBAN ...3000]"
    assert found.recipients[0].address == "[IBAN ...3000]@x.example"


def test_the_event_tells_every_recipient_up_to_a_measure() -> None:
    message = dsn(*(replace(GONE, recipient=f"r{number}@client.example") for number in range(RECIPIENTS_TOLD + 5)))
    verdict = verdict_on(message)
    events = list(told(verdict, message, a_context().received_at))
    assert [kind for kind, _ in events] == ["received", "acknowledgement bounced", "details", "acknowledgement decided"]
    data = events[1][1]
    assert (data["to"], data["message_id"], data["believed"]) == (CLIENT, OURS, True)
    assert (len(data["recipients"]), data["recipients_not_told"]) == (RECIPIENTS_TOLD, 5)
    assert data["recipients"][0] == {
        "address": "r0@client.example", "ours": False, "action": "failed", "status": "5.1.1",
        "words": "smtp; 550 5.1.1 no such user", "inferred": False,
    }  # fmt: skip


def test_the_event_of_an_unknown_mail_names_none() -> None:
    message = dsn(GONE, message_id=None, to=TO_US)
    events = dict(told(verdict_on(message, REPLY, ACK), message, a_context().received_at))
    assert (events["mail bounced"]["to"], events["mail bounced"]["message_id"]) == (None, None)
