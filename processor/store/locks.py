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


@contextmanager
def process_lock(store: Store, now: datetime) -> Iterator[None]:
    """On SQLite, the right to run the stages; raises Transient with the holder's name where another process has it."""
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
            raise Transient(f"{store.shown} is being worked by {holder}: wait for its end, or stop it.") from None
        file.truncate(0)
        file.write(f"{this_process()} since {now:%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield


@contextmanager
def receiver_lock(store: Store, mailbox: str) -> Iterator[None]:
    """On PostgreSQL, the right to read this mailbox; raises Transient where another receiver has it."""
    if store.sqlite:
        yield
        return
    key = _key(f"receiver {mailbox}")
    with store.engine.connect() as connection:
        if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
            holder = connection.execute(_HOLDER, {"key": key}).one_or_none()
            named = f"{holder[0]} since {holder[1]:%Y-%m-%d %H:%M:%S} UTC" if holder else "another process"
            raise Transient(
                f"Mailbox {mailbox!r} is being read by {named} on {store.shown}: wait for its end, or stop it."
            )
        connection.commit()
        try:
            yield
        finally:
            connection.invalidate()  # closing the connection gives the lock back, whatever state it is in


@contextmanager
def deliverer_lock(store: Store, when_alone: Callable[[], object]) -> Iterator[None]:
    """Held by all deliverers together. One that finds itself alone does this first, while no other can begin."""
    if store.sqlite:  # the process lock has seen to it
        when_alone()
        yield
        return
    key = {"key": _key("deliverers")}
    with store.engine.connect() as connection:
        alone = connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), key)
        connection.commit()
        try:
            if alone:
                when_alone()
            connection.execute(sa.text("SELECT pg_advisory_lock_shared(:key)"), key)
            if alone:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)
            connection.commit()
            yield
        finally:
            connection.invalidate()


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


_HOLD = sa.text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
_HOLDER = sa.text(
    "SELECT application_name, backend_start AT TIME ZONE 'UTC' FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = :key AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def _key(what: str) -> int:
    """A number for PostgreSQL's advisory locks."""
    return int.from_bytes(hashlib.sha256(f"daydesk {what}".encode()).digest()[:8], signed=True)
