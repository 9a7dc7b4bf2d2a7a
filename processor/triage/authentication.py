"""Whether our own gateway could confirm the sender's domain (DMARC), read from Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.message import Message
from processor.policy import Policy
from processor.triage.correspondent import ascii_domain
from processor.triage.fields import plain_words

_FIELD = "authentication-results"
_AROUND_SIGNS = re.compile(r" ?([=/]) ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """What a field that can be trusted says of the domain in From."""

    dmarc: Literal["pass", "fail", "none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result of an Authentication-Results field (RFC 8601 section 2.2), whoever wrote it: all lower case."""

    server: str  # the authserv-id; what it says is believed only where the policy names it
    method: str  # spf, dkim, dmarc, arc, ...
    result: str  # pass, fail, none, ...
    properties: tuple[tuple[str, str], ...] = ()  # such as header.from and a domain


def every_result(message: Message) -> Iterator[Result]:
    """What all of these fields say, topmost first, trusted or not; to be shown, never to decide by."""
    for value in message.fields(_FIELD):
        server, results = _read(value)
        for words in filter(None, map(_words, results)):
            method, _, result = words[0].partition("=")
            pairs = (word.partition("=") for word in words[1:])
            told = tuple((name, given) for name, equals, given in pairs if equals)
            if result:
                yield Result(server=server, method=method, result=result, properties=told)


def authenticate(message: Message, policy: Policy) -> Authentication:
    """Read the topmost unbroken run of Authentication-Results that carry the policy's authserv-id.

    A fail anywhere in it outweighs a pass, and a pass counts only for the domain of the one From address. Forged fields
    right below our gateway's own cannot be told apart: the gateway must remove them (RFC 8601 section 5).
    """
    verdicts = set(_verdicts(message, policy.acknowledgement.authserv_id))
    if "fail" in verdicts:
        return Authentication(dmarc="fail")
    return Authentication(dmarc="pass" if "pass" in verdicts else "none")


def _verdicts(message: Message, authserv_id: str | None) -> Iterator[str]:
    """The DMARC results; a pass for another domain than that of From is left out."""
    domain = _domain(message.sender.address) if message.sender and not message.from_ambiguous else None
    for resinfo in _trusted(message, authserv_id):
        words = _words(resinfo)
        method, _, result = words[0].partition("=") if words else ("", "", "")
        if method.partition("/")[0] == "dmarc" and (
            result != "pass" or (domain is not None and _header_from(words) == domain)
        ):
            yield result


def _words(resinfo: str) -> list[str]:
    """The method with its result, and each property with its value."""
    return _AROUND_SIGNS.sub(r"\1", " ".join(resinfo.split())).split()


def _header_from(words: list[str]) -> str | None:
    values = (word.removeprefix("header.from=") for word in words if word.startswith("header.from="))
    return _domain(next(values, ""))


def _domain(address: str) -> str | None:
    return ascii_domain(address.rpartition("@")[2].rstrip(".")) or None


def _trusted(message: Message, authserv_id: str | None) -> Iterator[str]:
    """Each result of the fields that our gateway wrote; any other field below the first of them ends the run."""
    if not authserv_id:
        return
    running = False
    for name, value in message.headers:
        server, results = _read(value) if name.lower() == _FIELD else ("", [])
        if server == authserv_id.lower():
            running = True
            yield from results
        elif running:
            return


def _read(value: str) -> tuple[str, list[str]]:
    """The authserv-id, without the version that may follow it, and each result."""
    first, *results = plain_words(value.lower()).split(";")
    return (first.split() or [""])[0], results
