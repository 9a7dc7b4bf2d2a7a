"""A server on 127.0.0.1, in a thread and event loop of its own, for as long as a `with` lasts."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar
from weakref import WeakSet

T = TypeVar("T")

HOST = "127.0.0.1"
ANY_FREE_PORT = 0
SECONDS = 10  # a local act that takes longer than this hangs


class LoopbackServer(ABC):
    """What listens is the subclass's affair; starting, stopping and hanging up without a trace is told here."""

    host = HOST

    def __init__(self) -> None:
        self.port = ANY_FREE_PORT  # the true one is known inside the `with`
        self._transports: WeakSet[asyncio.BaseTransport] = WeakSet()

    @abstractmethod
    async def _listen(self) -> asyncio.Server:
        """The listening server, on HOST and any free port."""

    def _picked_up(self, transport: asyncio.BaseTransport) -> None:
        """A conversation began on this transport; it is hung up when the server stops."""
        self._transports.add(transport)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name=type(self).__name__, daemon=True)
        self._thread.start()
        try:
            self._server = self._await(self._listen())
        except BaseException:
            self._end_thread()
            raise
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._await(self._hang_up())
        finally:
            self._end_thread()

    def _await(self, act: Coroutine[Any, Any, T]) -> T:
        """The result of an act in the server's thread, waited for in this one."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(SECONDS)

    async def _hang_up(self) -> None:
        """Say goodbye where the protocol can, then close every socket.

        Connections go first: from Python 3.12 on, `wait_closed` waits for them.
        """
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in self._transports:
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        await self._server.wait_closed()
        await asyncio.sleep(0)  # an aborted transport closes its socket in the loop's next round

    def _end_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
