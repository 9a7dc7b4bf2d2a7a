"""The person who writes: as he signs, introduces himself, or fills in a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from ingest.message import Address
from processor.triage.details.closing import Piece
from processor.triage.details.firms import core_of, has_role, is_firm, is_role, matching
from processor.triage.details.found import Certainty
from processor.triage.details.people_words import MAILBOX, TITLES
from processor.triage.plain import Plain, finder, plain

_MOST = 50
_CAPITAL = r"[A-ZÀ-ÞŁŚŠŽĐ][\w'’-]*\.?"
_NAME = rf"{_CAPITAL}(?: (?:(?:de|da|do|dos|del|la|van|von|der|den|ter|bin|al|el|y|e) )?{_CAPITAL}){{0,4}}"
_NAMED = re.compile(_NAME)
INTRODUCED = (
    r"\b(?:my name is|i am called|je m'appelle|mein name ist|ich hei(?:\?|ss)e|me llamo|mi nombre es|client name"
    r"|contact name"
    r"|contact person|ansprechpartner|votre contact)[ \t]*:?[ \t]+"
    r"|(?:^|\n)[ \t]*(?:name|nom|nombre)[ \t]*:[ \t]+"
    r"|(?:^|[\n.,!] ?)(?:c'est|ici|this is|it's|soy)[ \t]+"
)
_INTRODUCED = finder(INTRODUCED)
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 4  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person whom the text names from `start` on."""

    text: str
    start: int
    certainty: Certainty


def names_of(sender: Address | None) -> frozenset[str]:
    """The words of the sender's name, and of the part of his address that may be one."""
    if sender is None or (sender.name and not named(sender)):
        return frozenset()
    local = sender.local
    written = _WORD.findall(plain(f"{sender.name} {local}"))
    return frozenset(word for word in written if len(word) > 1) - TITLES


@lru_cache(maxsize=1024)
def named(sender: Address) -> str:
    """The sender's name, where it is that of a person."""
    nobody = sender.local.lower() in MAILBOX or is_firm(sender.name) or has_role(sender.name) or _is_of_domain(sender)
    return "" if nobody else sender.name


def _is_of_domain(sender: Address) -> bool:
    """The whole name is that of the domain, and the part before it is no part of the name."""
    found = matching(sender.name, core_of(sender.domain))
    local = _WORD.findall(plain(sender.local))
    return found is not None and found[0] == 0 and not set(_WORD.findall(plain(sender.name))).intersection(local)


def signers(pieces: Sequence[Piece], names: frozenset[str]) -> Iterator[Person]:
    """Who signs: a piece that is the sender's name, else the first that reads like a name."""
    for piece in pieces:
        if is_firm(piece.text):
            continue
        words = [word for word in _WORD.findall(plain(piece.text)) if word not in TITLES]
        if any(len(word) == 1 for word in words) and names.intersection(words):
            return  # "G. Vos": From says more
        if words and any(map(partial(_is_of, names), words)) and len(words) <= _LONGEST:
            yield Person(text=_tidy(piece.text), start=piece.start, certainty="stated")
            return
    first = pieces[0] if pieces else None
    if first is not None and _like_a_name(first.text, 1 if not names else 2):
        yield Person(text=_tidy(first.text), start=first.start, certainty="likely")


def introduced(read: Plain) -> Iterator[Person]:
    """Whoever says "my name is", or whose name a form gives."""
    for match in _INTRODUCED(read, _MOST):
        name = _NAMED.match(read.written, match.end())
        if name is not None and not is_firm(name[0]) and not is_role(name[0]):
            yield Person(text=name[0].rstrip("."), start=name.start(), certainty="stated")


def _is_of(names: frozenset[str], word: str) -> bool:
    """It is one of the names, or a short form of one."""
    return word in names or (len(word) > 1 and any(name.startswith(word) for name in names))


def _like_a_name(text: str, least: int) -> bool:
    words = text.split()
    return (
        least <= len(words) <= _LONGEST
        and all(word[:1].isupper() and not any(map(str.isdigit, word)) for word in words)
        and not text.isupper()
        and not is_firm(text)
        and not is_role(text)
    )


def _tidy(text: str) -> str:
    return text.strip(" .,;:-–—*_!")
