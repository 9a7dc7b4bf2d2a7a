"""Structured logs on standard error: JSON for machines, plain lines where a terminal looks on."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from processor.cli.options import plain

if TYPE_CHECKING:
    from processor.stages.desk import Log


def make_log(level: int = logging.INFO) -> Log:
    """The log of one run."""
    for library in ("psycopg", "sqlalchemy"):  # of a connection that broke they raise an error, which is told as such
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    return cast("Log", _Unopened(cache(partial(_opened, level))))


class _Unopened:
    """A log that is opened for its first entry: a pass that has nothing to tell is over sooner."""

    def __init__(self, opened: Callable[[], Log], **bound: Any) -> None:
        self._opened = opened
        self._bound = bound

    def bind(self, **values: Any) -> _Unopened:
        return _Unopened(self._opened, **(self._bound | values))

    @cached_property
    def _log(self) -> Log:
        return self._opened().bind(**self._bound)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


def _opened(level: int) -> Log:
    import structlog

    terminal = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(default=str)
    log = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _printable,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    return cast("Log", log)


def _printable(_logger: object, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """No control character of a stranger's mail reaches a terminal; a traceback keeps its lines."""
    return {
        key: (plain(value) if key == "exception" else " ".join(plain(value).split()))
        if isinstance(value, str)
        else value
        for key, value in event.items()
    }
