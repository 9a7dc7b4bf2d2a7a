"""The tables come from the migrations, are what the models say, and belong to one revision of the code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from support.working_desk import CHECKOUT, WorkingDesk

from ingest.errors import Configuration, DeskError
from processor.resources import migrations_folder
from processor.stages.heartbeat import heartbeat
from processor.store import heartbeats
from processor.store.contacts import languages
from processor.store.database import REVISION, Store
from processor.store.health import facts
from processor.store.locks import process_lock
from processor.store.migrating import differences, upgrade
from processor.store.models import Base, Cursor, Dispatch, Event, Inbound, Outbox, Suppression

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
A_DESK_OF_THE_FIRST_REVISION: dict[str, dict[str, Any]] = {
    "raw_message": {"sha256": "0" * 64, "size": 1, "compression": "none", "data": b"x"},
    "cursor": {"mailbox": "inbox", "folder": "INBOX", "uidvalidity": 1, "uid": 1, "history_uid": 0, "updated_at": NOW},
    "cases": {
        "id": 1,
        "reference": "DD-0000-0000-0",
        "status": "new",
        "priority": "normal",
        "queue": "triage",
        "rule": "rest",
        "policy_version": "0",
        "language": "en",
        "subject": "Invoice",
        "requester_name": "Ada",
        "requester_address": "ada@client.example",
        "automatic": "person",
        "received_at": NOW,
        "promise_at": NOW,
        "internal_due_at": NOW,
    },
    "inbound": {
        "id": 1,
        "mailbox": "inbox",
        "folder": "INBOX",
        "uidvalidity": 1,
        "uid": 1,
        "sha256": "0" * 64,
        "size": 1,
        "oversize": False,
        "received_at": NOW,
        "fetched_at": NOW,
        "state": "pending",
        "tries": 0,
    },
    "event": {"id": 1, "case_id": 1, "inbound_id": 1, "at": NOW, "actor": "daydesk", "kind": "received", "data": {}},
    "message": {
        "id": 1,
        "case_id": 1,
        "inbound_id": 1,
        "direction": "in",
        "from_name": "Ada",
        "from_address": "Ada@client.example",
        "standing": "participant",
        "automatic": "person",
        "subject": "Invoice",
        "text": "",
        "new_text": "",
        "language": "fr",
        "received_at": NOW,
    },
    "outbox": {
        "id": 1,
        "case_id": 1,
        "purpose": "acknowledgement",
        "message_id": "<1@desk.example>",
        "envelope_from": "",
        "recipient": "ada@client.example",
        "recipient_key": "ada@client.example",
        "recipient_domain": "client.example",
        "subject_key": "invoice",
        "content": b"x",
        "state": "failed",
        "tries": 1,
        "created_at": NOW,
        "next_at": NOW,
        "settled_at": NOW,
    },
    "suppression": {"address": "ada@client.example", "reason": "550", "since": NOW},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without tables."""
    postgresql = request.param == "postgresql"
    url = request.getfixturevalue("empty_postgres_url") if postgresql else f"sqlite:///{tmp_path / 'empty.db'}"
    store = Store(url)
    yield store
    store.close()


def test_an_empty_database_gets_the_tables_of_the_models(empty: Store) -> None:
    assert empty.revision() is None

    assert upgrade(empty, migrations_folder()) == REVISION

    assert differences(empty) == []
    with empty.reading() as session:
        assert {*sa.inspect(session.connection()).get_table_names()} == {*Base.metadata.tables, "alembic_version"}


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(store: Store) -> None:
    assert upgrade(store, migrations_folder()) == REVISION
    assert differences(store) == []


def test_a_missing_column_is_found(store: Store) -> None:
    with store.writing() as session:
        session.execute(sa.text("ALTER TABLE cases DROP COLUMN owner"))

    assert len(found := differences(store)) == 1
    assert "owner" in found[0]


def test_an_older_database_keeps_its_mails_and_works_on(empty: Store) -> None:
    first = "0001"
    with empty.writing() as session:
        connection = session.connection()
        command.upgrade(alembic(connection), first)
        for table, values in A_DESK_OF_THE_FIRST_REVISION.items():
            connection.execute(sa.Table(table, sa.MetaData(), autoload_with=connection).insert().values(values))
    assert empty.revision() == first

    assert upgrade(empty, migrations_folder()) == REVISION

    assert differences(empty) == []
    with empty.writing() as session:
        heartbeats.succeeded(session, "triage", NOW)
        seen = facts(session, NOW, NOW - timedelta(hours=24))
        assert session.scalars(sa.select(Inbound.sha256)).all() == ["0" * 64]
        assert session.scalars(sa.select(Event.inbound_id).where(Event.kind == "received")).all() == [1]
        assert session.scalars(sa.select(Cursor.careful_uid)).all() == [0]
        assert session.execute(sa.select(Suppression.actor, Suppression.case_id)).one() == ("daydesk", None)
        session.execute(sa.update(Outbox).values(state=Dispatch.BOUNCED))
        assert languages(session, ["ada@client.example"]) == {"ada@client.example": "fr"}
    assert seen.beats["triage"].succeeded_at == NOW
    assert seen.pending["inbox"].count == 1
    assert (seen.quarantined, seen.failed, seen.unanswered) == (0, 1, 1)


def test_an_upgrade_leaves_foreign_keys_in_force(empty: Store) -> None:
    upgrade(empty, migrations_folder())
    with pytest.raises(sa.exc.IntegrityError), empty.writing() as session:
        session.execute(sa.insert(Event).values(inbound_id=5, at=NOW, actor="amina", kind="retried", data={}))


def test_an_upgrade_that_would_lose_references_leaves_everything_as_it_was(sqlite_url: str, tmp_path: Path) -> None:
    careless = tmp_path / "migrations"
    shutil.copytree(migrations_folder(), careless, ignore=shutil.ignore_patterns("__pycache__"))
    (careless / "versions" / "9999_careless.py").write_text(
        "from alembic import op\nrevision, down_revision = '9999', 'HEAD'\n"
        "def upgrade(): op.execute('DELETE FROM inbound')\n".replace("HEAD", REVISION)
    )
    store = Store(sqlite_url)
    with store.writing() as session:
        for table in ("raw_message", "cases", "inbound", "event"):
            session.execute(sa.insert(Base.metadata.tables[table]).values(A_DESK_OF_THE_FIRST_REVISION[table]))

    with pytest.raises(DeskError, match="would lose references: it was left as it was"):
        upgrade(store, careless)

    with store.reading() as session:
        assert session.scalars(sa.select(Inbound.id)).all() == [1]
    assert store.revision() == REVISION
    store.close()


def test_an_upgrade_that_fails_leaves_nothing_behind(empty: Store, tmp_path: Path) -> None:
    broken = tmp_path / "migrations"
    (broken / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        (broken / name).write_text((migrations_folder() / name).read_text())
    first = migrations_folder() / "versions" / "0001_the_desk.py"
    text = first.read_text().replace("    _append_only()\n", "    raise OSError('the power went')\n", 1)
    (broken / "versions" / first.name).write_text(text)

    with pytest.raises(OSError, match="the power went"):
        upgrade(empty, broken)

    with empty.reading() as session:
        assert sa.inspect(session.connection()).get_table_names() == []
    assert upgrade(empty, migrations_folder()) == REVISION


def test_a_downgrade_takes_every_table_away(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with store.writing() as session:
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")

    with store.reading() as session:
        assert sa.inspect(session.connection()).get_table_names() == ["alembic_version"]


def test_the_code_works_with_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))

    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_alembic_ini_works_from_wherever_a_developer_stands(tmp_path: Path) -> None:
    for act in (["upgrade", "head"], ["check"]):  # the check fails where a new revision would hold anything
        done = subprocess.run(
            [sys.executable, "-m", "alembic", "-c", str(CHECKOUT / "alembic.ini"), *act],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    store = Store(f"sqlite:///{tmp_path / 'daydesk.db'}")
    assert store.revision() == REVISION
    assert differences(store) == []
    store.close()


def test_a_database_without_tables_is_refused_with_the_command_to_run(empty: Store) -> None:
    with pytest.raises(Configuration, match="no tables yet: run `daydesk db upgrade`"):
        empty.require_revision()


def test_an_older_database_is_refused_with_the_command_to_run(store: Store) -> None:
    stamp(store, "0000")

    with pytest.raises(Configuration, match=r"0000, older than this daydesk.*backup, then run `daydesk db upgrade`"):
        store.require_revision()


def test_a_newer_database_is_refused(store: Store) -> None:
    stamp(store, "9999")

    with pytest.raises(Configuration, match=r"9999, newer than this daydesk.*install the newer daydesk"):
        store.require_revision()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(Configuration, match="would lose every case"):
        Store(url)


def test_the_operators_command_upgrades_and_says_so(empty: Store, tmp_path: Path) -> None:
    desk = a_desk_on(empty, tmp_path)

    first, second, checked = desk.command("db", "upgrade"), desk.command("db", "upgrade"), desk.command("db", "check")

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.endswith(f": at revision {REVISION}.\n")
    assert second.stdout.endswith(f": already at revision {REVISION}.\n")
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("revision", "words"),
    [("0000", "make a backup, then run `daydesk db upgrade`"), ("9999", "install the newer daydesk")],
)
@pytest.mark.parametrize("command", [("run", "--once"), ("run",), ("health",), ("db", "check")], ids=" ".join)
def test_every_command_refuses_a_database_of_another_revision_with_the_command_to_run(
    store: Store, tmp_path: Path, revision: str, words: str, command: tuple[str, ...]
) -> None:
    stamp(store, revision)

    done = a_desk_on(store, tmp_path).command_here(*command)

    assert (done.returncode, done.stdout) == (78, "")
    assert f"is of revision {revision}" in done.stderr
    assert words in done.stderr


def test_of_two_upgrades_at_once_one_waits_or_says_who_is_first(empty: Store, tmp_path: Path) -> None:
    desk = a_desk_on(empty, tmp_path)

    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(lambda _: desk.command("db", "upgrade"), range(3)))

    assert empty.revision() == REVISION
    assert differences(empty) == []
    codes = Counter(one.returncode for one in done)
    if empty.sqlite:
        assert codes[0] >= 1
        assert codes.keys() <= {0, 75}
        assert all("is being worked by process" in one.stderr for one in done if one.returncode)
    else:
        assert codes == {0: 3}


def test_a_desk_on_sqlite_is_not_upgraded_while_it_is_at_work(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    with process_lock(store, NOW):
        done = a_desk_on(store, tmp_path).command("db", "upgrade")
    store.close()

    assert done.returncode == 75
    assert "is being worked by process" in done.stderr


def test_a_daemon_under_which_the_database_was_upgraded_writes_nothing_more(store: Store, tmp_path: Path) -> None:
    clock = [NOW]
    passes: list[int] = []

    def step() -> tuple[int, ...]:
        passes.append(1)
        return (0,)

    with a_desk_on(store, tmp_path).opened(lambda: clock[0]) as opened:
        with pytest.raises(Configuration, match="newer"), heartbeat(opened, "triage") as beating:  # noqa: PT012
            at_work = beating(step)
            list(at_work())
            stamp(store, "9999")
            list(at_work())  # too soon after the last look
            clock[0] += timedelta(minutes=1)
            list(at_work())
        with pytest.raises(Configuration, match="newer"), heartbeat(opened, "triage") as beating:
            list(beating(step)())

    assert len(passes) == 3


def a_desk_on(store: Store, folder: Path) -> WorkingDesk:
    desk = WorkingDesk(folder, store.url.render_as_string(hide_password=False))
    desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
    return desk


def alembic(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    return config


def stamp(store: Store, revision: str) -> None:
    with store.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_a_new_database_file_and_its_companions_are_their_owners_alone(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    upgrade(store, migrations_folder())
    with store.reading() as session:
        session.execute(sa.text("SELECT 1"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    store.close()
    assert modes["desk.db"] == 0o600
    assert set(modes.values()) == {0o600}
