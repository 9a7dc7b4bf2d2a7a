"""A client secret that expires soon is told by every command that an operator watches, before any login fails."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.reminding import Reminder

SECONDS = 30


@pytest.fixture
def desk(sink: SmtpSink, sqlite_url: str, tmp_path: Path) -> WorkingDesk:
    """With a table of oauth2 whose secret lasts ten days more, and one whose secret lasts a year."""
    today = datetime.now(UTC).date()
    (tmp_path / "mail").mkdir()
    table = {"provider": "microsoft", "tenant": "x", "client_id": "c", "client_secret": {"env": "S"}}
    return WorkingDesk(
        tmp_path,
        sqlite_url,
        smtp={"port": sink.port},
        mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}],
        oauth2={
            "soon": {**table, "secret_expires": today + timedelta(days=10)},
            "later": {**table, "secret_expires": today + timedelta(days=365)},
        },
    )


def test_health_and_check_find_something_wrong(desk: WorkingDesk) -> None:
    desk.run_once()
    for command in ("health", "check"):
        done = desk.command_here(command, "--json")
        assert done.returncode == 1
        told = json.loads(done.stdout)
        lines = {
            f"{one['what']} {one.get('name', '')}".strip(): (one["ok"], one["found"])
            for one in (told["findings"] if command == "health" else told)
        }
        assert lines["secret soon"][0] is False
        assert "in 10 days; make a new one" in lines["secret soon"][1]
        assert lines["secret later"][0] is True


def test_the_daemon_warns_at_its_start(desk: WorkingDesk) -> None:
    with desk.start("run") as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                told = json.loads(line)
                if told["event"] == "a secret expires":
                    break
        finally:
            process.kill()
    assert (told["level"], told["oauth2"]) == ("warning", "soon")


def test_it_warns_once_a_day_and_no_oftener(desk: WorkingDesk) -> None:
    begun = datetime.now(UTC).replace(hour=8)
    hours = iter(range(100))
    with desk.opened() as opened, capture_logs() as told:
        reminder = Reminder(
            dataclasses.replace(opened, now=lambda: begun + timedelta(hours=next(hours)), log=structlog.get_logger())
        )
        for _hour in range(48):
            reminder.look()
    assert [line["oauth2"] for line in told] == ["soon"] * 3  # from 8:00 on the first day to 7:00 on the third
