"""The disk that a SQLite database is on: a full one would stop every stage, so the intake stops before."""

from __future__ import annotations

import shutil
from pathlib import Path

from ingest.errors import Transient
from processor.store.database import Store

MEGABYTE = 1_000_000


def free_bytes(store: Store) -> int | None:
    """What is free beside the database; None on PostgreSQL, whose disk is not ours to see."""
    if not store.sqlite:
        return None
    try:
        return shutil.disk_usage(_folder(store)).free
    except OSError:
        return None  # whoever opens the database next says what is wrong with its folder


def require_room(store: Store, floor_megabytes: int) -> None:
    """Raises Transient where less than the floor is free."""
    free = free_bytes(store)
    if free is not None and free < floor_megabytes * MEGABYTE:
        raise Transient(
            f"The disk of {_folder(store).resolve()} has {free // MEGABYTE} MB free, fewer than the {floor_megabytes} "
            "of health.disk_floor_megabytes: free some space; until then no mail is taken in, and none is lost."
        )


def _folder(store: Store) -> Path:
    return Path(str(store.url.database)).parent
