"""Structured fields are read by RFC 5322, and nonsense never fails."""

from __future__ import annotations

import pytest

from processor.triage.fields import first_token, plain_words, without_comments


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("no", "no"),
        ("no (really)", "no"),
        ("(a (nested \\) one)) no", "no"),
        ("no (open", "no"),
        ("no) x", "no) x"),
        ('"(no comment)" x', '"(no comment)" x'),
        ('"quoted \\" (still)" (gone)', '"quoted \\" (still)"'),
        ('("unbalanced) in a comment" x', 'in a comment" x'),
        ("a\\(b", "a\\"),
        ("", ""),
        ("((((", ""),
    ],
)
def test_comments_are_taken_out(value: str, expected: str) -> None:
    assert without_comments(value) == expected


@pytest.mark.parametrize(("value", "expected"), [("No ; x=y", "no"), (" ; no", ""), ("(c) Bulk (d)", "bulk")])
def test_the_first_token_has_no_parameters(value: str, expected: str) -> None:
    assert first_token(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('reason="a; dmarc=pass" (c) x', "reason=a__dmarc_pass  x"),
        ('a="\\"; b=c"', "a=____b_c"),
        ('open "a;b', "open a_b"),
        ('"mx.example" 1', "mx.example 1"),
    ],
)
def test_what_is_quoted_cannot_look_like_the_fields_own_signs(value: str, expected: str) -> None:
    assert plain_words(value) == expected
