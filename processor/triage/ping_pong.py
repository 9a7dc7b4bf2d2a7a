"""Is this mail a machine's answer to an acknowledgement of ours? Then another one could go on for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ingest.message import Message, utc
from processor.triage.context import Context, Given
from processor.triage.correspondent import mailbox_of
from processor.triage.mail_program import written_in_mail_program
from processor.triage.receipt import reads_as_receipt
from processor.triage.reference import references_in

_READ = 65_536  # characters of a mail's text in which a reference is looked for
_DOCUMENTS = ("application/pdf", "application/vnd.", "application/msword", "application/zip", "text/csv")
_XML = ("application/xml", "text/xml")  # invoices (UBL, CII, Factur-X)


def answers_ours(message: Message, context: Context, prefix: str, pause: timedelta) -> str | None:
    """What shows that this mail answers, or may answer, an acknowledgement of ours of the last day; else None.

    A mail that had been received before an acknowledgement was made cannot answer it. One that names the case of one
    does. So does one that reads as desks tell of a ticket. And any other from the same mailbox may, as long as the
    pause since ours lasts, unless it was written in a program for people or brings a document: machines that answer
    whatever comes do neither.
    """
    received_at = utc(context.received_at)
    before = [one for one in context.answered.given if received_at >= utc(one.made_at).replace(microsecond=0)]
    if not before:
        return None
    latest = max(one.made_at for one in before)
    if named := _named(message, before, prefix):
        return f"names {named}, which we acknowledged"
    if reads_as_receipt(message):
        return f"reads as a receipt, after ours of {_at(latest)}"
    mailbox = mailbox_of(message.sender.address) if message.sender else ""
    recent = [one.sent_at for one in before if one.mailbox == mailbox and received_at < utc(one.sent_at) + pause]
    if recent and not (written_in_mail_program(message) or _brings_document(message)):
        return f"follows ours of {_at(max(recent))}"
    return None


def _named(message: Message, given: Sequence[Given], prefix: str) -> str | None:
    """The first of their references that stands in the subject, the text, or a Message-ID of what is attached."""
    known = {one.reference for one in given}
    return next((name for name in _references(message, prefix) if name in known), None)


def _references(message: Message, prefix: str) -> Iterator[str]:
    for text in (message.subject, message.text[:_READ], *message.attached_ids):
        yield from references_in(text, prefix)


def _brings_document(message: Message) -> bool:
    kinds = (one.detected_type or one.declared_type for one in message.attachments if not one.inline)
    return any(kind.startswith(_DOCUMENTS) or kind in _XML for kind in kinds)


def _at(moment: datetime) -> str:
    return f"{utc(moment):%Y-%m-%d %H:%M} UTC"
