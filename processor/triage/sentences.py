"""Parts the text of a mail into its sentences, so that words are read together that were said together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.message import Message
from processor.triage.folding import LIMIT, fold

MOST_FILES = 20  # whose names are read
MOST = 200  # sentences of a mail that are read apart; the rest is one
WRAPPED = 60  # characters: a longer line goes on in the next one

_END = re.compile(r"""[.!?…]{1,8}["'»”)\]]{0,4}(?:\s+|\Z)|\n(?:[ \t\r]*\n)?""")  # bounded, so that it is linear
_SHORT = re.compile(  # a point after these ends no sentence
    r"(?:^|[\s(])(?:\w|n[or°º]|z\.b|nr|ca|st|dr|mr|ms|mrs|messrs|ref|tel|art|abs|zzgl|bzw|ggf|sr|sra|srta|núm|num|inv|acc"
    r"|a/c|ext|pp|approx|o\.\s?g|i\.\s?a|d\.\s?h|u\.\s?a|p\.\s?ej|mme|mlle|cf|vgl|incl|inkl|usw|etc|kd|kto)$",
    re.IGNORECASE,
)
_LONGEST_SHORT = 8  # characters


_MARK = "xqsx"  # a word that nobody writes; who does ends a sentence there


@dataclass(frozen=True, slots=True)
class Folded:
    """The words of a mail, folded."""

    subject: str
    text: str  # the writer's own
    parts: tuple[tuple[str, bool], ...]  # its sentences, each with whether it ends as a question does
    files: tuple[str, ...]  # names


def folded(message: Message) -> Folded:
    """Of a mail that is sent on, the sentences are those of what it sends on, too: that is what is asked."""
    text, parts = folded_sentences(message.new_text)
    return Folded(
        subject=fold(message.subject),
        text=text,
        parts=tuple(folded_sentences(message.text)[1] if message.forwarded else parts),
        files=tuple(fold(file.name) for file in message.attachments[:MOST_FILES]),
    )


def folded_sentences(text: str) -> tuple[str, list[tuple[str, bool]]]:
    """The whole text folded, and its sentences folded, each with whether it ends as a question does."""
    parts = list(sentences(text))
    marked = fold(f" {_MARK} ".join([part for part, _ in parts]))
    questions = [question for _, question in parts]
    return marked.replace(f"{_MARK} ", ""), list(zip(marked.split(_MARK), questions, strict=False))


def sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Each sentence, and whether it ends as a question does. A blank line or the end of a short line ends one too."""
    text = text[:LIMIT]
    start = line = count = 0
    for found in _END.finditer(text):
        mark, end = found[0], found.end()
        if mark == "\n":
            wrapped, line = found.start() - line >= WRAPPED, end
            if wrapped:
                continue
        elif mark[0] == "." and _SHORT.search(text, max(start, found.start() - _LONGEST_SHORT), found.start()):
            continue
        if count < MOST:
            yield text[start:end], "?" in mark
            start, count = end, count + 1
        if "\n" in mark:
            line = end
    if start < len(text):
        yield text[start:], False
