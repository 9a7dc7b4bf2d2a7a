"""Servers that integration tests share, each started once for each worker of xdist; and a desk that works with them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.dovecot import Dovecot, running_dovecot, why_not_here
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink


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


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A server that takes every mail of ours."""
    with SmtpSink() as server:
        yield server


@pytest.fixture
def desk(dovecot: Dovecot, user: str, sink: SmtpSink, database_url: str, tmp_path: Path) -> WorkingDesk:
    """A desk with the user's inbox, the sink, and a database of each kind."""
    made = WorkingDesk(tmp_path, database_url, smtp={"port": sink.port})
    made.add_mailbox(dovecot, user)
    return made
