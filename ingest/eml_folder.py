"""A folder of .eml files, at any depth, as a mailbox. Write a file elsewhere, then rename it into the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.files import FileMailbox, Kept, first_octets, moment, rename, status_of, uid_of

PROCESSED = "Processed"
SUFFIX = ".eml"


class EmlFolderMailbox(FileMailbox):
    """A message is known by path, time and size together: another mail may come later under a used name.

    Hidden files and folders, links, and the processed folder are passed over.
    """

    PROCESSED = PROCESSED

    def look(self) -> None:
        os.scandir(self.path).close()

    def kept(self) -> Iterator[Kept]:
        for changed, path, size, uid in sorted(self._found()):
            yield Kept(uid=uid, size=size, received_at=moment(changed), read=partial(first_octets, Path(path)))

    def put_away(self, uids: set[int]) -> None:
        for _changed, path, _size, uid in sorted(self._found()):
            if uid in uids:
                self._move(Path(path), uid)

    def _move(self, source: Path, uid: int) -> None:
        target = self.path / PROCESSED / source.relative_to(self.path)
        if target.exists():  # an earlier message under the same name
            target = target.with_name(f"{target.stem}.{uid}{target.suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        rename(source, target)

    def _found(self) -> Iterator[tuple[float, str, int, int]]:
        """Time of last change, path, size, UID."""
        there = ((path, status) for path in _files(str(self.path)) if (status := status_of(path)) is not None)
        for path, status in there:
            name = os.fsencode(os.path.relpath(path, self.path))
            uid = uid_of(name, b"%d" % status.st_mtime_ns, b"%d" % status.st_size)
            yield status.st_mtime, path, status.st_size, uid


def _files(folder: str, *, top: bool = True) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or (top and entry.name == PROCESSED):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, top=False)
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(SUFFIX):
                yield entry.path
