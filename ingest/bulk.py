"""Takes long runs of base64 out of a mail before it is parsed: they have no structure and cost most of the work."""

from __future__ import annotations

import re

_MARK = b"\x00*bulk "
_MARKED = re.compile(rb"\x00\*bulk (\d+)\*")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_RUNS = 2_000
# Eight full lines are the beginning of a run.
_START = re.compile(rb"\n(?:[A-Za-z0-9+/]{60,76}\r?\n){8}")
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/=\r\n]")


class Bulk:
    """The runs that were taken out of one mail, and how to put them back."""

    def __init__(self) -> None:
        self._runs: list[memoryview] = []

    def take_out(self, raw: bytes) -> bytes:
        """The mail with a mark, on one line, where each run stood."""
        if _MARK in raw:  # somebody wrote our mark: then nothing is taken out, and nothing put back
            return raw
        view = memoryview(raw)
        kept: list[bytes | memoryview] = []
        at = boundary = 0
        while len(self._runs) < _RUNS and (start := _START.search(raw, at)):
            end = -1
            if boundary < start.end():  # else it was tried for the run before: trying again would take quadratic time
                boundary = raw.find(b"\n--", start.end())
                boundary = len(raw) if boundary < 0 else boundary
                end = boundary if not raw[start.end() : boundary].translate(None, _LETTERS) else -1
            if end < 0:
                foreign = _FOREIGN.search(raw, start.end())
                end = raw.rfind(b"\n", start.end() - 1, foreign.start() if foreign else len(raw))
            end -= raw[end - 1 : end] == b"\r"
            kept += [view[at : start.start() + 1], b"%b%d*" % (_MARK, len(self._runs))]
            self._runs.append(view[start.start() + 1 : end])
            at = end
        return b"".join([*kept, view[at:]]) if kept else raw

    def put_back(self, octets: bytes) -> bytes:
        """The octets of one part as they were."""
        if not self._runs or _MARK not in octets:
            return octets
        return _MARKED.sub(lambda mark: bytes(self._runs[int(mark[1])]), octets)
