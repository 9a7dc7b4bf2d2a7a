"""The desk dies between handing an acknowledgement over and writing that down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.cells import cell
from support.proxy import Proxy, Way, proxy_to
from support.trial import Trial, is_killed_at

from processor.store.models import Outbox


@pytest.fixture
def smtp(trial: Trial) -> Iterator[Proxy]:
    """Stands before the server that takes our mail."""
    with proxy_to(trial.sink.port) as standing:
        trial.desk.change(smtp={"port": standing.port})
        yield standing


@pytest.mark.parametrize(
    ("place", "sent"),
    [
        cell(
            "settle",
            "SIGKILL before the acknowledgement leaves",
            "The attempt stands in the outbox. The next pass, seeing that its worker is dead, sends it: once.",
            {"way": Way.TO_SERVER, "seen": b"MAIL FROM", "before": True},
            1,
        ),
        cell(
            "settle",
            "SIGKILL after the server's 250 to an acknowledgement",
            "Whether the server took it was not written down. The next pass, seeing that its worker is dead, sends it "
            "once more with the same Message-ID, by which the receiver can drop the second.",
            {"way": Way.TO_CLIENT, "seen": b"250 2.0.0 taken", "before": True},
            2,
        ),
    ],
)
def test_an_acknowledgement_whose_end_nobody_saw_goes_out_with_the_same_message_id(
    trial: Trial, smtp: Proxy, place: dict[str, Any], sent: int
) -> None:
    trial.bring(1)
    trial.passes(only="receive")
    trial.passes(only="triage")

    is_killed_at(trial.desk, smtp, **place)

    (left,) = trial.desk.rows(Outbox)
    assert (left.state, left.tries) == ("attempted", 1)
    smtp.obey()
    trial.comes_home(sent=sent)
    (row,) = trial.desk.rows(Outbox)
    assert (row.state, row.tries, row.message_id) == ("sent", 2, left.message_id)


@pytest.mark.cell(
    "settle",
    "SIGKILL within a batch of acknowledgements, after some were taken",
    "The end of a batch is written down for all of it at once: the next pass sends the whole batch again, each with "
    "its own Message-ID as before. `smtp.batch` says how many that can be.",
)
def test_a_batch_that_was_cut_short_goes_out_again_with_the_same_message_ids(trial: Trial, smtp: Proxy) -> None:
    trial.bring(3)
    is_killed_at(trial.desk, smtp, way=Way.TO_CLIENT, seen=b"250 2.0.0 taken", skip=1)
    assert [row.state for row in trial.desk.rows(Outbox)] == ["attempted"] * 3
    smtp.obey()
    trial.comes_home(sent=5)
