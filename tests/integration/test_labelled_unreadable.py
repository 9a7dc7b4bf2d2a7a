"""A mail that cannot be read is quarantined by the stage, and nobody is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.labelled import labelled
from support.poison import put_on_path
from support.working_desk import WorkingDesk

from processor.store.models import Case, Inbound, Outbox


@pytest.mark.no_cover
def test_a_labelled_mail_that_cannot_be_read_is_quarantined_and_not_answered(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(put_on_path(tmp_path / "path"))
    desk = WorkingDesk(tmp_path, database_url)
    mails = [one.raw for one in labelled() if one.codes == {"QUARANTINED"}]
    (tmp_path / "mail").mkdir()
    for number, raw in enumerate(mails):
        (tmp_path / "mail" / f"{number}.eml").write_bytes(raw)
    desk.change(
        mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}],
        run={"parse_seconds": 1, "parse_megabytes": 100},
    )

    desk.run_once("receive")
    desk.run_once("triage")

    assert [row.state for row in desk.rows(Inbound)] == ["quarantined"] * len(mails)
    assert (desk.rows(Case), desk.rows(Outbox)) == ([], [])
