"""What tests share: a database for each test, servers for each worker of xdist, and a desk that works with them."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings
from support.conversing import Conversing
from support.delivering import Opening, desks
from support.dovecot import Dovecot, running_dovecot, why_not_here
from support.postgresql import MISSING, PostgreSql, running_postgresql
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.policy import Run
from processor.reading.reader import Reader, open_reader
from processor.resources import migrations_folder
from processor.store.database import Store
from processor.store.migrating import upgrade

settings.register_profile("patient", deadline=None)  # a machine that is busy is no mistake of ours
settings.load_profile("patient")

TRACED = tuple(Path(__file__).parent / name for name in ("unit", "integration"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Coverage trebles the time that a test takes: what reaches no line that others do not is not traced for it.

    So it is with faults and made-up mails, what is tried on SQLite as well, and what is marked `no_cover`.
    """
    tracing = Coverage.current()
    again = "postgresql" in item.name or item.get_closest_marker("no_cover")
    if tracing is None or (not again and any(folder in item.path.parents for folder in TRACED)):
        return (yield)
    tracing.stop()
    try:
        return (yield)
    finally:
        tracing.start()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSql]:
    """A running PostgreSQL; one for each worker of xdist."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgresql())
        except ImportError:
            pytest.skip(MISSING)
        yield server


@pytest.fixture(scope="session")
def upgraded_postgres(postgres: PostgreSql) -> Iterator[str]:
    """The name of an upgraded database that tests copy."""
    with postgres.database() as url:
        _upgrade(url)
        yield url.rpartition("/")[2].partition("?")[0]


@pytest.fixture(scope="session")
def upgraded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded file that tests copy."""
    file = tmp_path_factory.mktemp("upgraded") / "desk.db"
    _upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def empty_postgres_url(postgres: PostgreSql) -> Iterator[str]:
    """A new database without tables."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def postgres_url(postgres: PostgreSql, upgraded_postgres: str) -> Iterator[str]:
    """A new upgraded database on PostgreSQL."""
    with postgres.database(upgraded_postgres) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, upgraded_sqlite: Path) -> str:
    """A new upgraded database file."""
    return f"sqlite:///{shutil.copy(upgraded_sqlite, tmp_path / 'desk.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A new upgraded database of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty desk on each kind of database."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """An IMAP server that can all that the desk makes use of."""
    if reason := why_not_here():
        pytest.skip(reason)
    with running_dovecot() as server:
        yield server


@pytest.fixture
def user() -> str:
    """A person with an empty inbox."""
    return f"user-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """The process that reads mails; one for each worker of xdist."""
    with open_reader(Run()) as opened:
        yield opened


@pytest.fixture
def talk(database_url: str, tmp_path: Path, reader: Reader) -> Conversing:
    """A desk with two mailboxes of files, on each kind of database."""
    return Conversing(WorkingDesk(tmp_path, database_url), reader)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A server that takes every mail of ours."""
    with SmtpSink() as server:
        yield server


@pytest.fixture
def delivering(tmp_path: Path, database_url: str) -> Iterator[Opening]:
    """Opens a desk whose acknowledgements wait for a server that plays a script."""
    with desks(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
def desk(dovecot: Dovecot, user: str, sink: SmtpSink, database_url: str, tmp_path: Path) -> WorkingDesk:
    """A desk with the user's inbox, the sink, and a database of each kind."""
    made = WorkingDesk(tmp_path, database_url, smtp={"port": sink.port})
    made.add_mailbox(dovecot, user)
    return made


def _upgrade(url: str) -> None:
    fresh = Store(url)
    upgrade(fresh, migrations_folder())
    fresh.close()
