"""Locks that last as long as their process gives signs of life: on PostgreSQL, over a connection of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from ingest.errors import Transient
from processor.store.database import Store

if TYPE_CHECKING:
    from processor.store.patience import PatientConnection  # which needs psycopg


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Seconds of a lease. Together with a look every ten seconds, a mailbox is taken over within thirty."""

    sign: float = 4.0  # between two signs of life
    sure: float = 12.0  # after the last one we may be taken for dead, and work on nothing any more
    dead: float = 16.0  # after the last one the server ends the connection, and the locks are free


USUAL = Rhythm()


class Lease:
    """Locks on one connection, with a thread that gives the signs.

    A process that is killed closes its connection. One that is stopped, or whose machine vanished, gives no sign, and
    the server ends it. One that is continued knows by the clock that its locks may be another's.
    """

    def __init__(self, store: Store, connection: sa.Connection, rhythm: Rhythm) -> None:
        self._store = store
        self._connection = connection
        self._rhythm = rhythm
        self._sure_until = 0.0
        self._over = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._give_signs, name="lease", daemon=True)

    def require(self) -> None:
        """Raises Transient where the locks may be another's by now."""
        if self._lost or time.monotonic() > self._sure_until:
            raise Transient(
                f"The connection that held this worker's lock on {self._store.shown} was lost, or this process stood "
                "still for too long: another may have taken over. Nothing more is written; the lock is asked for anew."
            )

    def start(self) -> None:
        """The locks are had."""
        self._sure_until = time.monotonic() + self._rhythm.sure
        self._thread.start()

    def end(self) -> None:
        """No more signs; the connection is its maker's again."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _give_signs(self) -> None:
        while not self._over.wait(self._rhythm.sign):
            asked = time.monotonic()
            try:
                self._connection.execute(sa.text("SELECT 1"))
            except sa.exc.DBAPIError:
                self._lost = True
                return
            self._sure_until = asked + self._rhythm.sure


@contextmanager
def leased(store: Store, rhythm: Rhythm) -> Iterator[tuple[sa.Connection, Lease]]:
    """A connection for session-level locks; they are given back at the end, whatever state it is in.

    It may be used until the lease is started.
    """
    with store.telling(), store.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        cast("PatientConnection", connection.connection.driver_connection).patience = rhythm.sure
        connection.execute(sa.text(f"SET idle_session_timeout = {rhythm.dead * 1000:.0f}"))
        lease = Lease(store, connection, rhythm)
        try:
            yield connection, lease
        finally:
            lease.end()
            with suppress(sa.exc.SQLAlchemyError):  # what is lost gives them back as well, only later
                connection.execute(sa.text("SELECT pg_advisory_unlock_all()"))
            connection.invalidate()  # closed, whatever state it is in
