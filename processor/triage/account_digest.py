"""Bank accounts as they are kept on file: a keyed digest, which tells that two are the same and nothing else."""

from __future__ import annotations

import hashlib
import hmac

from processor.triage.bank_detail import BankDetail

_NOT_ACCOUNTS = frozenset(("bic", "card"))  # a bank, and what money is not transferred to


def salt_of(key: bytes) -> bytes:
    """The salt of this desk, made of its own key: without that nobody can try numbers against the digests."""
    return hmac.new(key, b"daydesk bank details on file", hashlib.sha256).digest()


def digest_of(number: str, salt: bytes) -> str:
    """Of an account's key, as `account_key` makes it."""
    return hmac.new(salt, number.encode(), hashlib.sha256).hexdigest()


def account_key(detail: BankDetail) -> str | None:
    """The same for one account however it is written, as IBAN or by its country's own numbers; None of no account."""
    number = detail.number
    if detail.kind in _NOT_ACCOUNTS:
        return None
    if detail.kind == "iban" and number[:2] in ("FR", "MC"):
        return f"FR{number[4:]}"
    if detail.kind == "iban" and number[:2] == "GB":
        return f"GB{number[8:]}"
    prefix = {"rib": "FR", "sort-code": "GB"}.get(detail.kind, "")
    return prefix + number


def country_of(detail: BankDetail) -> str | None:
    """The country that the number itself tells."""
    if detail.kind == "iban":
        return detail.number[:2]
    return {"rib": "FR", "sort-code": "GB", "aba": "US", "ifsc": "IN"}.get(detail.kind)
