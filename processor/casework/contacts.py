"""What people do with contacts; each act is one transaction with its actor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from ingest.errors import DeskError
from processor.casework.contact_cards import Reading, Row, read_card, read_file
from processor.outgoing.view import one_line
from processor.policy import Policy
from processor.store import contact_book
from processor.store.contact_book import Card
from processor.store.database import Store
from processor.triage.account_digest import salt_of
from processor.triage.correspondent import mailbox_of
from processor.triage.redaction import redact

MOST_TOLD = 200  # mistakes


def put(store: Store, row: Row, policy: Policy, key: bytes, actor: str, now: datetime) -> str:
    """A contact is on file as the row says; what it leaves out stays. Returns added, changed or unchanged."""
    code = row["code"]
    with store.writing() as session:
        before = contact_book.card_of(session, code)
        card, mistakes = read_card({**_as_row(before), **row}, policy, salt_of(key), before)
        mistakes += _taken(contact_book.holders_of(session, card.addresses), [card])
        _refuse(mistakes, "The contact has")
        return contact_book.put(session, card, actor, now, policy.acknowledgement.caps.webmail_domains)


def confirm(store: Store, row: Row, policy: Policy, key: bytes, actor: str, now: datetime) -> str:
    """A learned address is on file from now on, of this contact."""
    address = row["addresses"]
    with store.reading() as session:
        if not contact_book.is_learned(session, address):
            raise DeskError(f"{one_line(address)} was not learned from a mail: see `daydesk contacts list --learned`.")
        before = contact_book.card_of(session, row["code"])
    told = {name: value for name, value in row.items() if name != "addresses"}
    mine = before.addresses if before else ()
    return put(store, {**told, "addresses": "|".join((*mine, address))}, policy, key, actor, now)


def remove(store: Store, code: str, actor: str, now: datetime) -> None:
    """Nothing of the contact stays on file; its cases do."""
    with store.writing() as session:
        if not contact_book.remove(session, code, actor, now):
            raise DeskError(f"There is no contact {one_line(code)!r}: see `daydesk contacts list`.")


def take_in(store: Store, octets: bytes, policy: Policy, key: bytes, actor: str, now: datetime) -> Mapping[str, int]:
    """The contacts of a CSV file are on file as it says, all of them or, where it has a mistake, none. Returns how many
    were added, changed and unchanged. Contacts that the file does not name stay.
    """
    with store.writing() as session:
        known = {card.code: card for card in contact_book.cards(session)}
        found = read_file(octets, policy, salt_of(key), known)
        holders = contact_book.holders_of(session, (one for card in found.cards for one in card.addresses))
        _refuse([*found.mistakes, *_taken(holders, found.cards, found)], "The file has")
        shared = policy.acknowledgement.caps.webmail_domains
        counts = Counter(contact_book.put(session, card, actor, now, shared) for card in found.cards)
    return {how: counts[how] for how in ("added", "changed", "unchanged")}


def _taken(holders: Mapping[str, str], cards: Iterable[Card], reading: Reading | None = None) -> list[str]:
    """Addresses that are on file of another contact."""
    told = []
    for card in cards:
        line = f"line {reading.lines[card.code]}: " if reading else ""
        for address in card.addresses:
            holder = holders.get(mailbox_of(address), card.code)
            if holder != card.code:
                told.append(f"{line}addresses: {redact(address).text} is on file of contact {holder}")
    return told


def _refuse(mistakes: list[str], whose: str) -> None:
    if not mistakes:
        return
    more = len(mistakes) - MOST_TOLD
    told = mistakes[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
    count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    raise DeskError("\n  ".join([f"{whose} {count}; nothing was changed:", *told]))


def _as_row(card: Card | None) -> dict[str, str]:
    if card is None:
        return {}
    values = {name: getattr(card, name) or "" for name in ("name", "kind", "account_number", "account_name",
                                                          "language", "owner", "queue", "country")}  # fmt: skip
    values |= {name: "|".join(getattr(card, name)) for name in ("addresses", "owner_addresses", "phones")}
    return values | {"bank_accounts": "|".join(f"...{one.last_four}" for one in card.bank)}
