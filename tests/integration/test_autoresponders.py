"""Machines that answer each other's mail come to an end: at most one acknowledgement a day for each of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.machines import CORRESPONDENTS, DESK, OTHER_DESKS, live

pytestmark = pytest.mark.no_cover

DAYS = 2


def test_six_machines_that_answer_mail_get_one_acknowledgement_a_day(tmp_path: Path, upgraded_sqlite: Path) -> None:
    world = live(tmp_path, DAYS, datetime(2026, 3, 2, 9, 0, tzinfo=UTC), upgraded_sqlite)

    whom = [(DESK, who) for who in CORRESPONDENTS] + [(other, DESK) for other in OTHER_DESKS]
    days = ("2026-03-02", "2026-03-03")
    assert dict(world.acknowledged) == {(desk, who, day): 1 for desk, who in whom for day in days}
    assert world.mails[DESK] > DAYS * len(CORRESPONDENTS)  # they did answer
