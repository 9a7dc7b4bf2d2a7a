"""Who may work: one process on SQLite, one receiver for each mailbox on PostgreSQL. A lock dies with its holder."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.errors import Configuration, Transient
from processor.store.database import Store, this_process
from processor.store.lease import USUAL, Rhythm, leased

Still = Callable[[], None]  # raises Transient where the lock may be another's by now


class Held(Transient):
    """Another process does this work: nothing failed, and it may end at any moment."""


@contextmanager
def process_lock(store: Store, now: datetime) -> Iterator[None]:
    """On SQLite, the right to run the stages; raises Held with the holder's name where another process has it."""
    if not store.sqlite:
        yield
        return
    path = Path(f"{store.url.database}.lock")
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Configuration(f"The lock file {path} cannot be opened ({error}): may this user write there?") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read(200).strip() or "another process"
            raise Held(f"{store.shown} is being worked by {holder}: wait for its end, or stop it.") from None
        file.truncate(0)
        file.write(f"{this_process()} since {now:%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield


@contextmanager
def receiver_lock(store: Store, mailbox: str, rhythm: Rhythm = USUAL) -> Iterator[Still]:
    """On PostgreSQL, the right to read this mailbox; raises Held where another receiver has it."""
    if store.sqlite:
        yield _for_good
        return
    key = _key(f"receiver {mailbox}")
    with leased(store, rhythm) as (connection, lease):
        if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
            holder = connection.execute(_HOLDER, {"key": key}).one_or_none()
            named = f"{holder[0]} since {holder[1]:%Y-%m-%d %H:%M:%S} UTC" if holder else "another process"
            raise Held(f"Mailbox {mailbox!r} is being read by {named} on {store.shown}: wait for its end, or stop it.")
        lease.start()
        yield lease.require


@contextmanager
def deliverer_lock(store: Store, when_alone: Callable[[], object], rhythm: Rhythm = USUAL) -> Iterator[Still]:
    """Held by all deliverers together. One that finds itself alone does this first, while no other can begin."""
    if store.sqlite:  # the process lock has seen to it
        when_alone()
        yield _for_good
        return
    key = {"key": _key("deliverers")}
    with leased(store, rhythm) as (connection, lease):
        alone = connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), key)
        if alone:
            when_alone()
        connection.execute(sa.text("SELECT pg_advisory_lock_shared(:key)"), key)
        if alone:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)
        lease.start()
        yield lease.require


def answering(session: Session, addresses: Iterable[str], shared_domains: Collection[str]) -> None:
    """Until this transaction ends no other worker on PostgreSQL decides about answers to the same domains; of a domain
    that many strangers share, to the same address. The caps count what is committed: side by side each would use
    them up alone. The cap of all answers together may be passed by what the workers have in hand.
    """
    if session.get_bind().dialect.name == "sqlite":  # one process, one worker
        return
    parted = ((address, address.rpartition("@")[2]) for address in addresses)
    held = {address if domain in shared_domains else domain for address, domain in parted}
    keys = sorted(_key(f"answers to {one}") for one in held)  # in one order, so that no two workers wait for each other
    session.execute(_HOLD, {"keys": keys})


def joining(session: Session) -> None:
    """Until this transaction ends nobody acts on a case on PostgreSQL: none is merged while a mail joins it."""
    if session.get_bind().dialect.name != "sqlite":  # there one transaction writes at a time
        session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_key("cases"))))


def acting(session: Session) -> None:
    """Until this transaction ends no mail joins a case on PostgreSQL, and nobody else acts on one."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_key("cases"))))


def assigning(session: Session) -> None:
    """Until this transaction ends no other worker on PostgreSQL gives cases to people, so that each sees all of it."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_key("owners"))))


_HOLD = sa.text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
_HOLDER = sa.text(
    "SELECT application_name, backend_start AT TIME ZONE 'UTC' FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = :key AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def _for_good() -> None:
    """The operating system takes this lock from nobody who lives."""


def _key(what: str) -> int:
    """A number for PostgreSQL's advisory locks."""
    return int.from_bytes(hashlib.sha256(f"daydesk {what}".encode()).digest()[:8], signed=True)
