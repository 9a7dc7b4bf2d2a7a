"""The value of a bank detail that stands in a text: what it is, where, and its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# rib: French, whole, with its key; aba: American routing number; blz: German bank code; account: of any country.
Kind = Literal["iban", "rib", "sort-code", "aba", "ifsc", "blz", "bic", "card", "account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetail:
    """The text from `start` to `end` is this detail."""

    kind: Kind
    start: int
    end: int
    number: str  # capitals and 0-9 alone, however it is written
