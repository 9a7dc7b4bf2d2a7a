"""A scripted IMAP folder of several messages, some of which the server does not give as it should."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from support.scripted_imap import Answer, HangUp, Peer

Fault = Callable[[Peer, bytes], None]  # instead of the answer to a FETCH of this message: given the tag

_FETCH = re.compile(r"UID FETCH ([\d,]+) \((.*)\)")


class Shelf:
    """The messages have the UIDs 1, 2, ...; they outlive connections. `faults` by UID may be changed meanwhile."""

    def __init__(self, mails: Sequence[bytes], faults: Mapping[int, Fault | bytes] | None = None) -> None:
        self.mails = dict(enumerate(mails, 1))
        self.faults = dict(faults or {})  # octets are said as the body: b"NIL"
        self.uidvalidity = 7
        self.next_uid = len(mails) + 1
        self.moved: list[int] = []
        self.asked: list[tuple[list[int], str]] = []  # every FETCH: its UIDs, and what of them
        self.sizes_fail_too = False

    def put(self, mail: bytes) -> None:
        self.mails[self.next_uid] = mail
        self.next_uid += 1

    def script(self, **more: Answer) -> dict[str, Answer]:
        """For `scripted_imap`."""
        return {
            "SELECT": self._select,
            "EXAMINE": self._select,
            "UID SEARCH": self._search,
            **dict.fromkeys(("UID FETCH", "UID FETCH 1 (BODY", "UID FETCH 1 (RFC822.SIZE"), self._fetch),
            "UID MOVE": self._move,
            **more,
        }

    def _select(self, peer: Peer, tag: bytes) -> None:
        told = f"* {len(self.mails)} EXISTS\r\n* OK [UIDNEXT {self.next_uid}] next\r\n"
        peer.say(f"{told}* OK [UIDVALIDITY {self.uidvalidity}] valid\r\n".encode() + tag + b" OK done\r\n")

    def _search(self, peer: Peer, tag: bytes) -> None:
        peer.say(f"* SEARCH {' '.join(map(str, self.mails))}\r\n".encode() + tag + b" OK done\r\n")

    def _move(self, peer: Peer, tag: bytes) -> None:
        uids = _uids(peer.command.split()[2])
        self.moved += [uid for uid in uids if self.mails.pop(uid, None) is not None]
        peer.say(tag + b" OK done\r\n")

    def _fetch(self, peer: Peer, tag: bytes) -> None:
        found = _FETCH.fullmatch(peer.command)
        if found is None:
            raise HangUp
        uids, items = _uids(found[1]), found[2]
        self.asked.append((uids, items))
        for uid in uids:
            if uid not in self.mails:
                continue
            fault = self.faults.get(uid) if "BODY" in items or self.sizes_fail_too else None
            if callable(fault):
                fault(peer, tag)
                return
            raw = self.mails[uid]
            body = fault or b"{%d}\r\n%s" % (len(raw), raw)
            date = b'"21-Nov-2026 12:00:00 +0100"'
            told = b"BODY[] " + body if "BODY" in items else b"RFC822.SIZE %d INTERNALDATE %s" % (len(raw), date)
            peer.say(b"* 1 FETCH (UID %d %s)\r\n" % (uid, told))
        peer.say(tag + b" OK done\r\n")


def _uids(written: str) -> list[int]:
    return [int(uid) for uid in written.split(",")]
