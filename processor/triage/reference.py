"""The reference of a case: how it is minted, read, and signed into Message-IDs and addresses of ours."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Iterator

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
_CHECKS = _SYMBOLS + "*~$=U"  # his check symbols, modulo 37
_LENGTH = 8
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DASHES = str.maketrans(dict.fromkeys("-\u2010\u2011\u2012\u2013\u2014\u2212 \u00a0\u202f"))
_GAP = "[-\u2010-\u2014\u2212 \u00a0\u202f]?"

_MESSAGE_ID = re.compile(r"<?([0-9a-z-]{11,24})\.([0-9a-z-]{1,40})\.([a-z2-7]{26})@[^@<>\s]+>?")
_QUOTED_ID = re.compile(r"<[0-9a-z-]{11,24}\.[0-9a-z-]{1,40}\.[a-z2-7]{26}@[^@<>\s]{1,255}>", re.IGNORECASE)
_VERP_TAG = re.compile(r"b-([0-9a-z]{11,15})-([a-z2-7]{16})")
_PURPOSE = re.compile(r"[0-9a-z-]{1,40}")
_MESSAGE_ID_OCTETS = 16
_VERP_OCTETS = 10  # a local part has 64 octets (RFC 5321 section 4.5.3.1.1)


def mint_reference(prefix: str, draw: Callable[[int], int]) -> str:
    """A new reference such as DD-7K3M-9QXW-S. `draw(n)` gives a number from 0 to n-1: give secrets.randbelow.

    A number whose check symbol would be none of letters and digits is drawn again.
    """
    while True:
        number = draw(len(_SYMBOLS) ** _LENGTH)
        check = _CHECKS[number % len(_CHECKS)]
        if check.isalnum():
            break
    places = range(_LENGTH - 1, -1, -1)
    symbols = "".join(_SYMBOLS[number // len(_SYMBOLS) ** place % len(_SYMBOLS)] for place in places)
    return f"{prefix}-{symbols[:4]}-{symbols[4:]}-{check}"


def read_reference(text: str, prefix: str) -> str | None:
    """The reference as we write it; None where it is none, or its check character does not fit.

    Lower case, other or no dashes, O for 0 and I or L for 1 are forgiven.
    """
    plain = text.strip().translate(_DASHES)
    if not plain.isascii() or not plain.isalnum() or len(plain) != len(prefix) + _LENGTH + 1:
        return None
    plain = plain.upper()
    symbols = plain[len(prefix) :].translate(_MEANT)
    if not plain.startswith(prefix) or "U" in symbols[:-1]:
        return None
    number = 0
    for symbol in symbols[:-1]:
        number = number * len(_SYMBOLS) + _SYMBOLS.index(symbol)
    if _CHECKS[number % len(_CHECKS)] != symbols[-1]:
        return None
    return f"{prefix}-{symbols[:4]}-{symbols[4:8]}-{symbols[8]}"


def references_in(text: str, prefix: str) -> Iterator[str]:
    """Every reference in a text, in its order."""
    word = "[0-9A-Za-z]"
    shape = rf"(?<!\w){re.escape(prefix)}{_GAP}{word}{{4}}{_GAP}{word}{{4}}{_GAP}{word}(?!\w)"
    for match in re.finditer(shape, text, re.IGNORECASE):
        if reference := read_reference(match[0], prefix):
            yield reference


def own_message_id(reference: str, purpose: str, key: bytes, domain: str) -> str:
    """The Message-ID of our mail about a case: <dd-7k3m-9qxw-5.ack.TOKEN@domain>.

    `purpose` tells the mails of a case apart: small letters, digits and dashes, 40 at most.
    """
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError(f"{purpose!r} is not a purpose: write small letters, digits and dashes, 40 at most")
    return f"<{reference.lower()}.{purpose}.{_message_id_token(reference, purpose, key)}@{domain}>"


def reference_of(message_id: str, key: bytes, prefix: str) -> str | None:
    """The reference in a Message-ID that own_message_id made with this key, under any domain; else None."""
    match = _MESSAGE_ID.fullmatch(message_id.strip().lower())
    reference = read_reference(match[1], prefix) if match else None
    if match and reference and hmac.compare_digest(_message_id_token(reference, match[2], key), match[3]):
        return reference
    return None


def own_ids_in(text: str) -> Iterator[str]:
    """Whatever in a text has the shape of a Message-ID of ours; reference_of tells whether it is one."""
    return (match[0] for match in _QUOTED_ID.finditer(text))


def same_message_id(one: str, other: str) -> bool:
    """The same Message-ID of ours, in whatever letter case and under whatever domain somebody repeats it."""
    return _left_of(one) == _left_of(other)


def verp_address(address: str, reference: str, key: bytes) -> str:
    """The address of ours to which a bounce, or an answer, about this case comes back."""
    local, _, domain = address.rpartition("@")
    return f"{local}+b-{reference.replace('-', '').lower()}-{_verp_token(reference, key)}@{domain}"


def reference_of_address(address: str, key: bytes, prefix: str) -> str | None:
    """The reference in an address that verp_address made with this key; else None."""
    tag = address.rpartition("@")[0].rpartition("+")[2].lower()
    match = _VERP_TAG.fullmatch(tag)
    reference = read_reference(match[1], prefix) if match else None
    if match and reference and hmac.compare_digest(_verp_token(reference, key), match[2]):
        return reference
    return None


def _left_of(message_id: str) -> str:
    return message_id.strip(" <>").partition("@")[0].lower()


def _message_id_token(reference: str, purpose: str, key: bytes) -> str:
    return _token(f"message-id:{reference}:{purpose}", key, _MESSAGE_ID_OCTETS)


def _verp_token(reference: str, key: bytes) -> str:
    return _token(f"verp:{reference}", key, _VERP_OCTETS)


def _token(text: str, key: bytes, octets: int) -> str:
    digest = hmac.digest(key, text.encode(), "sha256")[:octets]
    return base64.b32encode(digest).decode().rstrip("=").lower()
