"""The firm that writes or is written for: named as such, signing, or bearing the name of the sender's domain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from processor.triage.details.closing import Piece
from processor.triage.details.found import Certainty
from processor.triage.details.people_words import (
    CONNECTORS,
    FIRM,
    FIRM_ENDING,
    LEGAL_FORM,
    LEGAL_FORMS,
    OF_SENTENCES,
    ROLE,
    ROLE_ENDING,
    TITLES,
    TONGUES,
    WEBMAIL,
)
from processor.triage.plain import Plain, finder, plain

MOST_RUNS = 300  # of capitalised words in one text
_LEAST_LETTERS = 4  # of a domain that is looked for
_LEAST_SHARE = 0.6  # of a domain's letters that a name must cover

_CAPITAL = r"(?:[A-ZÀ-ÞŁŚŠŽ0-9][\w&'’+.-]*[\w&'’+]|[A-ZÀ-ÞŁŚŠŽ])"
_SMALL = r"(?:of|the|and|et|und|y|e|de|del|des|du|d'|la|le|les|los|las|el|von|für|for|i|&|\+|in)"
_RUN = re.compile(rf"(?<![\w.@/-]){_CAPITAL}(?: (?:{_SMALL} ){{0,2}}{_CAPITAL}){{0,7}}")
_WORD = re.compile(r"[^\W_]+|&")
_LAST_CAPITAL = re.compile(rf"(?<![\w.@/-])({_CAPITAL}) (?:{_SMALL} )?\Z")
_LONGEST_NAME = 80  # characters
_LOOKED_FOR = 2  # letters with which the name begins
NAMED = (
    r"\b(?:company(?: name)?|business(?: name)?|trading name|account name|name of (?:the|our) account|customer name"
    r"|account holder|raison sociale|nom du compte(?: client)?|nom de la societe|societe|compte client|firma|firmenname"
    r"|kundenkonto|kontoname|kundenname|client account|customer account|account|razon social|empresa"
    r"|nombre de (?:la )?(?:cuenta|empresa)|cuenta de cliente)[ \t]*(?:is |ist |est |es |lautet |[:=][ \t]*)"
    r"(?:the |die |la |le |der )?[\"']?"
    r"|\b(?:kundenkonto|compte client|cuenta de cliente|client account|customer account)[ \t]+"
    r"|\b(?:on behalf of|acting for|we act for|i act for|i am writing for|we are writing for|(?:i'm"
    r"|i am) contacting you for"
    r"|writing from|pour le compte de|au nom de|mandate?e?s? par|im auftrag (?:von|der|des)|namens|fur unsere mandantin"
    r"|en nombre de|por cuenta de|de parte de|here from|(?:we are|i am|i'm) (?:from|with)|here at"
    r"|(?:payment|transfer|transferred|paid|cheque|virement|uberweisung|transferencia)[^.,\n]{0,40} (?:from|desde"
    r"|depuis))"
    r"(?: (?:our|my|notre|unserer|nuestro|nuestra) (?:client|cliente|mandantin|mandantschaft))?(?: m/s\.?)?,? "
    r"(?:the account of |the |la |le |der |die |el )?"
)
_NAMED = finder(NAMED)
PAYS = (
    r" (?:(?:has |just )?(?:sent|paid) you|vient de payer|vous a (?:paye|vire)|hat (?:ihnen|dir)"
    r"|(?:le|les|te) ha (?:enviado|pagado|transferido))\b"
)
_PAYS = finder(PAYS)
_BEFORE_PAYS = re.compile(rf"(?:^|[\n.!?] ?)({_CAPITAL}(?: (?:{_SMALL} ){{0,2}}{_CAPITAL}){{0,6}})\Z")
FORMS = rf"\b(?i:{LEGAL_FORMS})(?:[^a-z0-9]|$)"  # of which a text without any names no firm by its form
_LEGAL_RUN = re.compile(rf"(?<![\w.@/-])(?:{_CAPITAL},? (?:{_SMALL} ){{0,2}}){{1,6}}?(?:{LEGAL_FORMS})(?![\w])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm that the text names from `start` on."""

    text: str
    start: int
    certainty: Certainty


def core_of(domain: str) -> str:
    """The letters of the domain that a firm registered; empty where everybody may write from it."""
    labels = [label for label in domain.lower().split(".") if label]
    if len(labels) > 2 and labels[-2] in ("co", "com", "org", "gov", "ac", "nhs", "gob"):
        labels = labels[:-1]
    label = labels[-2] if len(labels) > 1 else ""
    core = _letters(plain(label))
    return "" if label in WEBMAIL or len(core) < _LEAST_LETTERS else core


def firms_in(
    read: Plain, signs: Set[str], cores: Sequence[str], pieces: Sequence[Piece], person: frozenset[str]
) -> Iterator[Firm]:
    """The surest first: called a firm, of the sender's domain; then as signed, and then by legal form alone."""
    sure = [*_introduced(read, signs), *_whole(_of_domain(read, cores, person), pieces)]
    yield from sure
    signed = [] if sure else list(_signed(pieces, person))
    yield from signed
    if not sure and not any(firm.certainty == "stated" for firm in signed):
        yield from _by_form(read.written) if FORMS in signs else ()


def is_firm(words: str) -> bool:
    """It ends like a firm, or holds a word that firms are called by."""
    if LEGAL_FORM.search(words) is not None:
        return True
    found = _WORD.findall(plain(words))
    return not FIRM.isdisjoint(found) or any(map(FIRM_ENDING.fullmatch, found))


def is_role(words: str) -> bool:
    """A department, an office or a profession, a title alone, or the languages of an interpreter."""
    found = [word for word in _WORD.findall(plain(words)) if word not in CONNECTORS and word != "&"]
    return bool(found) and all(map(_is_of_role, found))


def _is_of_role(word: str) -> bool:
    return word in ROLE or word in TITLES or word in TONGUES or ROLE_ENDING.fullmatch(word) is not None


def has_role(words: str) -> bool:
    """It names a department or an office, whatever else."""
    return not ROLE.isdisjoint(_WORD.findall(plain(words)))


def _introduced(read: Plain, signs: Set[str]) -> Iterator[Firm]:
    for match in _NAMED(read, MOST_RUNS) if NAMED in signs else ():
        run = _RUN.match(read.written, match.end())
        if run is not None and (name := _trimmed(run[0])):
            yield Firm(text=name, start=run.start(), certainty="stated")
    for match in _PAYS(read, MOST_RUNS) if PAYS in signs else ():
        begin = max(0, match.start() - _LONGEST_NAME)
        if run := _BEFORE_PAYS.search(read.written[begin : match.start()]):
            yield Firm(text=_trimmed(run[1]), start=begin + run.start(1), certainty="stated")


def _of_domain(read: Plain, cores: Sequence[str], person: frozenset[str]) -> Iterator[Firm]:
    """The names that begin as a domain does, and go on so."""
    for core in cores:
        at = -1
        for _ in range(MOST_RUNS):
            at = read.text.find(core[:_LOOKED_FOR], at + 1)
            if at < 0:
                break
            run = _RUN.match(read.written, at)
            found = matching(run[0], core) if run else None
            if found is None or found[0] or _names(found[1]) <= person or is_role(found[1]):
                continue
            start = _from_kind(read.written, at)
            yield Firm(text=_trimmed(read.written[start:at] + found[1]), start=start, certainty="stated")


def _whole(firms: Iterable[Firm], pieces: Sequence[Piece]) -> Iterator[Firm]:
    """Each as it signs, where it does: the domain may leave out half of "Amt für Soziales Brenkau"."""
    for firm in firms:
        end = firm.start + len(firm.text)
        around = [one for one in pieces if one.start <= firm.start and end <= one.start + len(one.text)]
        whole = next((one for one in around if len(one.text.split()) <= _LONGEST_FIRM and one.text[:1].isupper()), None)
        yield Firm(text=whole.text, start=whole.start, certainty=firm.certainty) if whole else firm


def _from_kind(written: str, at: int) -> int:
    """Where the name begins whose domain leaves out what it is: "Clínica Dental Soto", "SCI Les Marronniers"."""
    while before := _LAST_CAPITAL.search(written[max(0, at - _LONGEST_NAME) : at]):
        if plain(before[1]) not in FIRM and not LEGAL_FORM.fullmatch(before[1]):
            break
        at -= len(before[0])
    return at


def matching(run: str, core: str) -> tuple[int, str] | None:
    """The part of the run that bears the domain's name, and where in the run it begins."""
    spans = [match.span() for match in _WORD.finditer(run)] if core else []
    folded = [_letters(plain(run[start:end])) if run[start:end] != "&" else "and" for start, end in spans]
    for first in range(len(folded)):
        if _covering(folded, first, core) is not None:
            return spans[first][0], _trimmed(run[spans[first][0] :])
    return None


def _covering(words: Sequence[str], first: int, core: str) -> int | None:
    """The last of the words from `first` on whose beginnings make up the domain, or most of it."""
    rest = core
    for number in range(first, len(words)):
        word = words[number]
        if rest.startswith(word):
            rest = rest[len(word) :]
        elif word in CONNECTORS or word == "and":
            continue
        else:
            common = _common(word, rest)
            rest = rest[common:] if common >= _LEAST_BEGINNING else rest
            if common < _LEAST_BEGINNING:
                return (
                    number - 1
                    if len(core) - len(rest) >= max(_LEAST_SHARE * len(core), _LEAST_LETTERS) and number > first
                    else None
                )
        if not rest:
            return number
    return len(words) - 1 if len(core) - len(rest) >= max(_LEAST_SHARE * len(core), _LEAST_LETTERS) else None


_LEAST_BEGINNING = 3  # letters of a word that a domain may cut short


def _common(one: str, other: str) -> int:
    return next(
        (number for number, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _signed(pieces: Sequence[Piece], person: frozenset[str]) -> Iterator[Firm]:
    """What stands in the signature beside or below the name."""
    named = False
    for piece in pieces:
        words = _words(piece.text)
        if words and words <= person:
            named = True
            continue
        if is_role(piece.text) or any(sign.isdigit() for sign in piece.text) or not piece.text[:1].isupper():
            continue
        if is_firm(piece.text) and piece.text.split()[-1][:1] not in _SMALL_LETTERS and not _is_said(piece.text):
            yield Firm(text=piece.text, start=piece.start, certainty="stated")
        elif named and len(words) <= _LONGEST_FIRM and _capitalised(piece.text):
            yield Firm(text=piece.text, start=piece.start, certainty="likely")
            return


_SMALL_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_LONGEST_FIRM = 6  # words


def _is_said(text: str) -> bool:
    """A sentence that names a firm, as "I write for Delmas & Fils SARL"."""
    return not OF_SENTENCES.isdisjoint(text.replace("'", "' ").split())


def _capitalised(text: str) -> bool:
    words = [word for word in text.split() if plain(word) not in CONNECTORS]
    return all(word[:1].isupper() or word[:1] in "&+" for word in words)


def _by_form(written: str) -> Iterator[Firm]:
    for match in islice(_LEGAL_RUN.finditer(written), MOST_RUNS):
        yield Firm(text=match[0], start=match.start(), certainty="likely")


def _trimmed(run: str) -> str:
    """Up to the legal form, where it has one; without what a sentence adds."""
    form = LEGAL_FORM.search(run)
    name = run[: form.end()] if form and form.start() else run
    return name.strip(" .,;:-'’&")


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(plain(text)))


def _names(text: str) -> frozenset[str]:
    """The words of a name without its initials."""
    return frozenset(word for word in _words(text) if len(word) > 1)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def cores_of(domains: Iterable[str]) -> tuple[str, ...]:
    """Of each domain that belongs to somebody, once."""
    return tuple(dict.fromkeys(core for domain in domains if (core := core_of(domain))))
