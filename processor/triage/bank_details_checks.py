"""The checks by which a number is known for a bank detail; each takes capitals and digits alone."""

from __future__ import annotations

from stdnum import luhn
from stdnum.es import ccc
from stdnum.us import rtn

_OF_A_RIB = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_BIC_COUNTRIES = (
    "AD AE AL AT AU AZ BA BE BG BH BR BY CA CH CN CR CY CZ DE DK DO EE EG ES FI FO FR GB GE GI GL GR GT HK "
    "HR HU IE IL IN IQ IS IT JO JP KR KW KZ LB LI LT LU LV MA MC MD ME MK MT MU MX MY NL NO NZ PH PK PL PS "
    "PT QA RO RS SA SE SG SI SK SM TH TN TR TW UA US VA VG XK ZA "
)
_COUNTRIES = frozenset(_BIC_COUNTRIES.split())


def is_rib(number: str) -> bool:
    """Of 23 symbols: bank, branch, account and the key that fits them."""
    bank, branch, account = (int(part.translate(_OF_A_RIB)) for part in (number[:5], number[5:10], number[10:21]))
    return int(number[-2:]) == 97 - (89 * bank + 15 * branch + 3 * account) % 97


def is_ccc(number: str) -> bool:
    """A Spanish account with both check digits."""
    return bool(ccc.is_valid(number))


def is_routing(number: str) -> bool:
    """An American routing number with its check digit."""
    return number.strip("0") != "" and bool(rtn.is_valid(number))


def card_in(number: str) -> str:
    """The digits from the first on that are a card's, by length and check digit; empty where none are."""
    lengths = (length for length in (len(number), 16, 15) if 13 <= length <= len(number))
    return next((number[:length] for length in lengths if luhn.is_valid(number[:length])), "")


def is_bic(number: str) -> bool:
    """The bank code of a country that has some."""
    return number[4:6] in _COUNTRIES


def may_be_date(digits: str) -> bool:
    """Six digits that can be day, month and year, in whatever order."""
    first, second, third = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return (0 < second <= 12 and (0 < first <= 31 or 0 < third <= 31)) or (0 < first <= 12 and 0 < second <= 31)
