"""A mail joins a case by our token, or by its reference and a participant; anything weaker only suggests one."""

from __future__ import annotations

from typing import Any

import pytest
from support.triage import CLIENT, KEY, a_case, a_context, a_message, a_policy

from ingest.message import Address, Report
from processor.triage.correlation import Claims, Correlation, Standing, claims_of, correlate
from processor.triage.reference import mint_reference, own_message_id, verp_address

POLICY = a_policy()
ONE, TWO, THREE = (mint_reference("DD", lambda _, number=number: number) for number in (11, 12, 13))
OWN = "accounts@desk.example"


def own_id(reference: str, purpose: str = "ack", key: bytes = KEY) -> str:
    return own_message_id(reference, purpose, key, "desk.example")


def claims(*headers: tuple[str, str], **more: Any) -> Claims:
    return claims_of(a_message(*headers, **more), KEY, POLICY)


def to(*addresses: str) -> tuple[Address, ...]:
    return tuple(Address(address=address) for address in addresses)


# What a mail claims


def test_an_ordinary_mail_claims_nothing() -> None:
    assert claims(in_reply_to=("<x@client.example>",), references=("", "nonsense")) == Claims()


def test_our_message_id_proves_its_case_and_the_nearest_comes_first() -> None:
    found = claims(in_reply_to=(own_id(THREE),), references=(own_id(ONE), "<x@y>", own_id(TWO, "reply-1")))
    assert found == Claims(proven=(THREE, TWO, ONE))


def test_a_message_id_under_another_key_proves_nothing() -> None:
    assert claims(in_reply_to=(own_id(ONE, key=b"guessed"),)) == Claims()


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification", "feedback-report"])
def test_a_report_about_our_mail_proves_its_case(kind: str) -> None:
    assert claims(report=Report(kind=kind, original_message_id=own_id(ONE))) == Claims(proven=(ONE,))
    assert claims(report=Report(kind=kind)) == Claims()


@pytest.mark.parametrize("field", ["Delivered-To", "x-original-to", "Envelope-To", "Resent-To", "Resent-Cc"])
def test_a_signed_address_in_any_field_of_delivery_proves_its_case(field: str) -> None:
    signed = verp_address(OWN, ONE, KEY)
    assert claims((field, f'"Desk" <{signed}>, other@x.example')) == Claims(proven=(ONE,))


def test_a_signed_address_in_to_or_cc_proves_its_case() -> None:
    assert claims(to=to(verp_address(OWN, ONE, KEY)), cc=to(verp_address(OWN, TWO, KEY))) == Claims(proven=(ONE, TWO))
    assert claims(to=to(verp_address(OWN, ONE, b"guessed"))) == Claims()


def test_a_signed_address_in_from_or_bcc_proves_nothing() -> None:
    signed = verp_address(OWN, ONE, KEY)
    assert claims(("Bcc", signed), ("Reply-To", signed), sender=signed) == Claims()


def test_references_in_the_subject_are_merely_written() -> None:
    assert claims(subject=f"Re: [{ONE.lower()}] and {TWO}, {ONE}") == Claims(written=(ONE, TWO))


def test_a_plain_plus_address_of_ours_is_merely_written() -> None:
    assert claims(to=to(f"Accounts+{ONE.lower()}@desk.example")) == Claims(written=(ONE,))
    assert claims(to=to(f"stranger+{ONE.lower()}@desk.example")) == Claims()
    assert claims(to=to("accounts+invoices@desk.example")) == Claims()


def test_what_is_proven_is_not_said_twice() -> None:
    assert claims(subject=f"[{ONE}] {TWO}", in_reply_to=(own_id(ONE),)) == Claims(proven=(ONE,), written=(TWO,))


def test_a_mail_full_of_references_is_looked_up_for_twenty_of_them() -> None:
    many = [mint_reference("DD", lambda _, number=number: number) for number in range(0, 37 * 40, 37)]
    found = claims(subject=" ".join(many), in_reply_to=tuple(own_id(name, "reply") for name in many[::-1]))
    assert (len(found.proven), found.proven[0]) == (20, many[-1])
    assert found.written == tuple(many[:20])


def test_the_references_of_another_prefix_are_not_ours() -> None:
    policy = a_policy({"reference_prefix": "LEGAL"})
    other = mint_reference("LEGAL", lambda _: 7)
    message = a_message(subject=f"{ONE} {other}", in_reply_to=(own_id(ONE), own_id(other)))
    assert claims_of(message, KEY, policy) == Claims(proven=(other,))


# Which case it joins


def joined(
    proven: tuple[str, ...] = (),
    written: tuple[str, ...] = (),
    refuted: bool = False,
    related: tuple[str, ...] = (),
    people: tuple[str, ...] = (CLIENT,),
    headers: tuple[tuple[str, str], ...] = (),
    **more: Any,
) -> Correlation:
    """What becomes of a mail on a desk where ONE and TWO are cases of these people."""
    cases = (a_case(ONE, *people), a_case(TWO, *people))
    context = a_context(*cases, claims=Claims(proven=proven, written=written), related=related)
    return correlate(a_message(*headers, **more), context, refuted)


def outcome(correlation: Correlation) -> tuple[str | None, str, str, tuple[str, ...]]:
    reference = correlation.case.reference if correlation.case else None
    return reference, correlation.how, correlation.standing.value, correlation.suggested


def test_a_new_mail_opens_a_case_of_its_writer() -> None:
    assert outcome(joined()) == (None, "none", "participant", ())


def test_a_token_joins_its_case() -> None:
    assert outcome(joined(proven=(ONE,))) == (ONE, "token", "participant", ())


def test_the_sender_is_compared_without_letter_case() -> None:
    assert joined(proven=(ONE,), sender="Jane@client.example").standing is Standing.PARTICIPANT


def test_a_stranger_with_a_token_is_appended_and_marked() -> None:
    assert outcome(joined(proven=(ONE,), sender="eve@evil.example")) == (ONE, "token", "not_participant", ())


def test_a_refuted_sender_with_a_token_is_appended_and_marked() -> None:
    assert outcome(joined(proven=(ONE,), refuted=True)) == (ONE, "token", "not_confirmed", ())
    assert joined(proven=(ONE,), refuted=True, sender="eve@evil.example").standing is Standing.NOT_CONFIRMED


def test_a_reference_joins_its_case_for_a_participant() -> None:
    assert outcome(joined(written=(ONE,))) == (ONE, "reference", "participant", ())


def test_a_guessed_reference_only_suggests_its_case() -> None:
    assert outcome(joined(written=(ONE,), sender="eve@evil.example")) == (None, "none", "participant", (ONE,))


def test_a_refuted_participant_with_a_reference_opens_a_new_case() -> None:
    assert outcome(joined(written=(ONE,), refuted=True)) == (None, "none", "not_confirmed", (ONE,))


def test_a_known_message_id_alone_only_suggests_its_case() -> None:
    assert outcome(joined(related=(TWO, TWO))) == (None, "none", "participant", (TWO,))


def test_a_reference_that_nobody_knows_is_nothing() -> None:
    assert outcome(joined(proven=(THREE,), written=(THREE,))) == (None, "none", "participant", ())


def test_a_token_counts_more_than_a_reference_and_the_other_is_suggested() -> None:
    found = joined(proven=(TWO,), written=(ONE,), related=(TWO, THREE))
    assert outcome(found) == (TWO, "token", "participant", (ONE, THREE))


def test_of_two_tokens_the_nearest_joins_and_the_other_is_suggested() -> None:
    assert outcome(joined(proven=(THREE, TWO, ONE))) == (TWO, "token", "participant", (ONE,))


def test_of_two_references_the_one_of_the_sender_joins() -> None:
    cases = (a_case(ONE, "bob@client.example"), a_case(TWO, CLIENT))
    found = correlate(a_message(), a_context(*cases, claims=Claims(written=(ONE, TWO))), refuted=False)
    assert outcome(found) == (TWO, "reference", "participant", (ONE,))


def test_a_cc_does_not_make_a_participant() -> None:
    found = joined(written=(ONE,), sender="eve@evil.example", cc=to(CLIENT), reply_to=to(CLIENT))
    assert outcome(found) == (None, "none", "participant", (ONE,))


@pytest.mark.parametrize("more", [{"from_ambiguous": True}, {"sender": None}])
def test_a_mail_without_exactly_one_sender_is_nobodys(more: dict[str, Any]) -> None:
    assert outcome(joined(proven=(ONE,), **more)) == (ONE, "token", "not_participant", ())
    assert outcome(joined(written=(ONE,), **more)) == (None, "none", "not_participant", (ONE,))
    assert outcome(joined(**more)) == (None, "none", "not_participant", ())


@pytest.mark.parametrize(
    ("headers", "more"),
    [
        ((), {"report": Report(kind="delivery-status"), "sender": "mailer-daemon@mx.example"}),
        ((), {"report": Report(kind="disposition-notification")}),
        ((("Auto-Submitted", "auto-replied"),), {}),
        ((("X-Autoreply", "yes"),), {"sender": "eve@evil.example"}),
    ],
)
def test_a_machine_that_reports_on_our_mail_is_a_reporter(
    headers: tuple[tuple[str, str], ...], more: dict[str, Any]
) -> None:
    assert outcome(joined(proven=(ONE,), headers=headers, **more)) == (ONE, "token", "reporter", ())
    assert joined(proven=(ONE,), headers=headers, refuted=True, **more).standing is Standing.NOT_CONFIRMED
    assert joined(headers=headers, **more).standing is Standing.PARTICIPANT


def test_an_out_of_office_with_a_reference_joins_as_a_reporter() -> None:
    found = joined(written=(ONE,), headers=(("Auto-Submitted", "auto-replied"),))
    assert outcome(found) == (ONE, "reference", "reporter", ())


def test_a_forged_bounce_without_our_token_joins_nothing() -> None:
    message = a_message(
        sender="mailer-daemon@evil.example",
        subject=f"Undelivered: [{ONE}]",
        report=Report(kind="delivery-status", original_message_id=own_id(ONE, key=b"guessed")),
    )
    found = claims_of(message, KEY, POLICY)
    context = a_context(a_case(ONE, CLIENT), claims=found)
    assert outcome(correlate(message, context, refuted=False)) == (None, "none", "participant", (ONE,))
