"""A held case is released by two people: one calls back on the number on file, another one confirms."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from ingest.errors import DeskError
from processor.casework.taking import Act, act
from processor.outgoing.view import one_line
from processor.store.casebook import Held
from processor.store.database import Store
from processor.triage.lookalike import skeleton
from processor.triage.redaction import redact

CALLED = "called back"  # kinds of events
RELEASED = "released by a second person"

CONFIRMED, REFUSED = "confirmed", "refused"
NO_NUMBER = "none"
_SHORTEST = 5  # digits
_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the caller tells of it."""

    number: str  # as it was called; "none" where nobody was
    spoke_with: str
    outcome: str  # CONFIRMED or REFUSED
    contact: str | None = None  # the code of the contact whose number it is; None: that of the case


def refuse_held(case: Held) -> None:
    """Raises DeskError where two people must look at the case first."""
    if case.held:
        raise DeskError(
            f"{case.reference} is held, since a mail of it smells of payment diversion (see `daydesk case show "
            f"{case.reference}`): call back on the number on file and record it with `daydesk case call-back "
            f"{case.reference}`; then a second person confirms with `daydesk case confirm {case.reference}`."
        )


def call_back(store: Store, reference: str, call: Call, number_needed: bool, actor: str, now: datetime) -> bool:
    """Record a call. Returns whether its number was on file before the mail came.

    `number_needed`: where no number is on file, nobody can confirm the change by calling another one.
    """
    name = one_line(redact(call.spoke_with).text, _NAME_LENGTH)
    if not name.strip():
        raise DeskError("Whom did you speak with? Name the person with --spoke-with.")
    _named(actor)
    with act(store, actor, now) as doing:
        case = _held(doing, reference)
        on_file = _numbers(doing, case, call)
        number = phone_number(call.number)
        known = number in on_file
        if not known:
            _refuse_number(call, number, on_file, number_needed)
        told = {"number": number or NO_NUMBER, "on_file": known, "spoke_with": name, "outcome": call.outcome}
        doing.book.note_call(case, {"at": now, "actor": actor, **told})
        doing.tell(case, CALLED, **told, contact=call.contact)
    return known


def confirm(store: Store, reference: str, actor: str, now: datetime) -> str:
    """The second person confirms what the first was told; the case is released. Returns the outcome of the call."""
    _named(actor)
    with act(store, actor, now) as doing:
        case = _held(doing, reference)
        call = doing.book.latest_call(case)
        if call is None:
            raise DeskError(
                f"Nobody has called back about {reference} since it was held: see `daydesk case call-back {reference}`."
            )
        if same_person(call.actor, actor):
            raise DeskError(f"{call.actor} made the call about {reference}: a second person must confirm it.")
        doing.book.release(case, call, actor, now)
        doing.tell(case, RELEASED, outcome=call.outcome, called_by=call.actor)
    return call.outcome


def phone_number(written: str) -> str:
    """Digits alone, with a + before an international number; empty where there are too few."""
    plain = unicodedata.normalize("NFKC", written[:100]).replace("(0)", "").strip()
    digits = "".join(str(unicodedata.decimal(one)) for one in plain if one.isdecimal())
    if len(digits) < _SHORTEST:
        return ""
    if plain.startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def same_person(one: str, other: str) -> bool:
    """However the name is spelt: nobody becomes a second person by a letter that looks alike."""
    first, second = ("".join(skeleton(name).split()) for name in (one, other))
    return first == second


def _named(actor: str) -> None:
    if not skeleton(actor).strip():
        raise DeskError("Who does it? Name a person with --by.")


def _held(doing: Act, reference: str) -> Held:
    case = doing.take(reference)
    if not case.held:
        raise DeskError(f"{reference} is not held: there is nothing to confirm.")
    return case


def _numbers(doing: Act, case: Held, call: Call) -> list[str]:
    found = doing.book.numbers_on_file(case, call.contact)
    if found is None:
        raise DeskError(f"There is no contact {one_line(call.contact or '')!r}: see `daydesk contacts list`.")
    return found


def _refuse_number(call: Call, number: str, on_file: list[str], number_needed: bool) -> None:
    """Raises DeskError, unless none is on file and the request is refused, or the policy lets another one be called."""
    if on_file:
        raise DeskError(
            f"{one_line(call.number)} was not on file before the mail came: call {' or '.join(on_file)}. "
            "A number from the mail, or one that came after it, is the sender's word alone."
        )
    if call.outcome == REFUSED and (number or call.number == NO_NUMBER):
        return
    if not number:
        raise DeskError(f"{one_line(call.number)!r} is not a telephone number: name the one that you called.")
    if number_needed:
        raise DeskError(
            "No number was on file before the mail came, so nobody can confirm it by a call: refuse the request, name "
            "the contact whose number is on file with --contact, or allow another number in the policy "
            "(diversion.call_back_without_number)."
        )
