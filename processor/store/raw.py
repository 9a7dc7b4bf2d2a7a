"""The raw bytes of mails: compressed, once for each SHA-256."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from ingest.errors import Permanent

LEVEL = 1  # attachments are compressed already; the rest is text, where the first level gets most of it


def packed(sha256: str, content: bytes) -> dict[str, Any]:
    """A row for raw_message."""
    return {"sha256": sha256, "size": len(content), "compression": "zlib", "data": zlib.compress(content, LEVEL)}


def unpacked(compression: str, data: bytes, size: int) -> bytes:
    """The bytes as they came. Raises Permanent where they cannot be had back."""
    if compression != "zlib":
        raise Permanent(f"the raw message is kept as {compression!r}, which this daydesk does not know")
    try:
        content = zlib.decompress(data)
    except zlib.error as error:
        raise Permanent(f"the raw message cannot be unpacked: {error}") from None
    if len(content) != size:
        raise Permanent(f"the raw message has {len(content)} octets instead of {size}")
    return content


def once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each digest once, however often a batch brings it."""
    return list({row["sha256"]: row for row in rows}.values())
