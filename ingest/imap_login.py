"""Logs in to an IMAP server: by password, or by access token (XOAUTH2)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from imaplib import IMAP4
from typing import TYPE_CHECKING, Any

from ingest.errors import Configuration
from ingest.imap_account import ImapAccount

if TYPE_CHECKING:
    from ingest.oauth2 import TokenSource


def offers(account: ImapAccount) -> Iterator[str]:
    """Access tokens to try; none for a password. To be asked for first: without a token no server is troubled."""
    return iter(()) if account.tokens is None else account.tokens.offers(time.monotonic())


def log_in(client: Any, account: ImapAccount, tokens: Iterator[str]) -> None:
    """Raises what imapclient raises where the server refuses it, Configuration where the server has no such way in."""
    if account.tokens is not None:
        _by_token(client, account, account.tokens, tokens)
    elif (account.username + account.password).isascii():
        client.login(account.username, account.password)
    else:
        client.plain_login(account.username, account.password)


def _by_token(client: Any, account: ImapAccount, source: TokenSource, tokens: Iterator[str]) -> None:
    if not client.has_capability("AUTH=XOAUTH2"):
        raise Configuration(
            f"{account.place}: the server does not offer a login by access token (XOAUTH2). "
            "Check host; or take out oauth2 and give a password."
        )
    refused: IMAP4.error | None = None
    for token in tokens:
        answers = _Answers(account.username, token)
        try:
            client.sasl_login("XOAUTH2", answers)
        except IMAP4.error as error:
            if isinstance(error.__context__, IMAP4.abort):  # the connection ended
                if answers.sent:
                    source.drop(token)  # there are servers that hang up on a token that has expired
                raise
            refused = error
        else:
            return
    if refused is not None:
        raise refused


class _Answers:
    """The token at first, then an empty line; imapclient's own login repeats the token after the server's error."""

    def __init__(self, username: str, token: str) -> None:
        self._words = f"user={username}\x01auth=Bearer {token}\x01\x01".encode()
        self.sent = False

    def __call__(self, _challenge: bytes) -> bytes:
        if self.sent:
            return b""
        self.sent = True
        return self._words
