"""Tax numbers of firms and people, held to their check digits: what does not pass is a slip or another number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from stdnum import exceptions
from stdnum.ch import uid as swiss
from stdnum.de import stnr
from stdnum.es import cif, dni, nie
from stdnum.eu import vat
from stdnum.fr import siren, siret
from stdnum.gb import utr
from stdnum.gb import vat as british
from stdnum.in_ import gstin, pan
from stdnum.us import ein

from processor.triage.plain import Plain

MOST_TAX_IDS = 100
_BEFORE = 45  # characters in which the word that introduces it stands

# Eight to twenty signs, at least some of them digits, in groups; whole words alone are tried.
_CANDIDATE = re.compile(
    r"(?<![\w/-])(?:[A-Z]{2} |CHE-|[A-Z]{1,5}|[A-Z][.-])?[0-9][0-9A-Za-z]*(?:[ ./-]{1,2}[0-9A-Z]{1,9}){0,6}(?![\w-])"
)
_SEPARATORS = re.compile(r"[ ./-]")

# Of each family of words the numbers that it may introduce.
_NATIONAL: tuple[tuple[re.Pattern[str], tuple[Callable[[str], str], ...]], ...] = (
    (re.compile(r"\b(?:siret|siren|rcs)\b"), (siret.validate, siren.validate)),
    (re.compile(r"\b(?:nif|cif|nie|dni|identificacion fiscal)\b"), (cif.validate, dni.validate, nie.validate)),
    (re.compile(r"\b(?:steuer-?(?:nummer|nr)|st\.?-?nr|steuernummer)\b"), (stnr.validate,)),
    (re.compile(r"\b(?:ein|fein|employer identification|federal tax id|tax id|tin|taxpayer)\b"), (ein.validate,)),
    (re.compile(r"\bpan\b"), (pan.validate,)),
    (re.compile(r"\b(?:gstin|gst)\b"), (gstin.validate,)),
    (re.compile(r"\b(?:utr|unique taxpayer)\b"), (utr.validate,)),
    (re.compile(r"\b(?:vat|tva|ust\w*|umsatzsteuer\w*|iva|mwst)\b"), (british.validate, siren.validate)),
)
_WITHOUT_WORDS: tuple[Callable[[str], str], ...] = (gstin.validate, pan.validate)
_SWISS = re.compile(r"CHE[0-9]{9}(?:MWST|TVA|IVA)?")
_COUNTRY = re.compile(
    r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[0-9A-Z]{8,12}"
)
SIGNS = (  # that there may be one at all
    r"\b(?:siret|siren|rcs|nif|cif|nie|dni|fiscal|steuer[a-z-]*|st\.?-?nr|ein|fein|employer|tax|tin|taxpayer|pan"
    r"|gstin|gst|utr|uid"
    r"|mwst|che|vat|tva|ust[a-z-]*|umsatzsteuer[a-z-]*|iva)\b|\b[a-z]{2} ?[0-9a-z]{2,4} ?[0-9]{3}[0-9. ]*[0-9a-z]{3}\b"
    r"|\b[a-z]{5}[0-9]{4}[a-z]\b|\b[0-9]{2}[a-z]{5}[0-9]{4}[a-z]"
)
_GST = re.compile(r"\b(?:gstin|gst|pan)\b[a-z ]{0,20}[\s:.#]{0,3}(?:is )?$")
_PAN = re.compile(r"(?<![\w/-])(?:[A-Z]{5}[0-9]{4}[A-Z]|[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9A-Z]{3})(?![\w-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxId:
    """A tax number that stands in a text from `start` to `end`."""

    start: int
    end: int
    number: str  # without blanks and dashes, in capitals
    checked: bool = True  # False of one that words introduce and whose form alone is right


def tax_ids_in(read: Plain) -> Iterator[TaxId]:
    """Every one whose check digits are right: with its country's letters anywhere, else behind a word that says so."""
    written = read.written
    for match in islice(_CANDIDATE.finditer(written), MOST_TAX_IDS):
        before = read.text[max(0, match.start() - _BEFORE) : match.start()]
        end = _end(written, match.start(), match.end(), before)
        if end is not None:
            number = _SEPARATORS.sub("", written[match.start() : end]).upper()
            yield TaxId(start=match.start(), end=end, number=number)
    for match in islice(_PAN.finditer(written), MOST_TAX_IDS):
        if any(_passes(validate, match[0]) for validate in _WITHOUT_WORDS):
            yield TaxId(start=match.start(), end=match.end(), number=match[0])
        elif _GST.search(read.text[max(0, match.start() - _BEFORE) : match.start()]):
            yield TaxId(start=match.start(), end=match.end(), number=match[0], checked=False)


def _end(written: str, start: int, end: int, before: str) -> int | None:
    """Where the number ends that begins here: the longest run of its groups that is one. None where none is."""
    ends = [end, *(start + group.start() for group in reversed(list(_SEPARATORS.finditer(written[start:end]))))]
    return next(
        (place for place in ends if _is_tax_id(_SEPARATORS.sub("", written[start:place]).upper(), before)), None
    )


def _is_tax_id(number: str, before: str) -> bool:
    if _COUNTRY.fullmatch(number):
        country = british.validate if number[:2] in ("GB", "XI") else vat.validate
        return _passes(country, number)
    if _SWISS.fullmatch(number):
        return _passes(swiss.validate, number[:12])
    return any(
        _passes(validate, number) for words, validators in _NATIONAL if words.search(before) for validate in validators
    )


def _passes(validate: Callable[[str], str], number: str) -> bool:
    try:
        validate(number)
    except exceptions.ValidationError:
        return False
    return True
