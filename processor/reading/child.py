"""The process that reads: compressed mails in, what they say out, one by one, until its parent is gone."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from ingest.errors import Permanent
from ingest.message import Message
from ingest.parser import parse
from processor.reading.limits import Confined, Limits
from processor.reading.wire import LENGTH, READY, framed, unframed
from processor.store.raw import unpacked

Said = Message | str | None  # the mail; why it is refused; nothing where there was not enough memory


def main() -> None:
    """`python -m processor.reading.child SECONDS CLOCK-SECONDS MEGABYTES`, on standard input and output."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    seconds, clock_seconds, megabytes = map(int, sys.argv[1:])
    confined = Confined(Limits(seconds=seconds, clock_seconds=clock_seconds, megabytes=megabytes))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):  # what a library may print is neither an answer nor for the operator
        os.dup2(nowhere, standard)
    _send(answers, framed(READY))
    serve(requests, answers, confined)


def serve(requests: BinaryIO, answers: BinaryIO, confined: Confined) -> None:
    """Answer one batch after the other. Whatever is not foreseen ends the process: the parent sees at which mail."""
    while length := requests.read(LENGTH.size):
        mails: list[tuple[str, bytes, int]]
        mails, views = unframed(requests.read(*LENGTH.unpack(length)))
        _send(answers, framed(READY))
        mails.reverse()
        while mails:
            with confined.timed():
                said = _read(mails, views)
                spent = said is None or (not mails and confined.swollen())
                answer = framed((said, spent))
            _send(answers, answer)


def _read(mails: list[tuple[str, bytes, int]], views: bool) -> Said:
    """Take the last one off and read it; its compressed octets are not kept beside it."""
    compression, data, size = mails.pop()
    try:
        raw = unpacked(compression, data, size)
        del data
        return parse(raw, views=views)
    except Permanent as error:
        return str(error)
    except MemoryError:
        return None


def _send(answers: BinaryIO, frame: bytes) -> None:
    answers.write(frame)
    answers.flush()


if __name__ == "__main__":
    main()
