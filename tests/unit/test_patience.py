"""Neither the desk nor PostgreSQL waits for ever for the other."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from processor.store.database import Away, Store
from processor.store.patience import connect_args


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    opened = Store(postgres_url, patience=0.5)
    yield opened
    opened.close()


@contextmanager
def frozen(backend: int) -> Iterator[None]:
    """A server that neither answers nor ends the connection, while its machine acknowledges what we send."""
    os.kill(backend, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(backend, signal.SIGCONT)


def asked(store: Store, question: str) -> object:
    with store.reading() as session:
        return session.scalar(sa.text(question))


def test_a_server_that_does_not_answer_is_given_up_and_asked_over_a_new_connection(store: Store) -> None:
    backend = asked(store, "SELECT pg_backend_pid()")
    assert isinstance(backend, int)

    with frozen(backend):
        assert asked(store, "SELECT pg_backend_pid()") != backend  # the kept connection was tried first


def test_a_server_that_stops_in_the_midst_of_a_transaction_is_told_as_away(store: Store) -> None:
    with (
        pytest.raises(Away, match=r"no answer within 0\.5 s"),
        store.writing() as session,
        frozen(session.scalar(sa.text("SELECT pg_backend_pid()")) or 0),
    ):
        session.execute(sa.text("SELECT 1"))

    assert asked(store, "SELECT 1") == 1


def test_a_command_that_takes_its_time_is_waited_for_where_a_person_waits(postgres_url: str) -> None:
    store = Store(postgres_url)
    began = time.monotonic()
    asked(store, "SELECT pg_sleep(0.6)")
    store.close()

    assert time.monotonic() - began >= 0.6


def test_an_error_of_the_server_is_told_in_its_own_words(store: Store) -> None:
    with pytest.raises(Away, match="canceling statement due to statement timeout"), store.writing() as session:  # noqa: PT012
        session.execute(sa.text("SET LOCAL statement_timeout = 50"))
        session.execute(sa.text("SELECT pg_sleep(0.4)"))


def test_a_worker_that_is_stopped_while_it_writes_keeps_its_row_locks_for_seconds_alone(store: Store) -> None:
    with store.writing() as session:
        assert session.scalar(sa.text("SHOW idle_in_transaction_session_timeout")) == "20s"


def test_a_worker_that_thinks_about_its_rows_keeps_them_for_minutes(store: Store) -> None:
    with store.claim(sa.select(sa.text("current_setting('idle_in_transaction_session_timeout')"))) as claim:
        thinking = claim.rows[0][0]
        with claim.writing() as session:
            writing = session.scalar(sa.text("SHOW idle_in_transaction_session_timeout"))

    assert (thinking, writing) == ("10min", "20s")


def test_a_transaction_that_the_server_ended_writes_nothing(store: Store) -> None:
    with pytest.raises(Away, match="cannot be used now"), store.writing() as session:  # noqa: PT012
        session.execute(sa.text("CREATE TABLE written ()"))
        session.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        time.sleep(0.2)
        session.execute(sa.text("SELECT 1"))

    assert asked(store, "SELECT to_regclass('written')") is None


def test_after_a_failover_the_old_server_which_takes_no_writing_is_left(store: Store) -> None:
    backend = asked(store, "SELECT pg_backend_pid()")
    with pytest.raises(Away, match="read-only transaction"), store.writing() as session:  # noqa: PT012
        session.execute(sa.text("SET TRANSACTION READ ONLY"))
        session.execute(sa.text("CREATE TABLE written ()"))

    assert asked(store, "SELECT pg_backend_pid()") != backend


def test_what_the_url_says_of_waiting_stands() -> None:
    url = sa.make_url("postgresql://db.example.org/desk?connect_timeout=3")

    assert "connect_timeout" not in connect_args(url, "us")
    assert connect_args(url, "us")["application_name"] == "us"
