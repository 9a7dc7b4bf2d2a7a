"""What reading one mail may cost, and how a process confines itself to it."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 10  # so many times as long by the clock: a good mail must not be lost to a busy machine
_MEGABYTE = 1_000_000
_SIZES = Path("/proc/self/statm")  # pages: mapped, resident, of these shared with files, ...
_VICTIM = Path("/proc/self/oom_score_adj")
_SWOLLEN = 40 * _MEGABYTE  # more than this above its start, and the process is better begun anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one mail may cost."""

    seconds: int = 5  # of processor time
    clock_seconds: int = 5 * PATIENCE
    megabytes: int = 300  # above what the process has before its first mail


class Confined:
    """This process under these limits, from now on and for good."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        for number in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)  # the system ends us, even inside a library's endless loop
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF, signal.SIGALRM})
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would be a file full of mail
        with suppress(OSError):
            _VICTIM.write_text("1000")  # where the machine lacks memory, we are to go, and not the desk
        mapped, self._own = _sizes()
        if mapped:
            _lower(resource.RLIMIT_AS, mapped + limits.megabytes * _MEGABYTE)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Within the block, too much time ends the process, whether or not anybody is left who waits for it."""
        signal.setitimer(signal.ITIMER_REAL, self._limits.clock_seconds)
        signal.setitimer(signal.ITIMER_PROF, self._limits.seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)

    def swollen(self) -> bool:
        """Has it kept much memory of the mails before? Costs a look at a file."""
        return _sizes()[1] > self._own + _SWOLLEN


def _sizes() -> tuple[int, int]:
    """Octets mapped, and those of our own making: the system takes pages of files back when it likes.

    Zeros on a system that does not tell, where no limit of memory can be set.
    """
    try:
        mapped, resident, shared, *_ = map(int, _SIZES.read_text().split())
    except OSError:
        return 0, 0
    page = os.sysconf("SC_PAGE_SIZE")
    return mapped * page, (resident - shared) * page


def _lower(what: int, octets: int) -> None:
    """Never above what the system allows already."""
    allowed = [limit for limit in resource.getrlimit(what) if limit != resource.RLIM_INFINITY]
    least = min([octets, *allowed])
    resource.setrlimit(what, (least, least))
