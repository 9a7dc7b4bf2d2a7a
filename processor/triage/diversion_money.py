"""Signals that money is to go elsewhere: what the mail asks, and the bank accounts that it names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ingest.message import Message
from processor.triage.account_digest import account_key, country_of, digest_of
from processor.triage.bank_details import BankDetail, bank_details
from processor.triage.contact import KnownContact
from processor.triage.diversion_values import Code

Found = Iterator[tuple[Code, str]]

_MOST_ATTACHED = 20  # attachments and attached mails that are read
_LONGEST = 50_000  # characters of one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """The words of a mail: those that its writer is answerable for, and all."""

    own: str
    every: str
    attached: str  # what attachments alone say
    unread: bool  # a picture or the like is attached, which may name an account

    @property
    def accounts(self) -> tuple[BankDetail, ...]:
        """The bank accounts in it, without those that are given as a bank or a card alone."""
        return tuple(one for one in bank_details(self.every) if account_key(one))


def writing(message: Message, joins_held: bool) -> Writing:
    """`joins_held`: its case was held before, so that only what this mail adds may hold it again."""
    files = message.attachments[:_MOST_ATTACHED]
    attached = "\n".join(f"{one.name}\n{one.text[:_LONGEST]}" for one in files)
    names = ("_", "-", ".")
    spoken = attached
    for sign in names:
        spoken = spoken.replace(sign, " ")
    inner = "\n".join(f"{one.subject}\n{one.text[:_LONGEST]}" for one in message.attached_messages[:_MOST_ATTACHED])
    own = "\n".join((message.new_text, spoken) if joins_held else (message.subject, message.new_text, spoken))
    quoting = message.text.strip() != message.new_text.strip() or inner
    every = "\n".join((message.subject, message.text, spoken, inner)) if quoting and not joins_held else own
    unread = any(not one.text and not one.inline for one in files)
    return Writing(own=own, every=every, attached=attached, unread=unread)


def unknown_accounts(written: Writing, own: Collection[str]) -> tuple[BankDetail, ...]:
    """Those that are not the desk's own."""
    return tuple(one for one in written.accounts if account_key(one) not in own)


def about_accounts(
    accounts: tuple[BankDetail, ...], written: Writing, contact: KnownContact | None, salt: bytes
) -> Found:
    """Compared with what is on file, where anything is."""
    on_file = {one.digest: one.last_four for one in contact.bank} if contact is not None else {}
    compared = contact is not None and bool(on_file) and contact.kind != "colleague"  # he sends on those of others
    other = [one for one in accounts if digest_of(account_key(one) or "", salt) not in on_file]
    if compared and other:
        known = ", ".join(f"...{four}" for four in sorted(on_file.values()))
        yield Code.BANK_DIFFERS, f"names the bank account ...{other[0].number[-4:]}; on file: {known}"
    elif other:
        yield Code.BANK_GIVEN, f"names the bank account ...{other[0].number[-4:]}, and none is on file to compare with"
    if contact is not None and contact.kind != "colleague":
        yield from _abroad(other, written, contact)


def _abroad(accounts: list[BankDetail], written: Writing, contact: KnownContact) -> Found:
    """An account in an attachment, of a country in which the contact has nothing."""
    home = {contact.country, *(one.country for one in contact.bank)} - {None}
    attached = {account_key(one) for one in bank_details(written.attached)}
    for one in accounts:
        country = country_of(one)
        if home and country and country not in home and account_key(one) in attached:
            told = " or ".join(sorted(filter(None, home)))
            yield Code.INVOICE_COUNTRY, f"an attachment names an account in {country}; the contact's are in {told}"
            return
