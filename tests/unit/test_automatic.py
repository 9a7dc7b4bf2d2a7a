"""Machines are known by their own signs, whatever the letter case, and people are never taken for machines."""

from __future__ import annotations

from typing import Any

import pytest
from support.triage import a_message, a_policy

from ingest.message import LOOP_FIELD, Address, Message, Report
from processor.triage.automatic import Automatic, Code, Kind, read_automatic, reports_on_our_mail
from processor.triage.reasons import EVIDENCE_LENGTH, Reason

BOUNCED = "Undelivered Mail Returned to Sender"


def read(*headers: tuple[str, str], postmaster: bool = False, **more: Any) -> Automatic:
    return read_automatic(a_message(*headers, **more), a_policy(postmaster=postmaster).acknowledgement)


def codes(automatic: Automatic) -> list[str]:
    return [sign.code.value for sign in automatic.signs]


def test_a_persons_mail_has_no_sign() -> None:
    assert read(("Return-Path", "<jane@client.example>")) == Automatic(kind=Kind.PERSON)


def test_a_persons_answer_has_no_sign() -> None:
    answer = a_message(
        ("Return-Path", "<jane@client.example>"), in_reply_to=("<a@desk.example>",), references=("<b@c>",)
    )
    assert read_automatic(answer, a_policy().acknowledgement) == Automatic(kind=Kind.PERSON)
    assert not reports_on_our_mail(answer)


@pytest.mark.parametrize(
    "value", ["no", "No", "NO", " no ", "no; owner-email=x@client.example", "no (a person)", "(a) no"]
)
def test_auto_submitted_no_is_a_person(value: str) -> None:
    assert read(("Auto-Submitted", value)) == Automatic(kind=Kind.PERSON)


@pytest.mark.parametrize(
    "value", ["auto-generated", "auto-replied", "auto-notified", "Auto-Notified; x=y", "", "(no)", "nope", "x-future"]
)
def test_any_other_auto_submitted_is_a_machine(value: str) -> None:
    automatic = read(("auto-submitted", value))
    assert codes(automatic) == ["AUTO_SUBMITTED"]
    assert automatic.kind is not Kind.PERSON


def test_one_automatic_among_several_auto_submitted_fields_is_enough() -> None:
    automatic = read(("Auto-Submitted", "no"), ("Auto-Submitted", "auto-generated"))
    assert automatic.signs == (Reason(code=Code.AUTO_SUBMITTED, evidence="Auto-Submitted: auto-generated"),)


@pytest.mark.parametrize("value", ["<>", " <> ", "< >"])
def test_a_null_return_path_is_a_machine(value: str) -> None:
    assert codes(read(("RETURN-PATH", value))) == ["NULL_SENDER"]


@pytest.mark.parametrize("value", ["", "<jane@client.example>", "nonsense", "<", ">"])
def test_any_other_return_path_says_nothing(value: str) -> None:
    assert codes(read(("Return-Path", value))) == []


@pytest.mark.parametrize(
    "name",
    ["List-Id", "list-unsubscribe", "LIST-POST", "List-Whatever", "Mailing-List", "X-BeenThere", "x-mailman-version"],
)
@pytest.mark.parametrize("value", ["<news.shop.example>", ""])
def test_any_field_of_a_mailing_list_is_enough(name: str, value: str) -> None:
    automatic = read((name, value))
    assert (codes(automatic), automatic.kind) == (["LIST"], Kind.LIST)


@pytest.mark.parametrize("name", ["Listing", "X-List-Id", "Listen-To"])
def test_a_field_that_only_resembles_a_lists_is_none(name: str) -> None:
    assert codes(read((name, "x"))) == []


@pytest.mark.parametrize("name", ["Precedence", "x-precedence"])
@pytest.mark.parametrize("value", ["bulk", "Bulk", "JUNK", "list (a list)", "auto_reply", "Auto-Reply", " bulk "])
def test_precedence_counts_in_any_letter_case(name: str, value: str) -> None:
    assert codes(read((name, value))) == ["PRECEDENCE"]


@pytest.mark.parametrize("value", ["normal", "first-class", "", "bulky", "special-delivery", "(bulk)"])
def test_other_precedences_say_nothing(value: str) -> None:
    assert codes(read(("Precedence", value))) == []


@pytest.mark.parametrize("value", ["All", "OOF", "AutoReply", "DR, RN, autoreply", "dr,oof", "RN , ALL", "OOF (x), DR"])
def test_suppress_is_compared_token_by_token(value: str) -> None:
    automatic = read(("X-Auto-Response-Suppress", value))
    assert (codes(automatic), automatic.kind) == (["SUPPRESS"], Kind.PERSON)


@pytest.mark.parametrize("value", ["DR", "None", "", "DR, NDR, RN, NRN", "Allow", "oofs"])
def test_suppress_that_speaks_of_receipts_alone_says_nothing(value: str) -> None:
    assert codes(read(("X-Auto-Response-Suppress", value))) == []


@pytest.mark.parametrize(
    "name",
    ["X-Autoreply", "X-AUTO-REPLY", "x-autorespond", "X-Autoresponder", "X-Autoresponse", "X-FC-Machinegenerated"],
)
@pytest.mark.parametrize("value", ["yes", "no", ""])
def test_the_field_of_an_autoresponder_counts_with_any_value(name: str, value: str) -> None:
    automatic = read((name, value))
    assert (codes(automatic), automatic.kind) == (["X_AUTO"], Kind.AUTO_REPLY)


@pytest.mark.parametrize("name", [LOOP_FIELD, LOOP_FIELD.upper()])
def test_our_own_loop_field_is_a_loop(name: str) -> None:
    assert codes(read((name, ""))) == ["LOOP"]


@pytest.mark.parametrize(("hops", "expected"), [(25, []), (26, ["LOOP"])])
def test_more_than_twenty_five_hops_are_a_loop(hops: int, expected: list[str]) -> None:
    assert codes(read(*[("Received", "from a by b")] * hops)) == expected


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@mx.example",
        "listserv@x.example",
        "Majordomo@x.example",
        "owner-news@x.example",
        "news-request@x.example",
        "postmaster@x.example",
        "Mailer-Daemon+x@x.example",
    ],
)
def test_the_sender_of_a_mail_system_is_known_in_from_and_return_path(sender: str) -> None:
    assert codes(read(sender=sender)) == ["SYSTEM"]
    by_envelope = read(("Return-Path", f"<{sender}>"))
    assert (codes(by_envelope), by_envelope.kind) == (["SYSTEM"], Kind.SYSTEM)


@pytest.mark.parametrize(
    "sender",
    ["requests@x.example", "request@x.example", "owner@x.example", "my-postmaster@x.example", "daemon@x.example"],
)
def test_a_sender_that_only_resembles_a_mail_system_is_a_person(sender: str) -> None:
    assert read(sender=sender) == Automatic(kind=Kind.PERSON)


def test_the_policy_may_allow_postmaster_and_nobody_else() -> None:
    assert codes(read(sender="Postmaster@x.example", postmaster=True)) == []
    assert codes(read(sender="mailer-daemon@x.example", postmaster=True)) == ["SYSTEM"]


@pytest.mark.parametrize("value", ["MAILER-DAEMON <>", "<MAILER-DAEMON>", '"Majordomo" <>', "Mail <mailer-daemon>"])
def test_a_mail_system_without_any_address_is_known(value: str) -> None:
    assert "SYSTEM" in codes(read(("From", value), sender=None))
    assert codes(read(("Return-Path", value))) == (["SYSTEM"] if value != "Mail <mailer-daemon>" else [])


@pytest.mark.parametrize(
    "local",
    [
        "noreply",
        "no-reply",
        "no_reply",
        "NoReply",
        "no.reply",
        "donotreply",
        "do.not.reply",
        "DO-NOT-REPLY",
        "noreply2",
        "billing-noreply",
        "noreply+4711",
        "no-reply.accounts",
        "bank_no_reply_fr",
        "ne-pas-repondre",
        "nepasrépondre",
        "Ne_Pas_Répondre",
        "nicht-antworten",
        "bitte.nicht.antworten",
        "no-responder",
        "noresponder",
        "nao-responda",
        "não-responda",
        "non-rispondere",
        "niet-beantwoorden",
        "nie-odpowiadaj",
        "svara-inte",
        "newsletter.no-reply.uk",
    ],
)
def test_an_address_that_nobody_reads_is_known_in_every_language(local: str) -> None:
    automatic = read(sender=f"{local}@bank.example")
    assert (codes(automatic), automatic.kind) == (["NOREPLY"], Kind.SYSTEM)


@pytest.mark.parametrize(
    "local",
    [
        "casino.reply",
        "reno-reply",
        "noreplying",
        "noor.eply",
        "reply",
        "no",
        "donot",
        "jane",
        "no-replacement",
        "é",
        "-",
        "nor-eplyx",
        "noelle.replyon",
        "do-not-touch",
        "n" * 300,
    ],
)
def test_an_address_that_only_resembles_one_is_a_person(local: str) -> None:
    assert read(sender=f"{local}@client.example") == Automatic(kind=Kind.PERSON)


def test_neither_display_name_nor_reply_to_make_a_noreply() -> None:
    named = Address(name="no-reply", address="jane@client.example")
    assert codes(read(from_=(named,), reply_to=(Address(address="noreply@client.example"),))) == []


def test_a_noreply_behind_another_from_address_is_seen() -> None:
    both = (Address(address="jane@client.example"), Address(address="no-reply@client.example"))
    assert read(from_=both).signs == (Reason(code=Code.NOREPLY, evidence="no-reply@client.example"),)


@pytest.mark.parametrize(
    ("report", "code", "kind"),
    [
        ("delivery-status", "DSN", Kind.BOUNCE),
        ("disposition-notification", "MDN", Kind.RECEIPT),
        ("feedback-report", "ARF", Kind.COMPLAINT),
    ],
)
def test_a_report_is_known_by_its_type(report: str, code: str, kind: Kind) -> None:
    automatic = read(report=Report(kind=report), content_type="multipart/report")
    assert (codes(automatic), automatic.kind) == ([code], kind)
    assert [sign.evidence for sign in automatic.signs] == [report]


def test_a_report_in_a_form_of_its_own_shows_by_what_it_is_known() -> None:
    bounce = read(report=Report(kind="delivery-status", shown_by="subject: Undeliverable"))
    assert bounce == Automatic(kind=Kind.BOUNCE, signs=(Reason(code=Code.DSN, evidence="subject: Undeliverable"),))


def test_a_report_of_an_unknown_type_is_no_bounce() -> None:
    assert codes(read(report=Report(kind="weather"), content_type="multipart/report")) == []


@pytest.mark.parametrize(
    ("methods", "expected"),
    [
        (("REPLY",), ["CALENDAR"]),
        (("REQUEST", "COUNTER"), ["CALENDAR"]),
        (("REQUEST",), []),
        (("CANCEL", "PUBLISH"), []),
    ],
)
def test_an_answer_to_an_invitation_is_automatic_and_an_invitation_is_not(
    methods: tuple[str, ...], expected: list[str]
) -> None:
    automatic = read(calendar_methods=methods)
    assert codes(automatic) == expected
    assert automatic.kind is (Kind.CALENDAR_REPLY if expected else Kind.PERSON)


@pytest.mark.parametrize(
    ("headers", "more"),
    [
        ((("Auto-Submitted", "auto-replied"),), {}),
        ((("Auto-Submitted", "Auto-Replied; x=y"),), {}),
        ((("Auto-Submitted", "auto-generated"),), {"subject": "Automatic reply: Invoice 4711"}),
        ((("Precedence", "auto_reply"),), {}),
        ((("Return-Path", "<>"),), {"in_reply_to": ("<a@desk.example>",)}),
        ((("Return-Path", "<>"),), {"references": ("<a@desk.example>",)}),
        ((), {"subject": "Réponse automatique : facture"}),
        ((), {"subject": "Out of Office AutoReply: Invoice"}),
    ],
)
def test_an_automatic_answer_is_known(headers: tuple[tuple[str, str], ...], more: dict[str, Any]) -> None:
    assert read(*headers, **more).kind is Kind.AUTO_REPLY
    assert reports_on_our_mail(a_message(*headers, **more))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ((("Auto-Submitted", "auto-generated"),), Kind.SYSTEM),
        ((("Return-Path", "<>"),), Kind.SYSTEM),
        ((("Precedence", "bulk"),), Kind.LIST),
        ((("List-Id", "x"), ("Auto-Submitted", "auto-generated")), Kind.LIST),
        (((LOOP_FIELD, "1"),), Kind.SYSTEM),
        ((), Kind.PERSON),
    ],
)
def test_other_machines_do_not_report_on_our_mail(headers: tuple[tuple[str, str], ...], kind: Kind) -> None:
    assert read(*headers).kind is kind
    assert not reports_on_our_mail(a_message(*headers))


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Invoice 4711",
        "[EXTERNAL] Réponse automatique : facture",
        "Message d’absence : facture",
        "Abwesenheitsnotiz: Rechnung",
        "Respuesta automática: factura",
        "Автоматический ответ: счёт",
        "自動返信：請求書",
        "자동 회신: 청구서",
        "رد تلقائي: فاتورة",
    ],
)
def test_a_subject_alone_shows_an_automatic_answer_and_is_its_reason(subject: str) -> None:
    automatic = read(subject=subject)
    assert automatic.signs == (Reason(code=Code.X_AUTO, evidence=f"Subject: {subject}"),)
    assert automatic.kind is Kind.AUTO_REPLY


def test_a_field_that_shows_an_automatic_answer_is_told_before_its_subject() -> None:
    automatic = read(("X-Autoreply", "yes"), subject="Automatic reply: Invoice 4711")
    assert automatic.signs == (Reason(code=Code.X_AUTO, evidence="x-autoreply: yes"),)


@pytest.mark.parametrize(
    "subject",
    ["Re: Automatic reply: Invoice", "AW: Abwesenheitsnotiz: x", "Fwd: Out of office: x", "Automatic reply", "auto: x"],
)
def test_a_subject_that_mentions_an_automatic_answer_is_a_persons(subject: str) -> None:
    assert read(subject=subject) == Automatic(kind=Kind.PERSON)


def test_the_gravest_kind_wins_and_the_signs_stand_in_their_order() -> None:
    automatic = read(
        ("X-Autoreply", "yes"),
        ("Auto-Submitted", "auto-replied"),
        ("List-Id", "x"),
        ("Return-Path", "<>"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        (LOOP_FIELD, "1"),
        sender="no-reply-request@x.example",
        calendar_methods=("REPLY",),
        report=Report(kind="disposition-notification"),
    )
    expected = "NULL_SENDER AUTO_SUBMITTED LIST PRECEDENCE SUPPRESS X_AUTO LOOP SYSTEM NOREPLY MDN CALENDAR"
    assert codes(automatic) == expected.split()
    assert automatic.kind is Kind.RECEIPT


def test_evidence_is_cut_so_that_a_hostile_field_stays_small() -> None:
    (sign,) = read(("Auto-Submitted", "x" * 10_000)).signs
    assert len(sign.evidence) == EVIDENCE_LENGTH


def test_a_mail_without_anything_is_read() -> None:
    assert read_automatic(Message(sha256="", headers=()), a_policy().acknowledgement) == Automatic(kind=Kind.PERSON)
