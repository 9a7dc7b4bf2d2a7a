"""What a mail server's words say of an address (RFC 5321, RFC 3463): is it the address that cannot be reached?"""

from __future__ import annotations

import re

# The code of a reply and, where the server tells one, its enhanced status code: "550 5.1.1", "550-#5.1.1". The subjects
# of RFC 3463 end with 7, so "Exim 4.94.2" is no status.
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])(?:[ -]+#?(?=([45]\.[0-7]\.\d{1,3})(?![\d.])))?")
_ALONE = re.compile(r"(?<![\d.])([45]\.[0-7]\.\d{1,3})(?![\d.])")

# RFC 3463 and IANA's list: X.1.* speaks of addresses, X.2.* of mailboxes. Not among these are X.1.7 and X.1.8, which
# speak of the sender's address, and X.1.9: then the address is well, and we or somebody between is not.
_DEAD = frozenset(f"5.{end}" for end in ("1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.1"))
_ABSENT = frozenset(
    f"4.{end}" for end in ("1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.0", "2.1", "2.2", "2.4")
)
_UNSPECIFIC = frozenset(("5.0.0", "5.2.0", "5.3.0", "5.5.0"))  # "other or undefined": no more than the class
_NOT_FOR_HIM = frozenset(("550", "551", "553"))  # RFC 5321 section 4.2.3: of the mailbox, or of our permission
_CODED = re.compile(r"(?<![\w.@-])[45](?:\d\d|\.\d\.\d{1,3})(?![\w@])")
_ROUTES = re.compile(r"unrouteable|relay|route", re.IGNORECASE)
_UNKNOWN_THERE = re.compile(r"recipient address rejected: access denied", re.IGNORECASE)  # Exchange Online's 5.4.1
_NOBODY = re.compile(
    r"no such (?:user|mailbox|recipient|person|address|account)"
    r"|(?:unknown|invalid|unrouteable|nonexistent|non-existent) (?:local )?(?:user|mailbox|recipient|address|account)"
    r"|(?:user|mailbox|recipient|address|account)(?: is)?"
    r" (?:unknown|unavailable|disabled|inactive|not found|does ?n[o']t exist|does not exist)",
    re.IGNORECASE,
)


def status_of(words: str) -> str:
    """The enhanced status code in a server's words, such as 5.1.1; empty where there is none."""
    coded = next((reply[2] for reply in _REPLY.finditer(words) if reply[2]), None)
    alone = _ALONE.search(words) if coded is None else None
    return coded or (alone[1] if alone else "")


def is_dead(status: str, words: str) -> bool:
    """Refused for ever, because of the address: nobody is there, whoever writes.

    `status` is what a report says beside the server's words; empty where there is only those. A refusal because of us
    (5.7.*: policy, authentication), of the mail (5.2.3, 5.3.4, 5.6.*) or of the way (5.3.*, 5.4.*) is none of the
    address, and nor is a full mailbox. Where the code tells nothing, a sentence that says so counts after 550, 551
    or 553.
    """
    told = next((code for code in (status, status_of(words)) if code and code not in _UNSPECIFIC), None)
    if told == "5.4.1" and _UNKNOWN_THERE.search(words):
        return True
    if told is not None:
        return told in _DEAD
    reply = _REPLY.search(words)
    return reply is not None and reply[1] in _NOT_FOR_HIM and _NOBODY.search(words) is not None


def says_nobody(words: str) -> bool:
    """A mail system says without any code that nobody has the address: not that it found no way to it."""
    return not _CODED.search(words) and _NOBODY.search(words) is not None and _ROUTES.search(words) is None


def is_absent(words: str) -> bool:
    """Refused for now, because of the address: enough to give it up where it lasted for days."""
    return status_of(words) in _ABSENT
