"""Takes bank details out of texts that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from processor.triage.bank_detail import BankDetail, Kind
from processor.triage.bank_details import bank_details

# Of what holds an account the last four symbols are kept; a bank's code says nothing that anybody needs.
_MARKS: Mapping[Kind, str] = MappingProxyType(
    {
        "iban": "IBAN ...{}",
        "rib": "RIB ...{}",
        "account": "account ...{}",
        "card": "card ...{}",
        "sort-code": "sort code ...",
        "aba": "routing number ...",
        "ifsc": "IFSC ...",
        "blz": "BLZ ...",
        "bic": "BIC ...",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A text without bank details, and how many were taken out."""

    text: str
    found: int


def redact(text: str) -> Redacted:
    """Replace each bank detail by a mark such as [IBAN ...4321], in whatever way it is written.

    Linear in the length of the text; what was redacted once stays as it is.
    """
    found = bank_details(text)
    if not found:
        return Redacted(text=text, found=0)
    kept: list[str] = []
    done = 0
    for one in found:
        kept += (text[done : one.start], _mark(one))
        done = one.end
    return Redacted(text="".join((*kept, text[done:])), found=len(found))


def _mark(one: BankDetail) -> str:
    return f"[{_MARKS[one.kind].format(one.number[-4:])}]"
