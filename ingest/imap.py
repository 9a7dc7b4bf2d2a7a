"""An IMAP folder as a mailbox (RFC 3501, 4315, 6851)."""

from __future__ import annotations

import imaplib
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from ingest import imap_filing, imap_folder
from ingest.batches import batches, pieces, windows
from ingest.bell import Bell
from ingest.errors import Transient
from ingest.imap_account import ImapAccount
from ingest.imap_answers import Folder
from ingest.imap_connection import Connection
from ingest.imap_errors import CREATE, FILE, LOOK, SEARCH, SELECT, Act, Broken
from ingest.imap_fetch import Fetching, alone_where_together_breaks
from ingest.imap_idle import Idling
from ingest.mailbox import Cursor, Held, Limits
from ingest.message import FetchedMessage, Withheld
from ingest.start import from_its_beginning, history_begins, is_history

__all__ = ["ImapAccount", "ImapMailbox"]

T = TypeVar("T")

WINDOW = 10_000  # UIDs asked for in one SEARCH: its answer must stay under 1,000,000 octets
LISTED = 500  # UIDs named in one command line, which servers may cap at 8,192 octets (RFC 7162 section 4)
STALE_SECONDS = 600  # then the folder is opened again: servers may forget to tell of mail, or that it was recreated
FILED = 100  # messages moved by one command: one by one costs 48 times as much


class ImapMailbox:
    """One folder of one account, over one kept connection. After a failure the next call connects anew."""

    def __init__(self, account: ImapAccount, limits: Limits | None = None) -> None:
        self.name, self.folder = account.name, account.folder
        self.account = account
        self.moves = account.after == "move"
        self.limits = limits or Limits()
        literal_octets = 2 * self.limits.message_bytes + 1_000_000  # RFC822.SIZE may be an estimate
        self._connection = Connection(account, literal_octets, dropped=self._forget)
        self._idling = Idling(self._connection)
        self._opened: Folder | None = None
        self._stale_at = 0.0
        self._processed: str | None = None  # the processed folder's full name, once it is known to exist

    def __enter__(self) -> Self:
        self._connection.connected()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._connection.close()
        else:
            self._connection.drop()

    def check(self) -> str:
        folder = self._open()
        way = self._connection.run(LOOK, lambda client: imap_filing.way_of(client, self.account))
        return (
            f"{self.account.place}: logged in; messages {folder.messages}, next UID {folder.uidnext}; "
            f"{imap_filing.told(way, self.account)}."
        )

    def start_cursor(self, now: datetime) -> Cursor:
        folder = self._open()
        return Cursor(
            folder=self.folder,
            uidvalidity=folder.uidvalidity,
            uid=folder.uidnext - 1 if self.account.start == "now" else 0,
            since=history_begins(self.account.start, now),
            history_uid=folder.uidnext - 1,
        )

    def fetch_after(self, cursor: Cursor) -> Iterator[tuple[Cursor, Sequence[FetchedMessage | Withheld]]]:
        folder = self._look()
        if folder.uidvalidity != cursor.uidvalidity:
            cursor = from_its_beginning(cursor, uidvalidity=folder.uidvalidity, history_uid=folder.uidnext - 1)
            yield cursor, ()
        if folder.uidnext <= cursor.uid:
            raise Transient(
                f"{self.account.place}: the next UID went back to {folder.uidnext}, though {cursor.uid} was taken in. "
                "Nothing was fetched. If it stays so, the server was restored from an old copy: "
                "recreate the folder, so that it gets a new UIDVALIDITY."
            )
        for low, high in self._windows(folder, cursor.uid + 1):
            for reached, given in self._window(cursor, low, high):
                cursor = reached
                yield reached, given

    def wait(self, woken: Bell, seconds: float) -> str:
        folder = self._opened or self._open()
        return self._idling.wait(woken, seconds, folder.uidnext)

    def file_away(self, cursor: Cursor, uids: Sequence[int]) -> Sequence[int]:
        if self.account.after == "leave" or not uids:
            return list(uids)
        folder = self._opened or self._open()
        if folder.uidvalidity != cursor.uidvalidity:
            return list(uids)  # the folder was recreated: under these UIDs there may be other messages now
        way = self._connection.run(FILE, lambda client: imap_filing.way_of(client, self.account))
        path = "" if way == "flag" else self._processed_path()
        for piece in pieces(uids, FILED):
            file = partial(imap_filing.file, way=way, uids=piece, path=path, permanent=folder.permanent)
            self._in_folder(FILE, folder.uidvalidity, _again(file))
        return list(uids)

    def listing(self) -> Sequence[int]:
        folder = self._open()
        return [uid for low, high in self._windows(folder, 1) for uid in self._search(folder.uidvalidity, low, high)]

    def inventory(self) -> Iterator[Held]:
        folder = self._open()
        fetching = self._fetching(folder.uidvalidity)
        for low, high in self._windows(folder, 1):
            for uids in pieces(self._search(folder.uidvalidity, low, high), LISTED):
                for held, withheld in alone_where_together_breaks(fetching.held, uids):
                    yield from held
                    for one in withheld:
                        yield Held(uidvalidity=one.uidvalidity, uid=one.uid, size=one.size, received_at=one.received_at)

    def fetch(self, held: Sequence[Held]) -> Iterator[Sequence[FetchedMessage | Withheld]]:
        told = [one for one in held if one.size]
        if unknown := [one for one in held if not one.size]:  # the server may tell it now
            fetching = self._fetching(unknown[0].uidvalidity)
            for found, withheld in alone_where_together_breaks(fetching.held, [one.uid for one in unknown]):
                told += found
                if withheld:
                    yield withheld
        for batch in batches(told, lambda message: message.size, self.limits):
            yield from alone_where_together_breaks(self._fetching(batch[0].uidvalidity).messages, batch)

    def processed(self) -> ImapMailbox | None:
        if not self.moves:
            return None
        path: str = self._connection.run(LOOK, lambda client: imap_filing.processed_path(client, self.account))
        if not self._connection.run(LOOK, lambda client: client.folder_exists(path)):
            return None
        return ImapMailbox(replace(self.account, folder=path, after="leave"), self.limits)

    # What came: list, ask sizes and times, fetch.

    @staticmethod
    def _windows(folder: Folder, low: int) -> Iterator[tuple[int, int]]:
        """A folder with few messages is one window, however many UIDs were used up in it."""
        return windows(low, folder.uidnext - 1, WINDOW if folder.messages > WINDOW else folder.uidnext)

    def _window(
        self, cursor: Cursor, low: int, high: int
    ) -> Iterator[tuple[Cursor, Sequence[FetchedMessage | Withheld]]]:
        waiting = self._search(cursor.uidvalidity, low, high)
        careful = bisect_right(waiting, cursor.careful_uid)
        for uids in (*pieces(waiting[:careful], 1), *pieces(waiting[careful:], LISTED)):
            for reached, given in self._some(cursor, uids, alone=uids[-1] <= cursor.careful_uid):
                cursor = reached
                yield reached, given
        if cursor.uid < high:
            yield replace(cursor, uid=high), ()

    def _some(
        self, cursor: Cursor, uids: Sequence[int], *, alone: bool
    ) -> Iterator[tuple[Cursor, Sequence[FetchedMessage | Withheld]]]:
        """Where fetching several breaks the connection, that is given to be remembered, and the pass ends: the network
        may be at fault. The next one fetches each of them alone.
        """
        fetching = self._fetching(cursor.uidvalidity)
        last = uids[-1]
        try:
            held, withheld = fetching.held(uids, alone=alone)
            if withheld:
                yield cursor, [one for one in withheld if not is_history(cursor, one.uid, one.received_at)]
            wanted = [one for one in held if not is_history(cursor, one.uid, one.received_at)]
            for batch in batches(wanted, lambda message: message.size, self.limits):
                last = batch[-1].uid
                given = fetching.messages(batch, alone=alone)
                cursor = replace(cursor, uid=last)
                yield cursor, given
        except Broken:
            if not alone:
                yield replace(cursor, careful_uid=last), ()
            raise

    def _fetching(self, uidvalidity: int) -> Fetching:
        def run(act: Act, command: Callable[[Any], T]) -> T:
            return self._in_folder(act, uidvalidity, command)

        return Fetching(self.account, uidvalidity, self.limits, run)

    def _search(self, uidvalidity: int, low: int, high: int) -> list[int]:
        search = _again(lambda client: client.search(["UID", f"{low}:{high}"]))
        found = self._in_folder(SEARCH, uidvalidity, search)
        return sorted(uid for uid in set(found) if low <= uid <= high)

    # The folder: open as long as the connection lasts.

    def _processed_path(self) -> str:
        if self._processed is None:
            path: str = self._connection.run(CREATE, lambda client: imap_filing.processed_path(client, self.account))
            self._connection.run(CREATE, lambda client: imap_filing.create_if_absent(client, path))
            self._processed = path
        return self._processed

    def _look(self) -> Folder:
        """The folder as it is now. Where nothing came this is one NOOP, at any size: the folder stays open."""
        if (
            self._opened is None
            or time.monotonic() >= self._stale_at
            or self._connection.run(LOOK, imap_folder.hears_of_new)
        ):
            return self._open()
        return self._opened

    def _open(self) -> Folder:
        readonly = self.account.after == "leave"
        self._opened = None
        self._opened = self._connection.run(
            SELECT, lambda client: imap_folder.opened(client, self.folder, readonly=readonly)
        )
        self._stale_at = time.monotonic() + STALE_SECONDS
        return self._opened

    def _in_folder(self, act: Act, uidvalidity: int, command: Callable[[Any], T]) -> T:
        """The command, in the folder with this UIDVALIDITY; after a new connection it is opened again."""
        folder = self._opened or self._open()
        if folder.uidvalidity != uidvalidity:
            raise Transient(
                f"{self.account.place}: could not {act.doing}: the folder was recreated meanwhile. "
                "The next pass takes it from its beginning."
            )

        return self._connection.run(act, command)

    def _forget(self) -> None:
        """The connection is gone, and the folder is open no longer."""
        self._opened, self._processed = None, None


def _again(command: Callable[[Any], T]) -> Callable[[Any], T]:
    """NO may only mean that another client expunged one of these messages (RFC 2180 section 4.1.2); after a NOOP the
    server passes over it.
    """

    def tried(client: Any) -> T:
        try:
            return command(client)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            client.noop()
            return command(client)

    return tried
