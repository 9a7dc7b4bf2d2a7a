"""The page that Prometheus reads, and the little server that hands it out."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from ingest.errors import Configuration
from processor.metrics import COUNTERS, GAUGES, Address, address_of, page, serving
from processor.reports.health import SUBJECTS, Finding
from processor.worker import Tally

HERE = Address("127.0.0.1", 0)
_LINE = re.compile(r'(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.]+)')


@contextmanager
def served(text: Any = lambda: "figures 1\n", seconds: float = 10) -> Iterator[int]:
    """A server on a free port; gives the port."""
    told: list[Any] = []

    def keep(_logger: object, _name: str, event: Any) -> Any:
        told.append(event)
        raise structlog.DropEvent

    log: Any = structlog.wrap_logger(None, processors=[keep], wrapper_class=structlog.make_filtering_bound_logger(0))
    with serving(HERE, text, log, request_seconds=seconds):
        yield told[0]["port"]


def asked(port: int, method: str = "GET", path: str = "/metrics") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9712", ("127.0.0.1", 9712)),
        ("0.0.0.0:9712", ("0.0.0.0", 9712)),  # noqa: S104 - the operator says so
        (":9712", ("127.0.0.1", 9712)),
        ("9712", ("127.0.0.1", 9712)),
        ("[::1]:9712", ("::1", 9712)),
        ("desk.example:0", ("desk.example", 0)),
    ],
)
def test_without_a_host_this_machine_alone_is_meant(text: str, address: tuple[str, int]) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["", "localhost", "localhost:", "localhost:http", "localhost:65536", "localhost:-1"])
def test_what_is_no_address_is_told_with_one_that_is(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not HOST:PORT: write such as 127\.0\.0\.1:9712"):
        address_of(text)


def test_the_page_tells_figures_by_mailbox_and_counters_by_stage() -> None:
    findings = [
        Finding(what="mailbox", name="accounts", words="", figures={"silent_seconds": 5, "pending": 2}),
        Finding(what="mailbox", name="legal", words="", exit_code=1, figures={"silent_seconds": None, "pending": 0}),
        Finding(what="outbox", words="", figures={"due": 3, "oldest_seconds": None}),
        Finding(what="promises", words="", figures={"seconds_left": -60, "case": "DD-1"}),
    ]
    tallies = {"receive accounts": Tally(handled=7), "triage": Tally(passes=9, failures=1)}

    lines = page(findings, tallies).splitlines()

    assert [line for line in lines if not _LINE.fullmatch(line)] == []
    assert 'daydesk_mailbox_silent_seconds{mailbox="accounts"} 5' in lines
    assert not [line for line in lines if line.startswith('daydesk_mailbox_silent_seconds{mailbox="legal"')]
    assert 'daydesk_mailbox_pending{mailbox="legal"} 0' in lines
    assert "daydesk_outbox_due 3" in lines
    assert "daydesk_promises_seconds_left -60" in lines
    assert "daydesk_database_up 1" in lines
    assert "daydesk_healthy 0" in lines
    assert 'daydesk_handled_total{stage="receive",mailbox="accounts"} 7' in lines
    assert 'daydesk_failures_total{stage="triage"} 1' in lines
    assert lines.count("# TYPE daydesk_mailbox_pending gauge") == 1
    assert "# TYPE daydesk_passes_total counter" in lines


def test_without_a_database_the_page_tells_so_and_what_this_process_did() -> None:
    text = page(None, {"triage": Tally(handled=4)})

    assert "daydesk_database_up 0\n" in text
    assert 'daydesk_handled_total{stage="triage"} 4\n' in text
    assert "daydesk_healthy" not in text


def test_every_gauge_is_of_a_subject_that_there_is() -> None:
    assert {what for what, _figure, _meaning in GAUGES} == {*SUBJECTS}
    assert {counter for counter, _meaning in COUNTERS} < {*Tally.__slots__}


def test_the_page_is_handed_out() -> None:
    with served() as port:
        assert asked(port) == (200, "figures 1\n")
        assert asked(port, path="/metrics?name=x") == (200, "figures 1\n")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("POST", "/metrics", 501)])
def test_nothing_else_is_answered(method: str, path: str, status: int) -> None:
    with served() as port:
        assert asked(port, method, path)[0] == status


def test_a_page_that_cannot_be_made_ends_its_own_request_alone() -> None:
    pages = iter([ZeroDivisionError(), "figures 1\n"])

    def made() -> str:
        text = next(pages)
        if isinstance(text, Exception):
            raise text
        return str(text)

    with served(made) as port:
        with pytest.raises(http.client.RemoteDisconnected):
            asked(port)
        assert asked(port) == (200, "figures 1\n")


def test_whoever_connects_and_is_silent_holds_the_others_up_for_a_moment_alone() -> None:
    with served(seconds=0.2) as port, socket.create_connection(("127.0.0.1", port)) as silent:
        silent.sendall(b"GET /metr")
        begun = time.monotonic()

        assert asked(port) == (200, "figures 1\n")

        assert 0.1 < time.monotonic() - begun < 5


def test_an_address_that_is_taken_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1])
        with (
            pytest.raises(Configuration, match=r"cannot be listened on \(Address already in use\): name another"),
            serving(address, str, structlog.get_logger()),
        ):
            pass


def test_without_an_address_nobody_listens() -> None:
    before = {thread.name for thread in threading.enumerate()}
    with serving(None, str, structlog.get_logger()):
        assert {thread.name for thread in threading.enumerate()} == before
