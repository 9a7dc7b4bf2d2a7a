"""IMAP and SMTP servers are entered by access token: one is enough, a refused one is replaced once, and no more."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest
from support.dovecot import Dovecot, running_dovecot, why_not_here
from support.scripted_imap import HangUp, Peer, ending, refusing, scripted_imap
from support.scripted_smtp import Act, Script, ScriptedSmtp
from support.token_endpoint import SECRET, TokenEndpoint, token_endpoint
from support.token_smtp import TokenSmtp

from ingest.errors import Configuration, Transient
from ingest.imap import ImapAccount, ImapMailbox
from ingest.oauth2 import Client, TokenSource
from ingest.token_request import Endpoint
from processor.outgoing.compose import OutgoingMail
from processor.outgoing.smtp import Outcome, Sender, SmtpAccount

CAPABLE = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 MOVE UIDPLUS AUTH=XOAUTH2\r\n"}
MAIL = OutgoingMail(
    message_id="<1@x>", envelope_from="", recipient="c@client.example", content=b"Subject: s\r\n\r\nb\r\n"
)


@pytest.fixture(scope="module")
def provider() -> Iterator[TokenEndpoint]:
    with token_endpoint() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def tokens_server(provider: TokenEndpoint) -> Iterator[Dovecot]:
    """A Dovecot that takes the provider's tokens."""
    if reason := why_not_here():
        pytest.skip(reason)
    with running_dovecot(introspection_url=provider.introspection_url) as server:
        yield server


@pytest.fixture
def source(provider: TokenEndpoint, user: str) -> TokenSource:
    """Tokens for this user's mailbox."""
    endpoint = Endpoint(name="m365", url=provider.url, timeout_seconds=5)
    return TokenSource(Client(endpoint=endpoint, client_id=user, scope="mail", client_secret=lambda: SECRET))


def mailbox(port: int, user: str, source: TokenSource, **more: Any) -> ImapMailbox:
    usual = {"name": "accounts", "host": "127.0.0.1", "security": "plain", "timeout_seconds": 5}
    return ImapMailbox(ImapAccount(port=port, username=user, tokens=source, **usual | more))


def sender(port: int, user: str, source: TokenSource) -> Sender:
    return Sender(
        SmtpAccount(host="127.0.0.1", port=port, security="plain", username=user, tokens=source, timeout_seconds=5)
    )


def asked(provider: TokenEndpoint, user: str) -> int:
    return len(provider.asked_by(user))


# IMAP.


@pytest.mark.parametrize("security", ["plain", "starttls", "tls"])
def test_a_mailbox_is_entered_by_a_token(
    provider: TokenEndpoint, tokens_server: Dovecot, user: str, source: TokenSource, security: str
) -> None:
    port = tokens_server.tls_port if security == "tls" else tokens_server.port
    more = {"security": security, "ca_file": None if security == "plain" else str(tokens_server.ca_file)}
    for _ in range(3):  # one token for three connections
        with mailbox(port, user, source, **more) as opened:
            assert "logged in" in opened.check()
    assert asked(provider, user) == 1


def test_a_token_that_expired_is_replaced_by_one_new_one(
    provider: TokenEndpoint, tokens_server: Dovecot, user: str, source: TokenSource
) -> None:
    for _ in range(2):
        with mailbox(tokens_server.port, user, source) as opened:
            assert "logged in" in opened.check()
        provider.revoke()
    assert asked(provider, user) == 2


def test_a_mailbox_that_is_not_the_application_s_is_asked_for_once(
    provider: TokenEndpoint, tokens_server: Dovecot, user: str, source: TokenSource
) -> None:
    shown = len(provider.shown)
    with pytest.raises(Configuration, match=r"AUTHENTICATIONFAILED.*granted access to this mailbox") as caught:
        mailbox(tokens_server.port, "somebody-else", source).__enter__()
    assert len(provider.shown) == shown + 1
    assert asked(provider, user) == 1
    assert provider.given[-1] not in str(caught.value)


def test_a_kept_token_that_is_refused_costs_two_logins_and_no_more(
    provider: TokenEndpoint, user: str, source: TokenSource
) -> None:
    next(source.offers(time.monotonic()))
    with (
        scripted_imap({**CAPABLE, "AUTHENTICATE": refusing(b"NO [AUTHENTICATIONFAILED] no")}) as server,
        pytest.raises(Configuration),
    ):
        mailbox(server.port, user, source).__enter__()
    assert [line for line in server.heard if line.startswith("AUTHENTICATE")] == ["AUTHENTICATE XOAUTH2"] * 2
    assert asked(provider, user) == 2


def test_the_token_is_shown_once_and_the_error_answered_by_an_empty_line(
    provider: TokenEndpoint, user: str, source: TokenSource
) -> None:
    answers: list[bytes] = []

    def challenging(peer: Peer, tag: bytes) -> None:
        peer.say(b"+ \r\n")
        answers.append(peer.hear())
        peer.say(b"+ " + base64.b64encode(b'{"status":"400"}') + b"\r\n")
        answers.append(peer.hear())
        peer.say(tag + b" NO you said " + answers[0] + b" " + provider.given[-1].encode() + b"\r\n")

    with scripted_imap({**CAPABLE, "AUTHENTICATE": challenging}) as server, pytest.raises(Configuration) as caught:
        mailbox(server.port, user, source).__enter__()
    assert base64.b64decode(answers[0]).decode() == f"user={user}\x01auth=Bearer {provider.given[-1]}\x01\x01"
    assert answers[1:] == [b""]
    assert provider.given[-1] not in str(caught.value)


def test_a_server_that_hangs_up_on_an_expired_token_is_entered_with_a_new_one(
    provider: TokenEndpoint, user: str, source: TokenSource
) -> None:
    def hanging_up(peer: Peer, _tag: bytes) -> None:
        peer.say(b"+ \r\n")
        peer.hear()
        peer.say(b"* BYE expired\r\n")
        raise HangUp

    def taking(peer: Peer, tag: bytes) -> None:
        peer.say(b"+ \r\n")
        peer.hear()
        peer.say(tag + b" OK done\r\n")

    next(source.offers(time.monotonic()))
    with scripted_imap({**CAPABLE, "AUTHENTICATE": hanging_up}, {**CAPABLE, "AUTHENTICATE": taking}) as server:
        with pytest.raises(Transient, match="connection ended"):
            mailbox(server.port, user, source).__enter__()
        with mailbox(server.port, user, source) as opened:
            assert opened.check()
    assert asked(provider, user) == 2


def test_a_line_that_breaks_before_the_token_was_shown_costs_none(
    provider: TokenEndpoint, user: str, source: TokenSource
) -> None:
    with scripted_imap({**CAPABLE, "AUTHENTICATE": ending(b"")}) as server:
        for _ in range(3):
            with pytest.raises(Transient):
                mailbox(server.port, user, source).__enter__()
    assert asked(provider, user) == 1


def test_a_server_without_xoauth2_is_told_so_and_shown_nothing(user: str, source: TokenSource) -> None:
    with scripted_imap() as server, pytest.raises(Configuration, match=r"does not offer .*\(XOAUTH2\)"):
        mailbox(server.port, user, source).__enter__()
    assert not any(line.startswith(("AUTHENTICATE", "LOGIN")) for line in server.heard)


def test_without_a_token_no_server_is_troubled(provider: TokenEndpoint, user: str, source: TokenSource) -> None:
    provider.secret = "another"
    try:
        with scripted_imap(CAPABLE) as imap, ScriptedSmtp() as smtp:
            for _ in range(3):
                with pytest.raises(Configuration, match="make a new one at the provider"):
                    mailbox(imap.port, user, source).__enter__()
                with pytest.raises(Configuration, match="make a new one at the provider"):
                    sender(smtp.port, user, source).connect()
            assert imap.connections == len(smtp.conversations) == 0
    finally:
        provider.secret = SECRET
    assert asked(provider, user) == 1


# SMTP.


def test_mail_is_handed_over_after_a_login_by_token(provider: TokenEndpoint, user: str, source: TokenSource) -> None:
    with TokenSmtp(provider) as server, sender(server.port, user, source) as opened:
        assert opened.check().endswith(f"as {user}.")
        assert opened.send(MAIL).outcome is Outcome.DELIVERED
        provider.revoke()
        assert opened.check()
        assert opened.send(MAIL).outcome is Outcome.DELIVERED
    assert asked(provider, user) == 2
    assert len(server.logins) == 5  # two for each check, of which the second sends too; and the one that was refused


def test_a_token_that_smtp_refuses_is_the_operators_to_mend(
    provider: TokenEndpoint, user: str, source: TokenSource
) -> None:
    with TokenSmtp(provider) as server, sender(server.port, "somebody-else", source) as opened:
        with pytest.raises(Configuration, match=r"refuses the access token for somebody-else \(535.*granted to send"):
            opened.connect()
        assert len(server.logins) == 1
    assert asked(provider, user) == 1


AUTH = "250-x\r\n250 AUTH XOAUTH2"


@pytest.mark.parametrize(
    ("script", "error", "words", "tokens"),
    [
        ({"EHLO": "250-x\r\n250 AUTH PLAIN LOGIN"}, Configuration, "does not offer.*it offers PLAIN, LOGIN", 1),
        ({"EHLO": AUTH, "AUTH": "454 4.7.0 later"}, Transient, "takes no login now", 1),
        ({"EHLO": AUTH, "AUTH": "535 5.7.139 disabled for the tenant"}, Configuration, "535 5.7.139 disabled", 1),
        ({"EHLO": AUTH, "AUTH": Act.CUT}, Transient, "cannot be reached now", 1),
    ],
)
def test_a_login_by_token_that_cannot_be_is_told_apart(
    provider: TokenEndpoint,
    user: str,
    source: TokenSource,
    script: Script,
    error: type[Exception],
    words: str,
    tokens: int,
) -> None:
    next(source.offers(time.monotonic()))
    with (
        ScriptedSmtp(script) as server,
        sender(server.port, user, source) as opened,
        pytest.raises(error, match=words),
    ):
        opened.connect()
    next(source.offers(time.monotonic()))
    assert asked(provider, user) == tokens


def shown_line(user: str, token: str) -> str:
    """What goes over the wire for this token."""
    return base64.b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode()).decode()


def test_an_smtp_server_that_hangs_up_on_a_token_is_shown_a_new_one(
    provider: TokenEndpoint, user: str, source: TokenSource
) -> None:
    old = next(source.offers(time.monotonic()))
    script = {"EHLO": AUTH, "AUTH": "334 ", shown_line(user, old).upper(): Act.CUT}
    with ScriptedSmtp(script) as server, sender(server.port, user, source) as opened:
        with pytest.raises(Transient, match="cannot be reached now"):
            opened.connect()
        with pytest.raises(Configuration, match="502"):
            opened.connect()
    assert [conversation.commands[-1] for conversation in server.conversations] == [
        shown_line(user, token) for token in (old, provider.given[-1])
    ]
    assert asked(provider, user) == 2


def test_an_international_user_is_shown_in_utf_8(provider: TokenEndpoint, source: TokenSource) -> None:
    user = "bürö@desk.example"
    with ScriptedSmtp({"EHLO": AUTH, "AUTH": "334 "}) as server, sender(server.port, user, source) as opened:
        with pytest.raises(Configuration):
            opened.connect()
        assert server.conversations[0].commands[2] == shown_line(user, provider.given[-1])
