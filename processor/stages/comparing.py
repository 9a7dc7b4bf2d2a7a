"""Compares what a mailbox holds with what the ledger says of it, message by message; changes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingest.mailbox import Cursor, Held, Mailbox
from ingest.message import FetchedMessage, Withheld
from ingest.start import from_its_beginning, is_history
from processor.stages.differences import Comparison, Difference, Kind, Sort
from processor.store import ledger, quarantine, reconciling
from processor.store.database import Store
from processor.store.models import State
from processor.store.reconciling import Row


@dataclass(slots=True, kw_only=True)
class _Books:
    """The ledger's side of one comparison, ticked off as the server's messages are found."""

    rows: Sequence[Row]
    deep: bool
    gone: set[int]  # rows whose message is known to be on the server no more
    discarded: set[int]  # quarantined rows that a person has done with
    at: dict[tuple[str, int, int], Row]
    found: set[int] = field(default_factory=set)
    where: dict[int, tuple[str, Held]] = field(default_factory=dict)  # rows whose message was fetched: folder, message

    def open_rows(self) -> Iterator[Row]:
        """Those that are not known to be gone come first."""
        return iter(sorted((row for row in self.rows if row.id not in self.found), key=lambda row: row.id in self.gone))


def compare(store: Store, mailbox: Mailbox, processed: Mailbox | None, deep: bool, shared: frozenset[str],
            now: datetime) -> Comparison:  # fmt: skip
    """The mailboxes are open. `shared`: names of the mailboxes that file into the same processed folder.

    The ledger is read after the server, so that what a running desk takes in meanwhile is no difference.
    """
    with store.reading() as session:
        before = ledger.read_cursor(session, mailbox.name, mailbox.folder) or mailbox.start_cursor(now)
        taken = reconciling.taken_from_history(session, mailbox.name, before)
    here, history = _present(mailbox, before, taken)
    there = list(processed.inventory()) if processed else []
    with store.reading() as session:
        rows = reconciling.rows(session, {mailbox.name, *shared})
        cursor = ledger.read_cursor(session, mailbox.name, mailbox.folder) or before
        gone, sizes = reconciling.on_record_as_gone(session), reconciling.sizes(session)
        discarded = quarantine.done_with(session)
    own = [row for row in rows if row.mailbox == mailbox.name]
    result = Comparison(
        rows=own,
        on_server={mailbox.folder: len(here) + history} | ({processed.folder: len(there)} if processed else {}),
        cursor=cursor,
        sorts=Counter({Sort.HISTORY: history} if history else {}),
    )
    at = {(row.folder, row.uidvalidity, row.uid): row for row in own}
    books = _Books(rows=rows, deep=deep, gone=gone, discarded=discarded, at=at)
    if processed:
        unknown = _by_time(books, _by_uid(books, processed, there, result))
        _by_digest(store, books, processed, unknown, result, here=False)
    unknown = [one for one in _by_uid(books, mailbox, here, result) if not _left_alone(result, one, sizes, deep)]
    _by_digest(store, books, mailbox, unknown, result, here=True)
    told = {difference.row.id for difference in result.differences if difference.row is not None}
    for row in own:
        if row.sha256 is None:
            _withheld(result, books, row)
            continue
        _bytes(result, books, row, told)
        if row.id not in told:
            _judge(result, books, row, mailbox, now)
    return result


def _present(mailbox: Mailbox, cursor: Cursor, taken: set[int]) -> tuple[list[Held], int]:
    """What the folder holds, and how much more of it is history: of that, however much there is, none is kept in mind.
    `taken`: UIDs of the history that are in the ledger all the same.
    """
    here, history = [], 0
    for one in mailbox.inventory():
        if one.uid not in taken and _is_history(cursor, one):
            history += 1
        else:
            here.append(one)
    return here, history


def _by_uid(books: _Books, folder: Mailbox, there: Sequence[Held], result: Comparison) -> list[Held]:
    """Ticks off what the ledger has under this UID, with a look at the bytes where asked for; returns the rest."""
    named = {one.uid: row for one in there if (row := books.at.get((folder.folder, one.uidvalidity, one.uid)))}
    books.found |= {row.id for row in named.values()}
    held = {one.uid: one for one in there if one.uid in named and (books.deep or not named[one.uid].raw_kept)}
    books.where |= {row.id: (folder.folder, held[uid]) for uid, row in named.items() if row.sha256 is None}
    looked_at = [one for uid, one in held.items() if named[uid].sha256 is not None]
    for message in _fetched(folder, looked_at):
        expected, digest = named[message.uid], _digest(message)
        if digest == expected.sha256:
            books.where[expected.id] = (folder.folder, held[message.uid])
        elif digest is not None:
            result.differences.append(_of_row(Kind.ALTERED, expected))
    return [one for one in there if one.uid not in named]


def _by_time(books: _Books, there: Sequence[Held]) -> list[Held]:
    """Ticks off what a MOVE keeps, size and INTERNALDATE, where as many rows as messages have them; gives the rest."""
    rows: dict[tuple[int, datetime], list[Row]] = defaultdict(list)
    for row in books.open_rows():
        if row.id not in books.gone and row.sha256 is not None:
            rows[row.size, row.received_at].append(row)
    held: dict[tuple[int, datetime], list[Held]] = defaultdict(list)
    for one in there:
        held[one.size, one.received_at].append(one)
    unknown: list[Held] = []
    for key, some in held.items():
        alike = rows.get(key, [])
        if books.deep or len(alike) != len(some) or not all(row.raw_kept for row in alike):
            unknown += some
        else:
            books.found |= {row.id for row in alike}
    return unknown


def _by_digest(store: Store, books: _Books, folder: Mailbox, unknown: Sequence[Held], result: Comparison, *,
               here: bool) -> None:  # fmt: skip
    """Fetches what nothing else told, and says what each of them is."""
    pool: dict[tuple[str | None, int], list[Row]] = defaultdict(list)
    for expected in books.open_rows():
        if expected.sha256 is not None:
            pool[expected.sha256, expected.size].append(expected)
    held = {one.uid: one for one in unknown}
    told = {message.uid: (_digest(message), message.size) for message in _fetched(folder, unknown)}
    with store.reading() as session:
        digests = {digest for digest, _size in told.values() if digest is not None}
        in_ledger, kept = reconciling.in_ledger(session, digests), reconciling.kept(session, digests)
    for uid, key in told.items():
        one, alike = held[uid], pool.get(key)
        row = alike.pop(0) if alike else None
        if row is not None:
            books.found.add(row.id)
            books.where[row.id] = (folder.folder, one)
        if here:
            verdict: Kind | Sort = _in_folder(result.cursor, one, known=key[0] in in_ledger, kept=key[0] in kept)
        else:
            verdict = _in_processed(result.cursor, one, row, known=key[0] in in_ledger)
        if isinstance(verdict, Kind):
            result.differences.append(
                Difference(
                    kind=verdict,
                    folder=folder.folder,
                    uid=uid,
                    received_at=one.received_at,
                    size=one.size,
                    row=row,
                    held=one,
                )
            )
        elif here or row is None:
            result.sorts[verdict] += 1


def _left_alone(result: Comparison, one: Held, sizes: set[int], deep: bool) -> bool:
    """Counts what need not be fetched: history, and new mail of a size that no known mail has."""
    if _is_history(result.cursor, one):
        result.sorts[Sort.HISTORY] += 1
        return True
    if _is_new(result.cursor, one) and one.size not in sizes and not deep:
        result.sorts[Sort.WAITING] += 1
        return True
    return False


def _in_folder(cursor: Cursor, one: Held, *, known: bool, kept: bool) -> Kind | Sort:
    """A message of the folder that is read. Bytes without a row were taken in, and then lost from the ledger."""
    if one.uidvalidity != cursor.uidvalidity:  # recreated: the next pass takes all of it in, and tells duplicates
        return Sort.WAITING
    if known:
        return Kind.PUT_BACK
    return Sort.WAITING if _is_new(cursor, one) and not kept else Kind.MISSED


def _in_processed(cursor: Cursor, one: Held, row: Row | None, *, known: bool) -> Kind | Sort:
    if row is not None:
        return Sort.AGREED
    if known:
        return Sort.COPY
    old = cursor.since is not None and one.received_at < cursor.since
    return Sort.HISTORY if old else Kind.MISSED


def _bytes(result: Comparison, books: _Books, row: Row, told: set[int]) -> None:
    """Says where a ledger row has lost its bytes, and where they still are."""
    if not row.raw_kept and row.state is not State.VANISHED:
        folder, held = books.where.get(row.id, (row.folder, None))
        result.differences.append(_of_row(Kind.NO_BYTES, row, folder, held))
        told.add(row.id)


def _withheld(result: Comparison, books: _Books, row: Row) -> None:
    """What is to be said of a ledger row that never had bytes."""
    folder, held = books.where.get(row.id, (row.folder, None))
    if row.state is State.VANISHED or (row.id in books.discarded and held is None):
        result.sorts[Sort.GONE_KNOWN] += 1
    elif row.id in books.discarded:
        result.sorts[Sort.DISCARDED] += 1
    else:
        result.differences.append(_of_row(Kind.WITHHELD if held else Kind.LOST, row, folder, held))


def _judge(result: Comparison, books: _Books, row: Row, mailbox: Mailbox, began: datetime) -> None:
    """What is to be said of a ledger row after all messages were looked at."""
    meanwhile = row.fetched_at >= began or (row.filed_at is not None and row.filed_at >= began)
    if row.id in books.found or meanwhile:
        in_order = row.filed_at is not None or meanwhile or not _fileable(row, result.cursor)
        if in_order:
            result.sorts[Sort.AGREED] += 1
        else:
            result.differences.append(_of_row(Kind.UNFILED, row))
    elif not mailbox.moves:
        result.sorts[Sort.AWAY] += 1
    elif row.id in books.gone or row.state is State.VANISHED:
        result.sorts[Sort.GONE_KNOWN] += 1
    else:
        result.differences.append(_of_row(Kind.GONE, row))


def _of_row(kind: Kind, row: Row, folder: str | None = None, held: Held | None = None) -> Difference:
    return Difference(
        kind=kind, folder=folder or row.folder, uid=held.uid if held else row.uid, received_at=row.received_at,
        size=row.size, row=row, held=held,
    )  # fmt: skip


def _fileable(row: Row, cursor: Cursor) -> bool:
    return row.folder == cursor.folder and row.uidvalidity == cursor.uidvalidity


def _is_new(cursor: Cursor, one: Held) -> bool:
    """After the cursor; in files, which have no order, everything is."""
    return one.uidvalidity != cursor.uidvalidity or one.uid > cursor.uid


def _is_history(cursor: Cursor, one: Held) -> bool:
    if one.uidvalidity != cursor.uidvalidity:  # recreated: all that it holds was there before the next look
        cursor = from_its_beginning(cursor, uidvalidity=one.uidvalidity, history_uid=one.uid)
    return is_history(cursor, one.uid, one.received_at)


def _fetched(folder: Mailbox, held: Iterable[Held]) -> Iterator[FetchedMessage | Withheld]:
    for batch in folder.fetch(list(held)):
        yield from batch


def _digest(message: FetchedMessage | Withheld) -> str | None:
    """None where the server does not give it."""
    return None if isinstance(message, Withheld) else hashlib.sha256(message.raw).hexdigest()
