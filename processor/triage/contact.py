"""Whom the desk knows: what is on file of the person who wrote a mail."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("client", "interpreter", "vendor", "colleague")


@dataclass(frozen=True, slots=True, kw_only=True)
class BankOnFile:
    """A bank account on file. Its number is nowhere: only the salted digest that tells whether another is the same."""

    digest: str
    last_four: str
    country: str | None = None  # ISO 3166, where the number tells it


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case of a contact that is neither resolved nor closed."""

    reference: str
    request_type: str | None
    queue: str
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContact:
    """What is on file of the address that a mail claims to be from; of a learned one no more than that it wrote."""

    address: str  # as it is on file
    confirmed: bool  # a person put it on file; False: it was learned from a mail
    id: int | None = None  # None of a learned one
    code: str = ""  # by which people name the contact
    name: str = ""
    kind: str | None = None  # one of KINDS
    account_number: str | None = None
    account_name: str | None = None
    language: str | None = None
    owner: str | None = None  # who looks after it in customer service
    queue: str | None = None  # where its mails go
    country: str | None = None  # ISO 3166
    owners_address: bool = False  # bank details may be changed from this address
    phones: tuple[str, ...] = ()
    bank: tuple[BankOnFile, ...] = ()
    dmarc_passed: bool = False  # mail from this address has passed DMARC before
    open_cases: tuple[OpenCase, ...] = ()  # the newest first, a few

    @property
    def account(self) -> str | None:
        """The account's number, else its name."""
        return self.account_number or self.account_name
