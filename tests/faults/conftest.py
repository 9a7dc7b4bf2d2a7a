"""A whole desk under fault; and tests that are one cell of the fault table are named after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.cells import cells_of
from support.dovecot import Dovecot
from support.proxy import Proxy, proxy_to
from support.trial import Trial
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    cells = list(cells_of(metafunc.definition))
    if cells:
        metafunc.fixturenames.append("_cell")
        metafunc.parametrize("_cell", cells, ids=[cell.name for cell in cells])


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    """Stands before the mail server."""
    with proxy_to(dovecot.port) as standing:
        yield standing


@pytest.fixture
def make_trial(dovecot: Dovecot, proxy: Proxy, user: str, sink: SmtpSink, tmp_path: Path) -> Callable[[str], Trial]:
    """Makes a desk on this database that reads the user's inbox through the proxy, patient with busy machines."""

    def made(database_url: str) -> Trial:
        desk = WorkingDesk(tmp_path, database_url, smtp={"port": sink.port, "timeout_seconds": 10})
        desk.add_mailbox(dovecot, user, port=proxy.port, timeout_seconds=10)
        return Trial(desk=desk, dovecot=dovecot, user=user, sink=sink, proxy=proxy)

    return made


@pytest.fixture
def trial(make_trial: Callable[[str], Trial], database_url: str) -> Trial:
    """On a database of each kind."""
    return make_trial(database_url)
