"""Reads the reports that mail systems write in words alone: who was not reached, and what was said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from ingest.headers import message_ids
from ingest.message import ReportedRecipient
from ingest.status import answer_code, told_status, written_status

READ = 65_536  # characters of a report
_LINES = 1_000
_LINE = 600  # characters of a line that are looked at
_ON_A_LINE = 3  # addresses
_MOST = 100  # recipients
_NEAR = 100  # characters before an address that say what it is
_DIAGNOSTIC = 1_000
_PART = r"[^\s<>()\[\]:;,\"'|=*：；，、（）「」]"
_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,255}}")
_HEADER = re.compile(r"(?:received|return-path|dkim-signature|mime-version|x-received)[ \t]*:", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"message-id[ \t]*:", re.IGNORECASE)
_COPY = re.compile(
    r"\W*(?:below this line |below |this |here |included |enclosed )?(?:is |are )?(?:an? |the )?"
    r"(?:(?:original|unsent|returned|undelivered) (?:message|mail)(?: headers?| info\w*)?"
    r"|copy of (?:the|your)[a-z ]{0,20} (?:message|mail)|message (?:headers?|text)|headers? of the original message)"
    r"(?: follows?| is following|,? including[a-z ,]{0,40})?[ .:|-]*",
    re.IGNORECASE,
)
_COPY_LENGTH = 120
_STARTS = re.compile(r"[\s>*|\"'<-]*")
_GOES_ON = re.compile(r"[>\"')]*(?:\s*(?:$|[:(\[]|\.\.\.|<mailto:|- )|\s+on \w)")
_INTRODUCED = re.compile(
    r"(?:recipients?(?: address)?|addressed? to|address|rcpt(?: to)?|(?:deliver\w{0,5}|send|sent)[^@]{0,60} to"
    r"|undeliverable to|reach[^@]{0,40}|unknown user|invalid final delivery userid|delivery failed"
    r"|delivering your mail to|permanent errors|user mailbox|destinat[aá]\w*|empfänger\w*|получател\w*|宛先|收件人\w*)"
    r"[\s:：<\"'*-]*$",
    re.IGNORECASE,
)
_SOMEBODY_ELSE = re.compile(
    r"(?:\bfrom|sender|contact|hello|\bhi|dear|message-id|assistance|help|please)[^@]{0,20}$", re.IGNORECASE
)
_TO = re.compile(r"[\s|]*(?:to|addressed to)[ \t]*:", re.IGNORECASE)
_TRANSCRIPT = re.compile(r"\s*[45]\d\d[ -][\d. ]{0,10}<?$")
_SUBJECT = re.compile(r"[\W]*subject[ \t]*:", re.IGNORECASE)  # the returned mail's own, whatever it speaks of
_DELAY = re.compile(
    r"(?:message|mail|delivery|been|is|was)[^.]{0,40} delayed|delayed mail|\(delay\)|still being retried"
    r"|will be retried|will continue|not yet been delivered|warning (?:message )?only"
    r"|warning: (?:message|could not send)"
    r"|need to re-?send|temporary failure|keep trying|attempts? will[^.]{0,30} continue|delivery incomplete"
)
_GIVEN_UP = re.compile(
    r"permanent (?:\w{1,10} )?(?:error|failure)|failed permanently|giving up|given up|not going to try"
    r"|no further (?:delivery )?attempts"
)
_SUCCESS = re.compile(
    r"success(?:ful|fully)?\b[^.]{0,40}(?:deliver|relay)|(?:deliver|relay)\w{0,4} success", re.IGNORECASE
)


@dataclass(slots=True)
class _Said:
    """A recipient, and the lines that speak of him."""

    address: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """What a report in words says."""

    recipients: tuple[ReportedRecipient, ...]  # at least one, without an address where it names none
    names_somebody: bool  # they are about somebody who was not reached, and he is not the reader
    original_message_id: str | None = None  # of the mail that is quoted after the words


def read_undelivered(text: str, subject: str, named: Sequence[str] = (), own: str = "") -> Undelivered:
    """What a report in words says of each recipient.

    `named` are those that the mail's header tells already, `own` the field that says to whom the report itself goes.
    """
    lines, rest = _parted([line[:_LINE] for line in text[:READ].splitlines()[:_LINES] if not _SUBJECT.match(line)])
    said, before = _said(lines, named)
    names_somebody = any(one.address.casefold() not in own.casefold() for one in said)
    if not said:
        of_session = list(dict.fromkeys(_matching(lines, _TRANSCRIPT)))
        weakly = chain(_matching(lines + rest, _TO), _mentioned(lines, own.casefold()))
        addresses = list(named) or of_session or list(islice(weakly, 1)) or [""]
        said, before = [_Said(address, _lines_of(address, lines, addresses)) for address in addresses], lines
    lasting = not is_delay(lines, subject)
    recipients = tuple(_reported(one, before, subject, lasting) for one in said[:_MOST])
    original = message_ids(tuple(line.partition(":")[2] for line in rest if _MESSAGE_ID.match(line))[:1])
    return Undelivered(
        recipients=recipients, names_somebody=names_somebody, original_message_id=original[0] if original else None
    )


def is_delay(lines: Iterable[str], subject: str) -> bool:
    """It says that the mail is still on its way."""
    words = " ".join((subject, *lines)).lower()
    return _DELAY.search(words) is not None and _GIVEN_UP.search(words) is None


def _parted(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of the report, and those of the mail that it brings back."""
    for number, line in enumerate(lines):
        if _HEADER.match(line) or (len(line) < _COPY_LENGTH and _COPY.fullmatch(line)):
            return lines[:number], lines[number:]
    return lines, []


def _said(lines: list[str], named: Sequence[str]) -> tuple[list[_Said], list[str]]:
    """Each recipient with the lines from his address to the next one's, and the lines before all of them."""
    known: dict[str, _Said] = {}
    before: list[str] = []
    wanted = {address.casefold() for address in named}
    current: _Said | None = None
    depth = _LINE
    for line in lines:
        address = _recipient(line, depth)
        if address and (not wanted or address.casefold() in wanted):
            depth = min(depth, _indent(line))
            current = known.setdefault(address.casefold(), _Said(address))
        (current.lines if current else before).append(line)
    return list(known.values()), before


def _recipient(line: str, depth: int) -> str:
    """The address that this line is about; none that a server's words only mention, deeper in or further on."""
    for found in islice(_ADDRESS.finditer(line), _ON_A_LINE) if "@" in line else ():
        lead, tail = line[: found.start()], line[found.end() :]
        near = lead[-_NEAR:]
        begins = _STARTS.fullmatch(lead) and _indent(line) <= depth and (_GOES_ON.match(tail) or _tells(tail))
        if begins or (_INTRODUCED.search(near) and not answer_code(near)):
            return found[0].rstrip(".")
        if not _SOMEBODY_ELSE.search(near):
            break
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _tells(words: str) -> bool:
    return bool(written_status(words) or answer_code(words))


def _matching(lines: Iterable[str], lead: re.Pattern[str]) -> Iterator[str]:
    """The first address of each line that begins so."""
    for line in lines:
        found = _ADDRESS.search(line) if "@" in line else None
        if found and lead.match(line[: found.start()]):
            yield found[0].rstrip(".")


def _mentioned(lines: Iterable[str], own: str) -> Iterator[str]:
    """Addresses in sentences, but for those of the reader and of who helps him."""
    for line in lines:
        for found in islice(_ADDRESS.finditer(line), _ON_A_LINE) if "@" in line else ():
            address = found[0].rstrip(".")
            if address.casefold() not in own and not _SOMEBODY_ELSE.search(line[: found.start()][-_NEAR:]):
                yield address


def _lines_of(address: str, lines: list[str], addresses: list[str]) -> list[str]:
    """Of a transcript with several recipients, those that name him."""
    return lines if len(addresses) == 1 else [line for line in lines if address in line]


def _reported(said: _Said, before: list[str], subject: str, lasting: bool) -> ReportedRecipient:
    """His own lines decide; where they tell nothing those before all recipients, then the subject.

    The subject is not shown as words about him where there are others: it may be that of our own mail.
    """
    for source in (said.lines, before, [subject]):
        words = " ".join(" ".join(source).split())
        status = written_status(words) or told_status(words, lasting=lasting)
        if status:
            break
    else:
        status = _default([subject, *before, *said.lines], lasting)
    shown = (_without(said.address, _telling(lines, lasting)) for lines in (said.lines, before))
    telling = before if source is before else ()
    return ReportedRecipient(
        recipient=said.address,
        action="delivered" if status[0] == "2" else "failed" if lasting else "delayed",
        status=status,
        diagnostic=(_telling(telling, lasting) or next(filter(None, shown), "") or subject)[:_DIAGNOSTIC],
        inferred=status not in " ".join(source),
    )


def _default(lines: list[str], lasting: bool) -> str:
    """The status of what tells no more than whether it worked."""
    return "2.0.0" if _SUCCESS.search(" ".join(lines)) else "5.0.0" if lasting else "4.0.0"


def _without(address: str, words: str) -> str:
    """The words without the address with which they begin, in whatever brackets."""
    bare = words.lstrip("<\"'*- ")
    return bare.removeprefix(address).lstrip(">\"': ") if bare.startswith(address) else words


def _telling(lines: Sequence[str], lasting: bool) -> str:
    """The words from the first line that has a code, else from the first that tells something, else all."""
    for tells in (_tells, lambda line: told_status(line, lasting=lasting)):
        for number, line in enumerate(lines):
            if tells(line):
                return " ".join(" ".join(lines[number:]).split())
    return " ".join(" ".join(lines).split())
