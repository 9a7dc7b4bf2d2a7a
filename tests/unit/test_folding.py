"""Words made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.triage.folding import LIMIT, _fold_any, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", " "),
        (" \n\t", " "),
        ("...!?", " "),
        ("Invoice", " invoice "),
        ("  Two   words\n", " two words "),
        ("l'IBAN, l’IBAN", " l iban l iban "),
        ("Numéro DE Façade", " numero de facade "),
        ("nume\u0301ro", " numero "),
        ("Straße STRASSE", " strasse strasse "),
        ("œuvre ŒUVRE æther", " oeuvre oeuvre aether "),
        ("n° 4711/2026-A", " n 4711 2026 a "),
        ("snake_case", " snake case "),
        ("Łódź Øre đ", " lodz ore d "),
        ("in\u00advoice in\u200bvoice", " invoice invoice "),
        ("Total\u202f€\u00a05", " total 5 "),
        ("ﬁn ½ ™", " fin 1 2 tm "),
        ("請求書 です", " 請求書 て す "),
        ("Счёт й", " счет и "),
        ("µ and ƒ", " μ and ƒ "),
        ("İstanbul ISTANBUL ı", " istanbul istanbul i "),
        ("bank👍details", " bank details "),
        ("lone \ud800 half", " lone half "),
    ],
)
def test_words_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_phrase_is_found_as_whole_words_alone() -> None:
    folded = fold("Please find our REMITTANCE-ADVICE enclosed.")
    assert " remittance advice " in folded
    assert " remit " not in folded
    assert " remit" in folded


def test_no_more_than_the_limit_is_read() -> None:
    assert fold("a " * LIMIT) == " " + "a " * (LIMIT // 2)


@given(st.text(max_size=200))
def test_the_quick_way_gives_what_the_thorough_way_gives(text: str) -> None:
    assert fold(text) == _fold_any(text)


@given(st.text(alphabet=[bytes((octet,)).decode("cp1252", errors="replace") for octet in range(256)], max_size=60))
def test_both_ways_agree_on_western_characters_in_any_neighbourhood(text: str) -> None:
    assert fold(text) == _fold_any(text)


@given(st.text(max_size=100))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_letter_with_thousands_of_marks_is_that_letter() -> None:
    assert fold("a" + "\u0316\u0301" * 30_000 + "b\u0142") == " abl "


def test_letters_and_their_marks_may_stand_in_different_pieces() -> None:
    assert fold("e\u0301" * 2_000 + "\u0142") == f" {'e' * 2_000}l "
