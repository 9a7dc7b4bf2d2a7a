"""Many rows in one statement, without the session's bookkeeping for each: nobody asks for them again at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.models import Base


def insert(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Each row a dict of the same columns; none at all is well too."""
    if batch := list(rows):
        session.connection().execute(sa.insert(cast("sa.Table", model.__table__)), batch)
