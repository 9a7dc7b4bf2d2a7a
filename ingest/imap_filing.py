"""What becomes of taken messages on the server: moved, copied and expunged, or flagged, by what the server can."""

from __future__ import annotations

import imaplib
from collections.abc import Sequence
from typing import Any, Literal

from ingest.imap_account import ImapAccount

Way = Literal["leave", "flag", "move", "copy"]

KEYWORD = b"$Processed"
SEEN = b"\\Seen"
DELETED = b"\\Deleted"


def way_of(client: Any, account: ImapAccount) -> Way:
    """Without UIDPLUS an EXPUNGE would take other clients' deleted messages along: then messages are only flagged."""
    if account.after != "move":
        return account.after
    if client.has_capability("MOVE"):
        return "move"
    return "copy" if client.has_capability("UIDPLUS") else "flag"


def told(way: Way, account: ImapAccount) -> str:
    """The way in words, with the reason where it is not the one that the policy asked for."""
    if way == "leave":
        return "taken messages stay as they are"
    if way != "flag":
        return f"taken messages go to {account.processed_folder}"
    lack = "" if account.after == "flag" else ", since the server has neither MOVE nor UIDPLUS"
    return f"taken messages are flagged{lack}"


def processed_path(client: Any, account: ImapAccount) -> str:
    """The processed folder's full name, with the prefix and the separator of the personal namespace (RFC 2342)."""
    prefix, separator = _personal_namespace(client)
    name = account.processed_folder
    if name.startswith(prefix):
        name = name.removeprefix(prefix)
    return prefix + (name.replace("/", separator) if separator else name)


def _personal_namespace(client: Any) -> tuple[str, str]:
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            prefix, separator = personal[0]
            return prefix, separator or ""
    for _flags, separator, _name in client.list_folders("", ""):
        return "", (separator or b"").decode("ascii")
    return "", ""


def create_if_absent(client: Any, path: str) -> None:
    """Created and subscribed to, so that people see it in their mail programs."""
    if client.folder_exists(path):
        return
    try:
        client.create_folder(path)
    except imaplib.IMAP4.error:
        if not client.folder_exists(path):  # another receiver of this account may just have made it
            raise
    client.subscribe_folder(path)


def file(client: Any, *, way: Way, uids: Sequence[int], path: str, permanent: Sequence[bytes]) -> None:
    """Repeatable: UIDs that are gone are passed over. `permanent` are the folder's PERMANENTFLAGS."""
    if way == "move":
        client.move(uids, path)
    elif way == "copy":
        _copy_and_expunge(client, uids, path)
    else:
        _flag(client, uids, permanent)


def _copy_and_expunge(client: Any, uids: Sequence[int], path: str) -> None:
    """RFC 4315. Interrupted before the EXPUNGE, the next try makes a second copy; nothing is lost."""
    client.copy(uids, path)
    client.add_flags(uids, [SEEN, DELETED], silent=True)
    client.uid_expunge(uids)


def _flag(client: Any, uids: Sequence[int], permanent: Sequence[bytes]) -> None:
    r"""Seen, and a keyword where the folder keeps keywords (`\*`, or this one, among its PERMANENTFLAGS)."""
    keeps_keyword = b"\\*" in permanent or KEYWORD in permanent
    client.add_flags(uids, [SEEN, KEYWORD] if keeps_keyword else [SEEN], silent=True)
