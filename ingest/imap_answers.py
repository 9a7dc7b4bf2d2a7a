"""Reads what imapclient makes of a server's answers into our own values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from ingest.mailbox import Held
from ingest.start import UNKNOWN_TIME

Answer = Mapping[bytes, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Answer to SELECT or EXAMINE. Raises KeyError where the server left something out."""

    uidvalidity: int
    uidnext: int
    messages: int
    permanent: tuple[bytes, ...]  # PERMANENTFLAGS: what may be changed for good

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls(
            uidvalidity=int(answer[b"UIDVALIDITY"]),
            uidnext=int(answer[b"UIDNEXT"]),
            messages=int(answer[b"EXISTS"]),
            permanent=tuple(answer.get(b"PERMANENTFLAGS", ())),
        )


def held(answer: Mapping[int, Answer], uidvalidity: int, uids: Sequence[int]) -> list[Held]:
    """Those that are still there, in the order asked for."""
    return [
        Held(
            uidvalidity=uidvalidity,
            uid=uid,
            size=answer[uid][b"RFC822.SIZE"],
            received_at=_aware(answer[uid].get(b"INTERNALDATE")),
        )
        for uid in uids
        if b"RFC822.SIZE" in answer.get(uid, {})
    ]


def _aware(internal_date: datetime | None) -> datetime:
    """A date that cannot be read, or has no zone, is none."""
    return internal_date if internal_date is not None and internal_date.tzinfo is not None else UNKNOWN_TIME


def bodies(answer: Mapping[int, Answer], key: bytes) -> dict[int, bytes]:
    """BODY[] may be NIL, or absent: then the message is merely missing."""
    return {uid: data[key] for uid, data in answer.items() if isinstance(data.get(key), bytes)}
