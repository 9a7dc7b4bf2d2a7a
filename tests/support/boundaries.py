"""The boundaries of a pass: what the desk says to each of its servers, and hears, where a killed one leaves a mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from support.proxy import Fault, Rule, Way

Place = Mapping[str, Any]  # of a Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A place at which the desk is killed; `server` says on whose connection."""

    name: str
    server: str  # one of "mail", "old mail" (without MOVE), "smtp", "database"
    place: Place

    def rule(self, kill: Any) -> Rule:
        """Nothing of what follows the place reaches the other side."""
        return Rule(call=kill, fault=Fault.CUT, **self.place)


def _around(server: str, what: str, command: bytes, answer: bytes) -> Iterator[Boundary]:
    """Before the server hears of it, after it did it, and when the client has just heard of that."""
    to, back = Way.TO_SERVER, Way.TO_CLIENT
    yield Boundary(name=f"before {what}", server=server, place={"way": to, "seen": command, "before": True})
    yield Boundary(name=f"while {what}", server=server, place={"way": to, "seen": command + rb"[^\r\n]*\r\n"})
    yield Boundary(name=f"after {what}", server=server, place={"way": back, "seen": answer, "before": True})
    heard = {"way": back, "seen": answer + rb"[^\r\n]*\r\n"}
    yield Boundary(name=f"after the answer to {what}", server=server, place=heard)


def _at(server: str, name: str, **place: Any) -> Boundary:
    return Boundary(name=name, server=server, place=place)


IMAP = (
    *_around("mail", "UID FETCH", rb"UID FETCH [^\r\n]*BODY\.PEEK", rb"OK [^\r\n]*Fetch completed"),
    _at("mail", "within a mail", way=Way.TO_CLIENT, seen=rb"BODY\[\][^\r\n]* \{\d+\}\r\n", later=40),
    *_around("mail", "UID MOVE", rb"UID MOVE", rb"OK [^\r\n]*Move completed"),
    *_around("old mail", "UID COPY", rb"UID COPY", rb"OK [^\r\n]*Copy completed"),
    *_around("old mail", "UID STORE", rb"UID STORE", rb"OK [^\r\n]*Store completed"),
    *_around("old mail", "UID EXPUNGE", rb"UID EXPUNGE", rb"OK [^\r\n]*Expunge completed"),
)
SMTP = (
    *_around("smtp", "MAIL", rb"(?i)MAIL FROM", rb"250 OK"),
    _at("smtp", "before RCPT", way=Way.TO_SERVER, seen=rb"(?i)RCPT TO", before=True),
    _at("smtp", "before DATA", way=Way.TO_SERVER, seen=rb"(?i)DATA\r\n", before=True),
    _at("smtp", "before the content", way=Way.TO_CLIENT, seen=rb"354 [^\r\n]*\r\n"),
    _at("smtp", "within the content", way=Way.TO_SERVER, seen=b"Message-ID:"),
    _at("smtp", "before the dot", way=Way.TO_SERVER, seen=rb"\r\n\.\r\n", before=True),
    _at("smtp", "after the dot", way=Way.TO_SERVER, seen=rb"\r\n\.\r\n"),
    _at("smtp", "before the answer to the dot", way=Way.TO_CLIENT, seen=b"250 2.0.0 taken", before=True),
    _at("smtp", "after the answer to the dot", way=Way.TO_CLIENT, seen=rb"250 2\.0\.0 taken[^\r\n]*\r\n"),
)
SERVERS = (*IMAP, *SMTP)


def commits(count: int) -> Iterator[Boundary]:
    """Around the first so many commits of a pass on PostgreSQL: a statement, and its name, end with NUL."""
    for number in range(count):
        for name, place in (
            ("before", {"way": Way.TO_SERVER, "seen": b"COMMIT\0", "before": True}),
            ("while", {"way": Way.TO_SERVER, "seen": b"COMMIT\0"}),
            ("after", {"way": Way.TO_CLIENT, "seen": b"COMMIT\0", "before": True}),
        ):
            yield Boundary(name=f"{name} COMMIT {number + 1}", server="database", place=place | {"skip": number})
