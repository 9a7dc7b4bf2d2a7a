"""A Maildir as a mailbox: one file a message, unique names, flags after the colon."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.files import FileMailbox, Kept, first_octets, moment, rename, status_of, uid_of

PROCESSED = ".Processed"  # as Maildir++ writes a sub-folder
SEEN = "S"


class MaildirMailbox(FileMailbox):
    """`new` and `cur`, never `tmp`. A message is known by its name up to the colon, wherever its flags change."""

    PROCESSED = PROCESSED

    def look(self) -> None:
        for part in ("new", "cur"):
            os.scandir(self.path / part).close()

    def kept(self) -> Iterator[Kept]:
        found = [
            (status.st_mtime, name, path, status.st_size)
            for name, path in self._files()
            if (status := status_of(path)) is not None  # else a mail program changed its flags, and so its name
        ]
        for changed, name, path, size in sorted(found):
            read = partial(first_octets, Path(path))
            yield Kept(uid=_uid(name), size=size, received_at=moment(changed), read=read)

    def put_away(self, uids: set[int]) -> None:
        target = self.path / PROCESSED
        for part in ("cur", "new", "tmp"):
            (target / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        (target / "maildirfolder").touch()
        for name, path in self._files():
            if _uid(name) in uids:
                rename(Path(path), target / "cur" / _seen(name))

    def _files(self) -> list[tuple[str, str]]:
        """Name and path of each message."""
        files = []
        for part in ("new", "cur"):
            with os.scandir(self.path / part) as entries:
                files += [
                    (entry.name, entry.path)
                    for entry in entries
                    if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
                ]
        return files


def _uid(name: str) -> int:
    return uid_of(os.fsencode(name.partition(":")[0]))


def _seen(name: str) -> str:
    """The name with the flag S among its flags, which are kept in ASCII order."""
    base, _, information = name.partition(":")
    flags = information.removeprefix("2,") if information.startswith("2,") else ""
    return f"{base}:2,{''.join(sorted({*flags, SEEN}))}"
