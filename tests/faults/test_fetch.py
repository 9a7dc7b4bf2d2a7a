"""The connection breaks off, falls silent or crawls while mail is fetched; or the mail is too large."""

from __future__ import annotations

from typing import Any

import pytest
from support.cells import cell
from support.mails import a_mail
from support.proxy import LITERAL, Fault, Rule, Way
from support.scripted_imap import ending, scripted_imap
from support.trial import Trial

from processor.store.models import Event, Inbound, RawMessage
from processor.store.raw import unpacked

BODY = rb"BODY\[\] " + LITERAL  # what comes before the octets of a mail
CUT = "the connection ended"


@pytest.mark.parametrize(
    ("fault", "settings", "words"),
    [
        cell(
            "fetch",
            "cut inside a literal (FIN)",
            "The pass ends with exit code 75; of this batch nothing was taken in. The next pass fetches it again.",
            Rule(way=Way.TO_CLIENT, seen=BODY, later=100, fault=Fault.CUT),
            {},
            CUT,
        ),
        cell(
            "fetch",
            "cut inside a literal (RST)",
            "The pass ends with exit code 75; of this batch nothing was taken in. The next pass fetches it again.",
            Rule(way=Way.TO_CLIENT, seen=BODY, later=100, fault=Fault.RESET),
            {},
            "Connection reset by peer",
        ),
        cell(
            "fetch",
            "cut between two mails of one answer",
            "The pass ends with exit code 75; of this batch nothing was taken in. The next pass fetches it again.",
            Rule(way=Way.TO_CLIENT, seen=rb"\)\r\n\* \d+ FETCH", before=True, fault=Fault.CUT, skip=2),
            {},
            CUT,
        ),
        cell(
            "fetch",
            "cut before the last line of the answer",
            "The pass ends with exit code 75; of this batch nothing was taken in. The next pass fetches it again.",
            Rule(way=Way.TO_CLIENT, seen=rb"\r\n\w+ OK Fetch completed", before=True, fault=Fault.CUT, skip=1),
            {},
            CUT,
        ),
        cell(
            "fetch",
            "stalls inside a literal",
            "After `timeout_seconds` the pass ends with exit code 75. The next pass fetches the batch again.",
            Rule(way=Way.TO_CLIENT, seen=BODY, later=100, fault=Fault.STALL),
            {"timeout_seconds": 2},
            "no answer within 2 seconds",
        ),
        cell(
            "fetch",
            "a byte a second",
            "After `deadline_seconds` for the whole command the pass ends with exit code 75, however alive the "
            "connection looks. The next pass fetches the batch again.",
            Rule(way=Way.TO_CLIENT, seen=BODY, later=100, fault=Fault.DRIP, pause=0.3),
            {"deadline_seconds": 2},
            "the server took longer than 2 seconds altogether",
        ),
        cell(
            "fetch",
            "the line is dead and nobody says so (half-open)",
            "After `timeout_seconds` the pass ends with exit code 75. The next pass connects anew.",
            Rule(way=Way.TO_SERVER, seen=b"UID FETCH", before=True, fault=Fault.SWALLOW),
            {"timeout_seconds": 2},
            "no answer within 2 seconds",
        ),
    ],
)
def test_a_fetch_that_does_not_end_well_takes_nothing_in(
    trial: Trial, fault: Rule, settings: dict[str, Any], words: str
) -> None:
    trial.bring()
    trial.mailbox(**settings)
    trial.proxy.obey(fault)

    trial.fails(75, "could not fetch messages", words)

    assert trial.proxy.fired == [fault]
    trial.nothing_was_touched()
    trial.comes_home()


@pytest.mark.cell(
    "fetch",
    "the server says BYE",
    "The pass ends with exit code 75 and repeats the server's words; nothing is touched. The next pass goes on.",
)
def test_a_server_that_says_goodbye_in_a_fetch_costs_a_pass(trial: Trial) -> None:
    trial.bring()
    with scripted_imap({"UID FETCH 1 (BODY": ending(b"* BYE shutting down\r\n")}) as leaving:
        trial.mailbox(port=leaving.port)
        trial.fails(75, "could not fetch messages", CUT, "shutting down")
    trial.nothing_was_touched()
    trial.mailbox(port=trial.proxy.port)
    trial.comes_home()


@pytest.mark.cell(
    "fetch",
    "cut between two batches",
    "What was committed stays, is filed and becomes cases in the same pass, which ends with exit code 75. "
    "The next pass goes on after it.",
)
def test_what_came_before_the_cut_stays(trial: Trial) -> None:
    trial.bring()
    trial.desk.change(run={"batch_messages": 1})
    trial.proxy.obey(Rule(way=Way.TO_SERVER, seen=rb"UID FETCH \d+ \(BODY", before=True, fault=Fault.CUT, skip=2))

    trial.fails(75, "could not fetch messages", CUT)

    assert [(row.uid, row.state) for row in trial.desk.rows(Inbound)] == [(1, "case"), (2, "case")]
    assert len(trial.sink.received) == 2
    trial.comes_home()


@pytest.mark.cell(
    "fetch",
    "the mail is larger than `run.message_bytes`",
    "It is taken in by its beginning alone and marked oversize, which its case says; the whole mail stays on the "
    "mail server, in the Processed folder. Its neighbours come in as always.",
)
def test_a_mail_that_is_too_large_is_taken_in_by_its_beginning_and_says_so(trial: Trial) -> None:
    trial.desk.change(run={"message_bytes": 100_000})
    large = a_mail(1, words="Where is invoice 4711?\n" + "All the rest of it.\n" * 10_000)
    trial.dovecot.deliver(trial.user, [large, a_mail(2)])

    trial.passes()

    row, other = trial.desk.rows(Inbound)
    assert (row.state, row.oversize, row.size, other.state) == ("case", True, len(large), "case")
    (kept,) = [kept for kept in trial.desk.rows(RawMessage) if kept.sha256 == row.sha256]
    assert large.startswith(unpacked(kept.compression, kept.data, kept.size))
    warnings = [event.data["warnings"] for event in trial.desk.rows(Event) if event.kind == "received"]
    assert warnings == [["too large to fetch whole: the rest is on the mail server"], []]
    assert (trial.held("INBOX"), trial.held("Processed")) == (0, 2)
