"""Domains that look like one that is known, so that a reader takes the one for the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

LONGEST = 63  # octets of a label (RFC 1035)
_MOST_LABELS = 6
_SHORTEST_WORD = 5  # letters of a name that may be one of several words

# Letters and digits that look like others (Unicode TR39), as far as names of firms are written in them.
_ALIKE = {
    **dict(zip("аьсԁеёəгһіїјӏкԛгѕтвнмрохуԝзпи", "abcdeeerhiijlkqrstbhmpoxyw3nn", strict=True)),
    **dict(zip("αβγδεηικνορτυχω", "abydenikvoptuxw", strict=True)),
    **dict(zip("ɑɡıȷʟɴʀʙɪ", "agijlnrbi", strict=True)),
    **dict(zip("ßæœøłđħŧþ", "baooldhtp", strict=True)),
}
_LETTERS = str.maketrans(_ALIKE)
_OTHER_ALPHABETS = re.compile("[\u0180-\u02af\u0370-\u052f]")
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SAME = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b", "3": "e", "q": "g"})

# What stands before the country in the endings of names, such as co.uk.
_SECOND = frozenset(("ac", "co", "com", "edu", "gob", "gouv", "gov", "net", "org", "asso", "ltd", "plc", "or", "ne"))


def as_latin(text: str) -> str:
    """Small Latin letters in place of those of other alphabets that look like them; without such the text as it is."""
    return text.casefold().translate(_LETTERS) if _OTHER_ALPHABETS.search(text) else text


def shown(domain: str) -> str:
    """The domain as mail programs show it: U-labels in place of A-labels (RFC 5890)."""
    return ".".join(_unicode(label) for label in domain.lower().strip(".").split("."))


@lru_cache(maxsize=4096)
def name_of(domain: str) -> tuple[str, str]:
    """The name that somebody has registered, and what follows it: ("wordbridge", "co.uk")."""
    labels = shown(domain).split(".")
    ending = 2 if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2 else 1
    return (labels[-ending - 1], ".".join(labels[-ending:])) if len(labels) > ending else (labels[0], "")


@lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """The same for all texts that look alike: small letters, without marks, with one letter for those that are alike.

    Of such letters in a row (rn for m) the short form. Not shown to anybody.
    """
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
    plain = plain.translate(_LETTERS)
    plain = plain.translate(_SAME)
    for pair, one in _PAIRS:
        plain = plain.replace(pair, one)
    return plain


def imitated(domain: str, known: Collection[str]) -> tuple[str, str] | None:
    """The known domain that this one looks like, and how; None where it is one of them, or looks like none.

    Linear in the number of known ones: hand in those alone that can be meant (`probes`).
    """
    mine, parts = name_of(domain), frozenset(_parts(domain))
    if domain in known or any(domain.endswith(f".{one}") for one in known):
        return None
    for one in known:
        if how := _likeness(mine, parts, name_of(one)):
            return one, how
    return None


def pieces(domain: str) -> frozenset[str]:
    """By which a known domain is found again from one that looks like it: one of its pieces is one of its `probes`."""
    name = skeleton(name_of(domain)[0])
    whole = f"={name}"
    count = _distance_of(len(name)) + 1
    if count == 1:
        return frozenset((whole,))
    return frozenset((whole, *(f"{len(name)}.{start}.{piece}" for start, piece in _cut(name, count))))


def probes(domain: str) -> frozenset[str]:
    """The pieces that a known domain may have which this one looks like; some hundred at most."""
    return frozenset((*_words(domain), *_shifted(skeleton(name_of(domain)[0]))))


def _likeness(mine: tuple[str, str], parts: frozenset[str], known: tuple[str, str]) -> str:
    (name, ending), (theirs, their_ending) = mine, known
    if name == theirs and ending != their_ending:
        return "the same name under another ending"
    seen, sought = skeleton(name), skeleton(theirs)
    if seen == sought:
        return "letters that look alike"
    if name.replace("-", "") == theirs.replace("-", ""):
        return "a hyphen more or less"
    if sought in parts and (len(sought) >= _SHORTEST_WORD or "-" in name):
        return "the same name with something added"
    most = _distance_of(len(sought))
    if most and (far := distance(seen, sought, most)) <= most:
        return f"{far} letter{'s' if far > 1 else ''} away"
    return ""


def distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour until they are the same; `most` + 1 for any more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)


def _distance_of(length: int) -> int:
    """How many letters may differ: in a short name one letter makes another name."""
    return 0 if length < 5 else 1 if length < 9 else 2


def _cut(name: str, count: int) -> Iterator[tuple[int, str]]:
    """So many pieces, each with its place: of that many changes less one, one piece at least stays whole."""
    size = len(name) // count
    for number in range(count):
        start = number * size
        yield start, name[start : start + size] if number < count - 1 else name[start:]


def _shifted(name: str) -> Iterator[str]:
    """Each piece that a name of nearly this length may have, at each place where it may have gone."""
    for length in range(max(len(name) - 2, 5), len(name) + 3):
        most = _distance_of(length)
        for start, piece in _cut("x" * length, most + 1):
            for place in range(max(start - 2, 0), start + 3):
                if len(found := name[place : place + len(piece)]) == len(piece):
                    yield f"{length}.{start}.{found}"


def _words(domain: str) -> Iterator[str]:
    yield f"={skeleton(name_of(domain)[0])}"
    yield f"={skeleton(name_of(domain)[0].replace('-', ''))}"
    yield from (f"={part}" for part in _parts(domain))


def _parts(domain: str) -> Iterator[str]:
    """What a longer name may be made of: words between hyphens, beginnings and ends, and the names before it."""
    name = name_of(domain)[0]
    yield from (skeleton(word) for word in name.split("-")[:_MOST_LABELS])
    yield from (skeleton(label) for label in shown(domain).split(".")[:-1][-_MOST_LABELS:])
    plain = skeleton(name)
    for cut in range(_SHORTEST_WORD, len(plain)):
        yield plain[:cut]
        yield plain[-cut:]


def _unicode(label: str) -> str:
    if not label.startswith("xn--") or len(label) > LONGEST:
        return label[:LONGEST]
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label
