"""Whose matter a case is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ingest.errors import DeskError
from processor.casework.taking import act
from processor.outgoing.compose import valid_address
from processor.outgoing.view import one_line
from processor.store.database import Store
from processor.triage.addressing import is_own
from processor.triage.redaction import redact

ACCEPTED = "requester accepted"  # a kind of event


def accept(store: Store, reference: str, address: str, own: Collection[str], actor: str, now: datetime) -> None:
    """The case is his from now on, and he is a participant; who wrote it for him stays one."""
    if not (address.isprintable() and valid_address(address)):
        raise DeskError(f"{one_line(address)!r} is not a mail address: write such as ada@client.example.")
    if is_own(address, frozenset(own)):
        raise DeskError(f"{address} is an address of the desk itself: name the client.")
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        if address.casefold() == case.requester_address.casefold():
            raise DeskError(f"{reference} is a case of {address} already.")
        offered = (case.offered_address or "").casefold() == address.casefold()
        name = (case.offered_name or "") if offered else ""
        doing.book.add_participant(case, address, "requester")
        doing.book.change(case, requester_address=address, requester_name=name, offered_address=None, offered_name=None)
        told = {"address": redact(address).text, "name": name, "was": redact(case.requester_address).text}
        doing.tell(case, ACCEPTED, **told)
