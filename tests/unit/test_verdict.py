"""All rules together give one verdict: what becomes of a mail, whom to beware of, when to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.triage import CLIENT, RECEIVED, a_case, a_context, a_message, a_policy

from ingest.message import Address, ForwardedHeader, Message
from processor.policy import Policy
from processor.triage.context import Claims, Context
from processor.triage.correlation import Standing
from processor.triage.telling import told
from processor.triage.verdict import Outcome, Verdict, compile_policy, triage

STRANGER = "mallory@elsewhere.example"
GATEWAY = "mx.desk.example"
REFUTED = ("Authentication-Results", f"{GATEWAY}; dmarc=fail header.from=client.example")
CASE = a_case("DD-7K3M-9QXW-5", CLIENT)
PROVEN = Claims(proven=(CASE.reference,))


def verdict_on(message: Message, context: Context | None = None, policy: Policy | None = None) -> Verdict:
    return triage(message, context or a_context(), compile_policy(policy or a_policy()), RECEIVED)


def test_a_person_s_mail_opens_a_case_and_is_promised_an_answer() -> None:
    verdict = verdict_on(a_message())
    assert (verdict.outcome, verdict.routing.queue) == (Outcome.CASE, "triage")
    assert verdict.promise_at == RECEIVED + timedelta(hours=24)
    assert verdict.internal_due_at == RECEIVED + timedelta(hours=24)
    assert verdict.acknowledgement.send
    assert verdict.warnings == ()


def test_a_machine_s_mail_opens_a_case_and_promises_nothing_to_anybody() -> None:
    verdict = verdict_on(a_message(("Auto-Submitted", "auto-generated")))
    assert (verdict.outcome, verdict.promise_at) == (Outcome.CASE, None)
    assert verdict.internal_due_at == RECEIVED + timedelta(hours=24)


def test_the_same_bytes_again_are_a_duplicate_whatever_they_claim() -> None:
    assert verdict_on(a_message(), a_context(CASE, claims=PROVEN, duplicate_of=7)).outcome is Outcome.DUPLICATE


def test_a_mail_with_our_token_joins_its_case() -> None:
    verdict = verdict_on(a_message(), a_context(CASE, claims=PROVEN))
    assert verdict.outcome is Outcome.APPENDED
    assert verdict.correlation.case == CASE


@pytest.mark.parametrize(
    ("message", "context", "warning"),
    [
        (a_message(sender=STRANGER), a_context(CASE, claims=PROVEN), "not a participant of this case"),
        (a_message(from_ambiguous=True), a_context(), "not exactly one sender in From"),
        (a_message(hidden_text="pay elsewhere"), a_context(), "holds text that its reader does not see"),
        (a_message(), a_context(oversize=True), "too large to fetch whole: the rest is on the mail server"),
        (
            a_message(reply_to=(Address(address=STRANGER),)),
            a_context(),
            "answers would go to another domain (Reply-To)",
        ),
    ],
)
def test_what_a_person_should_know_is_a_warning(message: Message, context: Context, warning: str) -> None:
    assert warning in verdict_on(message, context).warnings


def test_an_answer_to_another_address_of_the_same_domain_is_no_warning() -> None:
    assert verdict_on(a_message(reply_to=(Address(address="billing@client.example"),))).warnings == ()


@pytest.mark.parametrize("claims", [Claims(), PROVEN])
def test_a_refuted_sender_is_warned_of_and_not_answered(claims: Claims) -> None:
    verdict = verdict_on(a_message(REFUTED), a_context(CASE, claims=claims), a_policy(authserv_id=GATEWAY))
    assert verdict.warnings == ("sender not confirmed: DMARC fail",)
    assert verdict.correlation.standing is Standing.NOT_CONFIRMED
    assert not verdict.acknowledgement.send


def a_detailed_policy() -> Policy:
    tables: dict[str, Any] = a_policy().model_dump()
    tables["details"] = {
        "contact": {"ask": {"en": "an address"}, "sender": "address"},
        "number": {"ask": {"en": "your invoice number"}, "patterns": [r"invoice (\d+)"]},
    }
    tables["request_types"] = {"query": {"label": {"en": "Query"}, "queue": "triage", "details": ["contact", "number"]}}
    tables["rules"] = [
        {"name": "query", "request_type": "query", "when": {"words": ["invoice"]}},
        {"name": "rest", "queue": "triage"},
    ]
    return Policy.model_validate(tables)


@pytest.mark.parametrize(
    ("words", "outcome", "kept", "missing"),
    [
        ("our invoice 12", Outcome.CASE, ["contact", "number"], ()),
        ("our invoice", Outcome.CASE, ["contact"], ("number",)),
        ("good day", Outcome.CASE, [], ()),  # his address is no detail of a request that nobody knows
        ("good day", Outcome.APPENDED, ["contact"], ()),  # the case that it joins may need it
    ],
)
def test_the_details_that_matter_are_kept_and_the_others_asked_for(
    words: str, outcome: Outcome, kept: list[str], missing: tuple[str, ...]
) -> None:
    context = a_context(CASE, claims=PROVEN) if outcome is Outcome.APPENDED else a_context()
    verdict = verdict_on(a_message(subject="", text=words, new_text=words), context, a_detailed_policy())
    assert verdict.outcome is outcome
    assert [detail.name for detail in verdict.details] == kept
    assert verdict.missing == missing


@pytest.mark.parametrize(
    ("context", "kinds"),
    [
        (a_context(), ["received", "routed", "details", "acknowledgement decided"]),
        (a_context(CASE, claims=PROVEN), ["received", "details", "acknowledgement decided"]),
        (a_context(duplicate_of=7), ["duplicate"]),
    ],
)
def test_the_events_of_a_mail_tell_what_became_of_it(context: Context, kinds: list[str]) -> None:
    message = a_message()
    assert [kind for kind, _ in told(verdict_on(message, context), message, RECEIVED)] == kinds


def test_what_could_not_be_read_is_a_warning_without_bank_details() -> None:
    limited = ("parts: more than 1,000", "partial: piece 1 of 2 of the mail DE89370400440532013000")
    warnings = verdict_on(a_message(protection="smime-encrypted", limited=limited)).warnings
    assert warnings[-3:] == (
        "encrypted (smime-encrypted): the desk cannot read it",
        "not wholly read: parts: more than 1,000",
        "not wholly read: partial: piece 1 of 2 of the mail [IBAN ...3000]",
    )


def test_a_copy_is_told_from_the_same_bytes() -> None:
    copy = verdict_on(a_message(), a_context(copy_of=7))
    assert (copy.outcome, copy.copy_of) == (Outcome.DUPLICATE, 7)
    assert [kind for kind, _data in told(copy, a_message(), RECEIVED)] == ["copy received"]
    same = verdict_on(a_message(), a_context(copy_of=7, duplicate_of=7))
    assert (same.outcome, same.copy_of) == (Outcome.DUPLICATE, None)


def test_the_answer_is_in_the_mails_language_else_the_contacts_else_the_desks() -> None:
    french = a_message(new_text="Bonjour, sauf erreur de notre part, la facture reste impayée à ce jour.")
    assert verdict_on(french, a_context(contact_language="de")).answer_in == "fr"
    assert verdict_on(a_message(), a_context(contact_language="de")).answer_in == "de"
    assert verdict_on(a_message()).answer_in is None


def test_a_case_that_is_opened_again_is_due_by_its_own_queues_target() -> None:
    case = replace(CASE, status="resolved", queue="triage", promise_at=RECEIVED, first_response_at=None)
    verdict = verdict_on(a_message(), a_context(case, claims=PROVEN))
    assert (verdict.reopens, verdict.internal_due_at) == (True, RECEIVED + timedelta(hours=24))
    events = dict(told(verdict, a_message(), RECEIVED))
    assert events["reopened"] == {
        "was": "resolved",
        "promise_at": (RECEIVED + timedelta(hours=24)).isoformat(),
        "promise_was": RECEIVED.isoformat(),
        "first_response_was": None,
    }


def test_a_mail_that_follows_an_old_case_says_so() -> None:
    case = replace(CASE, status="closed", closed_at=RECEIVED - timedelta(days=31))
    verdict = verdict_on(a_message(), a_context(case, claims=PROVEN))
    assert (verdict.outcome, verdict.correlation.follows) == (Outcome.CASE, case)
    assert verdict.acknowledgement.send
    assert ("linked", {"case": CASE.reference, "how": "follows"}) in list(told(verdict, a_message(), RECEIVED))


def test_whom_a_colleague_wrote_for_is_told() -> None:
    block = ForwardedHeader(from_=Address(address=STRANGER), from_name="Mallory")
    verdict = verdict_on(a_message(sender="bob@desk.example", forwarded=(block,)))
    told_of = dict(told(verdict, a_message(), RECEIVED))["requester offered"]
    assert told_of == {"address": STRANGER, "name": "Mallory", "how": "forwarded"}
