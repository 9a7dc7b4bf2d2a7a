"""The mail server does not let the desk in: told once, tried seldom, and never with the password in a log."""

from __future__ import annotations

import signal

import pytest
from support.daemons import await_, end, logged, running
from support.proxy import Rule, Way
from support.scripted_imap import refusing, scripted_imap
from support.trial import Trial

LOGIN = Rule(way=Way.TO_SERVER, seen=rb"LOGIN [^\r]*\r\n", times=None)


@pytest.mark.cell(
    "login",
    "the password was changed",
    "The pass ends with exit code 78 after one login, repeats the server's words and shows no password; nothing is "
    "touched. With the new password the next pass goes on.",
)
def test_a_password_that_is_refused_is_tried_once_in_a_pass(trial: Trial) -> None:
    trial.bring()
    (trial.desk.folder / "inbox.password").write_text("old-password")
    trial.proxy.obey(LOGIN)

    said = trial.fails(78, "could not log in", "Check username and password")

    assert len(trial.proxy.fired) == 1
    assert "old-password" not in said
    trial.nothing_was_touched()
    (trial.desk.folder / "inbox.password").write_text(trial.dovecot.password)
    trial.comes_home()


@pytest.mark.cell(
    "login",
    "the password was changed while the daemon runs",
    "The daemon logs in again only after a pause that is doubled each time, up to 5 min, so that no account is locked "
    "by a storm of logins. It reads the password anew each time; SIGHUP tries at once.",
)
def test_a_daemon_makes_no_storm_of_logins(trial: Trial) -> None:
    trial.bring()
    (trial.desk.folder / "inbox.password").write_text("old-password")
    trial.proxy.obey(LOGIN)
    with running(trial.desk) as daemon:
        pauses = [logged(daemon, "try again later")["pause_seconds"] for _ in range(2)]
        tried = len(trial.proxy.fired)
        (trial.desk.folder / "inbox.password").write_text(trial.dovecot.password)
        daemon.send_signal(signal.SIGHUP)
        await_(lambda: len(trial.sink.received) == len(trial.mails))
        end(daemon)
    assert (pauses, tried) == ([1, 2], 2)
    trial.comes_home()


@pytest.mark.cell(
    "login",
    "the server cannot look passwords up now",
    "The pass ends with exit code 75, since nobody need mend anything; nothing is touched. The next pass goes on.",
)
def test_a_server_that_cannot_tell_passwords_now_costs_a_pass(trial: Trial) -> None:
    trial.bring()
    with scripted_imap({"LOGIN": refusing(b"NO [UNAVAILABLE] the directory is down")}) as down:
        trial.mailbox(port=down.port)
        trial.fails(75, "could not log in", "the directory is down")
    trial.nothing_was_touched()
    trial.mailbox(port=trial.proxy.port)
    trial.comes_home()
