"""Whom an address reaches, however it is written: caps count mailboxes, so that no spelling of one passes them."""

from __future__ import annotations

import unicodedata

from processor.triage.addressing import without_tag

_DOTS_DO_NOT_COUNT = frozenset(("gmail.com", "googlemail.com"))  # and they are one domain
_QUOTING = str.maketrans("", "", '"\\')


def mailbox_of(address: str) -> str:
    """The same for every spelling: letter case, plus tag, quoting, and U-label or A-label domain do not count."""
    local, _, domain = without_tag(address.translate(_QUOTING).casefold()).rpartition("@")
    domain = ascii_domain(domain)
    if domain in _DOTS_DO_NOT_COUNT:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{unicodedata.normalize('NFC', local)}@{domain}"


def ascii_domain(domain: str) -> str:
    """The domain in A-labels (RFC 5890), lower case; as it is where it has none."""
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode().lower()
    except UnicodeError:
        return domain.casefold()
