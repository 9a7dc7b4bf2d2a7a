"""The login step of the fault table: a token that expired, a secret that was changed, on a desk at work."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.daemons import await_, end, logged, running
from support.dovecot import Dovecot, running_dovecot, why_not_here
from support.mails import a_mail
from support.proxy import Fault, Rule, Way, proxy_to
from support.token_endpoint import SECRET, TokenEndpoint, error, token_endpoint
from support.token_smtp import TokenSmtp
from support.working_desk import WorkingDesk

from ingest.errors import Configuration, Transient
from processor import workers
from processor.store.models import Inbound, Outbox


@pytest.fixture(scope="module")
def provider() -> Iterator[TokenEndpoint]:
    with token_endpoint() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def imap(provider: TokenEndpoint) -> Iterator[Dovecot]:
    """A Dovecot that takes the provider's tokens."""
    if reason := why_not_here():
        pytest.skip(reason)
    with running_dovecot(introspection_url=provider.introspection_url) as server:
        yield server


@pytest.fixture(autouse=True)
def well(provider: TokenEndpoint) -> None:
    """What a test before did to the provider is over."""
    provider.secret = SECRET
    provider.troubles.clear()


@pytest.fixture
def smtp(provider: TokenEndpoint) -> Iterator[TokenSmtp]:
    with TokenSmtp(provider) as server:
        yield server


def make_desk(
    folder: Path, url: str, provider: TokenEndpoint, user: str, imap_port: int, smtp_port: int, **more: Any
) -> WorkingDesk:
    """One table of oauth2 for the user's mailbox and for SMTP."""
    (folder / "secret").write_text(SECRET + "\n")
    table = {
        "provider": "microsoft",
        "token_url": provider.url,
        "client_id": user,
        "client_secret": {"file": "secret"},
    }
    account = {"host": "127.0.0.1", "security": "plain", "username": user, "oauth2": "m365", "timeout_seconds": 5}
    mailbox = {"kind": "imap", "name": "inbox", "port": imap_port, "start": "everything"} | account
    return WorkingDesk(
        folder,
        url,
        oauth2={"m365": table | more},
        mailboxes=[mailbox],
        smtp={"port": smtp_port} | account,
    )


def no_secret_in(words: str, provider: TokenEndpoint) -> bool:
    return SECRET not in words and not any(token in words for token in [*provider.given, *provider.refresh_tokens])


@pytest.mark.cell(
    step="login",
    fault="expired token",
    outcome="The token is asked for anew once, for all who share it; then the desk goes on.",
)
def test_a_token_that_expires_while_the_daemon_works_is_renewed_once(
    tmp_path: Path, database_url: str, provider: TokenEndpoint, user: str, imap: Dovecot, smtp: TokenSmtp
) -> None:
    imap.deliver(user, [a_mail(1)])
    shown = len(provider.shown)
    with proxy_to(imap.port) as line:
        desk = make_desk(tmp_path, database_url, provider, user, line.port, smtp.port)
        with running(desk) as process:
            await_(lambda: len(smtp.received) == 1)
            provider.revoke()
            smtp.hang_up()
            line.obey(Rule(way=Way.TO_SERVER, seen=rb"NOOP", fault=Fault.CUT, before=True))
            imap.deliver(user, [a_mail(2)])
            await_(lambda: len(smtp.received) == 2)
            end(process)
            assert process.stderr is not None
            told = process.stderr.read()
    assert len(provider.asked_by(user)) == 2
    assert len(provider.shown) - shown <= 3  # by IMAP: the first, the expired one, the new one
    assert len(smtp.logins) <= 3
    assert [row.state for row in desk.rows(Inbound)] == ["case", "case"]
    assert [row.state for row in desk.rows(Outbox)] == ["sent", "sent"]
    assert no_secret_in(told, provider)


@pytest.mark.cell(
    step="login",
    fault="the client secret was changed, or has expired",
    outcome="The provider is asked once and again only after growing pauses, up to 5 min; no mail server is troubled. "
    "The alert says which secret to renew. Once it is renewed the desk goes on by itself; SIGHUP tries at once.",
)
def test_a_client_secret_that_was_changed_ends_in_an_alert_and_no_storm(
    tmp_path: Path, database_url: str, provider: TokenEndpoint, user: str, imap: Dovecot, smtp: TokenSmtp
) -> None:
    imap.deliver(user, [a_mail(1)])
    shown = len(provider.shown)
    provider.secret = "another+secret"
    desk = make_desk(tmp_path, database_url, provider, user, imap.port, smtp.port)
    with running(desk) as process:
        told = [logged(process, "try again later") for _ in range(2)]
        assert len(provider.asked_by(user)) <= 2
        found = desk.command_here("health").stdout
        assert len(provider.shown) == shown
        (tmp_path / "secret").write_text("another+secret\n")
        process.send_signal(signal.SIGHUP)
        await_(lambda: len(smtp.received) == 1)
        end(process)
    assert len(provider.asked_by(user)) <= 4
    assert len(smtp.logins) == 1
    assert "put it where client_secret says" in told[0]["reason"]
    assert "put it where client_secret says" in " ".join(found.split())
    assert no_secret_in(str(told) + found, provider)


@pytest.mark.cell(
    step="login",
    fault="the server refuses a new token as well",
    outcome="It is the operator's to mend: one new token and one login each time, after growing pauses, and an alert.",
)
def test_a_mailbox_that_is_not_granted_costs_one_login_a_pass(
    tmp_path: Path, database_url: str, provider: TokenEndpoint, user: str, imap: Dovecot, smtp: TokenSmtp
) -> None:
    desk = make_desk(tmp_path, database_url, provider, user, imap.port, smtp.port)
    desk.change(mailboxes=[{**desk.tables["mailboxes"][0], "username": "somebody-else"}])
    shown = len(provider.shown)
    with desk.opened() as opened:
        for passes in (1, 2, 3):
            with pytest.raises(Configuration, match="granted access to this mailbox"):
                workers.run_once(opened, "receive")
            assert len(provider.shown) - shown == passes
    assert len(provider.asked_by(user)) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_provider_in_trouble_stops_the_pass_and_nothing_else(
    tmp_path: Path, database_url: str, provider: TokenEndpoint, user: str, imap: Dovecot, smtp: TokenSmtp, status: int
) -> None:
    imap.deliver(user, [a_mail(1)])
    desk = make_desk(tmp_path, database_url, provider, user, imap.port, smtp.port)
    provider.troubles.append(error("slow_down", status=status, Retry_After="30"))
    with desk.opened() as opened:
        for _ in range(5):
            with pytest.raises(Transient, match=f"HTTP {status}"):
                workers.run_once(opened)
    assert len(provider.asked_by(user)) == 1
    desk.run_once()  # as the next one of cron: another process, which knows of no pause
    assert [row.state for row in desk.rows(Outbox)] == ["sent"]


def test_a_refresh_token_that_the_provider_renews_is_kept_in_its_file(
    tmp_path: Path, sqlite_url: str, provider: TokenEndpoint, user: str, imap: Dovecot, smtp: TokenSmtp
) -> None:
    imap.deliver(user, [a_mail(1)])
    file = tmp_path / "refresh"
    file.write_text("refresh-first\n")
    file.chmod(0o640)
    provider.refresh_tokens["refresh-first"], provider.rotating = user, True
    try:
        desk = make_desk(tmp_path, sqlite_url, provider, user, imap.port, smtp.port, refresh_token={"file": "refresh"})
        for _ in range(2):  # as two runs of cron
            desk.run_once()
    finally:
        provider.rotating = False
    assert [file.read_text().strip()] == [token for token, of in provider.refresh_tokens.items() if of == user]
    assert file.stat().st_mode & 0o777 == 0o640
    assert len(smtp.received) == 1
    assert [path.name for path in tmp_path.iterdir() if "refresh" in path.name] == ["refresh"]


def test_a_renewed_refresh_token_that_cannot_be_kept_is_told_of_once_and_used(
    tmp_path: Path,
    sqlite_url: str,
    provider: TokenEndpoint,
    user: str,
    imap: Dovecot,
    smtp: TokenSmtp,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DESK_REFRESH", "refresh-env")
    provider.refresh_tokens["refresh-env"], provider.rotating = user, True
    try:
        desk = make_desk(
            tmp_path, sqlite_url, provider, user, imap.port, smtp.port, refresh_token={"env": "DESK_REFRESH"}
        )
        done = desk.command("check")
    finally:
        provider.rotating = False
    assert done.returncode == 0, done.stdout
    assert done.stderr.count("could not be kept") == 1
    assert no_secret_in(done.stdout + done.stderr, provider)
    assert len(provider.asked_by(user)) == 1
