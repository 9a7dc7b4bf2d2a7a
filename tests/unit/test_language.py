"""The language of a mail, over sentences as people write them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from processor.triage.language import detect

SENTENCES = tomllib.loads((Path(__file__).parents[1] / "messages" / "sentences.toml").read_text(encoding="utf-8"))
KNOWN = ("en", "fr", "de", "es")


@pytest.mark.parametrize("language", KNOWN)
def test_there_are_enough_sentences_to_judge_by(language: str) -> None:
    assert len(SENTENCES[language]) >= 30


def test_ninety_eight_sentences_in_a_hundred_are_told_right() -> None:
    wrong = [
        (language, detect(sentence), sentence)
        for language in KNOWN
        for sentence in SENTENCES[language]
        if detect(sentence) != language
    ]
    assert len(wrong) <= 0.02 * sum(len(SENTENCES[language]) for language in KNOWN), wrong


@pytest.mark.parametrize("language", KNOWN)
def test_no_sentence_is_taken_for_another_of_the_four(language: str) -> None:
    assert {detect(sentence) for sentence in SENTENCES[language]} <= {language, None}


@pytest.mark.parametrize("sentence", SENTENCES["other"])
def test_another_language_is_none_of_the_four(sentence: str) -> None:
    assert detect(sentence) is None


@pytest.mark.parametrize(
    "text", ["", "   ", "12345 / 67", "OK", "INV-2026-0042", "Müller GmbH", "http://example.org/a/b?c=d&d=le"]
)
def test_what_says_too_little_has_no_language(text: str) -> None:
    assert detect(text) is None


def test_a_mail_half_in_each_of_two_languages_has_none() -> None:
    half = "Please send us the invoice that you have for this month. "
    other = "Bitte senden Sie uns die Rechnung, die Sie für diesen Monat haben. "
    assert detect(half + other) is None


def test_a_long_mail_is_judged_by_its_beginning() -> None:
    assert detect("We have not received the money that you sent us. " * 20 + "Das ist nicht für uns. " * 500) == "en"


def test_a_greeting_in_another_language_does_not_change_the_mail() -> None:
    assert detect("Bonjour,\nI have not been paid for the work that I did in June. When will you send it?") == "en"


def test_umlauts_do_not_turn_french_into_german() -> None:
    assert detect("Notre client M. Müller à Zürich attend toujours le remboursement de sa facture.") == "fr"
