"""Servers that integration tests share, each started once for each worker of xdist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.dovecot import Dovecot, running_dovecot, why_not_here


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """An IMAP server that can all that the desk makes use of."""
    if reason := why_not_here():
        pytest.skip(reason)
    with running_dovecot() as server:
        yield server
