"""Every condition of MAIL's acknowledgement table keeps the desk silent, and is recorded; nothing else does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.triage import CLIENT, RECEIVED, a_case, a_context, a_message, a_policy, codes_of, decision_on

from ingest.message import LOOP_FIELD, Address, Report
from processor.triage.acknowledgement import Decision
from processor.triage.context import Answered, Claims, Given
from processor.triage.reasons import Code

RESULTS = "Authentication-Results"
GATEWAY = a_policy(authserv_id="mx.desk.example")
REFERENCE = "DD-7K3M-9QXW-5"
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


def codes(*headers: tuple[str, str], policy: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """The codes for a mail with these fields."""
    return codes_of(decision_on(a_message(*headers, **more), a_policy(**(policy or {}))))


def to(*addresses: str) -> tuple[Address, ...]:
    return tuple(Address(address=address) for address in addresses)


def test_a_persons_mail_is_acknowledged_with_a_promise() -> None:
    assert decision_on(a_message()) == Decision(send=True, reasons=(), authenticated=False, with_promise=True)


# The mistakes of other desks


@pytest.mark.parametrize("value", ["no", "No", "no (human)"])
def test_auto_submitted_no_is_acknowledged(value: str) -> None:
    assert decision_on(a_message(("Auto-Submitted", value))).send


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("Auto-Submitted", "auto-notified", "AUTO_SUBMITTED"),
        ("X-Auto-Response-Suppress", "DR, RN, OOF, AutoReply", "SUPPRESS"),
        ("PRECEDENCE", "Bulk", "PRECEDENCE"),
        ("auto-submitted", "Auto-Generated", "AUTO_SUBMITTED"),
        ("List-Help", "<mailto:x@y.example>", "LIST"),
        ("Return-Path", "<>", "NULL_SENDER"),
        ("X-Autorespond", "", "X_AUTO"),
        (LOOP_FIELD, "1", "LOOP"),
    ],
)
def test_a_machines_mail_is_not_acknowledged(name: str, value: str, code: str) -> None:
    decision = decision_on(a_message((name, value)))
    assert (decision.send, codes_of(decision)) == (False, [code])


@pytest.mark.parametrize(
    ("kind", "code"), [("delivery-status", "DSN"), ("disposition-notification", "MDN"), ("feedback-report", "ARF")]
)
def test_a_report_is_not_acknowledged(kind: str, code: str) -> None:
    assert codes(report=Report(kind=kind)) == [code]


def test_an_answer_to_an_invitation_is_not_acknowledged() -> None:
    assert codes(calendar_methods=("COUNTER",)) == ["CALENDAR"]


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("mailer-daemon@x.example", "SYSTEM"),
        ("postmaster@x.example", "SYSTEM"),
        ("ne-pas-repondre@x.example", "NOREPLY"),
    ],
)
def test_an_address_of_a_machine_is_not_answered(sender: str, code: str) -> None:
    assert codes(sender=sender) == [code]


def test_a_postmaster_is_answered_where_the_policy_allows_it() -> None:
    assert decision_on(a_message(sender="postmaster@x.example"), a_policy(postmaster=True)).send


# Who sent it, and to whom


@pytest.mark.parametrize("sender", ["accounts@desk.example", "LEGAL@desk.example", "accounts+b-x@desk.example"])
def test_a_mail_from_an_address_of_ours_is_not_answered(sender: str) -> None:
    assert codes(sender=sender) == ["SELF"]


def test_a_mail_from_us_behind_another_address_is_not_answered() -> None:
    assert codes(from_=to(CLIENT, "legal@desk.example")) == ["SELF"]


@pytest.mark.parametrize(
    "more",
    [
        {"to": to("Accounts@desk.example")},
        {"to": to("accounts+tag@desk.example")},
        {"to": to("other@x.example", "legal@desk.example")},
        {"to": (), "cc": to("legal@desk.example")},
    ],
)
def test_a_mail_to_or_cc_an_address_of_ours_is_answered(more: dict[str, Any]) -> None:
    assert codes(**more) == []


@pytest.mark.parametrize("field", ["Delivered-To", "X-ORIGINAL-TO", "envelope-to", "Resent-To", "Resent-Cc"])
@pytest.mark.parametrize(
    "value", ["accounts@desk.example", "x@y.example, Desk <ACCOUNTS+a@Desk.Example>", "<legal@desk.example>"]
)
def test_a_mail_delivered_to_an_address_of_ours_is_answered(field: str, value: str) -> None:
    assert codes((field, value), to=()) == []


@pytest.mark.parametrize(
    ("headers", "recipients"),
    [
        ((), ()),
        ((), to("undisclosed@x.example")),
        ((), to("accounts@desk.example.evil.example", "xaccounts@desk.example", "accounts-x@desk.example")),
        ((("Bcc", "accounts@desk.example"),), ()),
        ((("Delivered-To", "accounts"), ("X-Original-To", ""), ("Envelope-To", "<>")), ()),
        ((("Apparently-To", "accounts@desk.example"),), ()),
    ],
)
def test_a_mail_that_names_no_address_of_ours_is_not_answered(
    headers: tuple[tuple[str, str], ...], recipients: tuple[Address, ...]
) -> None:
    assert codes(*headers, to=recipients) == ["NOT_ADDRESSED"]


@pytest.mark.parametrize("more", [{"from_ambiguous": True}, {"sender": None}, {"sender": None, "from_ambiguous": True}])
def test_a_mail_without_exactly_one_sender_is_not_answered(more: dict[str, Any]) -> None:
    assert codes(**more) == ["FROM_AMBIGUOUS"]


# What the operator's gateway says


def test_a_dmarc_pass_lets_the_words_of_the_mail_be_shown() -> None:
    decision = decision_on(a_message((RESULTS, "mx.desk.example; dmarc=pass header.from=client.example")), GATEWAY)
    assert (decision.send, decision.authenticated) == (True, True)


@pytest.mark.parametrize(
    "value", ["mx.desk.example; dmarc=none", "mx.evil.example; dmarc=pass header.from=client.example"]
)
def test_without_a_pass_the_words_of_the_mail_are_not_shown(value: str) -> None:
    decision = decision_on(a_message((RESULTS, value)), GATEWAY)
    assert (decision.send, decision.authenticated) == (True, False)


def test_a_dmarc_fail_is_not_answered() -> None:
    decision = decision_on(a_message((RESULTS, "mx.desk.example; dmarc=fail")), GATEWAY)
    assert (decision.send, decision.authenticated, codes_of(decision)) == (False, False, ["AUTH_FAIL"])


@pytest.mark.parametrize("forged", ["mx.evil.example; dmarc=fail", "dmarc=fail"])
def test_a_fail_that_others_wrote_says_nothing(forged: str) -> None:
    assert decision_on(a_message((RESULTS, forged)), GATEWAY).send


@pytest.mark.parametrize(
    ("verdict", "name", "value", "expected"),
    [
        ({"field": "X-Spam-Flag", "begins": "yes"}, "x-spam-flag", " YES, score=9", ["SPAM"]),
        ({"field": "X-Spam-Flag", "begins": "YES"}, "X-Spam-Flag", "Yes", ["SPAM"]),
        ({"field": "X-Spam-Flag", "begins": "YES"}, "X-Spam-Flag", "no", []),
        ({"field": "X-Spam-Flag", "begins": "YES"}, "X-Spam-Flag", "", []),
        ({"field": "X-Spam"}, "X-Spam", "", ["SPAM"]),
        ({"field": "X-Spam"}, "X-Spam-Score", "9", []),
    ],
)
def test_the_gateways_own_field_marks_spam(verdict: dict[str, str], name: str, value: str, expected: list[str]) -> None:
    assert codes((name, value), policy={"spam": [{"field": "X-Other"}, verdict]}) == expected
    assert codes((name, value)) == []


def test_spam_that_two_fields_mark_is_recorded_once() -> None:
    spam = {"spam": [{"field": "X-Spam"}, {"field": "X-Junk"}]}
    assert codes(("X-Junk", "a"), ("X-Spam", "b"), policy=spam) == ["SPAM"]


# The case it joins


@pytest.mark.parametrize(
    ("acknowledged", "sender", "headers", "expected"),
    [
        (True, CLIENT, (), ["EXISTING"]),
        (False, CLIENT, (), []),
        (True, "eve@evil.example", (), ["EXISTING"]),
        (False, "eve@evil.example", (), ["EXISTING"]),
        (False, CLIENT, ((RESULTS, "mx.desk.example; dmarc=fail"),), ["AUTH_FAIL", "EXISTING"]),
        (False, CLIENT, (("X-Autoreply", "1"),), ["X_AUTO", "EXISTING"]),
    ],
)
def test_an_appended_mail_is_answered_only_for_a_participant_of_a_case_without_acknowledgement(
    acknowledged: bool, sender: str, headers: tuple[tuple[str, str], ...], expected: list[str]
) -> None:
    case = a_case(REFERENCE, CLIENT, acknowledged=acknowledged)
    context = a_context(case, claims=Claims(proven=(REFERENCE,)))
    assert codes_of(decision_on(a_message(*headers, sender=sender), GATEWAY, context)) == expected


def test_a_suggested_case_does_not_keep_a_new_one_from_being_acknowledged() -> None:
    context = a_context(a_case(REFERENCE, "bob@x.example"), claims=Claims(written=(REFERENCE,)))
    assert decision_on(a_message(), context=context).send


def test_the_reason_names_the_case_and_the_standing() -> None:
    context = a_context(a_case(REFERENCE), claims=Claims(proven=(REFERENCE,)))
    (reason,) = decision_on(a_message(), context=context).reasons
    assert reason.evidence == f"{REFERENCE}, not_participant"


# How many were answered


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ({"same_subject_day": 1}, ["RATE_ADDRESS"]),
        ({"address_day": 4}, []),
        ({"address_day": 5}, ["RATE_ADDRESS"]),
        ({"address_day": 5, "same_subject_day": 1}, ["RATE_ADDRESS"]),
        ({"domain_hour": 19}, []),
        ({"domain_hour": 20}, ["RATE_DOMAIN"]),
        ({"all_hour": 999}, []),
        ({"all_hour": 1000}, ["RATE_ALL"]),
        ({"address_day": 9, "domain_hour": 99, "all_hour": 9999}, ["RATE_ADDRESS", "RATE_DOMAIN", "RATE_ALL"]),
    ],
)
def test_a_cap_holds_from_the_mail_that_would_be_one_more(answered: dict[str, int], expected: list[str]) -> None:
    context = a_context(answered=Answered(**answered))
    assert codes_of(decision_on(a_message(), context=context)) == expected


@pytest.mark.parametrize(
    ("sender", "answered", "expected"),
    [
        ("jane@gmail.com", 20, []),
        ("jane@gmail.com", 499, []),
        ("jane@gmail.com", 500, ["RATE_DOMAIN"]),
        ("jane@GMail.com", 20, []),
        ("jane@mail.gmail.com", 20, ["RATE_DOMAIN"]),
        ("jane@notgmail.com", 20, ["RATE_DOMAIN"]),
    ],
)
def test_a_webmail_domain_has_a_cap_of_its_own_and_its_subdomains_have_not(
    sender: str, answered: int, expected: list[str]
) -> None:
    context = a_context(answered=Answered(domain_hour=answered))
    assert codes_of(decision_on(a_message(sender=sender), context=context)) == expected


def test_the_policy_sets_each_cap() -> None:
    caps = {
        "same_subject_per_day": 3,
        "address_per_day": 9,
        "domain_per_hour": 9,
        "webmail_per_hour": 9,
        "all_per_hour": 9,
    }
    policy = a_policy(caps={**caps, "webmail_domains": ["Client.Example"]})
    below = Answered(same_subject_day=2, address_day=8, domain_hour=8, all_hour=8)
    assert decision_on(a_message(), policy, a_context(answered=below)).send
    for reached in ({"same_subject_day": 3}, {"address_day": 9}, {"domain_hour": 9}, {"all_hour": 9}):
        assert len(decision_on(a_message(), policy, a_context(answered=Answered(**reached))).reasons) == 1


def test_a_webmail_domain_of_the_policy_counts_in_any_letter_case() -> None:
    policy = a_policy(caps={"webmail_domains": ["Client.Example"]})
    assert decision_on(a_message(), policy, a_context(answered=Answered(domain_hour=20))).send


def test_caps_hold_for_a_mail_without_sender() -> None:
    context = a_context(answered=Answered(domain_hour=20))
    assert codes_of(decision_on(a_message(sender=None), context=context)) == ["FROM_AMBIGUOUS", "RATE_DOMAIN"]


# What the desk knows


@pytest.mark.parametrize("why", ["550 no such user", ""])
def test_a_suppressed_address_is_not_answered(why: str) -> None:
    (reason,) = decision_on(a_message(), context=a_context(suppressed=why)).reasons
    assert (reason.code, reason.evidence) == (Code.SUPPRESSED, why)


def test_a_dry_run_sends_nothing_and_decides_all_the_same() -> None:
    decision = decision_on(a_message(), a_policy(dry_run=True))
    assert (decision.send, codes_of(decision), decision.with_promise) == (False, ["DRY_RUN"], True)


@pytest.mark.parametrize(
    ("age", "settings", "promise_hours", "expected"),
    [
        (24 * HOUR, {}, 24, []),
        (24 * HOUR + MOMENT, {}, 24, ["STALE"]),
        (24 * HOUR + MOMENT, {}, 48, ["STALE"]),
        (2 * HOUR, {"stale_hours": 2}, 24, []),
        (2 * HOUR + MOMENT, {"stale_hours": 2}, 24, ["STALE"]),
        (8 * HOUR, {}, 8, []),
        (8 * HOUR + MOMENT, {}, 8, ["STALE"]),
        (-HOUR, {}, 24, []),
    ],
)
def test_a_mail_whose_promise_would_be_false_is_stale(
    age: timedelta, settings: dict[str, Any], promise_hours: int, expected: list[str]
) -> None:
    policy = a_policy({"promise_hours": promise_hours}, **settings)
    decision = decision_on(a_message(), policy, now=RECEIVED + age)
    assert codes_of(decision) == expected
    assert decision.send is decision.with_promise is not expected


def test_a_stale_mail_is_answered_without_promise_where_the_policy_says_so() -> None:
    policy = a_policy(stale="without_promise")
    decision = decision_on(a_message(), policy, now=RECEIVED + 25 * HOUR)
    assert (decision.send, decision.with_promise, codes_of(decision)) == (True, False, ["STALE"])
    assert decision_on(a_message(), policy).with_promise


def test_a_stale_mail_with_another_reason_is_not_answered() -> None:
    policy = a_policy(stale="without_promise", dry_run=True)
    decision = decision_on(a_message(), policy, now=RECEIVED + 25 * HOUR)
    assert (decision.send, codes_of(decision)) == (False, ["STALE", "DRY_RUN"])


# All of it


def test_every_reason_that_holds_is_recorded_in_the_order_of_the_table() -> None:
    message = a_message(
        (RESULTS, "mx.desk.example; dmarc=fail"),
        ("Return-Path", "<>"),
        ("Auto-Submitted", "auto-generated"),
        ("List-Id", "x"),
        ("Precedence", "list"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Autoreply", "yes"),
        (LOOP_FIELD, "1"),
        ("X-Spam", "1"),
        from_=to("accounts@desk.example", "no-reply-request@x.example"),
        from_ambiguous=True,
        limited=("header: 3,000 fields, over 2,000", "parts: more than 1,000"),
        to=(),
        calendar_methods=("REPLY",),
        report=Report(kind="feedback-report"),
    )
    policy = a_policy(authserv_id="mx.desk.example", spam=[{"field": "X-Spam"}], dry_run=True)
    context = a_context(
        a_case(REFERENCE),
        claims=Claims(proven=(REFERENCE,)),
        suppressed="complaint",
        answered=Answered(same_subject_day=99, address_day=99, domain_hour=9999, all_hour=9999),
    )
    decision = decision_on(message, policy, context, now=RECEIVED + 48 * HOUR)
    assert not decision.send
    apart = (Code.DSN, Code.MDN, Code.QUARANTINED, Code.PING_PONG)  # of other reports, unread, of a case of its own
    assert codes_of(decision) == [code.value for code in Code if code not in apart]
    assert [reason.evidence for reason in decision.reasons if reason.code is Code.LIMITED] == [
        "3,000 fields, over 2,000"
    ]


@pytest.mark.parametrize(
    ("headers", "more", "met", "expected"),
    [
        ((), {"sender": "accounts@desk.example"}, {}, ["accounts@desk.example"]),
        ((), {"to": ()}, {}, [""]),
        ((("From", "a@x.example"),), {"from_ambiguous": True}, {}, [f"a@x.example, {CLIENT}"]),
        (((RESULTS, "mx.desk.example; dmarc=fail"),), {}, {}, ["dmarc=fail"]),
        ((("X-Spam", "1"), ("X-Spam", "Yes, 9")), {}, {}, ["X-Spam: Yes, 9"]),
        ((), {}, {"answered": Answered(same_subject_day=2, address_day=5)}, ["2 of the same subject in 24 hours"]),
        ((), {}, {"answered": Answered(address_day=7)}, ["7 in 24 hours"]),
        ((), {}, {"answered": Answered(domain_hour=21)}, ["21 in an hour"]),
        ((), {}, {"answered": Answered(all_hour=1001)}, ["1001 in an hour"]),
        ((), {}, {"suppressed": "complained: abuse"}, ["complained: abuse"]),
        ((), {}, {"received_at": RECEIVED - 48 * HOUR}, ["received 2026-02-28 09:00 UTC"]),
    ],
)
def test_a_reason_says_what_shows_it(
    headers: tuple[tuple[str, str], ...], more: dict[str, Any], met: dict[str, Any], expected: list[str]
) -> None:
    policy = a_policy(authserv_id="mx.desk.example", spam=[{"field": "X-Spam", "begins": "yes"}])
    decision = decision_on(a_message(*headers, **more), policy, a_context(**met))
    assert [reason.evidence for reason in decision.reasons] == expected


def test_a_mail_after_ours_says_which_one_it_may_answer() -> None:
    lately = Given(mailbox=CLIENT, reference=REFERENCE, made_at=RECEIVED - HOUR / 2, sent_at=RECEIVED - HOUR / 2)
    (reason,) = decision_on(a_message(), context=a_context(answered=Answered(given=(lately,)))).reasons
    assert (reason.code, reason.evidence) == (Code.PING_PONG, "follows ours of 2026-03-02 08:30 UTC")


def test_the_policys_pause_and_prefix_are_those_that_count() -> None:
    long_ago = Given(
        mailbox=CLIENT, reference="ZZ-431R-DEY4-J", made_at=RECEIVED - 3 * HOUR, sent_at=RECEIVED - 3 * HOUR
    )
    context = a_context(answered=Answered(given=(long_ago,)))
    assert codes_of(decision_on(a_message(), context=context)) == []
    assert codes_of(decision_on(a_message(), a_policy(caps={"pause_minutes": 181}), context)) == ["PING_PONG"]
    own = a_policy({"reference_prefix": "ZZ"})
    assert codes_of(decision_on(a_message(subject="ZZ-431R-DEY4-J"), own, context)) == ["PING_PONG"]
