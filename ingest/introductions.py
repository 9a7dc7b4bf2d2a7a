"""Where other people's words begin in a text: a quoted line, what introduces it, a copied mail."""

from __future__ import annotations

import re

import quotequail

from ingest.quoting_words import (
    BEGIN_FORWARDED,
    FIELD,
    INTRODUCTION_ANEW,
    INTRODUCTION_END,
    INTRODUCTION_START,
    MOMENT,
    ORIGINAL,
    VERB,
)

LINE = 500  # of a line, for the rules; a longer line is never a mark of quoting
_INTRODUCTION_LINES = 7
_BLOCK_LINES = 14  # of header fields
_SOME_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|mailto:")
# Quick looks: without these a line is neither. Most lines have none.
_MAY_OPEN = re.compile(r"[:：]|^[\s*>]*[-‐‑–—―_=*]{2}")
_MAY_INTRODUCE = re.compile(r"[\d@:：]|[-‐]{3}|^\W*(?:On|At|Le|El|Am|Il|Em|Op|Den|Dne|Dnia|W)\s")
_GMAIL_DATE = re.compile(r"\d{4}[-/]\d\d?[-/]\d\d?(?: \d\d?:\d\d GMT[+-]\d\d:?\d\d .+| .*<[^<>]*@[^<>]*>:?)$")
_ENDS_IN_ADDRESS = re.compile(r"@[^\s<>@]+>{1,2}\s?[:：]$")


def is_quoted(lines: list[str], position: int) -> bool:
    """A line that begins with `>`; but `>From` alone among the writer's words is an mbox file's doing."""
    if position >= len(lines) or not lines[position].lstrip().startswith(">"):
        return False
    if not lines[position].startswith(">From "):
        return True
    around = (lines[position - 1] if position else "", lines[position + 1] if position + 1 < len(lines) else "")
    return any(line.startswith(">") for line in around)


def opens_copy(lines: list[str], position: int) -> bool:
    """Does a copied or forwarded mail begin here: a line that says so, or a block of its header fields?"""
    line = lines[position][:LINE]
    if not _MAY_OPEN.search(line):
        return False
    if ORIGINAL.fullmatch(line) or BEGIN_FORWARDED.fullmatch(line):
        return True
    return is_header_block(lines, position)


def is_header_block(lines: list[str], position: int) -> bool:
    """From, and two more of date, recipients and subject; one of them sure: a subject or an address.

    Some programs put the date first; then From has to be right below.
    """
    first = FIELD.fullmatch(lines[position][:LINE])
    if first is None or (first["from"] is None and not (first["date"] and _is_from(lines, position + 1))):
        return False
    kinds: set[str] = set()
    sure = False
    misses = 0
    for line in lines[position : position + _BLOCK_LINES]:
        field = FIELD.fullmatch(line[:LINE])
        if field is None:
            misses += 1
            if misses > (3 if len(kinds) < 2 else 2):
                break
            continue
        kind = next(name for name in ("from", "date", "other", "subject") if field[name] is not None)
        kinds.add(kind)
        sure = sure or kind == "subject" or "@" in field["value"]
    return len(kinds) >= 3 and sure


def _is_from(lines: list[str], position: int) -> bool:
    field = FIELD.fullmatch(lines[position][:LINE]) if position < len(lines) else None
    return field is not None and field["from"] is not None


def introduction_end(lines: list[str], position: int) -> int:
    """One past the last line of the words that introduce a quotation ("On ... wrote:"); 0 where there are none."""
    first = lines[position][:LINE].strip()
    if not _MAY_INTRODUCE.search(first):
        return 0
    if _GMAIL_DATE.match(first):
        return position + 1
    if (INTRODUCTION_START.match(first) or _SOME_ADDRESS.search(first)) and (end := _dated_end(lines, position)):
        return end
    return position + 1 if _introduces_marked(first) and is_quoted(lines, next_with_words(lines, position + 1)) else 0


def _dated_end(lines: list[str], position: int) -> int:
    """The same of those that name a moment or an address, on several lines where a program has wrapped them."""
    block = ""
    asked = False
    for end in range(position, min(position + _INTRODUCTION_LINES, len(lines))):
        line = lines[end].strip()
        block = f"{block} {line}".strip()
        goes_on = not line.startswith(">") or line == ">:" or VERB.search(line[:20])
        if len(block) > LINE or (end > position and not goes_on):
            return 0
        if _GMAIL_DATE.match(block) or (INTRODUCTION_END.search(block) and _introduces(block)):
            return 0 if _begins_later(lines[position + 1 : end + 1]) else end + 1
        if not asked and INTRODUCTION_END.search(block) and MOMENT.search(block):
            asked = True  # once alone, since it costs most
            if len(quotequail.quote(block)) > 1:  # it knows languages that we do not
                return end + 1
        if not line and not MOMENT.search(block):
            return 0
    return 0


def next_with_words(lines: list[str], position: int) -> int:
    """The next line that is not blank, or how many lines there are."""
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position


def _begins_later(lines: list[str]) -> bool:
    """Are the lines below the first an introduction of their own, so that the first holds the writer's words?"""
    return any(
        INTRODUCTION_ANEW.match(line) and _introduces(" ".join(map(str.strip, lines[number:])))
        for number, line in enumerate(lines)
    )


def _introduces(block: str) -> bool:
    """A moment or an address must be in it: "On reflection, he wrote:" introduces the writer's own words."""
    addressed = _SOME_ADDRESS.search(block) is not None
    dated = MOMENT.search(block) is not None
    if not addressed and not (dated and INTRODUCTION_START.match(block)):
        return False
    if addressed and dated and _ENDS_IN_ADDRESS.search(block):  # some languages say no verb
        return True
    return VERB.search(block) is not None


def _introduces_marked(line: str) -> bool:
    """Name first and no address ("Ada schrieb am 3.2.2025 um 10:15:"): only believed where marked lines follow."""
    return bool(INTRODUCTION_END.search(line) and VERB.search(line) and (MOMENT.search(line) or len(line) < 60))
