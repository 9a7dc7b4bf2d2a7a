"""Fetches messages of one folder, and finds out which of them it is that the server does not give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from imaplib import IMAP4
from typing import Any, Protocol, TypeVar

from ingest.batches import beginning
from ingest.imap_account import ImapAccount
from ingest.imap_answers import Answer, body, held, size_told
from ingest.imap_errors import FETCH, LOOK, SEARCH, Act, Broken, concerns_all, explained, spoken
from ingest.mailbox import Held, Limits
from ingest.message import FetchedMessage, Withheld
from ingest.start import UNKNOWN_TIME

T = TypeVar("T")
One = TypeVar("One", contravariant=True)
Said = TypeVar("Said", covariant=True)
Enough = Callable[[int, Answer], bool]  # whether this answer to this UID is what was asked for

SIZES = ("RFC822.SIZE", "INTERNALDATE")
NOT_GIVEN = "the server lists it, and gives nothing of it"


class Run(Protocol):
    """Runs a command in the open folder; raises DeskError in the operator's words."""

    def __call__(self, act: Act, command: Callable[[Any], T], /) -> T: ...


@dataclass(slots=True)
class _Answers:
    """What a FETCH gave by UID, and why it gave nothing of others. What is in neither is in the folder no more."""

    given: dict[int, Answer] = field(default_factory=dict)
    why: dict[int, str] = field(default_factory=dict)
    refusals: list[Exception] = field(default_factory=list)


class Fetching:
    """One folder under one UIDVALIDITY.

    Of several messages a refused FETCH is asked for by halves; one that breaks the connection raises Broken, since it
    cannot be told whether a message is at fault or the network. `alone` is for one message, after such a break: the
    server must answer something else first, so that a further break is the message's own.
    """

    def __init__(self, account: ImapAccount, uidvalidity: int, limits: Limits, run: Run) -> None:
        self._account, self._uidvalidity, self._limits, self._run = account, uidvalidity, limits, run

    def held(self, uids: Sequence[int], *, alone: bool = False) -> tuple[list[Held], list[Withheld]]:
        """Sizes and times of those that are still there, in the order asked for."""
        answers = self._answers(uids, SIZES, lambda _uid, answer: size_told(answer), alone=alone)
        unknown = [
            Held(uidvalidity=self._uidvalidity, uid=uid, size=0, received_at=UNKNOWN_TIME) for uid in answers.why
        ]
        return (
            held(answers.given, self._uidvalidity, uids),
            [self._withheld(one, answers.why[one.uid]) for one in unknown],
        )

    def messages(self, batch: Sequence[Held], *, alone: bool = False) -> list[FetchedMessage | Withheld]:
        """What is there of them, in order; a message that another client expunged meanwhile is merely missing."""
        limit, start = self._limits.message_bytes, beginning(self._limits)
        sizes = {message.uid: message.size for message in batch}
        given: dict[int, bytes] = {}
        why: dict[int, str] = {}
        for uids, item in (
            ([uid for uid, size in sizes.items() if size <= limit], "BODY.PEEK[]"),
            ([uid for uid, size in sizes.items() if size > limit], f"BODY.PEEK[]<0.{start}>"),
        ):
            answers = self._answers(uids, [item], lambda uid, answer: body(answer, sizes[uid]) is not None, alone=alone)
            given |= {uid: body(answer, sizes[uid]) or b"" for uid, answer in answers.given.items()}
            why |= answers.why
        return [
            self._fetched(message, given[message.uid], alone=alone)
            if message.uid in given
            else self._withheld(message, why[message.uid])
            for message in batch
            if message.uid in given or message.uid in why
        ]

    def _fetched(self, message: Held, raw: bytes, *, alone: bool) -> FetchedMessage:
        """Servers may estimate RFC822.SIZE: what came whole is as long as it is."""
        start = beginning(self._limits)
        large = message.size > self._limits.message_bytes
        if large:
            raw = raw[:start]  # some servers know nothing of parts, and gave more
        more = large and (len(raw) == start or self._goes_on(message.uid, len(raw), alone=alone))
        return FetchedMessage(
            folder=self._account.folder,
            uidvalidity=self._uidvalidity,
            uid=message.uid,
            received_at=message.received_at,
            size=message.size if more else len(raw),
            raw=raw,
        )

    def _goes_on(self, uid: int, octets: int, *, alone: bool) -> bool:
        """Whether there is more after so many octets: the server gave fewer than it was asked for."""
        key = b"BODY[]<%d>" % octets
        answers = self._answers([uid], [f"BODY.PEEK[]<{octets}.1>"], lambda _uid, answer: key in answer, alone=alone)
        return bool(answers.given.get(uid, {}).get(key))

    def _withheld(self, message: Held, why: str) -> Withheld:
        return Withheld(
            folder=self._account.folder,
            uidvalidity=self._uidvalidity,
            uid=message.uid,
            received_at=message.received_at,
            size=message.size,
            reason=why,
        )

    # What the server says to it.

    def _answers(self, uids: Sequence[int], items: Sequence[str], enough: Enough, *, alone: bool) -> _Answers:
        found = _Answers()
        if not uids:
            return found
        if alone:
            self._run(LOOK, lambda client: client.noop())
            try:
                self._ask_twice(uids, items, enough, found)
            except Broken as error:
                found.why[uids[0]] = error.how
        else:
            self._ask_twice(uids, items, enough, found)
        if found.refusals and not found.given and all(concerns_all(error) for error in found.refusals):
            raise explained(found.refusals[0], self._account, FETCH, deadline_passed=False)
        return found

    def _ask_twice(self, uids: Sequence[int], items: Sequence[str], enough: Enough, found: _Answers) -> None:
        """The second time for what the first one gave nothing of, though the server still lists it."""
        self._ask(uids, items, enough, found)
        if missing := self._still_there([uid for uid in uids if uid not in found.given and uid not in found.why]):
            self._ask(missing, items, enough, found)
            found.why |= {uid: NOT_GIVEN for uid in missing if uid not in found.given and uid not in found.why}

    def _still_there(self, uids: Sequence[int]) -> list[int]:
        """After a NOOP, by which the server tells what other clients expunged (RFC 2180 section 4.1)."""
        if not uids:
            return []
        self._run(LOOK, lambda client: client.noop())
        wanted = ",".join(map(str, uids))
        there = set(self._run(SEARCH, lambda client: client.search(["UID", wanted])))
        return [uid for uid in uids if uid in there]

    def _ask(self, uids: Sequence[int], items: Sequence[str], enough: Enough, found: _Answers) -> None:
        answer = self._run(FETCH, lambda client: _given_or_refusal(client, uids, items))
        if not isinstance(answer, IMAP4.error):
            found.given |= {uid: answer[uid] for uid in uids if uid in answer and enough(uid, answer[uid])}
        elif len(uids) == 1:
            found.refusals.append(answer)
            found.why[uids[0]] = f'the server refused it: "{spoken(answer, self._account)}"'
        else:
            middle = len(uids) // 2
            self._ask(uids[:middle], items, enough, found)
            self._ask(uids[middle:], items, enough, found)


class Ask(Protocol[One, Said]):
    """Asks for some; for one that is alone, as `Fetching` does."""

    def __call__(self, some: Sequence[One], /, *, alone: bool = False) -> Said: ...


def alone_where_together_breaks(ask: Ask[One, Said], some: Sequence[One]) -> Iterator[Said]:
    """What is said of all of them; where asking that breaks the connection, of one after the other."""
    try:
        together = ask(some)
    except Broken:
        for one in some:
            yield ask([one], alone=True)
    else:
        yield together


def _given_or_refusal(client: Any, uids: Sequence[int], items: Sequence[str]) -> Mapping[int, Answer] | IMAP4.error:
    """A refusal is a value, so that it costs no connection. The first one may only mean that another client expunged
    one of these messages; after a NOOP the server passes over it (RFC 2180 section 4.1.2).
    """
    try:
        return _fetched(client, uids, items)
    except IMAP4.abort:
        raise
    except IMAP4.error:
        client.noop()
    try:
        return _fetched(client, uids, items)
    except IMAP4.abort:
        raise
    except IMAP4.error as error:
        return error


def _fetched(client: Any, uids: Sequence[int], items: Sequence[str]) -> Mapping[int, Answer]:
    answer: Mapping[int, Answer] = client.sizes(uids) if items is SIZES else client.fetch(uids, items)
    return answer
