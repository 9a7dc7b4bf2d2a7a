"""Numbers of papers and clients: what each of them numbers, by the words before it, its list, or its own letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from processor.triage.amounts import Amount
from processor.triage.details.number_likeness import by_likeness
from processor.triage.details.number_tokens import tokens
from processor.triage.details.number_words import (
    EXAMPLES,
    KINDS,
    LINKS,
    LIST_WORDS,
    NUMBER,
    PREFIXES,
    RANGE_WORDS,
    REFERENCES,
    Kind,
)
from processor.triage.details.numbered import FEW, QUARTER, TAX_ID, YEAR, Numbered, shape
from processor.triage.plain import Plain

MOST_NUMBERS = 200  # of one text
LONGEST_RANGE = 20  # numbers; a longer one is told as it is written
_BEFORE = 70  # characters that are looked at for the word that introduces a number

_WORD = re.compile(r"[a-z]+|[0-9][a-z0-9]*|[^\sa-z0-9]")
_SPACED = re.compile(r"(?: [0-9]{1,3}(?![0-9a-z]))+")
_UNITS = re.compile(
    r" ?(?:%|x\b|hours?|hrs?|h\b|days?|weeks?|months?|years?|times|min|heures?|jours?|semaines?|mois|ans?\b|fois"
    r"|stunden?|tagen?"
    r"|tage|wochen?|monat|mal\b|horas?|dias?|semanas?|mes(?:es)?\b|veces|jan|feb|fev|mar|apr|avr|abr|may|mai|jun|jul"
    r"|aug"
    r"|aou|ago|sep|oct|okt|nov|dec|dez|dic|ene|st\b|nd\b|rd\b|th\b|er\b|km|miles?|\. (?:jan|feb|mar|apr|mai|jun|jul"
    r"|aug|sep|okt|nov|dez))"
)
_RANGE = re.compile(r"([a-z]{0,6}[-/]?)([0-9]{2,9})-\1([0-9]{2,9})")
_AS_REFERENCE = re.compile(  # "by transfer with OT-77 in the reference box"
    r" (?:in|as|im|als|en|comme|como) (?:the |our |my |la |le |el |notre |nuestra |unsere )?"
    r"(?:ref|verwendungszweck|libelle|concepto)"
)
_PREFIX = re.compile(r"(?<![\w-])([A-Z]{1,4}) ?\Z")
_LETTERS = re.compile("[a-z]{1,10}")
_OF_A_PAPER = frozenset(("for", "der", "la", "las"))
_LABELS = frozenset(("libelle", "verwendungszweck", "concepto"))
_LONGEST_LABEL = 4  # words
_EXAMPLE = re.compile("|".join(map(re.escape, EXAMPLES)))
_NEAR = 25  # characters
_TAIL = re.compile(r"[0-9]{1,9}\Z")
_ABBREVIATION = 5  # letters
_BANK_ACCOUNT = 8  # digits
_LIST_GAP = 40  # characters between two numbers of a list


def numbers_in(read: Plain, sums: Sequence[Amount] = ()) -> list[Numbered]:
    """All numbers whose kind can be told, in their order; `sums` are amounts, and no numbers of anything.

    Linear in the length of the text.
    """
    text, written = read.text, read.written
    found: list[Numbered] = []
    unknown: list[tuple[int, int]] = []
    before: Numbered | None = None
    for start, end in islice(tokens(read, sums), MOST_NUMBERS):
        before = _introduced(text, written, start, end) or _continued(text, before, start, end)
        if before is None:
            unknown.append((start, end))
        else:
            found.append(before)
    found += by_likeness(text, written, found, unknown)
    found.sort(key=lambda number: number.start)
    return [replace(number, text=one) for number in found if number.kind != "none" for one in _each(number, written)]


def _introduced(text: str, written: str, start: int, end: int) -> Numbered | None:
    """The number, where the words before it say what it numbers."""
    kind, numbered, reference, adjacent = _heading(text[max(0, start - _BEFORE) : start])
    spaced = _spaced_prefix(text, written, start) if written[max(0, start - 2) : start - 1].isupper() else None
    if kind is None and (letters := _PREFIX.search(written, max(0, start - 6), start)):
        kind, numbered, reference, adjacent = _heading(text[max(0, letters.start() - _BEFORE) : letters.start()])
        start, kind = (letters.start(), kind) if kind == "invoice" and adjacent else (start, None)  # "Rechnung KR 882"
    own = _LETTERS.match(text, start)
    if own and not numbered and not adjacent and kind is not None and PREFIXES.get(own[0], kind) != kind:
        kind = PREFIXES[own[0]]  # "what to write on my invoice for J-20981"
    if kind is None and spaced is not None:
        start, kind, numbered = spaced[0], spaced[1], True
    if kind is None:
        return None
    more = _SPACED.match(text, end) if (numbered or adjacent) and text[start:end].isdigit() else None
    if more is not None and more[0].count(" ") > 1:
        end = more.end()
    elif kind != "none" and not _plausible(text, start, end, kind, numbered, adjacent):
        return None
    if kind == "payment" and _AS_REFERENCE.match(text, end):
        kind = "customer"
    return Numbered(kind=kind, start=start, end=end, reference=reference)


def _heading(window: str) -> tuple[Kind | None, bool, bool, bool]:
    """What the last words before a number say it is; whether "number" or "no." is among them, whether "reference" is,
    and whether the telling word is the very last.
    """
    window = window.rpartition("\n\n")[2]
    words = _WORD.findall(window)
    if _EXAMPLE.search(window[-_NEAR:]):
        return "none", False, False, False
    numbered = reference = False
    strangers = 0
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        kind = _kind(words, place)
        if kind == "payment" and not numbered and _OF_A_PAPER.intersection(words[place + 1 :]):
            kind = "invoice"  # "el pago de la RN-340": it tells what is paid
        if kind is not None:
            return kind, numbered, reference, not any(map(str.isalpha, words[place + 1 :]))
        if word in REFERENCES:
            numbered = reference = True
        elif word in NUMBER or word in "°º#":
            numbered = True
        elif (word == ")" and words[max(0, place - 2) : place] == ["(", "s"]) or (
            word == "," and numbered and not reference and place + 1 < len(words)
        ):
            continue
        elif word == ".":
            if place == 0 or not _abbreviation(words[place - 1]):
                break
        elif word in LINKS or word in ":(-/'\"«„“”=*|":
            continue
        elif numbered and strangers == 0 and word.isalpha():
            strangers += 1  # "prélèvement groupé n° ..."
        elif word.isalpha() and strangers < _LONGEST_LABEL and _LABELS.intersection(words[:place]):
            strangers += 1  # "libellé « DÉPÔT DE GARANTIE VX-1 »"
        else:
            break
    return ("customer" if reference else None), numbered, reference, False


def _abbreviation(word: str) -> bool:
    return (
        word in NUMBER or word in REFERENCES or (word in KINDS and (word.endswith("nr") or len(word) <= _ABBREVIATION))
    )


def _kind(words: Sequence[str], place: int) -> Kind | None:
    """What the word at this place says of a number behind it; of two words both count."""
    word = words[place]
    before = words[place - 1] if place else ""
    if word in ("note", "notes", "memo", "memos"):
        return "credit-note" if before == "credit" else None
    if word in ("credit", "credito"):
        return (
            "credit-note" if {"note", "notes", "nota", "notas"}.intersection(words[max(0, place - 2) : place]) else None
        )
    if word == "c":
        return "customer" if before == "/" and words[max(0, place - 2)] == "a" else None
    kind = KINDS.get(word)
    if kind == "order" and {"purchase", "bon"}.intersection(words[max(0, place - 2) : place]):
        return "none"
    if kind == "customer" and {"bank", "banque", "banco"}.intersection(words[max(0, place - 2) : place]):
        return "none"
    return kind


def _spaced_prefix(text: str, written: str, start: int) -> tuple[int, Kind] | None:
    """Capitals before the number that are a part of it: "K 90412", "RE 2026-15"."""
    match = _PREFIX.search(written, max(0, start - 6), start)
    kind = PREFIXES.get(text[match.start(1) : match.end(1)]) if match else None
    return (match.start(1), kind) if match and kind and kind != "none" else None


def _plausible(text: str, start: int, end: int, kind: Kind, numbered: bool, adjacent: bool) -> bool:
    """It may be a number of this kind: no count of something, no year, no account at a bank."""
    number = text[start:end]
    if TAX_ID.fullmatch(number) or (QUARTER.fullmatch(number) and not numbered):
        return False
    if not number.isdigit():
        return number[0].isalpha() or any(sign in number for sign in "-/") or (numbered and len(number) > FEW)
    if YEAR.fullmatch(number) and not numbered:
        return False
    if kind == "cheque":
        return len(number) > FEW
    if kind == "customer" and len(number) >= _BANK_ACCOUNT and not numbered:
        return False
    if len(number) <= FEW:
        return (numbered or adjacent) and _UNITS.match(text, end) is None
    return numbered or adjacent or len(number) > len("2026")


def _continued(text: str, before: Numbered | None, start: int, end: int) -> Numbered | None:
    """The number, where it goes on with the list that the one before it begins or belongs to."""
    if before is None or start - before.end > _LIST_GAP:
        return None
    between = text[before.end : start]
    words = _WORD.findall(between)
    if not words and "\n" not in between:
        return None
    if any(
        word not in LIST_WORDS and word not in RANGE_WORDS and word not in NUMBER and word not in ",;&/+()*•·"
        for word in words
    ):
        return None
    number, last = text[start:end], text[before.start : before.end]
    if len(number) <= FEW and len(last) > len(number) + 1:
        return None
    if _UNITS.match(text, end) or ("\n" in between and shape(number) != shape(last)):
        return None
    ranged = len(words) == 1 and words[0] in RANGE_WORDS
    return replace(before, start=start, end=end, since=last if ranged else "")


def _each(number: Numbered, written: str) -> Iterator[str]:
    """The number as it is written; of a range, each number of it."""
    text = written[number.start : number.end]
    first, last = number.since, text
    if not first and (match := _RANGE.fullmatch(text.lower())) and not YEAR.fullmatch(match[2]):
        first, last = text[: match.end(2)], f"{text[: match.end(1)]}{match[3]}"
    begin, stop = _TAIL.search(first), _TAIL.search(last)
    if begin and stop and len(first) == len(last) and first[: begin.start()].lower() == last[: stop.start()].lower():
        low, high = int(begin[0]), int(stop[0])
        if low < high <= low + LONGEST_RANGE and len(begin[0]) == len(stop[0]):
            skip = 1 if number.since else 0  # it was told when it was read
            yield from (f"{last[: stop.start()]}{one:0{len(stop[0])}}" for one in range(low + skip, high + 1))
            return
    yield text
