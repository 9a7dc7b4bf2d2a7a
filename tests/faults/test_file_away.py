"""Between the commit of a mail and its move on the server: killed, cut off, or another client was there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.cells import cell
from support.dovecot import Dovecot, running_dovecot, why_not_here
from support.proxy import Fault, Rule, Way, proxy_to
from support.scripted_imap import refusing, scripted_imap
from support.trial import Trial

from processor.store.models import Inbound

BEFORE: dict[str, Any] = {"way": Way.TO_SERVER, "seen": b"UID MOVE", "before": True}
AFTER: dict[str, Any] = {"way": Way.TO_CLIENT, "seen": rb"\* OK \[COPYUID", "before": True}


@pytest.mark.parametrize(
    "place",
    [
        cell(
            "file away",
            "SIGKILL after the commit, before the mail is moved",
            "The mail is in the ledger, not yet filed. The next pass moves it; there is one case.",
            BEFORE,
        ),
        cell(
            "file away",
            "SIGKILL after the mail was moved, before the desk wrote that down",
            "The next pass moves it again, which finds nothing to move, and goes on; there is one case.",
            AFTER,
        ),
    ],
)
def test_a_desk_that_was_killed_files_what_it_had_taken_in(trial: Trial, place: dict[str, Any]) -> None:
    trial.bring()

    trial.is_killed_at(**place)

    assert [(row.uid, row.filed_at) for row in trial.desk.rows(Inbound)] == [(1, None), (2, None), (3, None)]
    assert trial.held("INBOX") == (3 if place is BEFORE else 0)
    trial.comes_home()


@pytest.mark.parametrize(
    "place",
    [
        cell(
            "file away",
            "cut before the server hears of the move",
            "The pass ends with exit code 75; the mails become cases all the same. The next pass moves them.",
            BEFORE,
        ),
        cell(
            "file away",
            "cut before the server's answer to the move",
            "The pass ends with exit code 75; the mails become cases all the same. The next pass moves them again, "
            "which finds nothing to move, and goes on.",
            AFTER,
        ),
    ],
)
def test_a_move_that_was_cut_off_is_done_again(trial: Trial, place: dict[str, Any]) -> None:
    trial.bring()
    trial.proxy.obey(Rule(fault=Fault.CUT, **place))

    trial.fails(75, "could not file messages away", "the connection ended")

    assert [row.state for row in trial.desk.rows(Inbound)] == ["case"] * 3
    assert len(trial.sink.received) == 3
    trial.comes_home()


@pytest.mark.cell(
    "file away",
    "another client deletes or moves the mail first",
    "The desk has its bytes already: the case stands. What the other client did on the server stays done, and the pass "
    "ends with exit code 0.",
)
def test_what_another_client_did_first_stays_done(trial: Trial) -> None:
    trial.bring()

    def other() -> None:
        with trial.dovecot.client(trial.user) as client:
            client.select_folder("INBOX")
            client.delete_messages([2])
            client.expunge()

    trial.proxy.obey(Rule(**BEFORE, call=other))
    trial.passes()

    assert [row.state for row in trial.desk.rows(Inbound)] == ["case"] * 3
    assert len(trial.sink.received) == 3
    assert (trial.held("INBOX"), trial.held("Processed")) == (0, 2)


@pytest.mark.cell(
    "file away",
    "the server refuses the move (over quota)",
    "The pass ends with exit code 75 and repeats the server's words; the mails become cases all the same, and the "
    "next pass files them.",
)
def test_a_move_that_is_refused_holds_no_case_up(trial: Trial) -> None:
    with scripted_imap({"UID MOVE": refusing(b"NO [OVERQUOTA] the folder is full")}, {}) as full:
        trial.mailbox(port=full.port)
        trial.fails(75, "could not file messages away", "the folder is full")
        assert [(row.state, row.filed_at) for row in trial.desk.rows(Inbound)] == [("case", None)]
        trial.passes()
        assert full.heard.count('UID MOVE 1 "Processed"') == 3  # a refusal is asked about once more
    assert [row.filed_at is None for row in trial.desk.rows(Inbound)] == [False]


@pytest.fixture(scope="module")
def moveless() -> Iterator[Dovecot]:
    """A server that can UIDPLUS, but not MOVE."""
    yield from poor_dovecot("IMAP4rev1 UIDPLUS")


@pytest.fixture(scope="module")
def bare() -> Iterator[Dovecot]:
    """A server that says it can nothing beyond RFC 3501."""
    yield from poor_dovecot("IMAP4rev1")


@pytest.mark.cell(
    "file away",
    "the server has no MOVE",
    "The mails are copied to the Processed folder, then expunged from the inbox by their UIDs (UIDPLUS), so that no "
    "other client's deleted mail goes with them.",
)
def test_without_move_mail_is_copied_and_only_it_is_expunged(trial: Trial, moveless: Dovecot) -> None:
    on_another_server(trial, moveless)
    with moveless.client(trial.user) as another:
        another.append("INBOX", b"Subject: no longer wanted\r\n\r\n", flags=[b"\\Deleted"])
    trial.mailbox(start="now")
    trial.passes()
    trial.bring()
    trial.passes()
    assert [row.state for row in trial.desk.rows(Inbound)] == ["case"] * 3
    assert (trial.held("INBOX"), trial.held("Processed")) == (1, 3)


@pytest.mark.cell(
    "file away",
    "no MOVE, and cut between copy and expunge",
    "The pass ends with exit code 75. The next pass copies the mails again and expunges them: the Processed folder "
    "holds them twice, the ledger once, and there is one case of each.",
)
def test_without_move_a_copy_may_be_made_twice_and_a_case_never(trial: Trial, moveless: Dovecot) -> None:
    on_another_server(trial, moveless)
    trial.bring()
    with proxy_to(moveless.port) as proxy:
        trial.mailbox(port=proxy.port)
        proxy.obey(Rule(way=Way.TO_CLIENT, seen=rb"\[COPYUID", fault=Fault.CUT))
        trial.fails(75, "could not file messages away", "the connection ended")
        trial.passes()
    assert [row.state for row in trial.desk.rows(Inbound)] == ["case"] * 3
    assert len(trial.sink.received) == 3
    assert (trial.held("INBOX"), trial.held("Processed")) == (0, 6)


@pytest.mark.cell(
    "file away",
    "the server has neither MOVE nor UIDPLUS",
    "The mails stay in the inbox and are flagged as seen and `$Processed`, since an EXPUNGE would take other clients' "
    "deleted mail with it. `daydesk check` says so.",
)
def test_without_move_and_uidplus_mail_is_flagged_and_stays(trial: Trial, bare: Dovecot) -> None:
    on_another_server(trial, bare)
    trial.bring()
    checked = " ".join(trial.desk.command_here("check").stdout.split())
    assert "taken messages are flagged, since the server has neither MOVE nor UIDPLUS" in checked
    trial.passes()
    trial.passes()
    assert [row.state for row in trial.desk.rows(Inbound)] == ["case"] * 3
    with bare.client(trial.user) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search(["SEEN", "KEYWORD", "$Processed"]) == [1, 2, 3]


def poor_dovecot(capability: str) -> Iterator[Dovecot]:
    if reason := why_not_here():
        pytest.skip(reason)
    with running_dovecot(capability=capability) as server:
        yield server


def on_another_server(trial: Trial, server: Dovecot) -> None:
    trial.dovecot = server
    trial.mailbox(port=server.port)
