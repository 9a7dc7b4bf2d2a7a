"""An IMAP server inside this process, with one account of a random password; its mail lives in memory."""

from __future__ import annotations

import asyncio
import secrets
from argparse import Namespace
from datetime import datetime
from uuid import uuid4

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from ingest.message import utc
from processor.demo.loopback import ANY_FREE_PORT, HOST, LoopbackServer

INBOX = "INBOX"


class EmbeddedImap(LoopbackServer):
    """A mailbox that any IMAP client can log in to, in clear text, from this machine alone.

    It offers MOVE, UIDPLUS and IDLE; it has no CONDSTORE, no ENABLE and no keywords.
    """

    def __init__(self) -> None:
        super().__init__()
        self.user = "demo"
        self.password = secrets.token_urlsafe(18)

    def deliver(self, raw: bytes, received_at: datetime) -> None:
        """A message comes into INBOX, octet for octet; `received_at` is its INTERNALDATE, in whole seconds."""
        self._await(self._append(raw, utc(received_at).replace(microsecond=0)))

    def messages(self, folder: str = INBOX) -> int:
        """How many messages the folder holds; 0 where there is no such folder."""
        return self._await(self._count(folder))

    async def _listen(self) -> asyncio.Server:
        self._config = _OpenConfig(self.user, self.password)
        self._login = Login(self._config)
        await self._login.demo_user_identity.set(UserMetadata(self._config, self.user, password=self.password))
        backend = DictBackend(self._login, self._config)
        self._imap = IMAPServer(backend.login, self._config)
        return await asyncio.start_server(self._converse, HOST, ANY_FREE_PORT)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._picked_up(writer.transport)
        whole = _WholeAnswers(writer.transport, writer.transport.get_protocol(), reader, self._loop)
        await self._imap(reader, whole, SocketInfo.get(whole, None, unique_id=uuid4().bytes))

    async def _folders(self) -> MailboxSet:
        async with self._login.demo_user_identity.new_session() as session:
            return session.mailbox_set

    async def _append(self, raw: bytes, received_at: datetime) -> None:
        inbox = await (await self._folders()).get_mailbox(INBOX)
        await inbox.append(AppendMessage(raw, received_at), recent=True)

    async def _count(self, folder: str) -> int:
        try:
            mailbox = await (await self._folders()).get_mailbox(folder)
        except KeyError:
            return 0
        return (await mailbox.snapshot()).exists


class _WholeAnswers(asyncio.StreamWriter):
    """Sends an answer in one piece: pymap writes it word by word, and a client that is idling cannot read half a line.

    The socket has TCP_NODELAY, as asyncio sets it for every TCP connection.
    """

    def __init__(
        self,
        transport: asyncio.WriteTransport,
        protocol: asyncio.BaseProtocol,
        reader: asyncio.StreamReader,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(transport, protocol, reader, loop)
        self._answer = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._answer += data

    async def drain(self) -> None:
        super().write(bytes(self._answer))
        self._answer.clear()
        await super().drain()


class _OpenConfig(Config):
    """No TLS, no look-up of this machine's name, and no thread pool that would outlive the server."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__(
            Namespace(proxy_protocol=None, passlib_cfg=None),
            host=HOST,
            port=ANY_FREE_PORT,
            tls_enabled=False,
            hash_context=Cleartext(),  # the password is random and dies with the process
            cpu_subsystem=Subsystem.for_asyncio(),
            demo_data=False,
            demo_user=user,
            demo_password=password,
        )

    @property
    def greeting(self) -> bytes:
        return b"Server ready " + HOST.encode()
