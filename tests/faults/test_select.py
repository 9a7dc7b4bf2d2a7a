"""The folder is another one than it was, may not be changed, or is gone."""

from __future__ import annotations

from collections import Counter

import pytest
from support.trial import Trial

from processor.store.models import Case, Inbound


@pytest.mark.cell(
    "select",
    "the folder was recreated with the same mail in it (UIDVALIDITY changed)",
    "Every mail is read again and known by its bytes: each is in the ledger once more as a duplicate. "
    "There is no second case and no second acknowledgement.",
)
def test_a_recreated_folder_opens_no_second_case(trial: Trial) -> None:
    trial.mailbox(after="leave", folder="Team")
    with trial.dovecot.client(trial.user) as client:
        client.create_folder("Team")
    trial.bring(folder="Team")
    trial.passes()
    with trial.dovecot.client(trial.user) as client:
        client.delete_folder("Team")
        client.create_folder("Team")
    trial.dovecot.deliver(trial.user, trial.mails, folder="Team")

    trial.passes()

    rows = trial.desk.rows(Inbound)
    assert len({row.uidvalidity for row in rows}) == 2
    assert Counter(row.state for row in rows) == {"case": 3, "duplicate": 3}
    assert len(trial.desk.rows(Case)) == len(trial.sink.received) == 3


@pytest.mark.cell(
    "select",
    "the folder is read-only",
    "The pass ends with exit code 78 before anything is fetched, since what cannot be filed would be read for ever. "
    'With the right, or with `after = "leave"`, the next pass goes on.',
)
def test_a_read_only_folder_stops_the_mailbox(trial: Trial) -> None:
    trial.bring()
    rights = trial.dovecot.maildir(trial.user) / "dovecot-acl"
    rights.write_text("owner lr\n")

    trial.fails(78, "the folder is read-only", "set after to leave")

    rights.unlink()
    trial.nothing_was_touched()
    trial.comes_home()


@pytest.mark.cell(
    "select",
    "the folder is gone",
    "The pass ends with exit code 78 and names the folder; what was taken in before goes on through triage and "
    "delivery. When the folder is there again, the next pass goes on.",
)
def test_a_folder_that_is_gone_stops_the_mailbox_and_nothing_else(trial: Trial) -> None:
    trial.bring()
    trial.passes(only="receive")
    trial.mailbox(folder="Nowhere")

    trial.fails(78, "folder Nowhere): could not open the folder", "Check that the folder exists")

    assert [row.state for row in trial.desk.rows(Inbound)] == ["case"] * 3
    assert len(trial.sink.received) == 3
    trial.mailbox(folder="INBOX")
    trial.bring()
    trial.comes_home()
