"""Whether a value that was found is the value that a label names, however either of them is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

_CURRENCIES = (
    ("GBP", r"gbp|£|pounds?|quid"), ("USD", r"usd|us\$|\$|dollars?"), ("EUR", r"eur\w*|€"),
    ("INR", r"inr|rs\.?|₹|rupees?"), ("CHF", r"chf|sfr\.?|franken"), ("JPY", r"jpy|¥|yen"),
    ("XOF", r"xof|f\s?cfa"), ("MXN", r"mxn|pesos"), ("COP", r"cop"),
)  # fmt: skip
_METHODS = (
    ("direct-debit", r"direct debit|\bdd\b|prelevement|lastschrift|domicilia|recibo"),
    ("cheque", r"che(que|ck)|scheck"),
    ("card", r"card|carte|\bcb\b|visa|mastercard|karte|tarjeta"),
    ("cash", r"cash|especes|\bbar\b|bargeld|efectivo"),
    ("paypal", r"paypal"),
    ("transfer", r"transf|wire|wiring|bacs|faster payment|sepa|neft|swift|virement|vire|uberw|\bach\b|mandat"),
)
_MONTHS = (
    "jan", "feb|fev", "mar|mrz", "apr|avr|abr", "may|mai", "jun|juin", "jul|juil", "aug|aou|ago", "sep",
    "oct|okt", "nov", "dec|dez|dic",
)  # fmt: skip
_LEGAL_FORMS = frozenset(
    re.findall(r"\w+", "ltd llp plc inc llc sa sas sasu sarl eurl gmbh ag kg ev bv ab uab srl sl kk cic pvt co the")
)
_TITLES = frozenset(re.findall(r"\w+", "mr mrs ms dr mme mlle m me maitre sr herr herrn frau sra don ca sir"))


def alike(kind: str, found: str, wanted: str) -> bool:
    """Both state the same, as far as a detail of this kind can be written in several ways."""
    return _BY_KIND.get(kind, _same_signs)(found, wanted)


def plain(text: str) -> str:
    """Small letters without their marks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _same_signs(found: str, wanted: str) -> bool:
    return _signs(found) == _signs(wanted)


def _signs(text: str) -> str:
    return re.sub(r"[\W_]", "", plain(text))


def _same_amount(found: str, wanted: str) -> bool:
    return _number(found) == _number(wanted) and _currency(found) in ("", _currency(wanted))


def _number(text: str) -> str:
    """Digits, with a point before hundredths: what follows the last separator, where it is not three digits."""
    digits = re.sub(r"[^\d.,]", "", text).strip(".,")
    whole, _, part = digits.replace(",", ".").rpartition(".")
    if whole and len(part) != 3:
        return f"{_digits(whole)}.{part.ljust(2, '0')}"
    return f"{_digits(digits)}.00"


def _currency(text: str) -> str:
    return next((code for code, signs in _CURRENCIES if re.search(signs, plain(text))), "")


def _same_date(found: str, wanted: str) -> bool:
    day = date.fromisoformat(wanted)
    text = plain(found)
    if iso := re.search(r"\d{4}-\d{2}-\d{2}", text):
        return iso[0] == wanted
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    if any(one >= 1_000 and one != day.year for one in numbers):
        return False
    if re.search("[a-z]{3}", text):
        return day.day in numbers and bool(re.search(_MONTHS[day.month - 1], text))
    return sorted(numbers[:2]) == sorted((day.day, day.month))


def _same_method(found: str, wanted: str) -> bool:
    return next((name for name, words in _METHODS if re.search(words, plain(found))), "") == wanted


def _same_name(found: str, wanted: str) -> bool:
    """One of them may leave out a part of the name, or a title."""
    ours, theirs = (_words(one) - _TITLES for one in (found, wanted))
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours) and len(ours) <= len(theirs) + 2


def _same_firm(found: str, wanted: str) -> bool:
    """Legal forms do not count, nor does where it sits or what department writes."""
    ours, theirs = (_words(one) - _LEGAL_FORMS for one in (found, wanted))
    return bool(theirs) and theirs <= ours and len(ours) <= len(theirs) + 3


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", plain(text).replace("'", "")))


def _same_region(found: str, wanted: str) -> bool:
    ours, theirs = _words(found), _words(wanted)
    return bool(ours) and (ours <= theirs or theirs <= ours)


def _same_digits(found: str, wanted: str) -> bool:
    return _digits(found) == _digits(wanted)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _same_tax_id(found: str, wanted: str) -> bool:
    """With or without the letters of the country."""
    return re.sub("^[a-z]{2}", "", _signs(found)) == re.sub("^[a-z]{2}", "", _signs(wanted))


def _stated(found: str, wanted: str) -> bool:
    return bool(found and wanted)


_BY_KIND: dict[str, Callable[[str, str], bool]] = {
    "amount": _same_amount,
    "payment-date": _same_date,
    "payment-method": _same_method,
    "name": _same_name,
    "contact-person": _same_name,
    "company-name": _same_firm,
    "account-name": _same_firm,
    "client-bank": _same_firm,
    "brand-or-region": _same_region,
    "phone": _same_digits,
    "tax-id": _same_tax_id,
    "website": _stated,
    "domain-consent": _stated,
}
