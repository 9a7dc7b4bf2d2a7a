"""Texts are parted into sentences, so that words are read together that were said together."""

from __future__ import annotations

import pytest

from processor.triage.folding import LIMIT
from processor.triage.sentences import MOST, folded_sentences, sentences


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("We paid. Where is it? Thanks", ["We paid.", "Where is it?", "Thanks"]),
        ("auf o. g. Rechnung fehlt die Nr. 5 von Dr. Kern", ["auf o. g. Rechnung fehlt die Nr. 5 von Dr. Kern"]),
        ("Hello\nplease pay\n\nJohn", ["Hello", "please pay", "John"]),
        (
            "this line is so long that the program that wrote it has broken it\nin two. And on",
            ["this line is so long that the program that wrote it has broken it\nin two.", "And on"],
        ),
        ("1.234,56 EUR at 10.30", ["1.234,56 EUR at 10.30"]),
        ("Stop!» he said", ["Stop!»", "he said"]),
    ],
)
def test_a_sentence_ends_at_its_mark_at_a_blank_line_and_at_the_end_of_a_short_one(
    text: str, parted: list[str]
) -> None:
    assert [part.strip() for part, _ in sentences(text)] == parted


def test_a_sentence_that_ends_with_a_question_mark_asks() -> None:
    assert [asks for _, asks in sentences("We paid. Did it arrive? Yes?!\nYes")] == [False, True, True, False]
    assert [asks for _, asks in sentences("did it arrive?")] == [True]


def test_the_whole_text_and_each_sentence_are_folded() -> None:
    assert folded_sentences("Déjà payé. ??? Où est-ce ?") == (
        " deja paye ou est ce ",
        [(" deja paye ", False), (" ", True), (" ou est ce ", True)],
    )


def test_what_comes_after_the_last_sentence_that_is_read_apart_is_one() -> None:
    assert len(list(sentences("ja. " * 3 * MOST))) == MOST + 1


@pytest.mark.parametrize("part", [". ", "? ", "\n", "\n \n", "a", "!!!", "no. ", "xqsx ", "\r\n\t"])
def test_a_hostile_text_is_parted_as_far_as_it_is_read(part: str) -> None:
    text = part * (200_000 // len(part))
    assert sum(len(sentence) for sentence, _ in sentences(text)) <= LIMIT
    assert len(folded_sentences(text)[1]) <= MOST + 1
