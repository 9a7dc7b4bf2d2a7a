"""One kept IMAP connection: made when first needed, logged in, under a deadline, made anew after a failure."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.response_parser import parse_fetch_response

from ingest.deadline import Deadline
from ingest.errors import Configuration
from ingest.imap_account import ImapAccount
from ingest.imap_answers import Answer, plain_sizes
from ingest.imap_errors import CONNECT, FAILURES, LOGIN, LOGIN_BY_TOKEN, STARTTLS, Act, explained
from ingest.imap_login import log_in, offers
from ingest.imap_wire import Wire, open_socket

T = TypeVar("T")


class _Client(IMAPClient):  # type: ignore[misc]  # imapclient ships no types
    """An IMAPClient over a connection that we made, encrypted, and can cut."""

    def __init__(self, account: ImapAccount, wire: Callable[[], Wire]) -> None:
        self._wire = wire
        super().__init__(account.host, account.port, ssl=account.security == "tls", timeout=account.timeout_seconds)
        self._imap.debug = 0  # imapclient sets 5, which makes fetching four times slower
        self.normalise_times = False  # else INTERNALDATE comes naive, in local time

    def _create_IMAP4(self) -> Wire:
        return self._wire()

    def sizes(self, uids: Sequence[int]) -> Mapping[int, Answer]:
        """As `fetch` tells sizes and INTERNALDATEs, and sooner: a mailbox may hold a million messages."""
        kind, lines = self._imap.uid("FETCH", ",".join(map(str, uids)), "(RFC822.SIZE INTERNALDATE)")
        self._checkok("fetch", kind, lines)
        answers: Mapping[int, Answer] = plain_sizes(lines) or parse_fetch_response(lines, normalise_times=False)
        return answers


class Connection:
    """To one account; used by one thread at a time. `dropped` is called whenever what the server knew of us is lost."""

    def __init__(self, account: ImapAccount, literal_octets: int, dropped: Callable[[], None]) -> None:
        self.account = account
        self._literal_octets = literal_octets
        self._dropped = dropped
        self._client: Any = None

    def run(self, act: Act, command: Callable[[Any], T]) -> T:
        """The command's answer, within the deadline. Raises Transient or Configuration, in the operator's words."""
        client = self.connected()
        with self._explaining(act, client.socket):
            return command(client)

    def connected(self) -> Any:
        """The client, logged in."""
        if self._client is None:
            tokens = offers(self.account)
            try:
                sock = open_socket(self.account)
            except FAILURES as error:
                raise explained(error, self.account, CONNECT, deadline_passed=False) from error
            with self._explaining(CONNECT, lambda: sock):
                self._client = _Client(self.account, lambda: Wire(sock, self.account, self._literal_octets))
            self._greet(tokens)
        return self._client

    def close(self) -> None:
        """Say goodbye where the server still listens."""
        if self._client is not None:
            with suppress(*FAILURES), Deadline(self.account.timeout_seconds, self._client.socket):
                self._client.logout()
        self.drop()

    def drop(self) -> None:
        """Without a word: a command may be half done."""
        client, self._client = self._client, None
        self._dropped()
        if client is not None:
            with suppress(OSError):
                client.shutdown()

    def _greet(self, tokens: Iterator[str]) -> None:
        """STARTTLS where it is due, and the login. There is no fall-back to clear text."""
        client, account = self._client, self.account
        if client.welcome.startswith(b"* PREAUTH"):
            self.drop()
            raise Configuration(
                f"{account.place}: the server says that we are logged in before we said who we are (PREAUTH), "
                "so that nothing could be encrypted. Set security to tls, or mend the server."
            )
        if account.security == "starttls":
            with self._explaining(STARTTLS, client.socket):
                client.starttls(account.tls_context())
        with self._explaining(LOGIN if account.tokens is None else LOGIN_BY_TOKEN, client.socket):
            log_in(client, account, tokens)

    @contextmanager
    def _explaining(self, act: Act, socket_now: Callable[[], socket.socket]) -> Iterator[None]:
        """Failures in the operator's words, within the deadline; a connection that failed is not used again."""
        deadline = Deadline(self.account.deadline_seconds, socket_now)
        try:
            with deadline:
                yield
        except BaseException as error:
            self.drop()
            if isinstance(error, FAILURES):
                raise explained(error, self.account, act, deadline_passed=deadline.passed) from error
            raise
