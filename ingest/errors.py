"""What can go wrong, named by what the operator does next."""


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
