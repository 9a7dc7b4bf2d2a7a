"""Ordinary mails of an accounts department: how many come out garbled, and what reading costs beside mail-parser.

Needs the yardsticks of ../shared/tools, whose mails know what was put into them.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import mailparser

from ingest.parser import parse

TOOLS = Path(__file__).parents[2] / "shared" / "tools"
SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinary:
    """What was counted and measured."""

    mails: int
    garbled: tuple[str, ...]  # mails whose words did not come out as they went in
    ratios: tuple[float, ...]  # our processor time beside mail-parser's alone, each on all the mails, round by round

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    raw: bytes
    words: str  # that its writer wrote, quotation included


def ordinary(count: int = 2_000, rounds: int = 3) -> Ordinary:
    """Reads so many mails; both parsers in turn in every round, so that a busy machine disturbs both alike."""
    mails = made(count)
    garbled = tuple(
        f"{number:06}" for number, mail in enumerate(mails, 1) if _words(parse(mail.raw).text) != mail.words
    )
    ratios = []
    for _ in range(rounds):
        theirs = _seconds(mailparser.parse_from_bytes, mails)
        ratios.append(_seconds(parse, mails) / theirs)
    return Ordinary(mails=count, garbled=garbled, ratios=tuple(ratios))


def made(count: int) -> list[_Mail]:
    """Mails, each with the words that were put into it."""
    maker = _maker()
    written: list[str] = []
    build = maker.text_part

    def noted(chance: random.Random, text: str, charset: str, subtype: str = "plain") -> bytes:
        if subtype == "plain":
            written.append(text)
        part: bytes = build(chance, text, charset, subtype)
        return part

    maker.text_part = noted
    chance = random.Random(SEED)  # noqa: S311 - sample data, not a secret
    senders = [
        (f"{chance.choice(maker.FIRST)} {chance.choice(maker.LAST)}", f"user{number}@supplier{number % 97}.example")
        for number in range(400)
    ]
    mails = []
    for number in range(1, count + 1):
        raw = maker.message(number, random.Random(f"{SEED}/{number}"), senders, SEED)[0]  # noqa: S311
        mails.append(_Mail(raw=raw, words=_words(written[-1])))
    return mails


def _maker() -> ModuleType:
    if not TOOLS.is_dir():
        raise SystemExit(f"The yardsticks are not there: put them into {TOOLS}.")
    sys.path.insert(0, str(TOOLS))
    import make_mail

    module: ModuleType = make_mail
    return module


def _words(text: str) -> str:
    """Without regard to white space, which wrapping may change."""
    return " ".join(text.split())


def _seconds(reader: Callable[[bytes], object], mails: Sequence[_Mail]) -> float:
    begin = time.process_time()
    for mail in mails:
        reader(mail.raw)
    return time.process_time() - begin
