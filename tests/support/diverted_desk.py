"""A desk with the shipped policy that meets diverted mails, and everything that people may do to be rid of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from support.conversing import Conversing
from support.diverting import GATEWAY, VENDOR, VENDORS_DOMAIN, Diverted
from support.mails import a_mail
from support.working_desk import NO_CAPS, WorkingDesk

from ingest.errors import DeskError
from processor.casework.confirming import Call, call_back, confirm
from processor.casework.merging import connect, merge
from processor.casework.requesters import accept
from processor.casework.settling import close, reopen, resolve
from processor.reading.reader import Reader
from processor.store.contact_book import Card, put
from processor.store.database import Store
from processor.store.models import UNSETTLED, Case, Outbox
from processor.triage.account_digest import digest_of, salt_of
from processor.triage.contact import BankOnFile

NUMBER = "+441134960777"
OLD = "DE89370400440532013000"
KEY = b"a key of the desk's own, long enough"


def a_desk(folder: Path, url: str, reader: Reader) -> Conversing:
    """The shipped policy, a gateway that is believed, and the vendor on file."""
    desk = WorkingDesk(folder, url)
    for table in ("queues", "rules"):
        del desk.tables[table]
    desk.tables = {"include": ["default"], **desk.tables}
    talk = Conversing(desk, reader)
    desk.change(acknowledgement={"caps": NO_CAPS, "authserv_id": GATEWAY})
    account = BankOnFile(digest=digest_of(OLD, salt_of(KEY)), last_four=OLD[-4:], country="DE")
    card = Card(code="V-1", name="Word Bridge", kind="vendor", addresses=(VENDOR, f"info@{VENDORS_DOMAIN}"),
                owner_addresses=(VENDOR,), phones=(NUMBER,), bank=(account,))  # fmt: skip
    with desk.store() as store, store.writing() as session:
        put(session, card, "amina", datetime.now(UTC) - timedelta(days=9), ())
    return talk


def levels(talk: Conversing) -> dict[int, str]:
    """By ledger row the level of the case that it opened."""
    with talk.desk.store() as store, store.reading() as session:
        rows = session.execute(sa.text(
            "SELECT inbound.id, cases.diversion FROM inbound JOIN cases ON cases.id = inbound.case_id"
        ))  # fmt: skip
        return {row[0]: row[1] for row in rows}


def settled_without_two(talk: Conversing, references: Iterable[str]) -> list[str]:
    """Of these cases those that are resolved or closed by now."""
    with talk.desk.store() as store, store.reading() as session:
        query = sa.select(Case.reference).where(Case.status.not_in([one.value for one in UNSETTLED]))
        done = set(session.scalars(query))
    return sorted(done & set(references))


def every_way(store: Store, reference: str, other: str, now: datetime) -> list[str]:
    """All that a person may do to be rid of a case, one after the other; what was not refused that should be."""
    call = Call(number=NUMBER, spoke_with="Jane", outcome="confirmed", contact="V-1")
    wrong = replace(call, number="+44 7700 900999")
    ways: Sequence[tuple[str, Callable[[], object]]] = (
        ("resolve", lambda: resolve(store, reference, "amina", now)),
        ("close", lambda: close(store, reference, "amina", now)),
        ("merge away", lambda: merge(store, reference, other, "amina", now)),
        ("confirm without a call", lambda: confirm(store, reference, "bruno", now)),
        ("another number", lambda: call_back(store, reference, wrong, True, "amina", now)),
        ("reopen, close", lambda: (reopen(store, reference, "amina", now), close(store, reference, "amina", now))),
        ("confirm one's own call", lambda: (call_back(store, reference, call, True, "amina", now),
                                            confirm(store, reference, "AMINA ", now))),
        ("close after a call", lambda: close(store, reference, "amina", now)),
        ("link, resolve", lambda: (connect(store, reference, other, "amina", now),
                                   resolve(store, reference, "amina", now))),
        ("requester, resolve", lambda: (accept(store, reference, f"new@{VENDORS_DOMAIN}", (), "amina", now),
                                        resolve(store, reference, "amina", now))),
        ("the database", lambda: _by_hand(store, reference)),
    )  # fmt: skip
    return [name for name, way in ways if _done(way)]


def _done(way: Callable[[], object]) -> bool:
    try:
        way()
    except (DeskError, sa.exc.IntegrityError):
        return False
    return True


def _by_hand(store: Store, reference: str) -> None:
    with store.writing() as session:
        session.execute(sa.update(Case).where(Case.reference == reference).values(status="closed"))


def harmless_answers(talk: Conversing, mails: Sequence[Diverted]) -> list[bytes]:
    """A second mail on each acknowledged case, which asks for nothing."""
    contents: list[Any] = talk.desk.rows(Outbox, Outbox.content, Outbox.recipient)
    found = []
    for number, row in enumerate(contents, 70_000):
        ours = " ".join(str(message_from_bytes(row.content)["Message-ID"]).split())
        words = "Thank you, all is settled. No change is needed.\n"
        found.append(
            a_mail(number, fields=f"In-Reply-To: {ours}\r\n", sender=row.recipient, subject="Re: it", words=words)
        )
    return found[: len(mails)]


def release(store: Store, reference: str, now: datetime) -> None:
    """What two honest people do."""
    call = Call(number=NUMBER, spoke_with="Jane", outcome="refused", contact="V-1")
    call_back(store, reference, call, True, "amina", now)
    confirm(store, reference, "bruno", now)
    close(store, reference, "bruno", now)
