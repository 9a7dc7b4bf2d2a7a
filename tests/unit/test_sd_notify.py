"""systemd hears how the daemon is, where it asked for it; nobody else hears anything."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.sd_notify import EVERY_SECONDS, Supervisor


@pytest.fixture(params=["/", "@"], ids=["a file", "an abstract name"])
def supervisor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Supervisor, socket.socket]]:
    """A supervisor, and the socket on which it listens."""
    name = f"{tmp_path.name}/notify" if request.param == "@" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"\0{name}" if request.param == "@" else name)
        ear.settimeout(5)
        address = f"@{name}" if request.param == "@" else name
        yield Supervisor.named_in({"NOTIFY_SOCKET": address}, pid=1), ear


def test_states_arrive_in_one_datagram(supervisor: tuple[Supervisor, socket.socket]) -> None:
    told, ear = supervisor

    told.tell(READY="1", STATUS="two\nlines")

    assert ear.recv(1000) == b"READY=1\nSTATUS=two lines"


def test_without_a_socket_nothing_is_told() -> None:
    supervisor = Supervisor.named_in({"WATCHDOG_USEC": "2000000"}, pid=1)

    supervisor.tell(READY="1")

    assert supervisor == Supervisor()


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "notify"])
def test_an_address_of_another_kind_is_left_alone(address: str) -> None:
    assert Supervisor.named_in({"NOTIFY_SOCKET": address}, pid=1).address is None


def test_a_supervisor_that_has_gone_is_no_trouble(tmp_path: Path) -> None:
    Supervisor(address=str(tmp_path / "gone")).tell(READY="1")


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "4000000"}, 2.0),
        ({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "7"}, 2.0),
        ({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "8"}, EVERY_SECONDS),  # meant for another process
        ({"WATCHDOG_USEC": "600000000"}, EVERY_SECONDS),
        ({"WATCHDOG_USEC": "soon"}, EVERY_SECONDS),
        ({}, EVERY_SECONDS),
    ],
)
def test_a_watchdog_hears_twice_within_its_time(environment: dict[str, str], seconds: float) -> None:
    assert Supervisor.named_in({"NOTIFY_SOCKET": "/run/notify"} | environment, pid=7).every_seconds == seconds
