"""A colleague who sends on a client's mail: the client is found, and offered as the requester."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ingest.message import Message
from processor.policy import Policy
from processor.triage.addressing import is_own
from processor.triage.automatic import Kind
from processor.triage.correlation import Correlation, Standing
from processor.triage.redaction import redact

_MOST = 20  # mails within one mail that are looked at
_NAME_LENGTH = 200  # characters
_ADDRESS_LENGTH = 254  # octets (RFC 5321 section 4.5.3.1.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """For whom a colleague wrote, as far as his mail says. Anybody can write such a mail: a person accepts it."""

    address: str
    name: str  # as people may read it
    how: str  # "forwarded" in the text, or "attached"


def offered(message: Message, kind: Kind, correlation: Correlation, policy: Policy) -> Offer | None:
    """The writer of the outermost mail sent on that is neither ours nor a colleague's; None where nobody is offered.

    Only a colleague offers somebody, and none whose sender is refuted or not exactly one.
    """
    sender = message.sender
    if kind is not Kind.PERSON or sender is None or message.from_ambiguous:
        return None
    if correlation.standing is Standing.NOT_CONFIRMED or not is_colleague(sender.address, policy):
        return None
    known = correlation.case.participants if correlation.case else frozenset()
    found = (one for one in islice(_sent_on(message), _MOST) if not _inside(one.address, policy))
    client = next(found, None)
    return None if client is None or client.address.casefold() in known else client


def is_colleague(address: str, policy: Policy) -> bool:
    """One of the policy's colleagues, and none of the desk's own addresses."""
    folded = address.casefold()
    named = policy.colleagues
    return (folded in named or folded.rpartition("@")[2] in named) and not is_own(address, policy.desk.own_addresses)


def _inside(address: str, policy: Policy) -> bool:
    return is_own(address, policy.desk.own_addresses) or is_colleague(address, policy)


def _sent_on(message: Message) -> Iterator[Offer]:
    for header in message.forwarded:
        if header.from_ is not None:
            yield from _offer(header.from_.address, header.from_name or header.from_.name, "forwarded")
    for attached in message.attached_messages:
        if len(attached.from_) == 1:
            yield from _offer(attached.from_[0].address, attached.from_[0].name, "attached")


def _offer(address: str, name: str, how: str) -> Iterator[Offer]:
    if len(address.encode(errors="replace")) <= _ADDRESS_LENGTH:
        yield Offer(address=address, name=redact(name).text[:_NAME_LENGTH], how=how)
