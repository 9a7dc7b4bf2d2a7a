"""What people do with the suppression list; each act is one transaction with its actor."""

from __future__ import annotations

from datetime import datetime

from ingest.errors import DeskError
from processor.outgoing.compose import valid_address
from processor.outgoing.view import one_line
from processor.store import suppression
from processor.store.database import Store
from processor.triage.redaction import redact

REASON_LENGTH = 500  # characters


def suppress(store: Store, address: str, reason: str, actor: str, now: datetime) -> None:
    """This address gets no automatic mail from now on."""
    words = one_line(redact(reason).text, REASON_LENGTH)  # cut last: half an IBAN is not known as one
    if not words:
        raise DeskError("An address is suppressed for a reason: give one with --reason.")
    if not (address.isprintable() and valid_address(address)):
        raise DeskError(f"{one_line(address)!r} is not a mail address: write such as ada@client.example.")
    row = {"address": address, "reason": words, "since": now, "actor": actor}
    with store.writing() as session:
        added = suppression.add(session, [row])
    if not added:
        raise DeskError(f"{one_line(address)} is on the list already: see `daydesk inbox suppressed list`.")


def lift(store: Store, address: str, actor: str, now: datetime) -> None:
    """This address gets automatic mail again."""
    with store.writing() as session:
        removed = suppression.remove(session, address, actor, now)
    if not removed:
        raise DeskError(f"{one_line(address)} is not on the list: see `daydesk inbox suppressed list`.")
