"""The real daemon under whoever watches it: systemd's socket, Prometheus' requests, and the log of one mail."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from support.daemons import SECONDS, await_, logged, running
from support.mails import a_mail
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Case, Inbound, Outbox

pytestmark = pytest.mark.no_cover


@pytest.fixture
def desk(sink: SmtpSink, database_url: str, tmp_path: Path) -> WorkingDesk:
    """A desk with a folder of .eml files, the sink, and a database of each kind."""
    (tmp_path / "mail").mkdir()
    made = WorkingDesk(tmp_path, database_url, smtp={"port": sink.port})
    made.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}], acknowledgement={"stale_hours": 10**6})
    return made


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A socket such as systemd gives a unit of Type=notify with WatchdogSec=1."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "1000000")
        yield listening


def heard(ear: socket.socket, name: str, value: str = "") -> str:
    """Wait for this state; returns its value."""
    while True:
        for line in ear.recv(10_000).decode().splitlines():
            key, _, told = line.partition("=")
            if key == name and value in told:
                return told


def drained(ear: socket.socket) -> list[str]:
    """What was told so far and nobody has heard."""
    ear.setblocking(False)
    lines = []
    try:
        while True:
            lines += ear.recv(10_000).decode().splitlines()
    except BlockingIOError:
        return lines
    finally:
        ear.settimeout(SECONDS)


def figures(port: int) -> dict[str, float]:
    """What Prometheus would read now."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("GET", "/metrics")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
    connection.close()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_systemd_hears_of_start_life_and_end(desk: WorkingDesk, ear: socket.socket, sink: SmtpSink) -> None:
    with running(desk) as process:
        heard(ear, "READY", "1")
        for _ in range(3):
            heard(ear, "WATCHDOG", "1")
        (desk.folder / "mail" / "1.eml").write_bytes(a_mail(1))
        heard(ear, "STATUS", "receive inbox: 1; triage: 1; deliver: 1")

        process.send_signal(signal.SIGHUP)
        heard(ear, "READY", "1")
        heard(ear, "STATUS", "deliver: 1")  # what was counted is not lost

        process.terminate()
        heard(ear, "STOPPING", "1")
        assert process.wait(SECONDS) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_process_that_is_stopped_tells_nothing_until_it_goes_on(desk: WorkingDesk, ear: socket.socket) -> None:
    with running(desk) as process:
        heard(ear, "WATCHDOG", "1")
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        drained(ear)
        time.sleep(1.5)  # longer than the watchdog has patience
        assert drained(ear) == []

        process.send_signal(signal.SIGCONT)
        heard(ear, "WATCHDOG", "1")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mailbox_that_cannot_be_read_is_no_standstill_and_stands_in_the_status(
    desk: WorkingDesk, ear: socket.socket
) -> None:
    (desk.folder / "mail").rmdir()
    with running(desk):
        told = heard(ear, "STATUS", "receive inbox tries again later: ")
        heard(ear, "WATCHDOG", "1")

    assert str(desk.folder / "mail") in told


def test_prometheus_reads_figures_and_counters(desk: WorkingDesk, sink: SmtpSink) -> None:
    (desk.folder / "mail" / "1.eml").write_bytes(a_mail(1))
    with running(desk, "--metrics", "127.0.0.1:0") as process:
        port = logged(process, "metrics")["port"]
        await_(lambda: figures(port).get('daydesk_handled_total{stage="deliver"}') == 1)
        await_(lambda: figures(port)["daydesk_healthy"] == 1)
        seen = figures(port)
        process.terminate()
        assert process.wait(SECONDS) == 0

    assert seen['daydesk_handled_total{stage="receive",mailbox="inbox"}'] == 1
    assert seen['daydesk_passes_total{stage="triage"}'] >= 1
    assert seen['daydesk_failures_total{stage="deliver"}'] == 0
    assert 0 <= seen['daydesk_mailbox_silent_seconds{mailbox="inbox"}'] < SECONDS
    assert seen['daydesk_mailbox_pending{mailbox="inbox"}'] == seen["daydesk_outbox_due"] == 0
    assert seen["daydesk_promises_unanswered"] == 1
    assert ("daydesk_disk_free_bytes" in seen) == desk.tables["database"]["url"].startswith("sqlite")
    with pytest.raises(ConnectionRefusedError):
        figures(port)


def open_files(pid: int) -> Iterator[str]:
    """What its file descriptors lead to."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed in the meantime
            yield str(link.readlink())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_listens_where_nobody_asked_for_it(desk: WorkingDesk) -> None:
    with running(desk) as process:
        logged(process, "started")
        entries = [line.split() for line in Path(f"/proc/{process.pid}/net/tcp").read_text().splitlines()[1:]]
        listening = {f"socket:[{entry[9]}]" for entry in entries if entry[3] == "0A"}  # of the whole machine
        assert listening  # the mail server's at least
        assert listening.isdisjoint(open_files(process.pid))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--metrics", "nowhere"], 2, "is not HOST:PORT"),
        (["--metrics", "9712", "--once"], 2, "for the daemon"),
        (["--metrics", "192.0.2.1:9712"], 78, "--metrics 192.0.2.1:9712 cannot be listened on"),
    ],
)
def test_an_address_that_cannot_be_is_refused(desk: WorkingDesk, arguments: list[str], code: int, words: str) -> None:
    done = desk.command("run", *arguments)

    assert done.returncode == code
    assert words in re.sub(r"[\s│]+", " ", done.stderr)


def test_one_number_follows_a_mail_through_every_stage_of_the_log(desk: WorkingDesk, sink: SmtpSink) -> None:
    (desk.folder / "mail" / "1.eml").write_bytes(a_mail(1))
    with running(desk) as process:
        received, triaged, delivered = (logged(process, event) for event in ("received", "triaged", "delivered"))
        (desk.folder / "mail" / "2.eml").write_bytes(a_mail(2))
        second = [logged(process, event)["inbound"] for event in ("received", "triaged", "delivered")]
        process.terminate()
        assert process.wait(SECONDS) == 0

    ids = [row.id for row in desk.rows(Inbound)]
    assert received["inbound"] == [triaged["inbound"]] == [delivered["inbound"]] == ids[:1]
    assert second == [ids[1:], ids[1], ids[1]]
    assert triaged["case"] == delivered["case"] == desk.rows(Case)[0].reference
    assert delivered["outbox"] == desk.rows(Outbox)[0].id
