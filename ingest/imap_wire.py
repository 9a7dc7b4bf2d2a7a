"""The socket under an IMAP connection: opened, encrypted, and guarded against what a server may announce."""

from __future__ import annotations

import imaplib
import socket
import ssl
from io import BufferedReader
from typing import cast

from ingest.imap_account import ImapAccount


class Wire(imaplib.IMAP4):
    """imaplib over a socket that is already open, so that a deadline reaches the greeting; literals are capped."""

    def __init__(self, sock: socket.socket, account: ImapAccount, literal_octets: int) -> None:
        self._opened = sock
        self._literal_octets = literal_octets
        super().__init__(account.host, account.port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:  # noqa: ARG002 - it has one already
        return self._opened

    def read(self, size: int) -> bytes:
        if size > self._literal_octets:
            raise self.abort(f"the server announced {size} octets at once")
        return super().read(size)

    def has_more(self) -> bool:
        """Whether a line, or the end, has begun to come: in our buffer, in that of TLS, or on the socket."""
        seconds = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            if not cast("BufferedReader", self.file).peek(1):
                socket.socket.recv(self.sock, 1, socket.MSG_PEEK)  # beneath TLS; it raises unless the end has come
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            self.sock.settimeout(seconds)
        return True


# A peer that went without a word is missed after 30 + 4 * 15 = 90 seconds, even while nobody asks it anything.
ALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}


def open_socket(account: ImapAccount) -> socket.socket:
    """Connected, and encrypted where TLS is from the first octet on. Raises OSError, Configuration."""
    account.refuse_clear_text()
    context = account.tls_context() if account.security == "tls" else None
    sock = socket.create_connection((account.host, account.port), timeout=account.timeout_seconds)
    try:
        # imapclient sends a SEARCH in two pieces; the second would wait for the first one's receipt.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(sock)
        return context.wrap_socket(sock, server_hostname=account.host) if context else sock
    except (OSError, ValueError):
        sock.close()
        raise


def _keep_alive(sock: socket.socket) -> None:
    """Where the system lets us say how often; else as often as it likes."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in ALIVE.items():
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
