"""How a database finds what it is asked for: by an index, or by looking at everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from processor.store.database import Store


def plans(store: Store, work: Callable[[Session], object]) -> list[str]:
    """The plan of each SELECT that this work asks, without the choice of reading small tables whole."""
    asked: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    with store.reading() as session:
        sa.event.listen(store.engine, "before_cursor_execute", remember)
        work(session)
        sa.event.remove(store.engine, "before_cursor_execute", remember)
    with store.reading() as session:
        connection = session.connection()
        if not store.sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if store.sqlite else "EXPLAIN "
        return [
            "\n".join(" ".join(map(str, row)) for row in connection.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in asked
        ]
