"""Takes something out of a case for good, in every copy that the desk has, and certifies what was done."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from ingest.errors import DeskError
from ingest.message import Message
from ingest.rewriting import wherever, without_all, without_files, without_text
from processor.casework.taking import Act, act
from processor.reading.reader import Reader
from processor.store.casebook import Held
from processor.store.database import Store
from processor.store.redactions import MARK, Copies, Records, told
from processor.triage.redaction import redact

REDACTED = "redacted"  # a kind of event
UNKNOWN = "unknown: desk.backups of the policy tells nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to go: a text, an attachment by name or digest, or a mail by its number. One of the three."""

    text: str = ""
    attachment: str = ""
    message: int = 0
    reason: str = ""


def take_out(
    store: Store, reader: Reader, reference: str, wanted: Wanted, backups: Sequence[str], actor: str, now: datetime
) -> dict[str, Any]:
    """All or nothing, in one transaction; the certificate. DeskError where it is not there, or cannot be taken out."""
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        work = _Work(doing, case, reader)
        if wanted.text:
            done = work.text(wanted.text)
        else:
            done = work.attachment(wanted.attachment) if wanted.attachment else work.message(wanted.message)
        if not done.rows and not done.raw:
            raise DeskError(f"{reference} holds no such {done.what['kind']}: nothing was changed.")
        certificate = {
            **done.what,
            "rows": done.rows,
            "raw": done.raw,
            "by": actor,
            "at": now.isoformat(),
            "reason": redact(wanted.reason).text,
            "backups": list(backups) or [UNKNOWN],
        }
        doing.tell(case, REDACTED, **certificate)
    return {"case": reference, **certificate}


def certificates(store: Store, reference: str) -> list[dict[str, Any]]:
    """Those that were written for a case, oldest first."""
    return [{"case": reference, **data} for data in told(store, reference, REDACTED)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What went, how many rows of which tables changed, and which raw mails."""

    what: dict[str, Any]
    rows: dict[str, int]
    raw: list[dict[str, Any]]


class _Work:
    """One redaction, within its transaction."""

    def __init__(self, doing: Act, case: Held, reader: Reader) -> None:
        self._doing, self._case, self._reader = doing, case, reader
        self._records = Records(doing.book)

    def text(self, text: str) -> _Done:
        try:
            pattern = wherever(text)
        except ValueError as error:
            raise DeskError(f"This text cannot be taken out: {error}. Nothing was changed.") from None
        found = self._records.copies(self._case)
        raw = self._rewrite(found, lambda raw: self._without(raw, pattern), lambda mail: _says(mail, pattern))
        rows = self._records.change_texts(found, pattern)
        sent = self._records.change_contents(found, lambda content: without_text(content, pattern))
        return _Done(what={"kind": "text", "what": f"{len(text)} characters"}, rows=_counted(rows, sent), raw=raw)

    def attachment(self, named: str) -> _Done:
        found = self._records.copies(self._case)
        files = self._records.files(found, named)
        note = self._note("this attachment")
        raw = self._rewrite(
            found,
            lambda raw: without_files(raw, files.keys(), note),
            lambda mail: any(one.sha256 in files for one in mail.attachments),
        )
        told = "; ".join(f"{name} ({digest})" for digest, name in files.items())
        rows = self._records.forget_files(found, files)
        return _Done(what={"kind": "attachment", "what": told}, rows=rows, raw=raw)

    def message(self, number: int) -> _Done:
        mails = self._records.numbered(self._case)
        if not 1 <= number <= len(mails):
            raise DeskError(f"{self._case.reference} has {len(mails)} mails, and none of number {number}.")
        found = self._records.copies(self._case, mails[number - 1].id)
        note = self._note("all of this mail")
        raw = self._rewrite(found, lambda raw: without_all(raw, note), None)
        rows = self._records.forget_words(found)
        sent = self._records.change_contents(found, lambda content: without_all(content, note))
        return _Done(what={"kind": "message", "what": f"number {number}"}, rows=_counted(rows, sent), raw=raw)

    def _note(self, what: str) -> str:
        return f"{MARK}: {what} was taken out on {self._doing.now:%Y-%m-%d} by {self._doing.actor}.\n"

    def _rewrite(
        self, found: Copies, rewritten: Callable[[bytes], bytes], still: Callable[[Message], bool] | None
    ) -> list[dict[str, Any]]:
        """Each raw mail in which it stands, rewritten and read again. DeskError where it stands there all the same."""
        told = []
        for digest in found.digests:
            raw = self._records.raw(digest)
            changed = rewritten(raw) if raw is not None else raw
            if changed is None:
                continue
            if still is not None and still(self._reader.read_one(changed)):
                raise DeskError(
                    f"It stands in the mail {digest[:12]} where it cannot be taken out alone: nothing was changed. "
                    "Take out the attachment that holds it (--attachment), or the whole mail (--message)."
                )
            if changed != raw:
                self._records.put_raw(digest, changed)
                told.append({"original": digest, "now": sha256(changed).hexdigest(), "octets": len(changed)})
        return told

    def _without(self, raw: bytes, pattern: re.Pattern[str]) -> bytes:
        """Documents that say it go whole, where they are no text: nobody can take words out of a PDF."""
        mail = self._reader.read_one(raw)
        holding = {
            one.sha256
            for one in mail.attachments
            if pattern.search(one.text) and not one.declared_type.startswith("text/")
        }
        note = f"{MARK}: this document held what was taken out on {self._doing.now:%Y-%m-%d}.\n"
        return without_text(without_files(raw, holding, note), pattern)


def _says(mail: Message, pattern: re.Pattern[str]) -> bool:
    """Does anything that can be read of the mail say it?"""
    words = [mail.text, mail.new_text, mail.subject, mail.hidden_text, *(value for _name, value in mail.headers)]
    words += [word for one in mail.attachments for word in (one.name, one.text)]
    words += [word for one in mail.attached_messages for word in (one.subject, one.text)]
    return any(pattern.search(word) for word in words)


def _counted(rows: dict[str, int], sent: int) -> dict[str, int]:
    return rows | {"outbox": rows.get("outbox", 0) + sent} if sent else rows
