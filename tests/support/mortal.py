"""A desk inside this process that dies at the nth thing it does with its servers: nothing after that has any effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy.orm import Session

from processor.store.database import Store


class Killed(BaseException):
    """As SIGKILL: nobody can handle it."""


class Life:
    """So many breaths; None is for ever."""

    def __init__(self, breaths: int | None = None) -> None:
        self._left = breaths
        self._over = False

    def breathe(self) -> None:
        if self._left is not None:
            self._over = self._over or self._left == 0
            self._left -= 1
        if self._over:
            raise Killed


class MortalStore(Store):
    """Dies before a transaction, within it, before its commit, or after it."""

    def __init__(self, url: str, life: Life) -> None:
        super().__init__(url)
        self._life = life

    def writing(self) -> AbstractContextManager[Session]:
        return self._mortal(super().writing)

    def _finishing(self, session: Session) -> AbstractContextManager[Session]:
        finishing = super()._finishing
        return self._mortal(lambda: finishing(session))

    @contextmanager
    def _mortal(self, transaction: Callable[[], AbstractContextManager[Session]]) -> Iterator[Session]:
        self._life.breathe()
        with transaction() as session:
            yield session
            self._life.breathe()
        self._life.breathe()


class Mortal:
    """A mailbox or a sender whose owner dies before it asks for anything, or after that was done."""

    def __init__(self, thing: Any, life: Life) -> None:
        self._thing = thing
        self._life = life

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._thing, name)
        return self._mortal(value) if callable(value) else value

    def _mortal(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*arguments: Any) -> Any:
            self._life.breathe()
            result = act(*arguments)
            self._life.breathe()
            return self._each(result) if isinstance(result, Iterator) else result

        return acted

    def _each(self, results: Iterator[Any]) -> Iterator[Any]:
        for result in results:
            yield result
            self._life.breathe()
