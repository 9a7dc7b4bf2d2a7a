"""Reads stored mails again, in the process that reads all mail, and decides of each as the desk met it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from ingest.message import Message
from processor.reading.reader import Reader, Reading
from processor.replay.comparing import Difference, compared
from processor.store import ledger
from processor.store.database import Store
from processor.store.met import Met
from processor.store.surroundings import Arrival, look_up
from processor.triage.account_digest import salt_of
from processor.triage.context import Answered, Context
from processor.triage.correlation import claims_of
from processor.triage.diversion_values import Code
from processor.triage.verdict import CompiledPolicy, Verdict, triage

BATCH = 50
BATCH_OCTETS = 8_000_000  # as the servers told their sizes
NO_BYTES = "its raw bytes are not in the database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One mail again: what became of it then and now, or why it could not be read."""

    mail: Met
    verdict: Verdict | None = None
    message: Message | None = None
    differences: tuple[Difference, ...] = ()  # its cases, also those of which nothing is different
    unread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A policy at work on the mails of a database that it only reads."""

    store: Store
    reader: Reader
    compiled: CompiledPolicy
    key: bytes  # by which a mail names cases of ours

    def of(self, mails: Sequence[Met]) -> Iterator[Replayed]:
        """Each of these mails, in their order. While one batch is decided, the reading process reads the next."""
        with ThreadPoolExecutor(max_workers=1) as ahead:
            before: tuple[Sequence[Met], Future[list[Reading | None]]] | None = None
            for batch in _batches(mails):
                reading = ahead.submit(self._read, batch)
                if before is not None:
                    yield from self._batch(before[0], before[1].result())
                before = (batch, reading)
            if before is not None:
                yield from self._batch(before[0], before[1].result())

    def _batch(self, mails: Sequence[Met], found: Sequence[Reading | None]) -> Iterator[Replayed]:
        readings = dict(zip((mail.inbound_id for mail in mails), found, strict=True))
        arrivals = {
            mail.inbound_id: self._arrival(mail, read)
            for mail in mails
            if isinstance(read := readings[mail.inbound_id], Message)
        }
        contexts = self._contexts(list(arrivals.values()), {mail.inbound_id: mail for mail in mails})
        for mail in mails:
            read = readings[mail.inbound_id]
            if isinstance(read, Message):
                yield self._decided(mail, read, contexts[mail.inbound_id])
            else:
                yield Replayed(mail=mail, unread=str(read) if read else NO_BYTES)

    def _decided(self, mail: Met, message: Message, context: Context) -> Replayed:
        verdict = triage(message, context, self.compiled, mail.decided_at)
        differences = compared(mail, verdict, self.compiled.policy)
        return Replayed(mail=mail, verdict=verdict, message=message, differences=tuple(differences))

    def _read(self, mails: Sequence[Met]) -> list[Reading | None]:
        """What each says; None where its bytes are not there. One that ends its reader does so to itself alone."""
        with self.store.reading() as session:
            contents = ledger.contents(session, [mail.sha256 for mail in mails if mail.sha256])
        there = [contents[mail.sha256] for mail in mails if mail.sha256 in contents]
        found: list[Reading] = []
        while len(found) < len(there):
            found += self.reader.read(there[len(found) :])
        said = iter(found)
        return [next(said) if mail.sha256 in contents else None for mail in mails]

    def _arrival(self, mail: Met, message: Message) -> Arrival:
        return Arrival(
            inbound_id=mail.inbound_id,
            mailbox=mail.mailbox,
            sha256=mail.sha256 or "",
            size=mail.size,
            received_at=mail.received_at,
            oversize=mail.oversize,
            message=message,
            claims=claims_of(message, self.key, self.compiled.policy),
        )

    def _contexts(self, arrivals: Sequence[Arrival], mails: Mapping[int, Met]) -> dict[int, Context]:
        """What is on file of those who wrote; without what became of these very mails, and of the desk since then."""
        if not arrivals:
            return {}
        shared, latest = self.compiled.policy.acknowledgement.caps.webmail_domains, max(a.received_at for a in arrivals)
        with self.store.reading() as session:
            around = look_up(session, arrivals, shared, latest, salt_of(self.key))
        return {one.inbound_id: _as_met(around.context(one), mails[one.inbound_id]) for one in arrivals}


def _as_met(context: Context, mail: Met) -> Context:
    """Without what this mail itself brought, and those that came after it: by it its sender is known now."""
    contact = context.contact
    if contact is not None and mail.stranger and not contact.confirmed:
        contact = None
    if contact is not None and Code.DMARC_ABSENT not in mail.signals:
        contact = replace(contact, dmarc_passed=False)
    return replace(
        context,
        cases={},
        related=tuple(name for name in context.related if name not in mail.references),
        duplicate_of=None,
        copy_of=None,
        suppressed=None,
        answered=Answered(),
        contact=contact,
        domain_known=Code.FIRST_DOMAIN not in mail.signals,
    )


def _batches(mails: Sequence[Met]) -> Iterator[Sequence[Met]]:
    batch: list[Met] = []
    for mail in mails:
        if batch and (len(batch) == BATCH or sum(one.size for one in batch) + mail.size > BATCH_OCTETS):
            yield batch
            batch = []
        batch.append(mail)
    if batch:
        yield batch
