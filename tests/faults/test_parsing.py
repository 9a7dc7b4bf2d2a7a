"""A mail that cannot be read, or that nothing can be decided about, costs itself and nobody else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from support.mails import a_mail
from support.trial import Trial

from processor.reading.reader import open_reader
from processor.stages.triage import triage_batch
from processor.store.models import Case, Event, Inbound, RawMessage
from processor.store.raw import packed


@pytest.mark.cell(
    "parse",
    "a bomb: so many header fields, parts or nested mails that reading it would take too long",
    'It becomes a case of what can safely be read, with the warning "not wholly read" and what was not. It is not '
    "acknowledged where its header was not wholly read. Its neighbours become cases in the same pass.",
)
def test_of_a_bomb_is_read_what_can_be_and_nobody_is_answered(trial: Trial) -> None:
    bomb = a_mail(2, fields="".join(f"X-Field-{n}: x\r\n" for n in range(3000)))
    trial.dovecot.deliver(trial.user, [a_mail(1), bomb, a_mail(3)])

    trial.passes()

    rows = trial.desk.rows(Inbound)
    assert [row.state for row in rows] == ["case"] * 3
    told = [event.data for event in trial.desk.rows(Event) if event.inbound_id == rows[1].id]
    warnings = [warning for data in told for warning in data.get("warnings", [])]
    assert warnings == ["not wholly read: header: 3,008 fields, over 2,000"]
    assert [data["reasons"] for data in told if "reasons" in data] == [[["LIMITED", "3,008 fields, over 2,000"]]]
    assert len(trial.sink.received) == 2
    assert (trial.held("INBOX"), trial.held("Processed")) == (0, 3)


@pytest.mark.cell(
    "parse",
    "a mail of no octet at all",
    "It is a case of nobody that says so, in the queue of what no rule takes, and is not acknowledged. Its neighbours "
    "become cases in the same pass.",
)
def test_a_mail_of_no_octet_is_a_case_of_nobody_and_its_neighbours_go_on(trial: Trial) -> None:
    trial.dovecot.deliver(trial.user, [a_mail(1), a_mail(2), a_mail(3)])
    trial.passes(only="receive")
    emptied = trial.desk.rows(Inbound)[1].sha256
    with trial.desk.store() as store, store.writing() as session:
        nothing = {name: value for name, value in packed("", b"").items() if name in ("compression", "data", "size")}
        session.execute(sa.update(RawMessage).where(RawMessage.sha256 == emptied).values(**nothing))

    trial.passes()

    rows = trial.desk.rows(Inbound)
    assert [row.state for row in rows] == ["case"] * 3
    told = [event.data for event in trial.desk.rows(Event) if event.inbound_id == rows[1].id]
    assert [data["defects"] for data in told if "defects" in data] == [["empty: no octet at all"]]
    assert [data["queue"] for data in told if "queue" in data] == ["triage"]
    assert len(trial.sink.received) == 2
    assert (trial.held("INBOX"), trial.held("Processed")) == (0, 3)


@pytest.mark.cell(
    "parse",
    "the bytes that the database kept have gone bad",
    "The mail is quarantined with its reason; its neighbours become cases in the same pass. The mail server still has "
    "it in the Processed folder.",
)
def test_raw_bytes_that_went_bad_are_quarantined_and_their_neighbours_go_on(trial: Trial) -> None:
    trial.bring()
    trial.passes(only="receive")
    bad = trial.desk.rows(Inbound)[1].sha256
    with trial.desk.store() as store, store.writing() as session:
        session.execute(sa.update(RawMessage).where(RawMessage.sha256 == bad).values(data=b"\0 no such frame"))

    trial.passes()

    rows = trial.desk.rows(Inbound)
    assert [row.state for row in rows] == ["case", "quarantined", "case"]
    assert "cannot be unpacked" in rows[1].reason
    assert len(trial.sink.received) == 2


@pytest.mark.cell(
    "parse",
    "what was decided about a mail cannot be written (the database refuses its values)",
    "The batch is rolled back and each mail of it tried alone: the neighbours become cases at once. The one is tried "
    "three times, then quarantined with its reason.",
)
def test_a_mail_that_the_database_refuses_costs_itself_three_tries_and_its_neighbours_none(trial: Trial) -> None:
    trial.dovecot.deliver(trial.user, [a_mail(1), a_mail(2, subject="poison"), a_mail(3)])
    trial.passes(only="receive")
    refuse_subject(trial, "poison")

    seen = []
    for _ in range(4):
        with trial.desk.opened() as opened, open_reader(opened.policy.run) as reader:
            triage_batch(opened, reader)
        seen.append([(row.state.value, row.tries) for row in trial.desk.rows(Inbound)])

    neighbours = ("case", 0)
    assert seen == [
        [neighbours, ("pending", 1), neighbours],
        [neighbours, ("pending", 2), neighbours],
        [neighbours, ("quarantined", 3), neighbours],
        [neighbours, ("quarantined", 3), neighbours],
    ]
    assert "Error" in trial.desk.rows(Inbound)[1].reason
    assert len(trial.desk.rows(Case)) == 2
    assert len([row for row in trial.desk.rows(Event) if row.kind == "quarantined"]) == 1
    trial.passes()
    assert len(trial.sink.received) == 2


def refuse_subject(trial: Trial, subject: str) -> None:
    """Makes the database itself refuse a case of this subject."""
    with trial.desk.store() as store, store.writing() as session:
        if store.sqlite:
            rule = (
                "CREATE TRIGGER no_poison BEFORE INSERT ON cases WHEN NEW.subject = '{}' "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        else:
            rule = "ALTER TABLE cases ADD CONSTRAINT no_poison CHECK (subject <> '{}')"
        session.execute(sa.text(rule.format(subject)))
