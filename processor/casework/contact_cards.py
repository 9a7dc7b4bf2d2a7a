"""Contacts as people write them, by command or in a CSV file: every mistake at once, each with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from processor.casework.confirming import phone_number
from processor.outgoing.compose import valid_address
from processor.policy import Policy
from processor.store.contact_book import FIELDS, Card
from processor.triage.account_digest import account_key, country_of, digest_of
from processor.triage.bank_details import bank_details
from processor.triage.contact import KINDS, BankOnFile
from processor.triage.correspondent import mailbox_of
from processor.triage.redaction import redact

LISTS = ("addresses", "owner_addresses", "phones", "bank_accounts")
COLUMNS = ("code", *FIELDS, *LISTS)
NEEDED = ("code", "name", "kind", "addresses")
BETWEEN = "|"  # of the entries of one cell
MASK = "..."  # begins an account that stays as it is on file, by its last four characters

LARGEST = 50_000_000  # octets of a file
_LONGEST = 200  # characters of a value
_MOST = 50  # entries of a cell
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

Row = Mapping[str, str]  # by column


@dataclass(slots=True, kw_only=True)
class Reading:
    """The cards of a file, and what is wrong with it."""

    cards: list[Card] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # by code
    mistakes: list[str] = field(default_factory=list)


def read_file(octets: bytes, policy: Policy, salt: bytes, known: Mapping[str, Card]) -> Reading:
    """The contacts of a CSV file in UTF-8, parted by commas or semicolons. `known`: those on file, by code."""
    found = Reading()
    if len(octets) > LARGEST:
        found.mistakes.append(f"has {len(octets):,} octets: split it into files of {LARGEST:,} at most")
        return found
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.mistakes.append(f"is not text in UTF-8 (octet {error.start}): save it as CSV UTF-8")
        return found
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        _read(rows, found, policy, salt, known)
    except csv.Error as error:
        found.mistakes.append(f"line {rows.line_num}: is not CSV ({error})")
    return found


def _read(rows: Iterator[list[str]], found: Reading, policy: Policy, salt: bytes, known: Mapping[str, Card]) -> None:
    columns = [one.strip().lower() for one in next(rows, [])]
    wrong = [one for one in columns if one not in COLUMNS]
    lacking = [one for one in NEEDED if one not in columns]
    found.mistakes += [f"line 1: there is no column {redact(one).text[:40]!r}" for one in wrong]
    found.mistakes += [f"line 1: the column {one} is missing" for one in lacking]
    if len(set(columns)) < len(columns):
        found.mistakes.append("line 1: a column is there twice")
    if found.mistakes:
        return
    taken: dict[str, str] = {}
    for cells in rows:
        line: int = rows.line_num  # type: ignore[attr-defined] # of csv's reader, which has no type of its own
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            found.mistakes.append(f"line {line}: has {len(cells)} cells, and there are {len(columns)} columns")
            continue
        row = {column: unprotected(cell) for column, cell in zip(columns, cells, strict=True)}
        card, mistakes = read_card(row, policy, salt, known.get(row["code"]))
        mistakes += _twice(card, found, taken)
        found.mistakes += [f"line {line}: {mistake}" for mistake in mistakes]
        found.cards.append(card)
        found.lines[card.code] = line


def _twice(card: Card, found: Reading, taken: dict[str, str]) -> list[str]:
    told = [f"code: {card.code!r} is on line {found.lines[card.code]} too"] if card.code in found.lines else []
    keys = {mailbox_of(address) for address in card.addresses}
    told += [f"addresses: {redact(key).text} is an address of {taken[key]} too" for key in sorted(keys & taken.keys())]
    taken |= dict.fromkeys(keys - taken.keys(), card.code)
    return told


def read_card(row: Row, policy: Policy, salt: bytes, before: Card | None) -> tuple[Card, list[str]]:
    """One contact, and what is wrong with it. No mistake tells a number."""
    mistakes: list[str] = []
    values = {name: row.get(name, "").strip()[: _LONGEST + 1] for name in ("code", *FIELDS)}
    for name, value in values.items():
        if len(value) > _LONGEST or not value.isprintable():
            mistakes.append(f"{name}: is longer than {_LONGEST} characters, or holds what cannot be printed")
        elif redact(value).found:
            mistakes.append(f"{name}: holds a bank account, which belongs under bank_accounts")
    mistakes += _of_values(values, policy)
    addresses = _entries(row, "addresses", mistakes)
    owners = _entries(row, "owner_addresses", mistakes)
    mistakes += _of_addresses(addresses, owners)
    card = Card(
        code=values["code"],
        name=values["name"],
        kind=values["kind"],
        **{name: values[name] or None for name in FIELDS if name not in ("name", "kind")},
        addresses=tuple(sorted(set(addresses))),
        owner_addresses=tuple(sorted(set(owners))),
        phones=tuple(sorted(set(_phones(row, mistakes)))),
        bank=tuple(sorted(_accounts(row, salt, before, mistakes), key=lambda one: one.digest)),
    )
    return card, mistakes


def _of_values(values: Mapping[str, str], policy: Policy) -> Iterator[str]:
    for name in ("code", "name"):
        if not values[name]:
            yield f"{name}: is empty"
    if values["kind"] not in KINDS:
        yield f"kind: is none of {', '.join(KINDS)}"
    if values["queue"] and values["queue"] not in policy.queues:
        yield f"queue: {values['queue']!r} is not a queue of the policy"
    if values["country"] and not _COUNTRY.fullmatch(values["country"]):
        yield "country: is not a country's code of two capitals, such as FR"
    if values["language"] and not _LANGUAGE.fullmatch(values["language"]):
        yield "language: is not a language's code, such as fr"


def _of_addresses(addresses: list[str], owners: list[str]) -> Iterator[str]:
    for one in (*addresses, *owners):
        if not (one.isprintable() and valid_address(one)):
            yield f"addresses: {redact(one).text[:60]!r} is not a mail address"
    if spare := set(map(mailbox_of, owners)) - set(map(mailbox_of, addresses)):
        yield f"owner_addresses: {redact(min(spare)).text} is not among the addresses"


def _entries(row: Row, column: str, mistakes: list[str]) -> list[str]:
    entries = [one.strip() for one in row.get(column, "").split(BETWEEN) if one.strip()]
    if len(entries) > _MOST:
        mistakes.append(f"{column}: has {len(entries)} entries, and may have {_MOST}")
    return entries[:_MOST]


def _phones(row: Row, mistakes: list[str]) -> Iterator[str]:
    for number, written in enumerate(_entries(row, "phones", mistakes), 1):
        if phone := phone_number(unprotected(written)):
            yield phone
        else:
            mistakes.append(f"phones: entry {number} is not a telephone number")


def _accounts(row: Row, salt: bytes, before: Card | None, mistakes: list[str]) -> Iterable[BankOnFile]:
    kept: dict[str, BankOnFile] = {}
    for number, written in enumerate(_entries(row, "bank_accounts", mistakes), 1):
        if written.startswith(MASK):
            same = [one for one in (before.bank if before else ()) if one.last_four == written.removeprefix(MASK)]
            kept.update((one.digest, one) for one in same)
            if not same:
                mistakes.append(f"bank_accounts: entry {number} names an account that is not on file: write it in full")
            continue
        found = [one for one in bank_details(written) if account_key(one)]
        if len(found) != 1:
            mistakes.append(f"bank_accounts: entry {number} is not one bank account that can be read, such as an IBAN")
        for one in found:
            digest = digest_of(account_key(one) or "", salt)
            kept[digest] = BankOnFile(digest=digest, last_four=one.number[-4:], country=country_of(one))
    return kept.values()


def written(cards: Iterable[Card]) -> str:
    """The cards as CSV (RFC 4180) after a byte order mark. No account is written out, nor anything that a spreadsheet
    would take for a formula; read in again it changes nothing.
    """
    page = io.StringIO(newline="")
    page.write("\ufeff")
    writer = csv.writer(page)
    writer.writerow(COLUMNS)
    for card in cards:
        row = {name: getattr(card, name) or "" for name in ("code", *FIELDS)}
        row |= {name: BETWEEN.join(getattr(card, name)) for name in ("addresses", "owner_addresses", "phones")}
        row["bank_accounts"] = BETWEEN.join(f"{MASK}{one.last_four}" for one in card.bank)
        writer.writerow([protected(row[column]) for column in COLUMNS])
    return page.getvalue()


def protected(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unprotected(cell: str) -> str:
    """What `protected` was given."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
