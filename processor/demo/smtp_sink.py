"""An SMTP server inside this process that takes every mail and sends none on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session

from processor.demo.loopback import ANY_FREE_PORT, HOST, LoopbackServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail as it came over the wire."""

    envelope_from: str  # empty for the null sender <>
    recipients: tuple[str, ...]
    content: bytes


class SmtpSink(LoopbackServer):
    """A server that any SMTP client can hand mail to, in clear text, from this machine alone."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd when a mail has come in whole; the answer is the SMTP reply."""
        self.received.append(
            Received(
                envelope_from=(envelope.mail_from or "").removeprefix("<>"),
                recipients=tuple(envelope.rcpt_tos),
                content=bytes(envelope.original_content or b""),
            )
        )
        return f"250 2.0.0 taken as number {len(self.received)}"

    async def _listen(self) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(self._conversation, HOST, ANY_FREE_PORT)

    def _conversation(self) -> SMTP:
        return _Conversation(self)


class _Conversation(SMTP):
    """One client's connection, which the sink hangs up when it stops."""

    def __init__(self, sink: SmtpSink) -> None:
        # A name of our own: else aiosmtpd asks the network for this machine's.
        super().__init__(sink, hostname=HOST, enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._sink._picked_up(transport)
        super().connection_made(transport)
