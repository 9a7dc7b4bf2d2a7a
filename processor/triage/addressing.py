"""To whom a mail was addressed, read from every field that says so."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import Message

_DELIVERY_FIELDS = frozenset(("delivered-to", "x-original-to", "envelope-to", "resent-to", "resent-cc"))
_SEPARATORS = str.maketrans(dict.fromkeys('<>,;"()', " "))


def recipients(message: Message) -> tuple[str, ...]:
    """Addresses in Delivered-To, X-Original-To, Envelope-To, Resent-To, Resent-Cc, To and Cc, case-folded.

    Bcc is no proof of anything and is left out (RFC 5230 section 4.5).
    """
    return tuple(dict.fromkeys(address.casefold() for address in _all(message)))


def is_own(address: str, own: frozenset[str]) -> bool:
    """One of these addresses, in any letter case, with or without a plus tag."""
    folded = address.casefold()
    return folded in own or without_tag(folded) in own


def without_tag(address: str) -> str:
    """The address without its plus tag (RFC 5233): accounts+x@desk.example is accounts@desk.example."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def tag_of(address: str) -> str:
    """What stands after the first plus of the local part; empty where there is none."""
    return address.rpartition("@")[0].partition("+")[2]


def _all(message: Message) -> Iterator[str]:
    for name, value in message.headers:
        if name.lower() in _DELIVERY_FIELDS:
            yield from (word for word in value.translate(_SEPARATORS).split() if "@" in word)
    yield from (address.address for address in (*message.to, *message.cc))
