"""Who may work: one process on SQLite, one receiver for each mailbox on PostgreSQL, deliverers together."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.errors import Configuration, Transient
from processor.store.database import Store
from processor.store.locks import deliverer_lock, process_lock, receiver_lock

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
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
        pytest.raises(Transient, match=f"is being worked by {US} 2026-03-02 09:00:00 UTC: wait for its end"),
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
        pytest.raises(Transient, match=f"Mailbox 'accounts' is being read by daydesk {US} 20"),
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
