"""What was learned from people suggests where a mail belongs, and is followed where the policy says so."""

from __future__ import annotations

import time
from typing import Any

import pytest
from support.triage import a_context, a_message, a_policy

from processor.policy import Policy
from processor.triage import kinds, telling
from processor.triage.learned import Head, Model, probabilities
from processor.triage.ngrams import LONGEST_WORD, WORD, terms
from processor.triage.suggesting import LEARNED
from processor.triage.verdict import Verdict, compile_policy, triage

WEIGHTS = {"w avoir": [4.0, 0.0], "w contract": [0.0, 4.0], "w your avoir": [3.0, 0.0], "c avo": [1.0, 0.0]}
QUEUE = Head(labels=("billing", "legal"), bias=(0.0, 0.0), temperature=0.5, weights=WEIGHTS)
TYPE = Head(labels=("credit-note", "contract-law"), bias=(0.0, 0.0), temperature=4.0, weights=WEIGHTS)


def a_model(queue: Head = QUEUE, request_type: Head | None = TYPE) -> Model:
    return Model(
        made_at="2026-03-01T00:00:00+00:00",
        mails=80,
        idf=dict.fromkeys(WEIGHTS, 1.0),
        queue=queue,
        request_type=request_type,
    )


def policy_with(**learning: Any) -> Policy:
    """Billing, legal and the catch-all; one rule knows invoices."""
    types = {"credit-note": {"label": {"en": "Credit note"}, "queue": "billing"}}
    queues = {name: {"label": name} for name in ("billing", "legal", "triage")}
    rules = [
        {"name": "invoice", "when": {"words": ["invoice"]}, "queue": "billing"},
        {"name": "rest", "queue": "triage"},
    ]
    plain = a_policy().model_dump(exclude={"folder"})
    changed = {"queues": queues, "rules": rules, "request_types": types, "learning": learning}
    return Policy.model_validate(plain | changed | {"desk": plain["desk"] | {"key": {"env": "DAYDESK_KEY"}}})


def decided(words: str, model: Model | None = None, *headers: tuple[str, str], **learning: Any) -> Verdict:
    compiled = compile_policy(policy_with(**learning), model or a_model())
    message = a_message(*headers, subject="Hello", new_text=words, text=words)
    return triage(message, a_context(), compiled, a_context().received_at)


def test_terms_are_words_pairs_and_letters_and_no_number() -> None:
    found = terms("Your Avoir", "of DE89370400440532013000 and 4,711.00 a" + "b" * 100)
    assert {"w your", "w your avoir", "c avo", "c  av", "w 0"} <= set(found)
    assert not [term for term in found if "89" in term or "4711" in term or "711" in term]
    assert max(len(term) for term in found if " " not in term.removeprefix(WORD)) == len(WORD) + LONGEST_WORD


def test_terms_of_a_huge_mail_are_had_in_no_time() -> None:
    began = time.process_time()
    for text in ("a" * 200_000, "a1" * 100_000, "a " * 100_000, "1 " * 100_000, "\u0301" * 200_000):
        assert len(terms(text, text)) < 20_000
    assert time.process_time() - began < 5


def test_probabilities_are_one_together_however_high_the_scores() -> None:
    found = probabilities([5_000.0, 4_999.0, -5_000.0], 1.0)
    assert sum(found) == pytest.approx(1)
    assert found[0] > found[1] > found[2]


def test_a_mail_that_only_the_last_rule_takes_is_suggested_a_queue_for_its_words() -> None:
    suggestion = decided("where is your avoir").suggestion
    assert suggestion is not None
    assert (suggestion.queue.label, suggestion.queue.words) == ("billing", ("your avoir",))
    assert suggestion.queue.probability > 0.9
    assert suggestion.request_type is not None
    assert suggestion.request_type.label == "credit-note"
    assert (suggestion.applied, suggestion.model) == (False, "2026-03-01T00:00:00+00:00")


def test_words_that_stand_alone_are_named_alone() -> None:
    suggestion = decided("avoir").suggestion
    assert suggestion is not None
    assert suggestion.queue.words == ("avoir",)


def test_a_suggestion_is_told_and_the_mail_stays_where_the_last_rule_put_it() -> None:
    verdict = decided("where is your avoir")
    assert (verdict.routing.queue, verdict.routing.rule) == ("triage", "rest")
    told = dict(telling.told(verdict, a_message(), a_context().received_at))[kinds.SUGGESTED]
    assert (told["queue"], told["words"], told["applied"]) == ("billing", ["your avoir"], False)
    assert (told["request_type"], told["type_words"]) == ("credit-note", ["your avoir"])


def test_without_a_request_type_the_queue_alone_is_told() -> None:
    verdict = decided("avoir", a_model(request_type=None))
    told = dict(telling.told(verdict, a_message(), a_context().received_at))[kinds.SUGGESTED]
    assert (told["request_type"], told["type_probability"], told["type_words"]) == (None, None, [])


def test_a_mail_goes_by_itself_where_the_policy_sets_a_threshold_that_it_reaches() -> None:
    verdict = decided("where is your avoir", apply_from=0.9)
    assert (verdict.routing.queue, verdict.routing.rule) == ("billing", LEARNED)
    assert verdict.routing.request_type is None  # not as sure as that
    assert verdict.routing.trace[-1].why.endswith("for queue billing, and [learning] applies from 90%")
    assert verdict.suggestion is not None
    assert verdict.suggestion.applied


def test_a_request_type_as_sure_is_followed_too() -> None:
    sure = Head(labels=TYPE.labels, bias=TYPE.bias, temperature=0.2, weights=WEIGHTS)
    verdict = decided("where is your avoir", a_model(request_type=sure), apply_from=0.9)
    assert verdict.routing.request_type == "credit-note"


def test_a_threshold_that_is_not_reached_changes_nothing() -> None:
    verdict = decided("where is your avoir and the contract", apply_from=1.0)
    assert (verdict.routing.queue, verdict.routing.rule) == ("triage", "rest")


@pytest.mark.parametrize(
    ("words", "model"),
    [
        pytest.param("the invoice and your avoir", None, id="another-rule-took-it"),
        pytest.param("nothing known", None, id="no-word-is-known"),
        pytest.param(
            "the contract", a_model(queue=Head(labels=("billing", "gone"), bias=(0, 0), temperature=0.5,
                                                weights=WEIGHTS)), id="its-queue-is-gone",
        ),
    ],
)  # fmt: skip
def test_nothing_is_suggested_where(words: str, model: Model | None) -> None:
    assert decided(words, model).suggestion is None


def test_nothing_improbable_is_suggested() -> None:
    assert decided("where is your avoir", suggest_from=1.0).suggestion is None
    suggestion = decided("the contract", suggest_from=0.6).suggestion  # a type that the policy does not know
    assert suggestion is not None
    assert (suggestion.queue.label, suggestion.request_type) == ("legal", None)


def test_a_machines_mail_is_suggested_nothing() -> None:
    assert decided("where is your avoir", None, ("Auto-Submitted", "auto-generated")).suggestion is None


def test_without_a_model_nothing_is_suggested() -> None:
    verdict = triage(a_message(subject="avoir"), a_context(), compile_policy(policy_with()), a_context().received_at)
    assert verdict.suggestion is None


def test_a_redacted_mail_is_what_is_asked_about() -> None:
    weights = {"w iban": [4.0, 0.0]}
    head = Head(labels=("billing", "legal"), bias=(0, 0), temperature=0.5, weights=weights)
    model = Model(made_at="", mails=1, idf={"w iban": 1.0}, queue=head, request_type=None)
    suggestion = decided("to DE89 3704 0044 0532 0130 00", model).suggestion
    assert suggestion is not None
    assert suggestion.queue.words == ("iban",)
