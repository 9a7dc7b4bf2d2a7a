"""The mail server cannot be entered: the pass ends, nothing is touched, and nothing is said in clear text."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from support.cells import cell
from support.daemons import await_, end, logged, running
from support.proxy import Fault, Rule, Way
from support.scripted_imap import scripted_imap
from support.trial import Trial

MINDED = "nothing is touched. The next pass goes on as if nothing had been."


@pytest.mark.parametrize(
    ("settings", "rules", "words"),
    [
        cell(
            "connect",
            "the server's name is not found",
            f"The pass ends with exit code 75 and names the host; {MINDED}",
            {"host": "imap.invalid", "allow_plain": True},
            [],
            "the name imap.invalid was not found",
        ),
        cell(
            "connect",
            "the server is away",
            f"The pass ends with exit code 75; {MINDED}",
            {"port": 1},
            [],
            "could not connect: Connection refused",
        ),
        cell(
            "connect",
            "the server takes the connection and hangs up",
            f"The pass ends with exit code 75; {MINDED}",
            {},
            [Rule(way=Way.TO_SERVER, at=0, fault=Fault.CUT)],
            "could not connect: the connection ended",
        ),
        cell(
            "connect",
            "the server takes the connection and says nothing",
            f"After `timeout_seconds` the pass ends with exit code 75; {MINDED}",
            {"timeout_seconds": 1},
            [Rule(way=Way.TO_CLIENT, at=0, fault=Fault.STALL)],
            "could not connect: no answer within 1 seconds",
        ),
        cell(
            "connect",
            "the greeting comes an octet at a time",
            f"After `deadline_seconds` the pass ends with exit code 75; {MINDED}",
            {"deadline_seconds": 1},
            [Rule(way=Way.TO_CLIENT, at=0, fault=Fault.DRIP, pause=0.3)],
            "could not connect: the server took longer than 1 seconds altogether",
        ),
        cell(
            "connect",
            "the connection breaks in the TLS handshake",
            f"The pass ends with exit code 75; {MINDED}",
            {"security": "starttls"},
            [Rule(way=Way.TO_SERVER, seen=b"STARTTLS\r\n..", fault=Fault.RESET)],
            "could not encrypt the connection: Connection reset by peer",
        ),
    ],
)
def test_a_server_that_cannot_be_entered_costs_a_pass(
    trial: Trial, settings: dict[str, Any], rules: list[Rule], words: str
) -> None:
    trial.bring()
    usual = trial.desk.tables["mailboxes"][0]
    trial.mailbox(**settings)
    trial.proxy.obey(*rules)

    trial.fails(75, words, "the next pass tries again.")

    assert len(trial.proxy.fired) == len(rules)
    trial.nothing_was_touched()
    trial.mailbox(**usual, ca_file=str(trial.dovecot.ca_file))
    trial.comes_home()


@pytest.mark.cell(
    "connect",
    "the server says BYE instead of a greeting",
    f"The pass ends with exit code 75 and repeats the server's words; {MINDED}",
)
def test_a_server_that_is_too_busy_costs_a_pass(trial: Trial) -> None:
    trial.bring()
    with scripted_imap(greeting=b"* BYE overloaded\r\n") as busy:
        trial.mailbox(port=busy.port)
        trial.fails(75, "could not connect", "overloaded")
    trial.nothing_was_touched()
    trial.mailbox(port=trial.proxy.port)
    trial.comes_home()


@pytest.mark.cell(
    "connect",
    "the certificate is of an unknown authority",
    "The pass ends with exit code 78 before the password is said, and names `ca_file`; nothing is touched. "
    "With the authority's certificate the next pass goes on.",
)
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(trial: Trial) -> None:
    trial.bring()
    trial.mailbox(security="tls", port=trial.dovecot.tls_port)
    trial.fails(78, "its certificate is not trusted", "ca_file")
    trial.nothing_was_touched()
    trial.mailbox(ca_file=str(trial.dovecot.ca_file))
    trial.comes_home()


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        cell(
            "connect",
            "STARTTLS is not offered",
            "The pass ends with exit code 78; neither user name nor password is said in clear text.",
            b"* OK ready\r\n",
            "could not encrypt the connection",
        ),
        cell(
            "connect",
            "the server says that we are logged in already (PREAUTH)",
            "The pass ends with exit code 78; neither user name nor password is said in clear text.",
            b"* PREAUTH hello\r\n",
            "PREAUTH",
        ),
    ],
)
def test_nothing_is_said_in_clear_text_to_a_server_that_does_not_encrypt(
    trial: Trial, greeting: bytes, words: str
) -> None:
    trial.bring()
    with scripted_imap(greeting=greeting) as stripped:
        trial.mailbox(port=stripped.port, security="starttls")
        trial.fails(78, words)
        assert set(stripped.heard) == {"CAPABILITY"}
    trial.nothing_was_touched()


@pytest.mark.cell(
    "connect",
    "the server stays away while the daemon runs",
    "The daemon tries again after a pause that is drawn by lot and doubled each time, from 1 s up to 5 min; "
    "the other mailboxes and stages go on. SIGHUP tries at once.",
)
def test_a_daemon_pauses_longer_each_time(trial: Trial) -> None:
    trial.bring()
    trial.proxy.obey(Rule(way=Way.TO_SERVER, at=0, fault=Fault.CUT, times=None))
    with running(trial.desk) as daemon:
        pauses = [logged(daemon, "try again later")["pause_seconds"] for _ in range(2)]
        tried = trial.proxy.connections
        trial.proxy.obey()
        daemon.send_signal(signal.SIGHUP)
        await_(lambda: len(trial.sink.received) == len(trial.mails))
        end(daemon)
    assert (pauses, tried) == ([1, 2], 2)
    trial.comes_home()
