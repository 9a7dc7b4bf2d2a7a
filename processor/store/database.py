"""Connections and transactions, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ingest.errors import Configuration, DeskError, Transient

REVISION = "0010"  # of migrations/, what this code works with; a test holds it to Alembic's head
BUSY_SECONDS = 30
HURRY_SECONDS = 20  # that a transaction which writes may stand still on PostgreSQL
ROW_TOO_LARGE = "54"  # PostgreSQL's class of errors for what is over one of its limits, such as that of an index


class Away(Transient):
    """The database cannot be used now: nothing was changed, and it is often back within seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Rows that this worker alone has in hand, and the one transaction that settles them."""

    rows: Sequence[sa.Row[Any]]
    writing: Callable[[], AbstractContextManager[Session]]


class Store:
    """One database. Threads may share it: each transaction has a connection of its own."""

    def __init__(
        self, url: str, folder: Path = Path(), patience: float | None = None, *, read_only: bool = False
    ) -> None:
        """`patience`: seconds that PostgreSQL may take for one command, None where only a person waits for it.
        `read_only`: the database itself refuses every change.
        """
        self.url = _absolute(sa.make_url(url), folder)
        self.engine = _engine(self.url, patience, read_only)
        self.sqlite = self.engine.dialect.name == "sqlite"
        level: dict[str, Any] = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}  # not one each statement
        if read_only and not self.sqlite:
            self.engine = self.engine.execution_options(postgresql_readonly=True)
        self._readers = self.engine.execution_options(**level)
        self._writers = self.engine.execution_options(daydesk_write=True)
        self._writer: AbstractContextManager[Any] = threading.RLock() if self.sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One snapshot; nothing is written."""
        with self.telling(), Session(self._readers) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back where it raises."""
        with self.telling(), self._writer, Session(self._writers) as session, session.begin():
            _hurry(session)
            yield session

    @contextmanager
    def claim(self, statement: sa.Select[*tuple[Any, ...]]) -> Iterator[Claim]:
        """Take rows in hand by a SELECT ... FOR UPDATE SKIP LOCKED. On PostgreSQL they stay locked until the block
        ends or its transaction does; on SQLite one process works alone, and no lock is held while it thinks.
        """
        if self.sqlite:
            with self.reading() as session:
                rows = session.execute(statement).all()
            yield Claim(rows=rows, writing=self.writing)
            return
        with self.telling(), Session(self.engine) as session:
            rows = session.execute(statement).all()
            yield Claim(rows=rows, writing=lambda: self._finishing(session))

    @contextmanager
    def _finishing(self, session: Session) -> Iterator[Session]:
        """A lack is told as such in here already: whoever settles rows must not blame it on them."""
        with self.telling():
            try:
                _hurry(session)
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def require_revision(self) -> None:
        """Raises Configuration where the database is not of the revision that this code works with."""
        found = self.revision()
        if found == REVISION:
            return
        if found is None:
            raise Configuration(f"The database {self.shown} has no tables yet: run `daydesk db upgrade`.")
        if found < REVISION:
            raise Configuration(
                f"The database {self.shown} is of revision {found}, older than this daydesk ({REVISION}): "
                "make a backup, then run `daydesk db upgrade`."
            )
        raise Configuration(
            f"The database {self.shown} is of revision {found}, newer than this daydesk ({REVISION}): "
            "install the newer daydesk."
        )

    def revision(self) -> str | None:
        """The revision of the tables, None where there are none."""
        with self.reading() as session:
            if not sa.inspect(session.connection()).has_table("alembic_version"):
                return None
            return session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """The driver's errors in the operator's words."""
        try:
            yield
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError) as error:
            if str(getattr(error.orig, "sqlstate", None)).startswith(ROW_TOO_LARGE):
                raise  # not the database is at fault, but this row
            raise self._error(error) from error
        except sa.exc.ProgrammingError as error:
            if "does not exist" in str(error.orig):
                raise Configuration(f"The database {self.shown} lacks tables: run `daydesk db upgrade`.") from error
            raise
        except sa.exc.DatabaseError as error:
            if (
                type(error.orig) is sqlite3.DatabaseError
            ):  # of no special kind: the file is damaged, or none of SQLite's
                raise self._error(error) from error
            raise

    def _error(self, error: sa.exc.DBAPIError) -> DeskError:
        words = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        if "no such table" in words or "no such column" in words:
            return Configuration(f"The database {self.shown} lacks tables ({words}): run `daydesk db upgrade`.")
        if "unable to open database file" in words:
            return Configuration(
                f"The database {self.shown} cannot be opened: does its folder exist, may this user write there?"
            )
        if "file is not a database" in words or "malformed" in words:
            return Configuration(f"{self.shown} is not a sound SQLite database ({words}): restore it from a backup.")
        if "password authentication failed" in words:
            return Configuration(
                f"The database {self.shown} refuses the login ({words}): mend user and password in its url."
            )
        if "does not exist" in words:
            return Configuration(f"The database {self.shown} is not there ({words}): create it, or mend its url.")
        if self.sqlite and ("disk I/O error" in words or "is full" in words):
            words = f"{words}: is its disk full?"
        return Away(
            f"The database {self.shown} cannot be used now ({words}): nothing was changed, the next pass tries again."
        )


_HURRY = sa.text(f"SET LOCAL idle_in_transaction_session_timeout = '{HURRY_SECONDS}s'")


def _hurry(session: Session) -> None:
    """Others may wait for what this transaction locks: the server ends it where its worker was stopped."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_HURRY)


def _absolute(url: sa.URL, folder: Path) -> sa.URL:
    """A relative SQLite file stands in the policy's folder; PostgreSQL is spoken to by psycopg 3."""
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.database in (None, "", ":memory:"):
        raise Configuration("The database url needs a file: an in-memory database would lose every case.")
    return url.set(database=str(folder / str(url.database)))


def _engine(url: sa.URL, patience: float | None, read_only: bool) -> sa.Engine:
    if url.get_backend_name() == "postgresql":
        return _on_postgresql(url, patience)
    if read_only:
        url = url.set(database=f"file:{quote(str(url.database))}", query={"mode": "ro", "uri": "true"})
    else:
        _keep_private(Path(str(url.database)))
    pragmas = ("query_only = ON",) if read_only else ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
    waiting = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, hide_parameters=True, connect_args=waiting)  # a mail's words reach no error or log

    @sa.event.listens_for(engine, "connect")
    def _durable(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say so, below
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("daydesk_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _on_postgresql(url: sa.URL, patience: float | None) -> sa.Engine:
    try:
        from processor.store.patience import connect_args, make_patient
    except ModuleNotFoundError:
        raise Configuration("PostgreSQL needs psycopg: pip install 'daydesk[postgresql]'.") from None
    arguments = connect_args(url, f"daydesk {this_process()}")  # named, so that who holds a lock can be told
    engine = sa.create_engine(
        url, pool_pre_ping=True, max_overflow=-1, hide_parameters=True, connect_args=arguments
    )  # any number of mailboxes: each holds its lock on a connection of its own
    make_patient(engine, patience)
    return engine


def _keep_private(file: Path) -> None:
    """A new database file is its owner's alone: it holds mail. SQLite gives its companions the same mode."""
    with suppress(OSError):  # there already, or its folder is not: told where it is opened
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))


def this_process() -> str:
    """Who we are, to another process that waits for us."""
    return f"process {os.getpid()} on {socket.gethostname()}"
