"""A text in runs of lines: the writer's own, and those that are folded (quoted, copied, or a signature)."""

from __future__ import annotations

from itertools import groupby

from ingest.introductions import introduction_end, is_quoted, next_with_words, opens_copy
from ingest.message import Passage
from ingest.signatures import signature_start

SCANNED = 65_536  # characters looked at; of what follows them only lines that begin with `>` are quoted


def passages(text: str) -> tuple[Passage, ...]:
    """The text in runs of lines, own and quoted in turn; their texts joined are the text, to the character.

    Quoted are lines that begin with `>`, the words that introduce them, a copied mail from the line that says so on or
    from its block of header fields, and a signature or a telephone's advert below the writer's words. Where nothing
    would be left of the writer's own, nothing is quoted.
    """
    lines = text.split("\n")
    marks = folded(lines)
    last = len(lines) - 1
    found = []
    for quoted, numbers in groupby(range(len(lines)), key=marks.__getitem__):
        run = "".join(lines[number] + ("\n" if number < last else "") for number in numbers)
        if run:
            found.append(Passage(text=run, quoted=quoted))
    return tuple(found)


def folded(lines: list[str]) -> list[bool]:
    """For each line whether it is not the writer's own; all False where nothing else would be left."""
    looked_at = _looked_at(lines)
    marks = [False] * len(lines)
    if any(map(_may_mark, lines[:looked_at])):
        copied = _mark(lines, looked_at, marks)
        for position in range(looked_at, len(lines)):
            marks[position] = copied or lines[position].startswith(">")
    _mark_signatures(lines, looked_at, marks)
    _mark_blanks(lines, marks)
    return marks if _has_words(lines, marks) else [False] * len(lines)


def _looked_at(lines: list[str]) -> int:
    """How many lines are looked at closely."""
    characters = 0
    for number, line in enumerate(lines):
        if characters >= SCANNED:
            return number
        characters += len(line) + 1
    return len(lines)


def _may_mark(line: str) -> bool:
    """A quick look: can this line be quoted, introduce a quotation, or begin a copied mail?"""
    line = line.strip(" \t*")
    return line != "" and (
        line[0] in ">|"
        or line[-1] in ":：-‐"
        or ":" in line[:20]
        or "：" in line[:16]
        or line.startswith(("--", "__"))
        or line[:4].isdigit()
    )


def _mark(lines: list[str], end: int, marks: list[bool]) -> bool:
    """Mark what is quoted; True where all that follows is a copied mail."""
    own = False  # has the writer said anything yet?
    position = 0
    while position < end:
        line = lines[position]
        if is_quoted(lines, position):
            marks[position] = True
            position += 1
        elif opens_copy(lines, position):
            _mark_all(marks, _above(lines, position) if own else 0, end, own)
            return own
        elif after := introduction_end(lines, position):
            begun = next_with_words(lines, after)
            bars = begun < end and lines[begun].lstrip().startswith("|")
            if own and not bars and not is_quoted(lines, begun):
                _mark_all(
                    marks, _above(lines, position), end, True
                )  # quoted without marks: nothing tells where it ends
                return True
            after = _below_bars(lines, begun, end) if bars else min(after, end)
            _mark_all(marks, position, after, True)
            position = after
        else:
            own = own or _says_something(line)
            position += 1
    return False


def _mark_all(marks: list[bool], start: int, end: int, mark: bool) -> None:
    marks[start:end] = [mark] * (end - start)


def _above(lines: list[str], position: int) -> int:
    """Where a copied mail begins, with the line that separates it from the writer's words."""
    start = position
    while start and not _says_something(lines[start - 1]):
        start -= 1
    return start if any(line.strip() for line in lines[start:position]) else position


def _below_bars(lines: list[str], position: int, end: int) -> int:
    while position < end and (lines[position].lstrip().startswith("|") or not lines[position].strip()):
        position += 1
    return position


def _mark_signatures(lines: list[str], end: int, marks: list[bool]) -> None:
    """Below the writer's words, wherever they end: above a quotation or at the end of the text."""
    start = 0
    for position in range(end + 1):
        if position < end and not marks[position]:
            continue
        if start < position and (position == end == len(lines) or position < end):
            _mark_all(marks, signature_start(lines, start, position), position, True)
        start = position + 1


def _mark_blanks(lines: list[str], marks: list[bool]) -> None:
    """Blank lines between quoted ones, and below the last, belong to them."""
    below = -1  # the last quoted line, as long as only blank ones have followed
    for position, line in enumerate(lines):
        if marks[position]:
            if below >= 0:
                _mark_all(marks, below, position, True)
            below = position
        elif line.strip():
            below = -1
    if below >= 0:
        _mark_all(marks, below, len(lines), True)


def _has_words(lines: list[str], marks: list[bool]) -> bool:
    return any(not mark and _says_something(line) for line, mark in zip(lines, marks, strict=True))


def _says_something(line: str) -> bool:
    return line.strip(" \t*-_=>") != ""
