"""The database lacks room, is held, is away, dies, or loses its answer while the desk commits."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from support.cells import cell
from support.postgresql import MISSING, PostgreSql, at_port, running_postgresql, socket_of
from support.proxy import Fault, Proxy, Rule, Way, proxy_to
from support.small_disk import SmallDisk, small_disk
from support.trial import Trial

import processor.cli.desk
import processor.store.database
from processor.resources import migrations_folder
from processor.store.database import Store
from processor.store.migrating import upgrade
from processor.store.models import Inbound, Outbox

NO_DISK_HAS_IT = 10**12  # megabytes
FETCHED = {"way": Way.TO_CLIENT, "seen": rb"BODY\[\].*OK Fetch completed"}
GONE_ON = "nothing is touched. The next pass goes on."


# Killed


@pytest.mark.cell(
    "store",
    "SIGKILL after the mail was fetched, before its commit",
    f"Nothing was taken in, and {GONE_ON}",
)
def test_a_desk_that_is_killed_before_its_commit_has_touched_nothing(trial: Trial) -> None:
    trial.bring()
    trial.is_killed_at(**FETCHED)
    trial.nothing_was_touched()
    trial.comes_home()


# Without room


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=4) as made:
        yield made


@pytest.mark.cell(
    "store",
    "the disk of the SQLite database has less room than `health.disk_floor_megabytes`",
    "The intake stops before it fetches anything; the pass goes on with what was taken in before, and ends with exit "
    "code 75. `daydesk health` says the same. With room again, the next pass takes in what came.",
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disk_under_its_floor_stops_the_intake_alone(trial: Trial) -> None:
    trial.bring(1)
    trial.passes(only="receive")
    trial.bring(1)
    trial.desk.change(health={"disk_floor_megabytes": NO_DISK_HAS_IT})

    said = trial.fails(75, f"MB free, fewer than the {NO_DISK_HAS_IT} of health.disk_floor_megabytes: free some space")
    well = trial.desk.command_here("health")

    assert said.startswith(f"daydesk: The disk of {trial.desk.folder} has ")
    assert [row.state for row in trial.desk.rows(Inbound)] == ["case"]
    assert len(trial.sink.received) == 1
    assert (well.returncode, "WRONG disk: " in well.stdout) == (75, True)
    trial.desk.change(health={"disk_floor_megabytes": 0})
    trial.comes_home()


@pytest.mark.parametrize(
    "done_before",
    [
        cell(
            "store",
            "the disk of the SQLite database is full when mail is taken in",
            f"The pass ends with exit code 75; {GONE_ON}",
            [],
        ),
        cell(
            "store",
            "the disk of the SQLite database is full when mail is decided",
            "The pass ends with exit code 75. The mail stays pending in the ledger and costs no try; the next pass "
            "decides it.",
            ["receive"],
        ),
        cell(
            "store",
            "the disk of the SQLite database is full when acknowledgements are sent",
            "The pass ends with exit code 75 and nothing is sent, since an attempt is written down before it is made. "
            "The next pass sends them.",
            ["receive", "triage"],
        ),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_costs_a_pass_and_no_mail(trial: Trial, disk: SmallDisk, done_before: list[str]) -> None:
    move_to(trial, disk)
    trial.bring()
    for stage in done_before:
        trial.passes(only=stage)
    disk.fill()

    trial.fails(75, "cannot be used now", "is its disk full?")

    disk.empty()
    assert trial.sink.received == []
    assert {(row.state, row.tries) for row in trial.desk.rows(Outbox)} <= {("due", 0)}
    assert {row.tries for row in trial.desk.rows(Inbound)} <= {0}
    trial.comes_home()


@pytest.mark.cell(
    "store",
    "the disk of the SQLite database is full once the server has taken an acknowledgement",
    "The pass ends with exit code 75; what the server said could not be written down. The next pass sends the "
    "acknowledgement once more, with the same Message-ID.",
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disk_that_fills_up_between_sending_and_settling(trial: Trial, disk: SmallDisk) -> None:
    move_to(trial, disk)
    trial.bring(1)
    with proxy_to(trial.sink.port, Rule(way=Way.TO_CLIENT, seen=b"250 2.0.0 taken", call=disk.fill)) as smtp:
        trial.desk.change(smtp={"port": smtp.port})
        trial.fails(75, "database or disk is full", "is its disk full?")
        disk.empty()
        assert [(row.state, row.tries) for row in trial.desk.rows(Outbox)] == [("attempted", 1)]
        trial.comes_home(sent=2)


def move_to(trial: Trial, disk: SmallDisk) -> None:
    """The database lies there from now on, and no floor stops the intake before the disk is full."""
    shutil.copy(trial.desk.folder / "desk.db", disk.folder / "desk.db")
    trial.desk.change(database={"url": f"sqlite:///{disk.folder / 'desk.db'}"}, health={"disk_floor_megabytes": 0})


# Held


@pytest.mark.cell(
    "store",
    "another program holds the database's lock for a moment",
    "The desk waits for it, and the pass ends with exit code 0.",
)
def test_a_lock_that_is_given_back_is_waited_for(trial: Trial) -> None:
    trial.bring()
    with held_by_another(trial) as give_back:
        timer = threading.Timer(0.5, give_back)
        timer.start()
        trial.comes_home()
        timer.join()


@pytest.mark.cell(
    "store",
    "another program holds the database's lock and does not give it back",
    f"After 30 s on SQLite, 60 s on PostgreSQL, the pass ends with exit code 75; {GONE_ON}",
)
def test_a_lock_that_is_not_given_back_costs_a_pass(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor.store.database, "BUSY_SECONDS", 0.5)
    monkeypatch.setattr(processor.cli.desk, "PATIENCE", 0.5)
    trial.bring()
    with held_by_another(trial):
        trial.fails(75, "cannot be used now")
    trial.nothing_was_touched()
    trial.comes_home()


@contextmanager
def held_by_another(trial: Trial) -> Iterator[Callable[[], None]]:
    """Another program writes to the ledger and does not commit; gives what ends it."""
    url = sa.make_url(trial.desk.tables["database"]["url"])
    if url.get_backend_name() == "sqlite":
        other = sqlite3.connect(str(url.database), isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        yield lambda: other.execute("ROLLBACK") and None
        other.close()
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("LOCK TABLE inbound IN ACCESS EXCLUSIVE MODE"))
        yield connection.rollback


# Away


@pytest.mark.cell(
    "store",
    "PostgreSQL cannot be reached",
    f"The pass ends with exit code 75 and shows no password; {GONE_ON}",
)
def test_a_database_that_is_away_stops_the_intake_before_it_begins(trial_on_postgresql: Trial, database: Proxy) -> None:
    trial = trial_on_postgresql
    url = sa.make_url(trial.desk.tables["database"]["url"]).set(password="open-sesame")
    trial.desk.change(database={"url": url.render_as_string(hide_password=False)})
    trial.bring()
    database.obey(Rule(way=Way.TO_SERVER, at=0, fault=Fault.CUT, times=None))
    said = trial.fails(75, "cannot be used now")
    assert (trial.proxy.connections, "open-sesame" in said) == (0, False)
    database.obey()
    trial.nothing_was_touched()
    trial.comes_home()


@pytest.mark.cell(
    "store",
    "the folder of the SQLite database is gone",
    f"The pass ends with exit code 78 and names the file; {GONE_ON}",
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_whose_folder_is_gone_stops_the_intake_before_it_begins(trial: Trial) -> None:
    trial.bring()
    there = trial.desk.tables["database"]["url"]
    trial.desk.change(database={"url": f"sqlite:///{trial.desk.folder / 'nowhere' / 'desk.db'}"})
    trial.fails(78, "does its folder exist")
    assert trial.proxy.connections == 0
    trial.desk.change(database={"url": there})
    trial.nothing_was_touched()
    trial.comes_home()


# PostgreSQL: answers that are lost, and a server that dies


@pytest.fixture
def database(postgres_url: str) -> Iterator[Proxy]:
    """Stands before PostgreSQL."""
    with proxy_to(socket_of(postgres_url)) as standing:
        yield standing


@pytest.fixture
def trial_on_postgresql(make_trial: Callable[[str], Trial], postgres_url: str, database: Proxy) -> Trial:
    """Its database is behind the proxy."""
    return make_trial(at_port(postgres_url, database.port))


LOST = "The pass ends with exit code 75. The next pass reads back what is there, by its key: "
ROLLED_BACK = "The pass ends with exit code 75. The server rolls back; the next pass "
COMMITS = (  # what the transaction does, by its last statement of note, and what the next pass does about it
    ("where the first pass begins", rb"INSERT INTO cursor", "the mailbox is read from there.", "begins again."),
    ("mail that is taken in", rb"INSERT INTO inbound", "no mail is taken in twice.", "takes the mail in."),
    ("mail that is filed away", rb"UPDATE inbound SET filed_at", "nothing is left to file.", "files the mail again."),
    ("cases and acknowledgements", rb"INSERT INTO cases", "no case is made twice.", "decides the mail anew."),
    ("attempts to send", rb"UPDATE outbox SET state", "nothing was sent; it is sent now.", "sends the mail."),
    (
        "what the SMTP server said",
        rb"UPDATE outbox SET [^;]*settled_at",
        "the acknowledgement was sent, and is not sent again.",
        "sends the acknowledgement once more, with the same Message-ID.",
    ),
)


@pytest.mark.parametrize(
    ("statement", "before", "sent"),
    [
        *(
            cell("store", f"the answer to a COMMIT is lost: {what}", f"{LOST}{then}", statement, False, 3)
            for what, statement, then, _ in COMMITS
        ),
        *(
            cell(
                "store",
                f"the connection is cut before a COMMIT reaches the server: {what}",
                f"{ROLLED_BACK}{then}",
                statement,
                True,
                6 if "once more" in then else 3,
            )
            for what, statement, _, then in COMMITS
        ),
    ],
)
def test_no_commit_that_is_cut_off_loses_or_doubles_anything(
    trial_on_postgresql: Trial, database: Proxy, statement: bytes, before: bool, sent: int
) -> None:
    trial = trial_on_postgresql
    trial.bring()
    database.obey(Rule(way=Way.TO_SERVER, seen=statement + b"((?!COMMIT).)*COMMIT.", before=before, fault=Fault.CUT))

    trial.fails(75, "cannot be used now")

    assert len(database.fired) == 1
    database.obey()
    trial.comes_home(sent=sent)


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[tuple[PostgreSql, SmallDisk | None]]:
    """A server that may be killed, on a disk that may be filled, where it can be had."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="own-pg-")))
        folder.chmod(0o755)  # PostgreSQL runs as another user when tests run as root
        disk = stack.enter_context(small_disk(folder / "disk", megabytes=160)) if os.getuid() == 0 else None
        try:
            server = stack.enter_context(running_postgresql(disk.folder if disk else folder))
        except ImportError:
            pytest.skip(MISSING)
        yield server, disk


@pytest.fixture
def own_url(own_postgres: tuple[PostgreSql, SmallDisk | None]) -> Iterator[str]:
    """A new upgraded database there."""
    with own_postgres[0].database() as url:
        store = Store(url)
        upgrade(store, migrations_folder())
        store.close()
        yield url


@pytest.mark.parametrize(
    "place",
    [
        cell(
            "store",
            "kill -9 of PostgreSQL while mail is fetched",
            "The pass ends with exit code 75. When the server has recovered, the next pass goes on.",
            FETCHED,
        ),
        cell(
            "store",
            "kill -9 of PostgreSQL between the commit of mail and its move on the mail server",
            "The pass ends with exit code 75. When the server has recovered, the mail is there, and the next pass goes "
            "on with it: there is one case.",
            {"way": Way.TO_SERVER, "seen": b"UID MOVE", "before": True},
        ),
    ],
)
def test_a_postgresql_that_dies_costs_a_pass(
    make_trial: Callable[[str], Trial],
    own_postgres: tuple[PostgreSql, SmallDisk | None],
    own_url: str,
    place: dict[str, Any],
) -> None:
    server, _disk = own_postgres
    trial = make_trial(own_url)
    trial.bring()
    trial.proxy.obey(Rule(call=server.kill, **place))
    trial.fails(75, "cannot be used now")
    server.start()
    trial.comes_home()


@pytest.mark.cell(
    "store",
    "the disk of PostgreSQL is full",
    f"The pass ends with exit code 75 and repeats the server's words; {GONE_ON}",
)
def test_a_full_disk_of_postgresql_costs_a_pass_and_no_mail(
    make_trial: Callable[[str], Trial], own_postgres: tuple[PostgreSql, SmallDisk | None], own_url: str
) -> None:
    _server, disk = own_postgres
    if disk is None:
        pytest.skip("a disk that can be filled needs a tmpfs, which only root may mount")
    trial = make_trial(own_url)
    trial.bring()
    disk.fill()
    try:
        trial.fails(75, "cannot be used now", "No space left on device")
    finally:
        disk.empty()
    trial.nothing_was_touched()
    trial.comes_home()
