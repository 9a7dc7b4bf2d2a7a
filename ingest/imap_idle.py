"""Waits for the server's word that mail came (IDLE, RFC 2177). Its word is a hint; the poll is the truth."""

from __future__ import annotations

import math
import selectors
import time
from functools import partial
from imaplib import IMAP4
from typing import Any

from ingest.bell import Bell
from ingest.errors import DeskError
from ingest.imap_connection import Connection
from ingest.imap_errors import IDLE, explained
from ingest.imap_folder import told_of_mail

REISSUE_SECONDS = 28 * 60  # a server may end what idles for half an hour (RFC 2177)
AT_ONCE_SECONDS = 1.0
STRIKES = 3  # so many IDLEs in a row of no use, and the mailbox is polled alone ...
PLAIN_SECONDS = 3600  # ... for so long
NOT_KEPT = ("OK", "NO", "BAD", "FETCH", "EXPUNGE", "RECENT")  # told meanwhile, and of no use to us


class Idling:
    """IDLE over a connection with an open folder, for as long as the server does it well."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._strikes = 0
        self._plain_until = 0.0 if connection.account.idle else math.inf
        self._told_at = 0  # the folder's next UID when the server last told of mail: still the same, none came

    def wait(self, woken: Bell, seconds: float, next_uid: int) -> str:
        """Until the server tells of mail, the bell rings, or the time is over. `next_uid` is the folder's.

        Comes back at once where IDLE fails; the next command connects anew. Returns why it was of no use, else "".
        """
        if time.monotonic() < self._plain_until:
            woken.wait(seconds)
            return ""
        try:
            lack = self._tried(woken, seconds, next_uid)
        except DeskError as error:  # should it last, the next pass raises it too
            lack = str(error)
        self._strikes = self._strikes + 1 if lack else 0
        if self._strikes < STRIKES:
            return lack
        self._plain_until = time.monotonic() + PLAIN_SECONDS
        return f"{lack} This mailbox is polled without IDLE for {PLAIN_SECONDS // 60} minutes."

    def _tried(self, woken: Bell, seconds: float, next_uid: int) -> str:
        if not self._connection.run(IDLE, lambda client: client.has_capability("IDLE")):
            woken.wait(seconds)
            return ""
        began = time.monotonic()
        tag = self._connection.run(IDLE, _begin)
        self._listen(tag, woken, min(seconds, REISSUE_SECONDS))
        refusal = self._connection.run(IDLE, partial(_end, tag=tag))
        if refusal:
            error = IMAP4.error(refusal)
            return str(explained(error, self._connection.account, IDLE, deadline_passed=False))
        if not told_of_mail(self._connection.connected()):
            return ""
        known, self._told_at = self._told_at, next_uid
        if known == next_uid and time.monotonic() - began < AT_ONCE_SECONDS:
            return f"{self._connection.account.place}: in IDLE the server told of mail at once, and none was there."
        return ""

    def _listen(self, tag: bytes, woken: Bell, seconds: float) -> None:
        """Without looking again and again: until something was told, on the wire or by the bell, or time is over."""
        end = time.monotonic() + seconds
        with woken.audible() as bell, selectors.DefaultSelector() as ears:
            for ear in (bell, self._connection.connected().socket()):
                ears.register(ear, selectors.EVENT_READ)
            while not self._connection.run(IDLE, partial(_heard, tag=tag, woken=woken)):
                left = end - time.monotonic()
                if left <= 0:
                    return
                ears.select(left)


def _begin(client: Any) -> bytes:
    """The command's tag. Before it lets us wait, the server may tell of changes; or it refuses."""
    tag: bytes = client._imap._command("IDLE")
    while not _is_over(client, tag) and not _goes_ahead(client):
        pass
    return tag


def _heard(client: Any, *, tag: bytes, woken: Bell) -> bool:
    """Reads what is there to be read; whether there is no use in waiting on."""
    while not (woken.is_set() or told_of_mail(client) or _is_over(client, tag)):
        if not client._imap.has_more():
            return False
        _goes_ahead(client)
    return True


def _end(client: Any, *, tag: bytes) -> str:
    """Ends it, and reads what comes until then; the server's words where it did not idle until we asked."""
    asked = not _is_over(client, tag)
    if asked:
        client._imap.send(b"DONE\r\n")
    while not _is_over(client, tag):
        _goes_ahead(client)
    kind, (said,) = client._imap.tagged_commands.pop(tag)
    return "" if asked and kind == "OK" else f"{kind} {said.decode('utf-8', 'replace')}"


def _is_over(client: Any, tag: bytes) -> bool:
    return client._imap.tagged_commands[tag] is not None


def _goes_ahead(client: Any) -> bool:
    """Reads one line; whether it is the server's go-ahead (+). Raises IMAP4.abort where it is BYE, or the end."""
    imap = client._imap
    line = imap._get_response()
    imap._check_bye()
    for kind in NOT_KEPT:
        imap.untagged_responses.pop(kind, None)
    return line is None
