"""Which mails were taken in before: by the very same bytes, or by another copy that came another way."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import Inbound

# In the very words of the indexes: with bound parameters neither engine would see that it may use them.
_TAKEN_IN = sa.text("inbound.state IN ('case', 'appended')")


def same_bytes(session: Session, digests: Collection[str]) -> dict[tuple[str, int], int]:
    """By digest and size the ledger row that opened or joined a case."""
    query = sa.select(Inbound.sha256, Inbound.size, Inbound.id).where(Inbound.sha256.in_(digests), _TAKEN_IN)
    return {(digest, size): inbound_id for digest, size, inbound_id in session.execute(query) if digest is not None}


def same_content(session: Session, digests: Collection[str]) -> dict[str, int]:
    """By digest of what its writer made the ledger row that opened or joined a case."""
    if not digests:
        return {}
    query = sa.select(Inbound.content_sha256, Inbound.id).where(Inbound.content_sha256.in_(digests), _TAKEN_IN)
    return {digest: inbound_id for digest, inbound_id in session.execute(query) if digest is not None}


def cases_of(session: Session, inbound_ids: Collection[int]) -> dict[int, int]:
    """The case that each of these ledger rows opened or joined."""
    if not inbound_ids:
        return {}
    query = sa.select(Inbound.id, Inbound.case_id).where(Inbound.id.in_(inbound_ids))
    return {inbound_id: case_id for inbound_id, case_id in session.execute(query) if case_id is not None}
