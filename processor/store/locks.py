"""Who may work: one process on SQLite, one receiver for each mailbox on PostgreSQL. A lock dies with its holder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from ingest.errors import Configuration, Transient
from processor.store.database import Store


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
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {now:%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield


@contextmanager
def receiver_lock(store: Store, mailbox: str) -> Iterator[None]:
    """On PostgreSQL, the right to read this mailbox; raises Transient where another receiver has it."""
    if store.sqlite:
        yield
        return
    key = int.from_bytes(hashlib.sha256(f"daydesk receiver {mailbox}".encode()).digest()[:8], signed=True)
    with store.engine.connect() as connection:
        if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
            raise Transient(f"Mailbox {mailbox!r} is being read by another daydesk on {store.shown}: one is enough.")
        connection.commit()
        try:
            yield
        finally:
            connection.invalidate()  # closing the connection gives the lock back, whatever state it is in
