"""What can go wrong, named by what the operator does next."""

from __future__ import annotations

import re

_LIBRARY_MARKS = re.compile(r"^\[[\w: ]+\] | \(_ssl\.c:\d+\)$")  # [SSL: REASON] ..., [Errno 1] ..., (_ssl.c:1006)


class DeskError(Exception):
    """Something went wrong; the message says what, where, and what to do next."""

    exit_code = 1


class Transient(DeskError):
    """A lack outside the desk (server, network, database, disk): nothing was touched, try again later."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h


class Permanent(DeskError):
    """This one message cannot be handled, however often it is tried."""


class Configuration(DeskError):
    """A file or a setting is wrong: mend it, then start again."""

    exit_code = 78  # EX_CONFIG of sysexits.h


def in_words(error: OSError) -> str:
    """What the system says, such as "Connection refused", without the marks of the library that passes it on."""
    return _LIBRARY_MARKS.sub("", error.strerror or str(error)) or "no reason was given"
