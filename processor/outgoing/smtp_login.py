"""Logs in to an SMTP server (RFC 4954): by password, or by access token (XOAUTH2)."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from processor.outgoing.account import SmtpAccount
from processor.outgoing.trouble import login_refused, not_offered

if TYPE_CHECKING:
    from ingest.oauth2 import TokenSource

GO_ON, LOGGED_IN = 334, 235


class Line(Protocol):
    """A connection that has greeted the server."""

    @property
    def esmtp_features(self) -> Mapping[str, str]: ...

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]: ...


def offers(account: SmtpAccount) -> Iterator[str]:
    """Access tokens to try; none for a password. To be asked for first: without a token no server is troubled."""
    return iter(()) if account.tokens is None else account.tokens.offers(time.monotonic())


def log_in(line: Line, account: SmtpAccount, username: str, tokens: Iterator[str]) -> None:
    """Raises Configuration or Transient where the server does not let us in."""
    offered = line.esmtp_features.get("auth", "").upper().split()
    if account.tokens is not None:
        code, words = _by_token(line, account, username, account.tokens, tokens, offered)
    else:
        code, words = _by_password(line, account, username, account.password or "", offered)
    if code != LOGGED_IN:
        raise login_refused(account, code, words)


def _by_password(
    line: Line, account: SmtpAccount, username: str, password: str, offered: list[str]
) -> tuple[int, bytes]:
    """One try by one mechanism: smtplib's own login tries a wrong password once for each, and takes ASCII alone."""
    if "PLAIN" in offered:  # RFC 4616
        return line.docmd("AUTH", "PLAIN " + _base64(f"\0{username}\0{password}"))
    if "LOGIN" not in offered:
        raise not_offered(
            account, "a login by password", f"it offers {_told(offered)}; check smtp.port, or take out smtp.username."
        )
    code, words = line.docmd("AUTH", "LOGIN")
    for answer in (username, password):
        if code == GO_ON:
            code, words = line.docmd(_base64(answer))
    return code, words


def _by_token(
    line: Line, account: SmtpAccount, username: str, source: TokenSource, tokens: Iterator[str], offered: list[str]
) -> tuple[int, bytes]:
    """A refused token that was kept is followed by one new one. The server's last word."""
    if "XOAUTH2" not in offered:
        raise not_offered(
            account,
            "a login by access token (XOAUTH2)",
            f"it offers {_told(offered)}; check smtp.host and smtp.port, or take out smtp.oauth2.",
        )
    code, words = -1, b"no token"
    for token in tokens:
        code, words = line.docmd("AUTH", "XOAUTH2")  # alone: with the token it would be longer than servers must take
        if code != GO_ON:
            break
        try:
            code, words = _show(line, username, token)
        except OSError:
            source.drop(token)  # there are servers that hang up on a token that has expired
            raise
        if code // 100 != 5:
            break
    return code, words


def _show(line: Line, username: str, token: str) -> tuple[int, bytes]:
    code, words = line.docmd(_base64(f"user={username}\x01auth=Bearer {token}\x01\x01"))
    if code == GO_ON:  # the reason, in an encoding of its own; an empty line asks for the reply
        code, words = line.docmd("")
    return code, words


def _told(offered: list[str]) -> str:
    return ", ".join(offered) or "none at all"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
