"""The commands about contacts: who writes to the desk, and what is on file of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from ingest.errors import DeskError
from processor.cli.acts import By
from processor.cli.options import CONFIG, Config, Json, hang, moment, now, show

if TYPE_CHECKING:
    from rich.console import Console

    from processor.store.contact_book import Card

app = typer.Typer(help="Contacts: clients, interpreters, vendors and colleagues on file.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="CODE", help="By which the contact is named, such as V-1001.")]
Name = Annotated[str | None, typer.Option("--name", help="Of the person or firm.")]
Kind = Annotated[str | None, typer.Option("--kind", help="client, interpreter, vendor or colleague.")]


@app.command("list")
def list_(
    kind: Kind = None,
    learned: Annotated[
        bool, typer.Option("--learned", help="Addresses that wrote and that nobody has put on file.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Lists the contacts on file, by code; with --learned the addresses that are not confirmed."""
    from processor.cli.opening import open_policy, open_store
    from processor.store import contact_book

    policy = open_policy(config)
    zone = ZoneInfo(policy.desk.timezone)
    with open_store(policy) as store, store.reading() as session:
        if learned:
            rows = contact_book.learned(session, limit)
            show(rows, as_json, lambda out: _learned(out, rows, zone))
            return
        cards = [_shown(card) for card in contact_book.cards(session, kind, limit)]
    show(cards, as_json, lambda out: _listed(out, cards))


@app.command("show")
def show_(code: Code, config: Config = CONFIG, as_json: Json = False) -> None:
    """Shows what is on file of a contact; of bank accounts the last four characters."""
    from processor.cli.opening import open_policy, open_store
    from processor.store import contact_book

    with open_store(open_policy(config)) as store, store.reading() as session:
        card = contact_book.card_of(session, code)
    if card is None:
        raise DeskError(f"There is no contact {code!r}: see `daydesk contacts list`.")
    told = _shown(card)
    show(told, as_json, lambda out: _one(out, told))


@app.command()
def add(
    code: Code,
    by: By,
    name: Name = None,
    kind: Kind = None,
    address: Annotated[list[str] | None, typer.Option("--address", help="A mail address; may be given again.")] = None,
    owner_address: Annotated[
        list[str] | None, typer.Option("--owner-address", help="An address from which bank details may be changed.")
    ] = None,
    phone: Annotated[list[str] | None, typer.Option("--phone", help="A number to call back on.")] = None,
    bank: Annotated[list[str] | None, typer.Option("--bank", help="A bank account; - reads it from the input.")] = None,
    account_number: Annotated[str | None, typer.Option("--account-number", help="Of its account with you.")] = None,
    account_name: Annotated[str | None, typer.Option("--account-name", help="Of its account with you.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Such as fr.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Who looks after it in customer service.")] = None,
    queue: Annotated[str | None, typer.Option("--queue", help="Where its mails go.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Such as FR.")] = None,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Puts a contact on file, or adds to what is on file of it; what is not named stays."""
    from processor.casework.contacts import put
    from processor.cli.opening import open_policy, open_store
    from processor.store import contact_book

    policy = open_policy(config)
    values = {"name": name, "kind": kind, "account_number": account_number, "account_name": account_name,
              "language": language, "owner": owner, "queue": queue, "country": country}  # fmt: skip
    accounts = [sys.stdin.readline().strip() if one == "-" else one for one in bank or ()]
    more = {
        "addresses": [*(address or ()), *(owner_address or ())],
        "owner_addresses": owner_address or [],
        "phones": phone or [],
        "bank_accounts": accounts,
    }
    with open_store(policy) as store:
        with store.reading() as session:
            card = contact_book.card_of(session, code)
        there = _lists(card)
        row = {column: "|".join((*there[column], *new)) for column, new in more.items() if new}
        row |= {column: value for column, value in values.items() if value is not None}
        key = policy.desk.key.reveal(policy.folder).encode()
        how = put(store, {"code": code, **row}, policy, key, by, now())
    show({"contact": code, "how": how}, as_json, lambda out: hang(out, f"Contact {code}: {how}."))


@app.command()
def confirm(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="That was learned from a mail.")],
    code: Code,
    by: By,
    name: Name = None,
    kind: Kind = None,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Puts an address that was learned from a mail on file of a contact, a new one or one that is there."""
    from processor.casework.contacts import confirm as act
    from processor.cli.opening import open_policy, open_store

    policy = open_policy(config)
    row = {"code": code, "addresses": address}
    row |= {column: value for column, value in (("name", name), ("kind", kind)) if value is not None}
    with open_store(policy) as store:
        how = act(store, row, policy, policy.desk.key.reveal(policy.folder).encode(), by, now())
    show({"contact": code, "how": how}, as_json, lambda out: hang(out, f"Contact {code} has {address}: {how}."))


@app.command()
def remove(code: Code, by: By, config: Config = CONFIG, as_json: Json = False) -> None:
    """Takes a contact off the file, with its addresses, numbers and accounts; its cases stay."""
    from processor.casework.contacts import remove as act
    from processor.cli.opening import open_policy, open_store

    with open_store(open_policy(config)) as store:
        act(store, code, by, now())
    show({"removed": code}, as_json, lambda out: hang(out, f"Contact {code} is on file no more."))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV in UTF-8.")],
    by: By,
    config: Config = CONFIG,
    as_json: Json = False,
) -> None:
    """Puts the contacts of a CSV file on file: all of them, or none where the file has a mistake."""
    from processor.casework.contacts import take_in
    from processor.cli.opening import open_policy, open_store

    policy = open_policy(config)
    try:
        octets = file.read_bytes()
    except OSError as error:
        raise DeskError(f"{file} cannot be read ({error.strerror}): name a CSV file.") from None
    with open_store(policy) as store:
        counts = take_in(store, octets, policy, policy.desk.key.reveal(policy.folder).encode(), by, now())
    words = ", ".join(f"{count} {how}" for how, count in counts.items())
    show(dict(counts), as_json, lambda out: hang(out, f"Contacts: {words}."))


@app.command()
def export(config: Config = CONFIG) -> None:
    """Prints every contact on file as CSV, without the numbers of bank accounts; `import` takes it back."""
    from processor.casework.contact_cards import written
    from processor.cli.opening import open_policy, open_store
    from processor.store import contact_book

    with open_store(open_policy(config)) as store, store.reading() as session:
        text = written(contact_book.cards(session))
    typer.echo(text, nl=False)


def _lists(card: Card | None) -> dict[str, tuple[str, ...]]:
    """What is on file already, as a row writes it."""
    if card is None:
        return dict.fromkeys(("addresses", "owner_addresses", "phones", "bank_accounts"), ())
    return {
        "addresses": card.addresses,
        "owner_addresses": card.owner_addresses,
        "phones": card.phones,
        "bank_accounts": tuple(f"...{one.last_four}" for one in card.bank),
    }


def _shown(card: Card) -> dict[str, Any]:
    from processor.store.contact_book import FIELDS
    from processor.triage.redaction import redact

    return {
        "code": card.code,
        **{name: getattr(card, name) for name in FIELDS},
        "addresses": [redact(one).text for one in card.addresses],
        "owner_addresses": [redact(one).text for one in card.owner_addresses],
        "phones": list(card.phones),
        "bank_accounts": [{"last_four": one.last_four, "country": one.country} for one in card.bank],
    }


def _listed(out: Console, cards: list[dict[str, Any]]) -> None:
    if not cards:
        out.print("No contacts.")
    for card in cards:
        account = f", account {card['account_number'] or card['account_name']}" if _account(card) else ""
        hang(
            out, f"{card['name']} ({card['kind']}{account}): {', '.join(card['addresses'])}", first=f"{card['code']}  "
        )


def _account(card: dict[str, Any]) -> bool:
    return bool(card["account_number"] or card["account_name"])


def _learned(out: Console, rows: list[dict[str, Any]], zone: ZoneInfo) -> None:
    if not rows:
        out.print("No learned addresses.")
    for row in rows:
        passed = "" if row["dmarc_passed_at"] is None else ", passed DMARC"
        hang(out, f"{row['address']}, since {moment(row['since'], zone)}{passed}")


def _one(out: Console, card: dict[str, Any]) -> None:
    hang(out, f"{card['name']} ({card['kind']})", first=f"{card['code']}  ", style="bold")
    accounts = [f"...{one['last_four']} ({one['country'] or 'country not told'})" for one in card["bank_accounts"]]
    lines = {
        "addresses": ", ".join(card["addresses"]),
        "owner's": ", ".join(card["owner_addresses"]),
        "account": " ".join(filter(None, (card["account_number"], card["account_name"]))),
        "phones": ", ".join(card["phones"]),
        "bank": ", ".join(accounts),
        **{name: card[name] or "" for name in ("language", "owner", "queue", "country")},
    }
    for label, words in lines.items():
        if words:
            hang(out, words, first=f"{label:<11}")
