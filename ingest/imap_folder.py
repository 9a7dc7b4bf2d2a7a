"""Opens a folder on the server, and notices whether mail came while it is open."""

from __future__ import annotations

from typing import Any

from ingest.imap_answers import Folder


def opened(client: Any, folder: str, *, readonly: bool) -> Folder:
    answer = client.select_folder(folder, readonly=readonly)
    if b"UIDNEXT" not in answer:  # RFC 3501 wants it here only of servers that can tell
        answer |= client.folder_status(folder, ["UIDNEXT"])
    client._imap.response("EXISTS")  # imaplib keeps it; forgotten, only a later one is news
    return Folder.of(answer)


def hears_of_new(client: Any) -> bool:
    """Whether the server told of messages, now or beside the answer to any command since the folder was opened."""
    if not told_of_mail(client):
        client.noop()
    return bool(client._imap.response("EXISTS")[1] != [None])


def told_of_mail(client: Any) -> bool:
    """Whether it did already: nothing is asked, and nothing forgotten."""
    return "EXISTS" in client._imap.untagged_responses
