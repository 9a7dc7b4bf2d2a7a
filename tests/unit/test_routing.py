"""The rule table: first match decides, and the trace tells why."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.message import Address, Attachment, Message
from processor.policy import Policy
from processor.triage.examples import read_example, run_examples
from processor.triage.routing import Routing, Tried, compile_rules

BASE: dict[str, Any] = {
    "desk": {"name": "Desk", "address": "desk@desk.example", "key": {"env": "KEY"}},
    "mailboxes": [{"kind": "folder", "name": "scans", "path": "scans"}],
    "smtp": {"host": "localhost"},
    "queues": {"triage": {"label": "Triage"}, "tax": {"label": "Tax"}, "legal": {"label": "Legal"}},
    "request_types": {"tax-question": {"label": {"en": "Tax"}, "queue": "tax"}},
}
CATCH_ALL = {"name": "catch-all", "queue": "triage"}


def policy(*rules: dict[str, Any], urgency: list[dict[str, Any]] | None = None) -> Policy:
    return Policy.model_validate({**BASE, "rules": [*rules, CATCH_ALL], "urgency": urgency or []})


def mail(subject: str = "", text: str = "", **more: Any) -> Message:
    return Message(sha256="", headers=(), subject=subject, text=text, new_text=text, **more)


def attachment(name: str, kind: str = "application/pdf", **more: Any) -> Attachment:
    return Attachment(
        name=name, declared_type="application/octet-stream", detected_type=kind, size=1, sha256="", **more
    )


def routed(
    when: dict[str, Any], message: Message, *, language: str = "en", automatic: bool = False, to: tuple[str, ...] = ()
) -> Tried:
    """What a table of one rule says of the mail."""
    table = compile_rules(policy({"name": "rule", "when": when, "queue": "tax"}))
    return table.route(message, language, automatic, to).trace[0]


def test_the_first_rule_that_matches_decides_and_the_later_ones_are_not_tried() -> None:
    rules = [
        {"name": "court", "when": {"words": ["court"]}, "queue": "legal"},
        {"name": "vat", "when": {"words": ["vat"]}, "request_type": "tax-question"},
        {"name": "any-tax", "when": {"words": ["tax"]}, "queue": "legal"},
    ]
    made = policy(*rules)
    assert compile_rules(made).route(mail("VAT and tax"), "en", False, ()) == Routing(
        queue="tax",
        request_type="tax-question",
        priority="normal",
        rule="vat",
        trace=(
            Tried(rule="court", matched=False, why="words: none of 1"),
            Tried(rule="vat", matched=True, why="words: 'vat' in the subject"),
        ),
        policy_version=made.version,
    )


def test_a_mail_that_no_rule_takes_goes_to_triage() -> None:
    routing = compile_rules(policy()).route(mail("Hello"), None, False, ())
    assert (routing.queue, routing.rule, routing.request_type) == ("triage", "catch-all", None)
    assert routing.trace == (Tried(rule="catch-all", matched=True, why="takes every mail"),)


def test_a_rule_s_own_queue_comes_before_its_request_type_s() -> None:
    rule = {"name": "vat", "when": {"words": ["vat"]}, "request_type": "tax-question", "queue": "legal"}
    assert compile_rules(policy(rule)).route(mail("vat"), "en", False, ()).queue == "legal"


@pytest.mark.parametrize(
    ("when", "subject", "text", "why"),
    [
        ({"words": ["remittance advice"]}, "Our Remittance-Advice", "", "words: 'remittance advice' in the subject"),
        ({"words": ["remittance advice"]}, "", "remittance\nADVICE.", "words: 'remittance advice' in the text"),
        ({"words": ["Numéro de TVA"]}, "", "numero de tva", "words: 'Numéro de TVA' in the text"),
        ({"words": ["remit*"]}, "", "we remitted it", "words: 'remit*' in the text"),
        ({"words": ["re*"]}, "", "we remitted it", "words: 're*' in the text"),
        ({"words": ["bank detail*"]}, "", "my bank details", "words: 'bank detail*' in the text"),
        ({"words": ["b", "a"]}, "", "a and b", "words: 'b' in the text"),
        ({"words": ["a", "b"]}, "b", "a", "words: 'b' in the subject"),
        ({"words": ["vat", "VAT"]}, "vat", "", "words: 'vat' in the subject"),
        ({"words": ["a"], "and_words": ["b"]}, "a", "b", "words: 'a' in the subject; and_words: 'b' in the text"),
        ({"subject_words": ["a"]}, "a", "", "subject_words: 'a' in the subject"),
        ({"words": ["a"], "not_words": ["b"]}, "a", "c", "words: 'a' in the subject"),
        ({"not_words": ["b"]}, "a", "c", "takes every mail"),
        ({"patterns": ["J-[0-9]{5}"]}, "J-90871", "", "patterns: number 1 of 1 in the subject"),
        ({"patterns": ["x", "(?i)é[0-9]", "9"]}, "", "É9", "patterns: number 2 of 3 in the text"),
    ],
)
def test_words_that_match_are_told(when: dict[str, Any], subject: str, text: str, why: str) -> None:
    assert routed(when, mail(subject, text)) == Tried(rule="rule", matched=True, why=why)


@pytest.mark.parametrize(
    ("when", "subject", "text", "why"),
    [
        ({"words": ["remit", "slip"]}, "", "remittance slips", "words: none of 2"),
        ({"words": ["bank detail*"]}, "", "bank. The detail", "words: none of 1"),
        ({"words": ["a"], "and_words": ["b", "c"]}, "a", "d", "and_words: none of 2"),
        ({"subject_words": ["a"]}, "", "a", "subject_words: none of 1"),
        ({"words": ["a"], "not_words": ["b"]}, "a", "a b", "not_words: 'b' in the text"),
        ({"words": ["a"], "not_words": ["b"]}, "b", "a", "not_words: 'b' in the subject"),
        ({"patterns": ["x", "y"]}, "X", "Y", "patterns: none of 2"),
    ],
)
def test_the_first_condition_that_failed_is_told(when: dict[str, Any], subject: str, text: str, why: str) -> None:
    tried = routed(when, mail(subject, text))
    assert (tried.matched, tried.why) == (False, why)


def test_what_a_rule_had_of_the_mail_before_it_failed_is_told_unless_most_mails_have_it() -> None:
    assert routed({"words": ["a"], "and_words": ["b"]}, mail("a", "d")).held == "words: 'a' in the subject"
    assert routed({"automatic": False, "words": ["b"]}, mail("a", "d")).held == ""


def test_quoted_words_do_not_count() -> None:
    message = Message(sha256="", headers=(), subject="Re: hello", text="Thanks\n> vat", new_text="Thanks")
    assert not routed({"words": ["vat"]}, message).matched


@pytest.mark.parametrize(
    ("glob", "address", "matched"),
    [
        ("*@bank.example", "pay@bank.example", True),
        ("*@bank.example", "pay@mail.bank.example", False),
        ("bank.example", "Pay@Bank.Example", True),
        ("*.bank.example", "pay@mail.bank.example", True),
        ("bank.example", "pay@notbank.example", False),
        ("pay@*", "pay@anywhere.example", True),
    ],
)
def test_a_sender_is_an_address_or_a_domain(glob: str, address: str, matched: bool) -> None:
    tried = routed({"sender": [glob]}, mail(from_=(Address(address=address),)))
    why = f"sender: {glob!r}" if matched else "sender: none of 1"
    assert tried == Tried(rule="rule", matched=matched, why=why)


def test_a_recipient_is_any_address_that_the_mail_was_sent_to() -> None:
    assert routed({"recipient": ["legal@*"]}, mail(), to=("a@b.example", "legal@desk.example")).matched
    assert routed({"recipient": ["legal@*"]}, mail(), to=("a@b.example",)).why == "recipient: none of 1"


def test_an_attachment_is_known_by_its_name_or_type() -> None:
    message = mail(attachments=(attachment("Facture.PDF"), attachment("x", kind="image/png")))
    assert routed({"attachment": ["*.pdf"]}, message).why == "attachment: '*.pdf'"
    assert routed({"attachment": ["image/*"]}, message).why == "attachment: 'image/*'"
    assert routed({"attachment": ["*.docx"]}, message).why == "attachment: none of 1"


def test_a_type_that_nobody_detected_is_the_declared_one() -> None:
    message = mail(attachments=(Attachment(name="x", declared_type="text/csv", detected_type=None, size=1, sha256=""),))
    assert routed({"attachment": ["text/csv"]}, message).matched


def test_a_picture_inside_the_text_is_no_attachment() -> None:
    assert not routed({"attachment": ["*"]}, mail(attachments=(attachment("logo.png", inline=True),))).matched


def test_the_language_and_who_wrote_can_be_asked_for() -> None:
    assert routed({"language": ["fr", "de"]}, mail(), language="de").why == "language: de"
    assert routed({"language": ["fr", "de"]}, mail(), language="en").why == "language: not fr or de"
    assert routed({"automatic": True}, mail(), automatic=True).why == "automatic: written by a machine"
    assert routed({"automatic": True}, mail()).why == "automatic: not written by a machine"
    assert routed({"automatic": False}, mail()).why == "automatic: written by a person"
    assert routed({"automatic": False}, mail(), automatic=True).why == "automatic: written by a machine"


def test_the_trace_quotes_the_policy_alone_since_a_mail_may_hold_bank_details() -> None:
    secret = "FR7630006000011234567890189"
    when = {"patterns": ["FR[0-9]+"], "attachment": ["*.pdf"], "sender": ["*"], "words": ["fr76*"]}
    message = mail(
        secret, secret, attachments=(attachment(f"{secret}.pdf"),), from_=(Address(address=f"{secret}@a.b"),)
    )
    tried = routed(when, message)
    assert tried.matched
    assert secret not in tried.why


def test_an_urgency_row_makes_the_case_urgent_and_is_told_last() -> None:
    made = policy(
        {"name": "vat", "when": {"words": ["vat"]}, "queue": "tax"},
        urgency=[{"name": "soon", "when": {"words": ["asap"]}}, {"name": "court", "when": {"words": ["court"]}}],
    )
    table = compile_rules(made)
    urgent = table.route(mail("vat", "asap please"), "en", False, ())
    assert urgent.priority == "urgent"
    assert urgent.rule == "vat"
    assert urgent.trace[-1] == Tried(rule="soon", matched=True, why="words: 'asap' in the text")
    calm = table.route(mail("vat"), "en", False, ())
    assert calm.priority == "normal"
    assert [tried.rule for tried in calm.trace] == ["vat"]


def test_a_rule_can_make_the_case_urgent_by_itself() -> None:
    rule = {"name": "vat", "when": {"words": ["vat"]}, "queue": "tax", "priority": "urgent"}
    assert compile_rules(policy(rule)).route(mail("vat"), "en", False, ()).priority == "urgent"


class TestExamples:
    """A rule's own examples."""

    def test_a_rule_that_wins_them_has_no_mistakes(self) -> None:
        made = policy({"name": "vat", "when": {"words": ["vat"]}, "queue": "tax", "examples": ["VAT\n\nWhich rate?"]})
        assert run_examples(made, compile_rules(made)) == ()

    def test_an_example_that_another_rule_wins_is_told_with_both_reasons(self) -> None:
        made = policy(
            {"name": "tax", "when": {"words": ["rate"]}, "queue": "tax"},
            {"name": "vat", "when": {"words": ["vat"]}, "queue": "tax", "examples": ["VAT\n\nWhich rate?", "Hello"]},
        )
        assert run_examples(made, compile_rules(made)) == (
            "rule 'vat', example 'VAT': rule 'tax' wins it (words: 'rate' in the text); its own rule: it comes later",
            "rule 'vat', example 'Hello': rule 'catch-all' wins it (takes every mail); its own rule: words: none of 1",
        )

    def test_it_may_say_who_wrote_to_whom_in_which_language_and_with_what(self) -> None:
        example = read_example(
            "\nAdvice\nFrom: a@bank.example\nTo: desk@desk.example\nAttachment: x.pdf\nLanguage: pl\nAutomatic: Yes\n"
            "\nText.\n"
        )
        assert example.message.subject == "Advice"
        assert example.message.new_text == "Text."
        assert example.message.from_ == (Address(address="a@bank.example"),)
        assert example.message.to == (Address(address="desk@desk.example"),)
        assert [item.name for item in example.message.attachments] == ["x.pdf"]
        assert (example.language, example.automatic) == ("pl", True)

    def test_without_such_lines_it_is_a_person_s_mail_in_the_language_that_it_reads_like(self) -> None:
        example = read_example("Facture\n\nJe n'ai pas reçu la facture que vous deviez nous envoyer.")
        assert (example.language, example.automatic) == ("fr", False)

    def test_an_empty_example_is_a_mail_without_words(self) -> None:
        assert read_example("").message.subject == ""

    def test_its_recipient_counts(self) -> None:
        rule = {
            "name": "legal",
            "when": {"recipient": ["legal@*"]},
            "queue": "legal",
            "examples": ["x\nTo: legal@d.example"],
        }
        made = policy(rule)
        assert run_examples(made, compile_rules(made)) == ()


def test_an_example_of_a_request_type_gets_it_by_whichever_rule() -> None:
    examples = {"label": {"en": "Tax"}, "queue": "tax", "examples": ["VAT", "Hello"]}
    rules = [{"name": "vat", "when": {"words": ["vat"]}, "request_type": "tax-question"}, CATCH_ALL]
    made = Policy.model_validate({**BASE, "request_types": {"tax-question": examples}, "rules": rules})
    assert run_examples(made, compile_rules(made)) == (
        "request type 'tax-question', example 'Hello': rule 'catch-all' makes it None (takes every mail)",
    )
