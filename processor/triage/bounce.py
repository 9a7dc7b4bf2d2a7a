"""Which mails a report brings back, and who sends reports: nobody who would get an answer."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import Message
from processor.triage.fields import Fields
from processor.triage.reference import own_ids_in

_READ = 262_144  # characters of a home-made report that are looked at


def returned_ids(message: Message) -> Iterator[str]:
    """Of a bounce or complaint: Message-IDs of the mail that it brings back, as a part or quoted in its text."""
    if message.report is not None and message.report.original_message_id is not None:
        yield message.report.original_message_id
    yield from message.attached_ids
    yield from own_ids_in(message.text[:_READ])


def has_null_sender(fields: Fields) -> bool:
    """The envelope sender was <> (RFC 5321 section 4.5.5)."""
    return any("".join(value.split()) == "<>" for value in fields.get("return-path", ()))
