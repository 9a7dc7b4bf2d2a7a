"""`daydesk oauth2 login`: a person agrees in a browser, wherever it runs, and the refresh token is kept."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.token_endpoint import SECRET, Reply, TokenEndpoint, token_endpoint
from support.working_desk import CHECKOUT, WorkingDesk

SECONDS = 30
CONSENT = "https://login.example.org/authorize?tenant=x"


@pytest.fixture
def provider() -> Iterator[TokenEndpoint]:
    with token_endpoint() as endpoint:
        yield endpoint


def make_desk(folder: Path, provider: TokenEndpoint, **more: Any) -> WorkingDesk:
    (folder / "secret").write_text(SECRET)
    table = {
        "provider": "other",
        "token_url": provider.url,
        "authorize_url": CONSENT,
        "client_id": "daydesk",
        "client_secret": {"file": "secret"},
        "refresh_token": {"file": "refresh"},
        "scope": "mail offline_access",
    }
    account = {"host": "127.0.0.1", "username": "anna@desk.example", "oauth2": "post"}
    return WorkingDesk(
        folder,
        "sqlite:///desk.db",
        oauth2={"post": table | more},
        mailboxes=[{"kind": "imap", "name": "inbox", **account}],
    )


class Asking:
    """The command while it waits for an answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.question = process.stdout.readline()
        process.stdout.readline()
        self.address = process.stdout.readline().strip()

    def visit(self, address: str) -> str:
        with urllib.request.urlopen(address.replace("localhost", "127.0.0.1"), timeout=5) as page:  # noqa: S310
            return str(page.read().decode())

    def ended(self, pasted: str = "") -> tuple[int, str, str]:
        out, told = self.process.communicate(pasted, timeout=SECONDS)
        return self.process.returncode, out, told


@contextmanager
def asking(desk: WorkingDesk, *arguments: str) -> Iterator[Asking]:
    command = [sys.executable, "-m", "processor.cli", "oauth2", "login", "post", "--config", str(desk.config)]
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, *arguments], cwd=CHECKOUT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as one:
        try:
            yield Asking(one)
        finally:
            one.kill()


def test_a_person_agrees_in_a_browser_of_this_machine(tmp_path: Path, provider: TokenEndpoint) -> None:
    desk = make_desk(tmp_path, provider)
    with asking(desk) as login:
        assert "log in as anna@desk.example" in login.question
        back = provider.allow(login.address, "anna@desk.example")
        login.visit(back.partition("?")[0] + "favicon.ico")  # browsers ask for it, whatever they are sent
        login.visit(back.replace("state=", "state=another"))  # somebody else's answer is none
        assert "Daydesk has heard you" in login.visit(back)
        code, out, told = login.ended()
    assert (code, told) == (0, "")
    assert "kept in refresh. Next: `daydesk check`." in out
    (token,) = provider.refresh_tokens
    assert (tmp_path / "refresh").read_text() == token + "\n"
    assert (tmp_path / "refresh").stat().st_mode & 0o777 == 0o600
    assert token not in login.address + out


def test_what_is_asked_tells_who_asks_for_what_and_no_secret(tmp_path: Path, provider: TokenEndpoint) -> None:
    with asking(make_desk(tmp_path, provider)) as login:
        address = login.address
    assert address.startswith(CONSENT + "&")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    redirect = urlsplit(asked.pop("redirect_uri"))
    assert (redirect.scheme, redirect.hostname, redirect.path) == ("http", "localhost", "")
    assert len(asked.pop("state")) == 32
    assert len(asked.pop("code_challenge")) == 43
    assert asked == {
        "tenant": "x",
        "response_type": "code",
        "client_id": "daydesk",
        "scope": "mail offline_access",
        "code_challenge_method": "S256",
    }
    assert SECRET not in address


def test_where_the_browser_is_elsewhere_its_last_address_is_pasted(tmp_path: Path, provider: TokenEndpoint) -> None:
    with asking(make_desk(tmp_path, provider)) as login:
        back = provider.allow(login.address, "anna")
        code, _out, told = login.ended(f"yes?\n{back}\n")
    assert code == 0
    assert told.count("paste the whole address") == 1
    assert list(provider.refresh_tokens.values()) == ["anna"]


def test_a_person_who_does_not_agree_is_taken_at_his_word(tmp_path: Path, provider: TokenEndpoint) -> None:
    with asking(make_desk(tmp_path, provider)) as login:
        state = parse_qs(urlsplit(login.address).query)["state"][0]
        code, _out, told = login.ended(f"http://localhost/?error=access_denied&state={state}\n")
    assert code == 78
    assert "the provider sent no code (access_denied)" in told
    assert not (tmp_path / "refresh").exists()
    assert provider.asked == []


def test_a_code_that_the_provider_does_not_take_is_told(tmp_path: Path, provider: TokenEndpoint) -> None:
    with asking(make_desk(tmp_path, provider)) as login:
        back = provider.allow(login.address, "anna")
        provider.codes.clear()
        login.visit(back)
        code, _out, told = login.ended()
    assert code == 78
    assert "invalid_grant" in told
    assert parse_qs(urlsplit(back).query)["code"][0] not in told


def test_whoever_connects_and_is_silent_does_not_end_it(tmp_path: Path, provider: TokenEndpoint) -> None:
    with asking(make_desk(tmp_path, provider)) as login:
        back = provider.allow(login.address, "anna")
        with socket.create_connection(("127.0.0.1", urlsplit(back).port or 0), timeout=5):
            pass
        login.visit(back)
        assert login.ended()[0] == 0


def test_a_table_that_no_person_can_agree_to_is_told(tmp_path: Path, provider: TokenEndpoint) -> None:
    desk = make_desk(tmp_path, provider)

    def told(name: str) -> str:
        done = desk.command_here("oauth2", "login", name)
        assert done.returncode == 78
        return done.stderr

    assert "There is no [oauth2.m365] in the policy: post." in told("m365")
    del desk.tables["oauth2"]["post"]["authorize_url"]
    desk.change()
    assert "does not say where a person agrees: write authorize_url" in told("post")
    desk.tables["oauth2"]["post"]["refresh_token"] = {"env": "R"}
    desk.change()
    assert 'has no file for it: write refresh_token = { file = "post.refresh" }' in told("post")


def test_a_provider_that_gives_no_lasting_access_is_told(tmp_path: Path, provider: TokenEndpoint) -> None:
    with asking(make_desk(tmp_path, provider)) as login:
        provider.troubles.append(Reply(status=200, body=b'{"access_token": "short-lived"}'))
        code, _out, told = login.ended(provider.allow(login.address, "anna") + "\n")
    assert code == 78
    assert "no refresh token. Check that scope asks for lasting access" in told
    assert not (tmp_path / "refresh").exists()


def test_a_port_that_is_taken_is_told(tmp_path: Path, provider: TokenEndpoint) -> None:
    desk = make_desk(tmp_path, provider)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = desk.command_here("oauth2", "login", "post", "--port", str(port))
    assert (done.returncode, f"--port {port} cannot be listened on" in done.stderr) == (78, True)
