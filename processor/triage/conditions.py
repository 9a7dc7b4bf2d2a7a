"""The conditions of a rule, each made ready once and then asked about many mails.

What they say quotes the policy alone, never the mail: people read it, and a mail may hold bank details (I9).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from fnmatch import translate
from re import IGNORECASE, Pattern
from re import compile as compile_glob

from processor.policy import When
from processor.triage.circumstantial import compile_circumstances
from processor.triage.facts import Condition, Facts
from processor.triage.patterns import compile_set
from processor.triage.phrases import canonical

__all__ = ["Condition", "Facts", "compile_when", "phrases_of"]


def compile_when(when: When) -> Iterator[Condition]:
    """The conditions that this table names; the cheap ones first."""
    if when.automatic is not None:
        yield _automatic(when.automatic)
    if when.language:
        yield _language(when.language)
    if when.sender:
        yield _globs("sender", when.sender, _senders)
    if when.recipient:
        yield _globs("recipient", when.recipient, lambda facts: facts.recipients)
    if when.attachment:
        yield _globs("attachment", when.attachment, _attachments)
    yield from compile_circumstances(when)
    if when.words:
        yield _words("words", when.words)
    if when.and_words:
        yield _words("and_words", when.and_words)
    if when.subject_words:
        yield _words("subject_words", when.subject_words, subject_only=True)
    if when.not_words:
        yield _words("not_words", when.not_words, wanted=False)
    if when.patterns:
        yield _patterns(when.patterns)


def phrases_of(when: When) -> Iterator[str]:
    """Every phrase, canonical, that this table asks for."""
    for words in (when.words, when.and_words, when.subject_words, when.not_words):
        yield from map(canonical, words)


def _words(key: str, phrases: tuple[str, ...], *, subject_only: bool = False, wanted: bool = True) -> Condition:
    written = {canonical(phrase): phrase for phrase in reversed(phrases)}  # in order, the first spelling kept
    order = tuple(reversed(written.items()))
    asked = frozenset(written)

    def found(facts: Facts) -> str:
        if asked.isdisjoint(facts.phrases):  # so it is for most rules and mails
            return ""
        if not asked.isdisjoint(facts.subject_phrases):
            return f"{key}: {_first(order, facts.subject_phrases)!r} in the subject"
        if not subject_only and not asked.isdisjoint(facts.text_phrases):
            return f"{key}: {_first(order, facts.text_phrases)!r} in the text"
        return ""

    return Condition(found=found, wanted=wanted, lacking=f"{key}: none of {len(phrases)}")


def _first(order: tuple[tuple[str, str], ...], present: Collection[str]) -> str:
    return next(phrase for key, phrase in order if key in present)


def _patterns(patterns: tuple[str, ...]) -> Condition:
    matching = compile_set(patterns)

    def found(facts: Facts) -> str:
        for place, octets in zip(("subject", "text"), facts.octets, strict=True):
            if numbers := matching(octets):
                return f"patterns: number {min(numbers) + 1} of {len(patterns)} in the {place}"
        return ""

    return Condition(found=found, lacking=f"patterns: none of {len(patterns)}")


def _globs(key: str, globs: tuple[str, ...], values: Callable[[Facts], Collection[str]]) -> Condition:
    # A domain alone stands for every address in it.
    full = [f"*@{glob}" if key != "attachment" and "@" not in glob else glob for glob in globs]
    compiled: list[Pattern[str]] = [compile_glob(translate(glob), IGNORECASE) for glob in full]

    def found(facts: Facts) -> str:
        for value in values(facts):
            for glob, expression in zip(globs, compiled, strict=True):
                if expression.match(value):
                    return f"{key}: {glob!r}"
        return ""

    return Condition(found=found, lacking=f"{key}: none of {len(globs)}")


def _senders(facts: Facts) -> Collection[str]:
    return [address.address for address in facts.message.from_]


def _attachments(facts: Facts) -> Collection[str]:
    return [
        value
        for attachment in facts.message.attachments
        if not attachment.inline
        for value in (attachment.name, attachment.detected_type or attachment.declared_type)
    ]


def _language(languages: tuple[str, ...]) -> Condition:
    def found(facts: Facts) -> str:
        return f"language: {facts.language}" if facts.language in languages else ""

    return Condition(found=found, lacking=f"language: not {' or '.join(languages)}")


def _automatic(wanted: bool) -> Condition:
    held = "automatic: written by a machine" if wanted else "automatic: written by a person"
    lacking = "automatic: not written by a machine" if wanted else "automatic: written by a machine"

    def found(facts: Facts) -> str:
        return held if facts.automatic == wanted else ""

    return Condition(found=found, lacking=lacking)
