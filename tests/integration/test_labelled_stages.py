"""The labelled mails through the stages: what is stored and sent is what their labels say."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.labelled import labelled
from support.working_desk import WorkingDesk

from processor.store.models import Event, Inbound, Outbox

pytestmark = pytest.mark.no_cover

SITUATION = {"case", "suppressed", "policy", "desk", "answered", "given"}  # what these mails meet is an empty desk


def test_every_reason_is_stored_and_only_people_are_written_to(tmp_path: Path, sqlite_url: str) -> None:
    mails = [one for one in labelled() if not SITUATION & one.told.keys() and one.codes != {"QUARANTINED"}]
    assert len(mails) > 350
    desk = WorkingDesk(tmp_path, sqlite_url, desk={"addresses": ["legal@desk.example"]})
    desk.change(acknowledgement={**desk.tables["acknowledgement"], "authserv_id": "mx.desk.example"})
    now = datetime.now(UTC)
    (tmp_path / "mail").mkdir()
    for number, one in enumerate(mails):
        file = tmp_path / "mail" / f"{number}.eml"
        file.write_bytes(one.raw)
        received_at = (now - timedelta(minutes=one.told.get("minutes", 1))).timestamp()
        os.utime(file, (received_at, received_at))
    desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])

    desk.run_once("receive", lambda: now)
    desk.run_once("triage", lambda: now)

    label = {one.sha256: one for one in mails}
    digest = {row.id: row.sha256 for row in desk.rows(Inbound)}
    decided = [row for row in desk.rows(Event) if row.kind == "acknowledgement decided"]
    found = {digest[row.inbound_id]: {code for code, _evidence in row.data["reasons"]} for row in decided}
    wrong = {one.name: found.get(one.sha256) for one in mails if found.get(one.sha256) != one.codes}
    assert wrong == {}
    written_to = sum(not one.codes for one in label.values())
    assert len(desk.rows(Outbox)) == written_to > 120
