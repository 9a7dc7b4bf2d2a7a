"""The conditions of rules and the reasons for silence are told to people who know neither policy nor codes."""

from __future__ import annotations

import pytest

from processor.cli.plain_conditions import plainly
from processor.cli.reason_words import IN_WORDS
from processor.triage.reasons import Code


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("takes every mail", "it takes every mail that no rule before it took"),
        ("words: 'refund*' in the text", "'refund*' in the text"),
        ("and_words: 'avoir' in the subject", "'avoir' in the subject"),
        ("not_words: 'pay' in the text", "it wants no mail with 'pay' in the text"),
        ("words: none of 22", "none of its 22 words is in the mail"),
        ("and_words: none of 3", "none of the 3 words that it wants besides is in the mail"),
        ("subject_words: none of 1", "none of its 1 words is in the subject"),
        ("patterns: number 2 of 4 in the subject", "its pattern 2 of 4 fits the subject"),
        ("patterns: none of 4", "none of its 4 patterns fits"),
        ("sender: none of 2", "the sender is none of its 2"),
        ("attachment: '*.pdf'", "the attachment is like '*.pdf'"),
        ("automatic: written by a machine", "written by a machine"),
        ("words: 'a' in the text; language: fr", "'a' in the text; language: fr"),
        ("something new: 7", "something new: 7"),
    ],
)
def test_a_condition_is_told_in_plain_words(why: str, told: str) -> None:
    assert plainly(why) == told


def test_every_reason_for_silence_has_words() -> None:
    assert list(IN_WORDS) == [code.value for code in Code]
