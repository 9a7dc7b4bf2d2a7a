"""A folder that people rename while the desk reads it: nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from support.dovecot import Dovecot
from support.mails import a_mail
from support.working_desk import WorkingDesk

from ingest.errors import Configuration
from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Case, Inbound


@pytest.mark.parametrize("after", ["move", "leave"])
def test_mail_that_came_while_the_policy_named_a_renamed_folder_by_its_old_name_is_taken_in(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink, after: str
) -> None:
    folder(desk, "Team", after, "now")
    with dovecot.client(user) as client:
        client.create_folder("Team")
    dovecot.deliver(user, [a_mail(1)], folder="Team", received_at=datetime.now(UTC) - timedelta(hours=1))  # history
    desk.run_once()
    dovecot.deliver(user, [a_mail(2)], folder="Team")
    desk.run_once()
    with dovecot.client(user) as client:
        client.rename_folder("Team", "Accounts")
    dovecot.deliver(user, [a_mail(3)], folder="Accounts")
    with pytest.raises(Configuration, match=r"folder Team\): could not open the folder"):
        desk.run_once()

    folder(desk, "Accounts", after, "now")
    desk.run_once()

    states = Counter(row.state for row in desk.rows(Inbound))
    assert states == ({"case": 2, "duplicate": 1} if after == "leave" else {"case": 2})
    assert len(desk.rows(Case)) == len(sink.received) == 2
    dovecot.deliver(user, [a_mail(4)], folder="Accounts")
    desk.run_once()
    assert len(desk.rows(Case)) == 3


def test_another_folder_begins_where_the_policy_says(desk: WorkingDesk, dovecot: Dovecot, user: str) -> None:
    folder(desk, "INBOX", "leave", "now")
    dovecot.deliver(user, [a_mail(1)])
    desk.run_once()
    with dovecot.client(user) as client:
        client.create_folder("Bills")
    dovecot.deliver(user, [a_mail(2)], folder="Bills")
    folder(desk, "Bills", "leave", "now")
    desk.run_once()
    assert desk.rows(Inbound) == []


def folder(desk: WorkingDesk, name: str, after: str, start: str) -> None:
    desk.change(mailboxes=[{**desk.tables["mailboxes"][0], "folder": name, "after": after, "start": start}])
