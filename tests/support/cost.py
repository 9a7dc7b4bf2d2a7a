"""How much processor time a mail may cost in a test."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 5


@contextmanager
def within_its_time() -> Iterator[None]:
    """The block takes no longer than a mail may; it is not traced for coverage, which costs more than all else."""
    tracer = sys.gettrace()
    sys.settrace(None)
    begin = time.process_time()
    try:
        yield
        taken = time.process_time() - begin
    finally:
        sys.settrace(tracer)
    assert taken < SECONDS, f"it took {taken:.1f} s of processor time"
