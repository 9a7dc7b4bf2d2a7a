"""Who may work: one process on SQLite, one receiver for each mailbox on PostgreSQL, deliverers together."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.errors import Configuration, Transient
from processor.store.database import Away, Store
from processor.store.lease import Rhythm
from processor.store.locks import Held, deliverer_lock, process_lock, receiver_lock

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUICK = Rhythm(sign=0.05, sure=2, dead=3)
US = f"process {os.getpid()} on {socket.gethostname()} since"


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def postgresql(postgres_url: str) -> Iterator[Store]:
    store = Store(postgres_url)
    yield store
    store.close()


def test_on_sqlite_a_second_process_hears_who_is_at_work(sqlite: Store) -> None:
    with (
        process_lock(sqlite, NOW),
        pytest.raises(Held, match=f"is being worked by {US} 2026-03-02 09:00:00 UTC: wait for its end"),
        process_lock(sqlite, NOW),
    ):
        pass


def test_on_sqlite_the_lock_is_free_again_after_the_work(sqlite: Store) -> None:
    for _ in range(2):
        with process_lock(sqlite, NOW):
            pass


def test_on_sqlite_a_shorter_name_replaces_the_longer_one_before(sqlite: Store) -> None:
    lock = Path(f"{sqlite.url.database}.lock")
    lock.write_text("a name that is longer than ours, by far, " * 10)

    with process_lock(sqlite, NOW):
        assert lock.read_text() == f"{US} 2026-03-02 09:00:00 UTC\n"


def test_a_folder_that_cannot_be_written_is_a_mistake_of_configuration(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'nowhere' / 'desk.db'}")

    with pytest.raises(Configuration, match="may this user write there"), process_lock(store, NOW):
        pass


def test_on_postgresql_many_processes_work_at_once(postgresql: Store) -> None:
    with process_lock(postgresql, NOW), process_lock(postgresql, NOW):
        pass


def test_on_postgresql_a_second_receiver_of_a_mailbox_hears_who_is_the_first(postgresql: Store) -> None:
    with (
        receiver_lock(postgresql, "accounts"),
        pytest.raises(Held, match=f"Mailbox 'accounts' is being read by daydesk {US} 20"),
        receiver_lock(postgresql, "accounts"),
    ):
        pass


def test_on_postgresql_each_mailbox_has_a_receiver_of_its_own(postgresql: Store) -> None:
    with receiver_lock(postgresql, "accounts"), receiver_lock(postgresql, "legal"):
        pass


def test_on_postgresql_a_receiver_that_fails_gives_its_mailbox_back(postgresql: Store) -> None:
    with pytest.raises(ZeroDivisionError), receiver_lock(postgresql, "accounts"):
        raise ZeroDivisionError
    with receiver_lock(postgresql, "accounts"):
        pass


def test_a_deliverer_alone_takes_up_what_the_dead_left(store: Store) -> None:
    taken: list[str] = []

    for _ in range(2):
        with deliverer_lock(store, lambda: taken.append("taken up")):
            assert len(taken) > 0

    assert taken == ["taken up"] * 2


def test_a_deliverer_beside_another_leaves_its_attempts_to_it(postgresql: Store) -> None:
    taken: list[str] = []

    with deliverer_lock(postgresql, lambda: taken.append("first")):
        with deliverer_lock(postgresql, lambda: taken.append("second")):
            pass
        with deliverer_lock(postgresql, lambda: taken.append("third")):
            pass

    assert taken == ["first"]


def test_a_deliverer_that_fails_while_it_is_alone_keeps_nobody_out(postgresql: Store) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), deliverer_lock(postgresql, fails):
        pass
    with deliverer_lock(postgresql, lambda: None):
        pass


def test_a_lock_is_ours_as_long_as_its_connection_lives(store: Store) -> None:
    with receiver_lock(store, "accounts", QUICK) as still:
        for _ in range(10):
            time.sleep(0.02)
            still()


def test_a_receiver_whose_connection_the_server_ended_knows_that_another_may_read_on(postgresql: Store) -> None:
    with receiver_lock(postgresql, "accounts", QUICK) as still:
        end_other_connections(postgresql)

        await_refusal(still)
        with receiver_lock(postgresql, "accounts", QUICK):
            pass


def test_a_deliverer_whose_connection_the_server_ended_knows_it_too(postgresql: Store) -> None:
    with deliverer_lock(postgresql, lambda: None, QUICK) as still:
        end_other_connections(postgresql)

        await_refusal(still)


def test_who_gives_no_sign_of_life_loses_its_lock_and_knows_it_by_the_clock(postgresql: Store) -> None:
    silent = Rhythm(sign=60, sure=0.3, dead=0.6)  # as of a process that was stopped
    with receiver_lock(postgresql, "accounts", silent) as still:
        still()
        time.sleep(0.4)

        with pytest.raises(Transient, match="another may have taken over"):
            still()
        time.sleep(0.4)
        with receiver_lock(postgresql, "accounts", QUICK):
            pass


def test_a_lock_that_cannot_be_asked_for_is_told_as_a_database_that_is_away() -> None:
    nowhere = Store("postgresql://desk@127.0.0.1:1/desk")

    with pytest.raises(Away, match="cannot be used now"), receiver_lock(nowhere, "accounts"):
        pass
    with pytest.raises(Away, match="cannot be used now"), deliverer_lock(nowhere, lambda: None):
        pass


def end_other_connections(store: Store) -> None:
    with store.writing() as session:
        session.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def await_refusal(still: Callable[[], None]) -> None:
    with pytest.raises(Transient, match="another may have taken over"):  # noqa: PT012 - it takes a moment
        for _ in range(200):
            still()
            time.sleep(0.02)
