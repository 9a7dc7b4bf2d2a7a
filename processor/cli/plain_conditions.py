"""What a rule found in a mail, or missed, for people who have never seen the policy."""

from __future__ import annotations

import re

_SENTENCES = (
    (r"takes every mail", r"it takes every mail that no rule before it took"),
    (r"(?:and_|subject_)?words: ('.*' in the (?:subject|text))", r"\1"),
    (r"not_words: ('.*' in the (?:subject|text))", r"it wants no mail with \1"),
    (r"words: none of (\d+)", r"none of its \1 words is in the mail"),
    (r"and_words: none of (\d+)", r"none of the \1 words that it wants besides is in the mail"),
    (r"subject_words: none of (\d+)", r"none of its \1 words is in the subject"),
    (r"patterns: number (\d+) of (\d+) in the (subject|text)", r"its pattern \1 of \2 fits the \3"),
    (r"patterns: none of (\d+)", r"none of its \1 patterns fits"),
    (r"(sender|recipient|attachment): none of (\d+)", r"the \1 is none of its \2"),
    (r"(sender|recipient|attachment): ('.*')", r"the \1 is like \2"),
    (r"automatic: (.*)", r"\1"),
)
_COMPILED = tuple((re.compile(pattern), words) for pattern, words in _SENTENCES)


def plainly(why: str) -> str:
    """Each condition in a sentence; one that has none of its own stays as the trace has it."""
    return "; ".join(_sentence(one) for one in why.split("; "))


def _sentence(condition: str) -> str:
    for pattern, words in _COMPILED:
        if (found := pattern.fullmatch(condition)) is not None:
            return found.expand(words)
    return condition
