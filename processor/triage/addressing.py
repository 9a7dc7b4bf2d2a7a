"""To whom a mail was addressed, read from every field that says so."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import Message

_DELIVERY_FIELDS = ("Resent-To", "Resent-Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_SEPARATORS = str.maketrans(dict.fromkeys('<>,;"()', " "))
_MOST = 1_000  # addresses read in one mail


def recipients(message: Message) -> tuple[str, ...]:
    """Addresses in To, Cc, Resent-To, Resent-Cc, Delivered-To, X-Original-To and Envelope-To, case-folded.

    Bcc is no proof of anything and is left out (RFC 5230 section 4.5).
    """
    found: list[str] = []
    for address in _all(message):
        if len(found) == _MOST:
            break
        found.append(address.casefold())
    return tuple(dict.fromkeys(found))


def without_tag(address: str) -> str:
    """The address without its plus tag (RFC 5233): accounts+x@desk.example is accounts@desk.example."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def tag_of(address: str) -> str:
    """What stands after the first plus of the local part; empty where there is none."""
    return address.rpartition("@")[0].partition("+")[2]


def _all(message: Message) -> Iterator[str]:
    yield from (address.address for address in (*message.to, *message.cc))
    for name in _DELIVERY_FIELDS:
        for value in message.fields(name):
            yield from (word for word in value.translate(_SEPARATORS).split() if "@" in word)
