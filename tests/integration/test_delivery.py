"""What becomes of an acknowledgement when the server defers, refuses, falls silent or is away."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from support.delivering import Delivering, Opening
from support.scripted_smtp import Act

from ingest.errors import Configuration, Transient
from processor.store import outbox
from processor.store.locks import deliverer_lock
from processor.store.models import Dispatch, Outbox


def test_an_acknowledgement_leaves_with_the_null_envelope_sender(delivering: Opening) -> None:
    at = delivering()

    at.deliver()

    assert at.row().state == "sent"
    assert "MAIL FROM:<>" in at.server.conversations[0].commands
    assert "RCPT TO:<client1@c1.example>" in at.server.conversations[0].commands


def test_what_the_server_defers_is_tried_again_with_growing_pauses(delivering: Opening) -> None:
    at = delivering({"RCPT": "451 4.7.1 greylisted"}, first_pause_seconds=60, longest_pause_seconds=300)
    pauses = []
    for _ in range(5):
        at.deliver()
        row = at.row()
        assert (row.state, row.last_reply) == ("due", "451 4.7.1 greylisted")
        pauses.append((row.next_at - at.now()).total_seconds())
        at.now.time = row.next_at - timedelta(seconds=1)
        at.deliver()
        assert at.row().tries == row.tries  # not before its time
        at.now.forward(seconds=1)

    assert pauses == [60, 120, 240, 300, 300]
    assert at.row().tries == 5
    assert [event["data"]["try"] for event in at.story()["events"] if event["kind"] == "acknowledgement due"] == [
        *range(1, 6)
    ]


def test_a_deferred_acknowledgement_is_sent_when_the_server_takes_it(delivering: Opening) -> None:
    at = delivering({"RCPT": "451 4.7.1 greylisted"}, {})
    at.deliver()
    at.now.forward(minutes=2)

    at.deliver()

    row = at.row()
    assert (row.state, row.tries, row.settled_at) == ("sent", 2, at.now())
    assert at.sent == [row.message_id]


def test_a_refusal_for_ever_ends_as_failed_and_shows_on_the_case(delivering: Opening) -> None:
    at = delivering({"RCPT": "550 5.1.1 no such user"})

    at.deliver()
    at.now.forward(days=1)
    at.deliver()

    story = at.story()
    (shown,) = story["outbox"]
    failed, suppressed = story["events"][-2:]
    assert (shown["state"], shown["tries"], shown["last_reply"]) == ("failed", 1, "550 5.1.1 no such user")
    assert (failed["kind"], failed["data"]["reply"], failed["data"]["gave_up"]) == (
        "acknowledgement failed", "550 5.1.1 no such user", False
    )  # fmt: skip
    assert (suppressed["kind"], suppressed["data"]["address"]) == ("suppressed", "client1@c1.example")


@pytest.mark.parametrize("loss", [Act.CUT, Act.RESET])
def test_a_lost_answer_to_data_is_unknown_and_sent_again_with_the_same_message_id(
    delivering: Opening, loss: Act
) -> None:
    at = delivering({"dot": loss}, {})
    at.deliver()
    unknown = at.row()
    at.now.forward(minutes=2)

    at.deliver()

    row = at.row()
    assert (unknown.state, unknown.tries) == ("unknown", 1)
    assert "connection lost" in unknown.last_reply
    assert (row.state, row.tries, row.message_id) == ("sent", 2, unknown.message_id)
    assert at.sent == [row.message_id, row.message_id]
    assert at.server.contents[0] == at.server.contents[1]


def test_a_cut_before_the_last_line_is_deferred_since_the_server_cannot_have_it(delivering: Opening) -> None:
    at = delivering({"content": Act.RESET}, {})
    at.deliver()
    first = at.row()
    at.now.forward(minutes=2)

    at.deliver()

    assert first.state in ("due", "unknown")  # the reset can come after our last octet has left
    assert at.row().state == "sent"
    assert at.sent == [first.message_id]


def test_the_desk_gives_up_after_five_days(delivering: Opening) -> None:
    at = delivering({"MAIL": "451 4.3.0 later"}, first_pause_seconds=3600, longest_pause_seconds=12 * 3600)
    first = at.now()
    while at.row().state == "due" and at.now() < first + timedelta(days=10):
        at.deliver()
        at.now.time = max(at.now(), at.row().next_at)

    row = at.row()
    assert row.state == "failed"
    assert timedelta(days=4, hours=12) < row.settled_at - first <= timedelta(days=5)
    assert at.story()["events"][-1]["kind"] == "acknowledgement failed"
    assert row.tries > 10


def test_a_server_that_is_away_costs_no_try_and_leaves_every_row_due(delivering: Opening) -> None:
    at = delivering(mails=3)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    at.desk.change(smtp={"port": port})

    with pytest.raises(Transient, match="cannot be reached now"):
        at.deliver()

    assert [(row.state, row.tries) for row in at.desk.rows(Outbox)] == [("due", 0)] * 3
    at.desk.change(smtp={"port": at.server.port})
    at.deliver()
    assert [(row.state, row.tries) for row in at.desk.rows(Outbox)] == [("sent", 1)] * 3


def test_a_server_that_turns_us_away_costs_no_try(delivering: Opening) -> None:
    at = delivering({"greeting": "554 5.7.1 not you"})

    with pytest.raises(Configuration, match="does not let us in"):
        at.deliver()

    assert (at.row().state, at.row().tries) == ("due", 0)


def test_a_server_that_leaves_in_the_middle_keeps_what_it_took_and_the_rest_stays_due(delivering: Opening) -> None:
    at = delivering(
        {"MAIL": ["250 ok", "421 4.3.2 shutting down"]}, {"greeting": "421 4.3.2 shutting down"}, {}, mails=3
    )

    with pytest.raises(Transient, match="lets nobody in now"):
        at.deliver()
    halfway = [(row.state, row.tries) for row in at.desk.rows(Outbox)]
    at.deliver()

    assert halfway == [("sent", 1), ("due", 0), ("due", 0)]
    assert [row.state for row in at.desk.rows(Outbox)] == ["sent"] * 3
    assert sorted(at.sent) == sorted(row.message_id for row in at.desk.rows(Outbox))


def test_one_refused_acknowledgement_does_not_hold_up_the_next(delivering: Opening) -> None:
    at = delivering({"RCPT": ["550 5.1.1 no such user", "250 ok"]}, mails=2)

    at.deliver()

    assert [row.state for row in at.desk.rows(Outbox)] == ["failed", "sent"]
    (conversation,) = at.server.conversations  # one kept connection, and yet each recipient a mail of his own
    steps = [command.partition(" ")[0] for command in conversation.commands]
    assert (steps.count("MAIL"), steps.count("RCPT"), steps.count("DATA")) == (2, 2, 1)


def test_an_attempt_whose_worker_died_is_taken_up_by_the_next_one_at_once(delivering: Opening) -> None:
    at = delivering(mails=2)
    died_attempting(at)

    at.deliver()

    assert [(row.state, row.tries) for row in at.desk.rows(Outbox)] == [("sent", 2)] * 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite there is never another worker
def test_an_attempt_of_a_living_worker_is_left_to_it_until_its_lease_ends(
    delivering: Opening,
) -> None:
    at = delivering()
    died_attempting(at)

    with at.desk.store() as store, deliverer_lock(store, lambda: None):
        at.deliver()
        during = at.row()
        at.now.forward(minutes=11)
        at.deliver()

    assert (during.state, during.tries) == ("attempted", 1)
    assert (at.row().state, at.row().tries) == ("sent", 2)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_deliverers_side_by_side_send_each_acknowledgement_once(delivering: Opening) -> None:
    at = delivering(mails=60, batch=3)

    threads = [threading.Thread(target=at.deliver) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    rows = at.desk.rows(Outbox)
    assert [(row.state, row.tries) for row in rows] == [("sent", 1)] * 60
    assert sorted(at.sent) == sorted(row.message_id for row in rows)


def test_what_a_stale_worker_says_of_an_attempt_is_not_believed(delivering: Opening) -> None:
    at = delivering()
    died_attempting(at)
    stale = {"id": at.row().id, "attempt": 1, "tries": 1, "state": Dispatch.FAILED, "next_at": at.now()}
    at.deliver()

    with at.desk.store() as store, store.writing() as session:
        believed = outbox.settle(session, [{**stale, "settled_at": at.now(), "last_reply": "554 too late"}])

    assert believed == set()
    assert (at.row().state, at.row().tries, at.row().last_reply) == ("sent", 2, "250 2.0.0 taken")


def died_attempting(at: Delivering) -> None:
    """As a worker leaves it that was killed after it had committed its attempts."""
    with at.desk.store() as store, store.writing() as session:
        session.execute(
            sa.update(Outbox).values(state=Dispatch.ATTEMPTED, tries=1, next_at=at.now() + timedelta(minutes=10))
        )
