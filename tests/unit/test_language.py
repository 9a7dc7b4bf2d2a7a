"""The language of a mail, over sentences as people write them."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from processor.triage.language import by_small_words, detect
from processor.triage.language_model import load, second_opinion

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


LABELLED = tomllib.loads((Path(__file__).parents[1] / "messages" / "languages.toml").read_text(encoding="utf-8"))


def labelled(least: int, most: int) -> list[tuple[str | None, str]]:
    """Texts of so many letters, each with its language; None where that is none of the four."""
    return [
        (language if language in KNOWN else None, text)
        for language, kinds in LABELLED.items()
        for texts in kinds.values()
        for text in texts
        if least <= sum(map(str.isalpha, text)) <= most
    ]


def test_there_are_enough_labelled_texts() -> None:
    assert sum(len(texts) for kinds in LABELLED.values() for texts in kinds.values()) >= 400
    assert len(labelled(20, 60)) >= 350


@pytest.mark.parametrize(("least", "most", "share"), [(1, 19, 0.8), (20, 60, 0.97), (61, 1_000, 0.98)])
def test_nearly_every_short_text_is_told_by_small_words_alone(least: int, most: int, share: float) -> None:
    texts = labelled(least, most)
    wrong = [
        (language, text) for language, text in texts if (found if (found := told(text)) in KNOWN else None) != language
    ]
    assert len(wrong) <= (1 - share) * len(texts), wrong


def told(text: str) -> str | None:
    return by_small_words(text)[0]


@pytest.mark.parametrize(("language", "text"), labelled(20, 1_000))
def test_no_text_of_twenty_letters_is_taken_for_another_of_the_four(language: str | None, text: str) -> None:
    assert told(text) not in {*KNOWN} - {language}
    assert detect(text) in (language, None)


@pytest.mark.skipif(load() is None, reason="py3langid is not installed: pip install 'daydesk[language]'")
def test_with_a_second_opinion_ninety_eight_short_texts_in_a_hundred_are_told() -> None:
    texts = labelled(20, 60)
    wrong = [(language, text) for language, text in texts if detect(text) != language]
    assert len(wrong) <= 0.02 * len(texts), wrong


@pytest.mark.skipif(load() is None, reason="py3langid is not installed: pip install 'daydesk[language]'")
def test_what_tells_nothing_has_no_second_opinion() -> None:
    assert second_opinion("Gracias por su factura, la pagaremos hoy") == "es"
    assert second_opinion("x") is None


def test_without_the_extra_there_is_no_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    load.cache_clear()
    try:
        assert second_opinion("Gracias por su factura, la pagaremos hoy") is None
        assert detect("Chèque encaissé frauduleusement hélas") in ("fr", None)
    finally:
        load.cache_clear()
