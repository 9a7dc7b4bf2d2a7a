"""Reconcile: finds where ledger and server do not agree and, where asked, mends what can be mended, by committing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from ingest.batches import pieces
from ingest.errors import Permanent
from ingest.mailbox import Held, Mailbox
from ingest.message import FetchedMessage, Withheld
from processor.reading.reader import Poison, Reader
from processor.stages.comparing import compare
from processor.stages.desk import Desk
from processor.stages.differences import Comparison, Difference, Kind
from processor.stages.receive import file_away
from processor.stages.refetch import GONE, presentable
from processor.store import events, ledger, reconciling, withheld
from processor.store.locks import receiver_lock
from processor.store.models import State
from processor.store.reconciling import Orphan, Orphans, Row

EVENT = "reconciled"
RECORDED = 500  # rows put on record in one transaction


@dataclass(slots=True, kw_only=True)
class Reconciled:
    """What was found of one mailbox, and what was done about it."""

    comparison: Comparison
    mended: dict[int, str] = field(default_factory=dict)  # by the place of the difference: what was done

    @property
    def left(self) -> int:
        """How many differences remain."""
        return len(self.comparison.differences) - len(self.mended)


def reconcile(desk: Desk, mailbox: Mailbox, shared: frozenset[str], *, deep: bool = False,
              repair_as: str | None = None) -> Reconciled:  # fmt: skip
    """Compare a mailbox, not yet entered, with the ledger; `repair_as` names who mends what is found.

    `shared` are the names of the mailboxes that file into the same processed folder. Nobody else receives from this
    mailbox while it is mended.
    """
    with ExitStack() as stack:
        if repair_as is not None:
            stack.enter_context(receiver_lock(desk.store, mailbox.name))
        stack.enter_context(mailbox)
        processed = mailbox.processed()
        if processed is not None:
            stack.enter_context(processed)
        done = Reconciled(comparison=compare(desk.store, mailbox, processed, deep, shared, desk.now()))
        if repair_as is not None:
            with desk.open_reader(desk.policy.run) as reader:
                _Repair(desk, mailbox, processed, done, repair_as, reader).run()
    return done


class _Repair:
    """One round of mending, in the name of one person."""

    def __init__(
        self, desk: Desk, mailbox: Mailbox, processed: Mailbox | None, done: Reconciled, actor: str, reader: Reader
    ) -> None:
        self.desk, self.mailbox, self.done, self.actor, self.reader = desk, mailbox, done, actor, reader
        self.folders = {mailbox.folder: mailbox} | ({processed.folder: processed} if processed else {})

    def run(self) -> None:
        self.desk.require_rules()
        self._take_in()
        self._put_bytes_back()
        self._fetch_withheld()
        self._record_lost()
        self._record_gone()
        self._file_away()
        told = Counter(self.done.mended.values())
        self.desk.log.info("reconciled", mailbox=self.mailbox.name, actor=self.actor, **dict(told))

    def _take_in(self) -> None:
        """What is on the server and not in the ledger goes the ordinary way; digests tell duplicates."""
        by_folder = self._held(Kind.MISSED, Kind.PUT_BACK)
        if not by_folder:
            return
        with self.desk.store.reading() as session:
            orphans = reconciling.orphans(session)
        for folder, places in by_folder.items():
            for batch in self.folders[folder].fetch([held for held, _place in places.values()]):
                self._take_in_batch(batch, places, orphans)

    def _take_in_batch(
        self, batch: Sequence[FetchedMessage | Withheld], places: dict[int, tuple[Held, int]], orphans: Orphans
    ) -> None:
        now = self.desk.now()
        batch = [presentable(one) if isinstance(one, Withheld) else one for one in batch]
        taken = ledger.prepare(self.mailbox.name, batch, now)
        digests = {row["uid"]: row["sha256"] for row in taken.inbound}
        with self.desk.store.writing() as session:
            known = reconciling.in_ledger(session, {digest for digest in digests.values() if digest is not None})
            ledger.take_in(session, taken)
            ids = reconciling.row_ids(session, self.mailbox.name, batch)
            if batch and batch[0].folder != self.mailbox.folder:  # it lies where it belongs
                reconciling.mark(session, ids.values(), filed_at=now)
            for message in batch:
                orphan = None if digests[message.uid] in known else self._orphan_of(message, orphans)
                if orphan is not None:
                    reconciling.restore(session, ids[message.uid], orphan, now)
                place = places[message.uid][1]
                self.done.mended[place] = _how_taken_in(message, orphan)
                before = self._row(place)  # of a mail moved back: it left its place
                left = [self._gone(before, now)] if before is not None else []
                events.write(session, [self._event(ids[message.uid], place), *left])

    def _orphan_of(self, message: FetchedMessage | Withheld, orphans: Orphans) -> Orphan | None:
        """The mail of a case that this one is, where its ledger row was lost; it is taken only once."""
        if not orphans or isinstance(message, Withheld):
            return None
        try:
            read = self.reader.read_one(message.raw)
        except (Permanent, Poison):
            return None
        address = read.sender.address if read.sender else ""
        return orphans.pop((read.message_id, address, message.received_at), None)

    def _put_bytes_back(self) -> None:
        """From the server where it still has them. A mail that was never decided and is nowhere has vanished."""
        for folder, places in self._held(Kind.NO_BYTES).items():
            for batch in self.folders[folder].fetch([held for held, _place in places.values()]):
                now = self.desk.now()
                with self.desk.store.writing() as session:
                    ledger.take_in(session, _bytes_alone(ledger.prepare(self.mailbox.name, _given(batch), now)))
                    for message in _given(batch):
                        place = places[message.uid][1]
                        row = self.done.comparison.differences[place].row
                        if row is not None and sha256(message.raw).hexdigest() == row.sha256:
                            self.done.mended[place] = "bytes fetched again"
                            events.write(session, [self._event(row.id, place)])
        lost = [
            (place, one.row)
            for place, one in self._open(Kind.NO_BYTES)
            if one.held is None and one.row is not None and one.row.state is State.PENDING
        ]
        now = self.desk.now()
        with self.desk.store.writing() as session:
            reason = "Its raw bytes are neither in the database nor on the server."
            reconciling.mark(
                session, [row.id for _place, row in lost], state=State.VANISHED, reason=reason, settled_at=now
            )
            self.done.mended |= dict.fromkeys((place for place, _row in lost), "put on record as vanished")
            events.write(session, [self._event(row.id, place) for place, row in lost])

    def _fetch_withheld(self) -> None:
        """Once more, on a person's word: it is no try of the three."""
        for folder, places in self._held(Kind.WITHHELD).items():
            row_ids = {uid: row.id for uid, (_held, place) in places.items() if (row := self._row(place))}
            for batch in self.folders[folder].fetch([held for held, _place in places.values()]):
                came = _given(batch)
                with self.desk.store.writing() as session:
                    withheld.came(session, self.mailbox.name, row_ids, came, self.desk.now())
                    for message in came:
                        place = places[message.uid][1]
                        self.done.mended[place] = "fetched"
                        events.write(session, [self._event(row_ids[message.uid], place)])

    def _record_lost(self) -> None:
        lost = [(place, one.row.id) for place, one in self._open(Kind.LOST) if one.row is not None]
        with self.desk.store.writing() as session:
            withheld.vanished(session, [row_id for _place, row_id in lost], GONE, self.desk.now())
            self.done.mended |= dict.fromkeys((place for place, _row_id in lost), "put on record as vanished")
            events.write(session, [self._event(row_id, place) for place, row_id in lost])

    def _record_gone(self) -> None:
        for some in pieces(self._open(Kind.GONE), RECORDED):
            now = self.desk.now()
            with self.desk.store.writing() as session:
                told = [self._gone(one.row, now) for _place, one in some if one.row is not None]
                events.write(session, told)
            self.done.mended |= dict.fromkeys((place for place, _one in some), "put on record")

    def _gone(self, row: Row, now: datetime) -> dict[str, Any]:
        data = {"mailbox": row.mailbox, "sha256": row.sha256}
        return {"inbound_id": row.id, "at": now, "actor": self.actor, "kind": reconciling.GONE, "data": data}

    def _file_away(self) -> None:
        file_away(self.desk, self.mailbox, self.done.comparison.cursor)
        self.done.mended |= dict.fromkeys((place for place, _one in self._open(Kind.UNFILED)), "filed away")

    def _row(self, place: int) -> Row | None:
        return self.done.comparison.differences[place].row

    def _open(self, *kinds: Kind) -> list[tuple[int, Difference]]:
        """Differences of these kinds that are not mended, with their places."""
        every = enumerate(self.done.comparison.differences)
        return [(place, one) for place, one in every if one.kind in kinds and place not in self.done.mended]

    def _held(self, *kinds: Kind) -> dict[str, dict[int, tuple[Held, int]]]:
        """Of these differences those that the server holds: by folder and UID, with their places."""
        found: dict[str, dict[int, tuple[Held, int]]] = defaultdict(dict)
        for place, one in self._open(*kinds):
            if one.held is not None:
                found[one.folder][one.held.uid] = (one.held, place)
        return found

    def _event(self, row_id: int, place: int) -> dict[str, Any]:
        one = self.done.comparison.differences[place]
        return {
            "inbound_id": row_id,
            "at": self.desk.now(),
            "actor": self.actor,
            "kind": EVENT,
            "data": {
                "difference": one.kind.value,
                "folder": one.folder,
                "uid": one.uid,
                "done": self.done.mended[place],
            },
        }


def _how_taken_in(message: FetchedMessage | Withheld, orphan: Orphan | None) -> str:
    if orphan is not None:
        return "joined to its case again"
    return "taken in without its bytes" if isinstance(message, Withheld) else "taken in"


def _given(batch: Sequence[FetchedMessage | Withheld]) -> list[FetchedMessage]:
    return [message for message in batch if isinstance(message, FetchedMessage)]


def _bytes_alone(taken: ledger.Taken) -> ledger.Taken:
    return ledger.Taken(raw=taken.raw, inbound=[])
