"""A small disk of a test's own, which can be filled to the last octet: a tmpfs, which only root may mount."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

OCTETS = 65_536


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """What is written here is on a disk of its own."""

    folder: Path

    def fill(self) -> None:
        """From now on nothing more can be written."""
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            for piece in (OCTETS, 1):
                try:
                    while filler.write(b"x" * piece):
                        continue
                except OSError:  # full
                    continue

    def empty(self) -> None:
        """Somebody made room."""
        (self.folder / "filler").unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A disk of this size in this folder, which is made; skips the test where it cannot be had."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a disk that can be filled needs a tmpfs, which only root may mount: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()
