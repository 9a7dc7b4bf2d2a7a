"""Made-up bank details with right check digits, written as people write them, and changed on their way."""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from stdnum import iban, luhn
from stdnum.es import ccc

from ingest.parser import parse
from processor.triage.redaction import redact

_COUNTRIES = {  # some of the IBAN registry's structures, written out so that the code is not judged by its own table
    "DE": "n" * 18,
    "FR": "n" * 10 + "c" * 11 + "nn",
    "GB": "aaaa" + "n" * 14,
    "NL": "aaaa" + "n" * 10,
    "ES": "n" * 20,
    "BE": "n" * 12,
    "CH": "n" * 5 + "c" * 12,
    "PL": "n" * 24,
    "MT": "aaaa" + "n" * 5 + "c" * 18,
    "NO": "n" * 11,
    "IT": "a" + "n" * 10 + "c" * 12,
}
_SYMBOLS = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}
_RIB_LETTERS = str.maketrans(string.ascii_uppercase, "12345678912345678923456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A bank detail in a mail."""

    kind: str
    mutation: str
    account: str  # the digits that nobody may see
    raw: bytes


def written(random_: random.Random, kind: str, mutation: str) -> Written:
    """One of this kind, changed in this way."""
    account, parts = _MADE[kind](random_)
    text, html = _CHANGES[mutation](random_, parts)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = "ada@client.example", "accounts@desk.example"
    mail["Subject"] = f"Details {text.strip()}" if mutation == "subject" else "Details"
    mail.set_content(f"<p>Dear team,</p>{text}<p>Ada</p>" if html else f"Dear team,\n\n{text}\n\nAda\n",
                     subtype="html" if html else "plain")  # fmt: skip
    return Written(kind=kind, mutation=mutation, account=account, raw=mail.as_bytes())


def shown(one: Written) -> bool:
    """Do its digits stand in what people read of the mail?"""
    mail = parse(one.raw)
    return any(one.account in _plain(redact(text).text) for text in (mail.subject, mail.text, mail.new_text))


def _plain(text: str) -> str:
    """Capitals and digits of every script, all else left out."""
    symbols = (one for one in unicodedata.normalize("NFKC", text).upper() if one.isalnum())
    return "".join(str(unicodedata.decimal(one, one)) for one in symbols)


Part = tuple[str, tuple[str, ...]]  # what introduces it, and the groups in which it is written


def _digits(random_: random.Random, count: int) -> str:
    return random_.choice("123456789") + "".join(random_.choices(string.digits, k=count - 1))


def _fours(number: str) -> tuple[str, ...]:
    return tuple(number[at : at + 4] for at in range(0, len(number), 4))


def _iban(random_: random.Random) -> tuple[str, list[Part]]:
    country = random_.choice(sorted(_COUNTRIES))
    bban = "".join(random_.choice(_SYMBOLS[kind]) for kind in _COUNTRIES[country])
    number = country + iban.calc_check_digits(f"{country}00{bban}") + bban
    return number, [(random_.choice(("IBAN:", "pay to", "Konto", "")), _fours(number))]


def _rib(random_: random.Random) -> tuple[str, list[Part]]:
    bank, branch = _digits(random_, 5), _digits(random_, 5)
    account = "".join(random_.choice(_SYMBOLS["c"]) for _ in range(11))
    sums = (89 * int(bank) + 15 * int(branch) + 3 * int(account.translate(_RIB_LETTERS))) % 97
    key = f"{97 - sums:02}"
    if random_.random() < 0.5:
        return account, [("RIB :", (bank, branch, account, key))]
    return account, [
        ("code banque", (bank,)),
        ("code guichet", (branch,)),
        ("n° de compte", (account,)),
        ("clé", (key,)),
    ]


def _sort_code(random_: random.Random) -> tuple[str, list[Part]]:
    code, account = _digits(random_, 6), _digits(random_, 8)
    parts: list[Part] = [("sort code", (code[:2], code[2:4], code[4:])), ("account number", (account[:4], account[4:]))]
    return account, random_.choice((parts, parts[::-1]))


def _routing(random_: random.Random) -> tuple[str, list[Part]]:
    eight, account = "0" + _digits(random_, 7), _digits(random_, random_.randint(8, 12))
    weighed = sum(int(digit) * weight for digit, weight in zip(eight, (3, 7, 1) * 3, strict=False))
    return account, [("routing number", (eight + str(-weighed % 10),)), ("account number", (account,))]


def _ifsc(random_: random.Random) -> tuple[str, list[Part]]:
    code = "".join(random_.choices(string.ascii_uppercase, k=4)) + "0" + _digits(random_, 6)
    account = _digits(random_, random_.randint(9, 16))
    return account, [("IFSC", (code,)), ("A/c no.", (account,))]


def _blz(random_: random.Random) -> tuple[str, list[Part]]:
    code, account = _digits(random_, 8), _digits(random_, random_.randint(7, 10))
    return account, [("BLZ", (code[:3], code[3:6], code[6:])), ("Kontonummer", (account,))]


def _ccc(random_: random.Random) -> tuple[str, list[Part]]:
    bank, account = _digits(random_, 8), _digits(random_, 10)
    number = bank + ccc.calc_check_digits(f"{bank}00{account}") + account
    return account, [("nº de cuenta", (number[:4], number[4:8], number[8:10], number[10:]))]


def _card(random_: random.Random) -> tuple[str, list[Part]]:
    number = "4" + _digits(random_, 14)
    number += str(luhn.calc_check_digit(number))
    return number, [(random_.choice(("card", "carte", "Visa:", "Kreditkarte")), _fours(number))]


_MADE: dict[str, Callable[[random.Random], tuple[str, list[Part]]]] = {
    "iban": _iban,
    "rib": _rib,
    "sort code": _sort_code,
    "routing": _routing,
    "ifsc": _ifsc,
    "blz": _blz,
    "ccc": _ccc,
    "card": _card,
}
Change = Callable[[random.Random, list[Part]], tuple[str, bool]]


def _told(parts: list[Part], between: str, gap: str, introduced: str = " ") -> str:
    return between.join(f"{words}{introduced}{gap.join(groups)}" for words, groups in parts)


def _spread(random_: random.Random, parts: list[Part]) -> tuple[str, bool]:
    """A blank between any two symbols."""
    return _told([(words, tuple("".join(groups))) for words, groups in parts], "\n", " "), False


def _other_digits(random_: random.Random, parts: list[Part]) -> tuple[str, bool]:
    zero = random_.choice((0xFF10, 0x0660, 0x06F0, 0x0966, 0x1D7CE))
    text = _told(parts, "\n", " ")
    return "".join(chr(zero + int(one)) if one in string.digits else one for one in text), False


def _tags(random_: random.Random, parts: list[Part]) -> tuple[str, bool]:
    tags = [(words, tuple(f"<{tag}>{group}</{tag}>" for group in groups)) for words, groups in parts
            for tag in (random_.choice(("b", "span", "i", "font")),)]  # fmt: skip
    return f"<p>{_told(tags, '<br>', random_.choice(('', ' ', '&nbsp;', '&#8239;')))}</p>", True


def _table(random_: random.Random, parts: list[Part]) -> tuple[str, bool]:
    rows = "".join(f"<tr><td>{words}</td><td>{' '.join(groups)}</td></tr>" for words, groups in parts)
    return f"<table>{rows}</table>", True


_CHANGES: dict[str, Change] = {
    "plain": lambda _random, parts: (_told(parts, ", ", ""), False),
    "groups": lambda _random, parts: (_told(parts, "\n", " "), False),
    "dashes": lambda random_, parts: (_told(parts, "\n", random_.choice("-.–/")), False),
    "wide gaps": lambda random_, parts: (_told(parts, "\n\n", random_.choice(("  ", "\t", "\u202f", "\u2009"))), False),
    "spread": _spread,
    "line ends": lambda _random, parts: (_told(parts, "\n", "\n", "\n"), False),
    "quoted": lambda _random, parts: ("> " + _told(parts, "\n> ", "\n> "), False),
    "digits": _other_digits,
    "tags": _tags,
    "table": _table,
    "subject": lambda _random, parts: (_told(parts, ", ", " "), False),
}
KINDS, MUTATIONS = tuple(_MADE), tuple(_CHANGES)
