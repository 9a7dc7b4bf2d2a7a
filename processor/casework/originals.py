"""The unredacted words of a case, for those whom the policy allows, with a reason, on record before they are shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from ingest.errors import DeskError
from processor.casework.taking import act
from processor.reading.reader import Reader
from processor.store.database import Store
from processor.store.redactions import Records
from processor.triage.redaction import redact

SHOWN = "original shown"  # kinds of events
REFUSED = "original refused"


def originals(
    store: Store, reader: Reader, reference: str, number: int | None, reason: str, allowed: Collection[str], user: str,
    now: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """The mails of a case as their raw bytes say them, or the one of this number. That they were asked for is committed
    first, refused or not. DeskError where this user may not see them.
    """
    if not reason.strip():
        raise DeskError("Unredacted text is shown for a reason: give one with --reason.")
    may = user in allowed
    with act(store, user, now) as doing:
        case = doing.take(reference)
        records = Records(doing.book)
        mails = records.numbered(case)
        doing.tell(case, SHOWN if may else REFUSED, message=number, reason=redact(reason).text)
    if not may:
        raise DeskError(
            f"{user} may not see unredacted text: desk.may_see_originals of the policy does not name this user. "
            "That it was asked for is on record."
        )
    if number is not None and not 1 <= number <= len(mails):
        raise DeskError(f"{reference} has {len(mails)} mails, and none of number {number}.")
    chosen = [(at, one.digest) for at, one in enumerate(mails, 1) if number in (None, at)]
    with act(store, user, now) as doing:
        records = Records(doing.book)
        octets = [(at, records.raw(digest) if digest else None) for at, digest in chosen]
    return [{"message": at, **_words(reader, raw)} for at, raw in octets]


def _words(reader: Reader, raw: bytes | None) -> dict[str, Any]:
    if raw is None:
        return {"subject": "", "text": "(its bytes are not in the database)", "attachments": []}
    mail = reader.read_one(raw)
    files = [
        {"name": one.name, "sha256": one.sha256, "text": one.text, "unread": one.unread} for one in mail.attachments
    ]
    return {"subject": mail.subject, "text": mail.text, "attachments": files}
