"""The figures of `daydesk health` and what each stage has done, for Prometheus: text over HTTP, GET /metrics alone."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.deadline import Deadline
from ingest.errors import Configuration, in_words
from processor.reports.health import Finding
from processor.worker import Tally

if TYPE_CHECKING:
    from processor.stages.desk import Log

PATH = "/metrics"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
REQUEST_SECONDS = 10  # then a connection is cut, whatever it does
LOOPBACK = "127.0.0.1"

# what the finding is, its figure, what it means; the name is daydesk_WHAT_FIGURE
GAUGES = (
    ("mailbox", "silent_seconds", "since the mailbox was last read to its end, or a batch of it was taken in"),
    ("mailbox", "pending", "mails that wait to be decided"),
    ("mailbox", "oldest_pending_seconds", "since the longest waiting of them was taken in"),
    ("stage", "silent_seconds", "since the stage last did its work"),
    ("outbox", "due", "mails that wait to be sent"),
    ("outbox", "attempted", "mails being sent"),
    ("outbox", "unknown", "mails of which the server's answer was lost"),
    ("outbox", "oldest_seconds", "since the longest waiting of these three was written"),
    ("outbox", "failed", "mails that could not be sent, or came back, ever"),
    ("outbox", "failed_lately", "mails that could not be sent, or came back, within health.failed_hours"),
    ("outbox", "bounced", "of all that failed: those that came back"),
    ("quarantine", "mails", "mails of which nothing could be made"),
    ("promises", "unanswered", "open cases with a promise that nobody has answered yet"),
    ("promises", "overdue", "those of them whose promise has passed"),
    ("promises", "seconds_left", "until the first of these promises is due; negative once it has passed"),
    ("secret", "expires_timestamp_seconds", "when the client secret expires, in seconds since 1970"),
    ("disk", "free_bytes", "free beside the SQLite database"),
    ("disk", "floor_bytes", "with less than that free no mail is taken in"),
)  # fmt: skip
COUNTERS = (
    ("passes", "looks of the stage for work, since this process began"),
    ("handled", "mails that it has handled"),
    ("failures", "times that something kept it from its work"),
)


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int


def address_of(text: str) -> Address:
    """HOST:PORT; without a host, this machine alone. Raises ValueError with what is wrong."""
    host, colon, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535 or (host and not colon):
        raise ValueError(f"{text!r} is not HOST:PORT: write such as {LOOPBACK}:9712, or [::1]:9712.")
    return Address(host.removeprefix("[").removesuffix("]") or LOOPBACK, int(port))


def page(findings: Sequence[Finding] | None, tallies: Mapping[str, Tally]) -> str:
    """The exposition; without findings (the database is away) it still tells what this process did."""
    lines = [*_family("daydesk_database_up", "gauge", "1: it can be read", [({}, 0 if findings is None else 1)])]
    if findings is not None:
        ok = all(finding.ok for finding in findings)
        lines += _family("daydesk_healthy", "gauge", "1: `daydesk health` finds nothing wrong", [({}, int(ok))])
        for what, figure, meaning in GAUGES:
            lines += _family(f"daydesk_{what}_{figure}", "gauge", meaning, _values(findings, what, figure))
    for counter, meaning in COUNTERS:
        told = [(_labels(worker), getattr(tally, counter)) for worker, tally in tallies.items()]
        lines += _family(f"daydesk_{counter}_total", "counter", meaning, told)
    return "\n".join(lines) + "\n"


@contextmanager
def serving(
    address: Address | None, made: Callable[[], str], log: Log, *, request_seconds: float = REQUEST_SECONDS
) -> Iterator[None]:
    """Within the block the page is to be had there. Raises Configuration where nobody can listen."""
    if address is None:
        yield
        return
    try:
        server = _Server(address, made, log, request_seconds)
    except OSError as error:
        raise Configuration(
            f"--metrics {address.host}:{address.port} cannot be listened on ({in_words(error)}): name another address."
        ) from None
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    with server:
        thread.start()
        log.info("metrics", host=address.host, port=server.server_address[1], path=PATH)
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class _Server(socketserver.TCPServer):
    """One request at a time: whoever asks too often waits, and the desk does not."""

    allow_reuse_address = True

    def __init__(self, address: Address, made: Callable[[], str], log: Log, request_seconds: float) -> None:
        self.address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self.made, self.log, self.request_seconds = made, log, request_seconds
        super().__init__(address, _Request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        self.log.warning("metrics could not be told", exc_info=True)


class _Request(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "daydesk", ""

    def handle(self) -> None:
        with Deadline(self.server.request_seconds, lambda: self.connection):
            super().handle()

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = self.server.made().encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Whoever looks at the figures is not worth a line in the log."""


def _values(findings: Sequence[Finding], what: str, figure: str) -> Iterator[tuple[dict[str, str], float]]:
    for finding in findings:
        value = finding.figures.get(figure) if finding.what == what else None
        if isinstance(value, int | float):
            yield ({what: finding.name} if finding.name else {}), value


def _labels(worker: str) -> dict[str, str]:
    stage, _, mailbox = worker.partition(" ")
    return {"stage": stage, "mailbox": mailbox} if mailbox else {"stage": stage}


def _family(name: str, kind: str, meaning: str, values: Any) -> Iterator[str]:
    lines = [f"{name}{_written(labels)} {value}" for labels, value in values]
    if lines:
        yield from (f"# HELP {name} {meaning}", f"# TYPE {name} {kind}", *lines)


def _written(labels: Mapping[str, str]) -> str:
    """Names of mailboxes hold small letters, digits, - and _ alone: nothing in them wants escaping."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" if labels else ""
