"""While the desk waits for mail (IDLE): what comes is heard, what breaks is made anew, a signal is heeded at once."""

from __future__ import annotations

import signal
from collections.abc import Mapping

import pytest
from support.cells import cell
from support.daemons import await_, end, logged, running
from support.proxy import Fault, Rule, Way
from support.scripted_imap import Answer, scripted_imap
from support.trial import Trial

NEVER = 3600  # seconds between two polls: no test lives to see one
WAITS = Rule(way=Way.TO_SERVER, seen=b"IDLE\r\n")
ANEW = "The log says `idle was of no use` with the reason; the connection is made anew at once, and no mail is missed."

DEAF: Mapping[str, Answer] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 MOVE IDLE\r\n",
    "SELECT": b"* 0 EXISTS\r\n* OK [UIDNEXT 1] next\r\n* OK [UIDVALIDITY 7] valid\r\n",
    "IDLE": lambda peer, _tag: peer.stall(),
}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is no matter of the database


def is_home(trial: Trial) -> bool:
    return len(trial.sink.received) == len(trial.mails)


@pytest.mark.cell(
    "idle",
    "mail comes",
    "It is taken in at once and acknowledged, long before the next poll.",
)
def test_mail_that_comes_while_the_desk_waits_is_acknowledged_without_a_poll(trial: Trial) -> None:
    trial.desk.change(run={"poll_seconds": NEVER})
    trial.proxy.obey(WAITS)
    with running(trial.desk) as daemon:
        assert trial.proxy.struck()
        trial.bring()
        await_(lambda: is_home(trial))
        end(daemon)
    assert trial.proxy.connections == 1
    trial.comes_home()


@ON_SQLITE
@pytest.mark.parametrize(
    ("rules", "poll_seconds", "words"),
    [
        cell(
            "idle",
            "the connection ends",
            ANEW,
            [Rule(way=Way.TO_SERVER, seen=b"IDLE\r\n", fault=Fault.CUT)],
            NEVER,
            "the connection ended",
        ),
        cell(
            "idle",
            "the connection breaks",
            ANEW,
            [Rule(way=Way.TO_CLIENT, seen=rb"\+ idling\r\n", fault=Fault.RESET)],
            NEVER,
            "Connection reset by peer",
        ),
        cell(
            "idle",
            "the server's word of new mail breaks off in the middle",
            f"After `timeout_seconds` it is as if the connection had ended. {ANEW}",
            [WAITS, Rule(way=Way.TO_CLIENT, seen=rb"\d EXI", skip=1, fault=Fault.STALL)],
            NEVER,
            "no answer within 1 seconds",
        ),
        cell(
            "idle",
            "the line is dead, and neither side was told (half-open)",
            f"After `run.poll_seconds` the server is asked, after `timeout_seconds` it is taken for dead. {ANEW}",
            [Rule(way=Way.TO_CLIENT, seen=rb"\+ idling\r\n", fault=Fault.SWALLOW)],
            1,
            "no answer within 1 seconds",
        ),
    ],
)
def test_a_connection_that_fails_while_the_desk_waits_is_made_anew(
    trial: Trial, rules: list[Rule], poll_seconds: int, words: str
) -> None:
    trial.desk.change(run={"poll_seconds": poll_seconds})
    trial.mailbox(timeout_seconds=1)
    trial.proxy.obey(*rules)
    with running(trial.desk) as daemon:
        assert trial.proxy.struck()
        trial.bring()
        told = logged(daemon, "idle was of no use")
        await_(lambda: is_home(trial))
        end(daemon)
    assert words in told["reason"]
    assert trial.proxy.struck(len(rules), 0)
    assert trial.proxy.connections == 2
    trial.comes_home()


@pytest.mark.cell(
    "idle",
    "SIGTERM, or SIGHUP",
    "The waiting ends at once: the process ends with exit code 0, or reads the policy anew and waits on.",
)
def test_a_signal_ends_the_waiting_at_once(trial: Trial) -> None:
    trial.desk.change(run={"poll_seconds": NEVER})
    trial.proxy.obey(WAITS)
    with running(trial.desk) as daemon:
        assert trial.proxy.struck()
        trial.proxy.obey(WAITS)
        daemon.send_signal(signal.SIGHUP)
        assert trial.proxy.struck()
        trial.bring(1)
        await_(lambda: is_home(trial))
        end(daemon)
    trial.comes_home()


@ON_SQLITE
@pytest.mark.cell(
    "idle",
    "another mailbox is in trouble",
    "Each mailbox has a connection and a thread of its own: mail of the others is acknowledged as if nothing were.",
)
def test_a_mailbox_in_trouble_does_not_hold_up_one_that_waits(trial: Trial) -> None:
    with scripted_imap(DEAF) as troubled:
        trial.desk.add_mailbox(trial.dovecot, "nobody", "troubled", port=troubled.port, timeout_seconds=1)
        trial.desk.change(run={"poll_seconds": NEVER})
        trial.proxy.obey(WAITS)
        with running(trial.desk) as daemon:
            assert trial.proxy.struck()
            await_(lambda: "IDLE" in troubled.heard)
            trial.bring()
            await_(lambda: is_home(trial))
            end(daemon)
    trial.desk.change(mailboxes=trial.desk.tables["mailboxes"][:1])
    trial.comes_home()
