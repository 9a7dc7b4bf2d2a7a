"""An SMTP server that takes mail from whoever shows an access token of the provider (XOAUTH2)."""

from __future__ import annotations

import asyncio
import re

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from support.token_endpoint import TokenEndpoint

from processor.demo.loopback import HOST
from processor.demo.smtp_sink import SmtpSink

_SHOWN = re.compile(rb"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01")


class TokenSmtp(SmtpSink):
    """Tells a client whose token is no good why, and waits for his empty line before it refuses him."""

    def __init__(self, provider: TokenEndpoint) -> None:
        super().__init__()
        self._provider = provider
        self.logins: list[str] = []  # the token of every try

    async def auth_XOAUTH2(self, server: SMTP, _arguments: list[bytes]) -> AuthResult:
        """Called by aiosmtpd for AUTH XOAUTH2."""
        answer = await server.challenge_auth("")
        shown = _SHOWN.fullmatch(answer) if isinstance(answer, bytes) else None
        if shown is None:
            return AuthResult(success=False)
        user, token = shown[1].decode(), shown[2].decode()
        self.logins.append(token)
        if self._provider.living.get(token) == user:
            return AuthResult(success=True, auth_data=user)
        said = await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        assert said == b"", "a client answers the error with an empty line"
        return AuthResult(success=False, handled=False)

    def hang_up(self) -> None:
        """On every client."""
        self._await(self._close())

    async def _close(self) -> None:
        for transport in self._transports:
            transport.close()

    async def handle_MAIL(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Called by aiosmtpd for MAIL; its own option for a login warns of clear text."""
        if not session.authenticated:
            return "530 5.7.0 who are you?"
        envelope.mail_from = address
        return "250 2.1.0 go on"

    def _conversation(self) -> SMTP:
        sink = self

        class Conversation(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                sink._picked_up(transport)
                super().connection_made(transport)

        return Conversation(
            self,
            hostname=HOST,
            loop=asyncio.get_running_loop(),
            auth_require_tls=False,
            auth_exclude_mechanism=["PLAIN", "LOGIN"],
        )
