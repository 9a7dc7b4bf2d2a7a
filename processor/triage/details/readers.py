"""The readers that a detail of the policy may name: each finds values of its kind that patterns alone cannot tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from ingest.message import Message
from processor.policy.routing import Reads
from processor.triage.amounts import Amount, amounts_in
from processor.triage.details.closing import Piece, signed
from processor.triage.details.firms import cores_of, firms_in, is_firm, matching
from processor.triage.details.found import Certainty, Evidence
from processor.triage.details.number_words import Kind
from processor.triage.details.numbered import Numbered
from processor.triage.details.numbers import numbers_in
from processor.triage.details.paying import PAYING, payment_days
from processor.triage.details.periods import BEGINS, periods_in
from processor.triage.details.persons import INTRODUCED as PERSONS
from processor.triage.details.persons import introduced, names_of, signers
from processor.triage.details.phones import INTRODUCED as PHONES
from processor.triage.details.phones import phones_in
from processor.triage.details.places import Place, places_of
from processor.triage.details.signs import signs_of
from processor.triage.details.tax_ids import SIGNS as TAX
from processor.triage.details.tax_ids import tax_ids_in
from processor.triage.plain import Plain, read_plain

_OWN: tuple[Evidence, ...] = ("subject", "text", "sent-on text", "signature")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,4})")
_MOST_ADDRESSES = 20
_TOTAL = re.compile(
    r"\b(?:total|amount|sum|balance|montant|somme|total ttc|net a payer|solde|betrag|summe|gesamt\w*|rechnungsbetrag"
    r"|endbetrag|saldo|importe|suma"
    r"|a pagar)\b[^\n0-9]{0,25}$"
)
_EACH = re.compile(r"^ ?(?:/|per\b|each|pro\b|par\b|por\b|an hour|je\b|a month|l'heure|die stunde)|^.{0,3}\b(?:/ ?h)")
_BEFORE = 40  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What was read for a detail."""

    text: str
    evidence: Evidence
    line: int | None = None
    certainty: Certainty = "stated"
    normal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A place with its text made ready, and the sums of money in it."""

    place: Place
    read: Plain
    sums: tuple[Amount, ...]
    signs: frozenset[str]  # the patterns of readers that match somewhere in it

    def value(self, start: int, text: str, certainty: Certainty = "stated", normal: str | None = None) -> Value:
        return Value(
            text=text,
            evidence=self.place.evidence,
            line=self.place.line(start),
            certainty=certainty,
            normal=normal,
        )


def _told(place: Place) -> Told:
    read = read_plain(place.text)
    return Told(place=place, read=read, sums=tuple(amounts_in(read)), signs=signs_of(read))


class Mail:
    """A mail as readers look at it; what several of them need is worked out once."""

    def __init__(self, message: Message, came: date, language: str | None, own_domains: frozenset[str]) -> None:
        self.message = message
        self.came = came
        self.language = language
        self.places = places_of(message, own_domains)
        self._own_domains = own_domains

    @cached_property
    def told(self) -> tuple[Told, ...]:
        return tuple(_told(place) for place in self.places if place.text and not place.text.isspace())

    @property
    def own(self) -> Iterator[Told]:
        """The writer's own words."""
        return (told for told in self.told if told.place.evidence in _OWN)

    @cached_property
    def numbers(self) -> tuple[tuple[Told, Numbered], ...]:
        """Of files only those numbers that words introduce; what words say in one place holds for the others."""
        found = [
            (told, number)
            for told in self.told
            for number in numbers_in(told.read, told.sums)
            if told.place.evidence in _OWN or number.certainty == "stated"
        ]
        kinds = {number.text: number.kind for _, number in reversed(found) if number.certainty == "stated"}
        return tuple(
            (
                told,
                number if number.certainty == "stated" else replace(number, kind=kinds.get(number.text, number.kind)),
            )
            for told, number in found
        )

    @cached_property
    def names(self) -> frozenset[str]:
        return names_of(self.message.sender)

    @cached_property
    def names_sent_on(self) -> frozenset[str]:
        return frozenset().union(*(names_of(header.from_) for header in self.message.forwarded))

    @cached_property
    def pieces(self) -> tuple[tuple[Told, list[Piece]], ...]:
        """How it is signed: within the words, and below them."""
        return tuple((told, signed(told.read.written)) for told in self.own if told.place.evidence != "subject")

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """The names in the domains of the sender, and of those whose mail he sends on; none of the desk's own."""
        sender = self.message.sender
        domains = [sender.domain] if sender else []
        domains += [header.from_.domain for header in self.message.forwarded if header.from_]
        for told in self.own:
            if "@" in told.read.text:
                domains += _ADDRESS.findall(told.read.text)[:_MOST_ADDRESSES]
        return cores_of(domain for domain in domains if domain not in self._own_domains)


Reader = Callable[[Mail], Iterator[Value]]


def _numbers(*kinds: Kind) -> Reader:
    def read(mail: Mail) -> Iterator[Value]:
        for told, number in mail.numbers:
            if number.kind in kinds:
                yield told.value(number.start, number.text, number.certainty)

    return read


def _customer(mail: Mail) -> Iterator[Value]:
    """A client's own number; and what he calls the reference of his payment."""
    for told, number in mail.numbers:
        if number.kind == "customer":
            yield told.value(number.start, number.text, number.certainty)
        elif number.kind == "payment" and number.reference:
            yield told.value(number.start, number.text, "likely")


def _amounts(mail: Mail) -> Iterator[Value]:
    """The amount that counts first: a total before others, the price of one thing last. Of documents totals alone."""
    found = [(told, amount, _weight(told.read.text, amount)) for told in mail.told for amount in told.sums]
    kept = [one for one in found if one[0].place.evidence in _OWN or one[2] < 0]
    for told, amount, _ in sorted(kept, key=lambda one: (one[0].place.evidence not in _OWN, one[2])):
        yield told.value(amount.start, told.read.written[amount.start : amount.end], normal=str(amount.money))


def _weight(text: str, amount: Amount) -> int:
    if _TOTAL.search(text[max(0, amount.start - _BEFORE) : amount.start]):
        return -1
    return 1 if _EACH.search(text[amount.end : amount.end + 12]) else 0


def _payment_days(mail: Mail) -> Iterator[Value]:
    for told in mail.own:
        words = PAYING in told.signs
        for day in payment_days(told.read, mail.came, mail.language) if words or told.sums else ():
            yield told.value(day.start, day.date.isoformat(), day.certainty, day.date.isoformat())


def _persons(mail: Mail) -> Iterator[Value]:
    for told, pieces in mail.pieces:
        names = mail.names_sent_on if told.place.evidence == "sent-on text" else mail.names
        named = introduced(told.read) if PERSONS in told.signs else ()
        for person in (*named, *signers(pieces, names)):
            yield told.value(person.start, person.text, person.certainty)


def _firms(mail: Mail) -> Iterator[Value]:
    by_place = dict(mail.pieces)
    found = False
    for told in mail.own:
        for firm in firms_in(
            told.read, told.signs, mail.cores, by_place.get(told, ()), mail.names | mail.names_sent_on
        ):
            found = True
            yield told.value(firm.start, firm.text, firm.certainty)
    sender = mail.message.sender
    if not found and sender is not None and sender.name:
        named = next((match for core in mail.cores if (match := matching(sender.name, core))), None)
        if (named or is_firm(sender.name)) and not mail.names:
            yield Value(text=sender.name, evidence="sender", certainty="likely")


def _phones(mail: Mail) -> Iterator[Value]:
    for told in mail.own:
        for phone in phones_in(told.read, introduced=PHONES in told.signs):
            number = told.read.written[phone.start : phone.end].strip()
            yield told.value(phone.start, number, "stated" if phone.introduced else "likely")


def _tax_ids(mail: Mail) -> Iterator[Value]:
    for told in mail.told:
        if TAX in told.signs and told.place.evidence != "attachment name":
            for tax_id in tax_ids_in(told.read):
                number = told.read.written[tax_id.start : tax_id.end]
                yield told.value(tax_id.start, number, "stated" if tax_id.checked else "likely", tax_id.number)


def _periods(mail: Mail) -> Iterator[Value]:
    for told in mail.own:
        for start, end in periods_in(told.read) if BEGINS in told.signs else ():
            yield told.value(start, told.read.written[start:end])


READERS: Mapping[Reads, Reader] = {
    "invoice-number": _numbers("invoice"),
    "credit-note-number": _numbers("credit-note"),
    "payment-number": _numbers("payment"),
    "customer-number": _customer,
    "cheque-number": _numbers("cheque"),
    "paper-number": _numbers("invoice", "order", "customer"),
    "amount": _amounts,
    "payment-date": _payment_days,
    "person": _persons,
    "company": _firms,
    "phone": _phones,
    "tax-id": _tax_ids,
    "period": _periods,
}
