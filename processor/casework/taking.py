"""A case in the hands of one person: what every act begins and ends with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.errors import DeskError
from processor.store.casebook import Book, Held
from processor.store.database import Store
from processor.store.locks import acting


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does it, when, and the transaction in which it is done."""

    book: Book
    actor: str
    now: datetime

    def take(self, reference: str) -> Held:
        """The case of this reference; raises DeskError where there is none, or it is a part of another one."""
        case = self.book.held(reference)
        if case is None:
            raise DeskError(f"There is no case {reference} in this database: see `daydesk case list`.")
        if case.survivor is not None:
            raise DeskError(f"{reference} was merged into {case.survivor}: name that one.")
        return case

    def tell(self, case: Held, kind: str, /, **data: Any) -> None:
        """That it was done, on the case."""
        self.book.tell(case, kind, data, self.actor, self.now)


@contextmanager
def act(store: Store, actor: str, now: datetime) -> Iterator[Act]:
    """One transaction. Meanwhile no mail joins a case, and nobody else acts on one."""
    with store.writing() as session:
        acting(session)
        yield Act(book=Book(session), actor=actor, now=now)
