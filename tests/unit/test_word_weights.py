"""Word weights: what was learned of single words speaks for a request type, and says by which words."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.cost import within_its_time

from ingest.errors import Configuration
from ingest.message import Attachment, Message
from processor import resources
from processor.policy import Policy, load_policy
from processor.policy.word_weights import FORMAT, NOTHING, read_word_weights
from processor.triage.learned_words import LearnedWords
from processor.triage.routing import Routing, compile_rules
from processor.triage.sentences import folded
from processor.triage.word_terms import in_words, word_terms, words_of

CHECKOUT = Path(__file__).resolve().parents[2]
FOR, AGAINST, NEITHER = chr(NOTHING + 20), chr(NOTHING - 20), chr(NOTHING)
DATA: dict[str, Any] = {
    "format": FORMAT,
    "mails": 3,
    "labels": ["refund", "missing-payment", "general"],
    "bias": [0.0, 0.0, 0.0],
    "temperature": 0.5,
    "step": 0.1,
    "terms": {
        "geld": [1.0, FOR + AGAINST + NEITHER],
        "geld zuruck": [2.0, FOR + NEITHER + NEITHER],
        "zuruc*": [1.0, FOR + AGAINST + AGAINST],
        "said: money": [1.0, FOR + NEITHER + AGAINST],
        "0": [1.0, NEITHER + FOR + NEITHER],
        "file: rechnung": [1.0, NEITHER + FOR + NEITHER],
        "zuruck": [0.1, NEITHER * 3],
        "subject: frage": [1.0, NEITHER + NEITHER + FOR],
    },
}
RULES: dict[str, Any] = {
    "desk": {"name": "Desk", "address": "desk@desk.example", "key": {"env": "KEY"}},
    "mailboxes": [{"kind": "folder", "name": "scans", "path": "scans"}],
    "smtp": {"host": "localhost"},
    "queues": {"triage": {"label": "Triage"}, "money": {"label": "Money"}},
    "vocabulary": {"money": {"de": ["geld"]}, "court": {"en": ["court"]}},
    "rules": [
        {
            "name": "refund",
            "queue": "money",
            "evidence": [{"learned": "refund", "weight": 3}, {"all": ["court"], "weight": 1}],
        },
        {"name": "catch-all", "queue": "triage"},
    ],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "words.json"
    path.write_text(json.dumps(DATA), encoding="utf-8")
    return path


def mail(subject: str = "", text: str = "", *files: str) -> Message:
    enclosed = tuple(
        Attachment(name=name, declared_type="application/pdf", detected_type=None, size=1, sha256="") for name in files
    )
    return Message(sha256="", headers=(), subject=subject, text=text, new_text=text, attachments=enclosed)


def routed(file: Path | str, message: Message) -> Routing:
    policy = Policy.model_validate({**RULES, "word_weights": str(file)})
    return compile_rules(policy).route(message, "de", False, ())


def test_words_that_were_learned_take_a_mail_and_are_named(file: Path) -> None:
    routing = routed(file, mail(text="Unser Geld zurück."))
    assert routing.queue == "money"
    assert routing.trace[-1].why == (
        "weighs 5.7 of 2: +5.7 'geld zuruck', 'geld', money, 'zuruc*' as in mails of refund"
    )


def test_of_a_mail_in_an_unknown_language_nothing_is_guessed_by_the_one_word_that_is_known(file: Path) -> None:
    assert routed(file, mail(text="Proszę o geld dla nas")).queue == "triage"


def test_of_words_that_speak_for_another_request_a_rule_says_nothing(file: Path) -> None:
    routing = routed(file, mail("Frage", "4711", "rechnung.pdf"))
    assert (routing.queue, routing.trace[0].why) == ("triage", "weighs nothing")


def test_what_speaks_against_a_rule_counts_beside_what_speaks_for_it(file: Path) -> None:
    assert routed(file, mail(text="Court. 12 12.")).trace[0].why.startswith("weighs -5.4 of 2")


@pytest.mark.parametrize("words", ["none", "file"])
def test_where_nothing_was_learned_or_no_word_is_known_the_rules_are_alone(file: Path, words: str) -> None:
    text = "Geld zurück" if words == "none" else "nichts dergleichen"
    assert routed("none" if words == "none" else file, mail(text=text)).trace[0].why == "weighs nothing"


def test_every_number_is_the_same_term() -> None:
    given = folded(mail("INV-1", "Konto DE89370400440532013000, 12,50 EUR", "R-2026.pdf"))
    terms = list(word_terms(given, words_of(given), ()))
    assert not any(sign in "123456789" for term in terms for sign in term)
    assert "0" in terms


def test_without_weights_no_word_says_anything() -> None:
    said = LearnedWords(None).read(folded(mail("Frage", "Geld")), ("money",))
    assert (said.speaks, said.words("refund")) == ({}, ())


def test_probabilities_of_all_labels_come_to_one(file: Path) -> None:
    said = LearnedWords(read_word_weights(file)).read(folded(mail("Frage", "Geld")), ("money",))
    assert said.speaks.keys() == set(DATA["labels"])
    assert max(said.speaks, key=lambda label: said.speaks[label]) == "refund"
    assert said.words("general") == ("subject: frage",)


def test_the_largest_mail_is_read_in_a_moment() -> None:
    weights = LearnedWords(load_policy(resources.daydesk_toml(), resources.shipped_policy).words)
    worst = mail("refund " * 30_000, "a1 " * 70_000, *["invoice " * 1000] * 50)
    with within_its_time():
        assert weights.read(folded(worst), ()).speaks


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "other"}, "its format is 'other'"),
        ({"bias": [0.0]}, "do not fit"),
        ({"temperature": 0}, "do not fit"),
        ({"step": -1}, "do not fit"),
        ({"step": "NaN"}, "'NaN' is no number"),
        ({"terms": {"geld": [1.0, "O"]}}, "the row 'O' is not of 3 labels"),
        ({"terms": []}, "holds no word weights"),
        ({"terms": {"geld": [1.0, [1, 2, 3]]}}, "holds no word weights"),
        ({"terms": {"geld": [1.0]}}, "holds no word weights"),
        ({"terms": {"geld": [1.0, "ÖÖÖ"]}}, "holds no word weights"),
    ],
)
def test_a_file_that_holds_something_else_is_told_by_its_name(file: Path, change: dict[str, Any], why: str) -> None:
    file.write_text(json.dumps(DATA | change), encoding="utf-8")
    with pytest.raises(Configuration, match=why) as told:
        read_word_weights(file)
    assert str(file) in str(told.value)


def test_a_file_that_is_not_there_or_too_large_is_told(file: Path) -> None:
    with pytest.raises(Configuration, match="cannot be read"):
        read_word_weights(file.parent / "missing.json")
    with file.open("ab") as out:
        out.truncate(50_000_001)
    with pytest.raises(Configuration, match="too large"):
        read_word_weights(file)


def written(folder: Path, words: str, **rule: Any) -> Path:
    path = folder / "daydesk.toml"
    text = Path(resources.daydesk_toml()).read_text(encoding="utf-8")
    evidence = rule.get("evidence", '{ learned = "refund", weight = 3 }')
    own = f'[[rules]]\nname = "own"\nqueue = "legal"\nevidence = [{evidence}]\n'
    path.write_text(f'word_weights = "{words}"\n{text}\n{own}', encoding="utf-8")
    return path


def test_the_file_is_looked_for_beside_the_policy_and_changes_its_version(tmp_path: Path, file: Path) -> None:
    shipped = load_policy(resources.daydesk_toml(), resources.shipped_policy)
    labels = {"labels": list(shipped.words.labels) if shipped.words else [], "bias": [0.0] * 31, "terms": {}}
    file.write_text(json.dumps(DATA | labels), encoding="utf-8")
    one = load_policy(written(tmp_path, "words.json"), resources.shipped_policy)
    assert (one.words.mails if one.words else 0) == 3
    file.write_text(json.dumps(DATA | labels | {"mails": 4}), encoding="utf-8")
    other = load_policy(written(tmp_path, "words.json"), resources.shipped_policy)
    none = load_policy(written(tmp_path, "none"), resources.shipped_policy)
    assert none.words is None
    assert len({one.version, other.version, none.version}) == 3


def test_a_label_that_was_never_learned_is_a_mistake_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "none", evidence='{ learned = "refunds", weight = 3 }')
    path.write_text(path.read_text(encoding="utf-8").replace('word_weights = "none"\n', ""), encoding="utf-8")
    policy = load_policy(path, resources.shipped_policy)
    with pytest.raises(Configuration, match=r"daydesk\.toml:\d+: .*'refunds' is not defined; there are account-man"):
        compile_rules(policy)


def test_learned_evidence_looks_at_the_whole_mail(tmp_path: Path) -> None:
    path = written(tmp_path, "none", evidence='{ learned = "refund", all = ["refund"], weight = 3 }')
    with pytest.raises(Configuration, match="can have no all, none or where"):
        load_policy(path, resources.shipped_policy)


def test_the_shipped_weights_know_every_request_type_of_the_shipped_policy() -> None:
    policy = load_policy(resources.daydesk_toml(), resources.shipped_policy)
    assert policy.words
    assert set(policy.words.labels) == policy.request_types.keys()


def test_mails_to_learn_from_are_labelled_with_request_types_and_name_nobody_real() -> None:
    policy = load_policy(resources.daydesk_toml(), resources.shipped_policy)
    for file in sorted((CHECKOUT / "training" / "mails").glob("*.toml")):
        for number, one in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["mails"], 1):
            where = f"{file.name} {number}: {one['subject']}"
            assert one.keys() <= {"type", "subject", "from", "text", "attachments", "automatic", "queue"}, where
            assert one["type"], where
            assert set(one["type"]) <= policy.request_types.keys(), where
            assert one["from"].rstrip(">").endswith(".example"), where
            assert one["subject"] or one["text"].strip(), where


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("geld", "'geld'"),
        ("said: your-invoice", "your-invoice"),
        ("subject: frage", "'frage' in the subject"),
        ("file:", "a file"),
        ("file: rib", "'rib' in the name of a file"),
    ],
)
def test_a_term_is_told_in_words(term: str, told: str) -> None:
    assert in_words(term) == told
