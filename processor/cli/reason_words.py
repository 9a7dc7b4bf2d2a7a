"""Why no acknowledgement goes out, in words for people who know none of the codes."""

from __future__ import annotations

IN_WORDS = {
    "NULL_SENDER": "it came without a return address, as machines' mail does",
    "AUTO_SUBMITTED": "it says of itself that a machine wrote it",
    "LIST": "it came by a mailing list",
    "PRECEDENCE": "it says of itself that it is bulk mail",
    "SUPPRESS": "it asks for no automatic answer",
    "X_AUTO": "it bears the sign of an automatic answer",
    "LOOP": "it has gone in circles between mail servers",
    "SELF": "it comes from an address of the desk itself",
    "SYSTEM": "it comes from a mail system, not from a person",
    "NOREPLY": "its sender's address says that nobody reads answers there",
    "DSN": "it reports on the delivery of a mail",
    "MDN": "it is a read receipt",
    "ARF": "it is a complaint about a mail",
    "CALENDAR": "it is the answer to an invitation",
    "NOT_ADDRESSED": "no address of the desk is among its recipients",
    "AUTH_FAIL": "its sender is not who it says (DMARC failed)",
    "FROM_AMBIGUOUS": "it does not name exactly one sender",
    "SPAM": "the mail gateway marked it as spam",
    "LIMITED": "its header is too large to be read whole",
    "EXISTING": "it joins a case that was acknowledged before, or its writer has no part in that case",
    "PING_PONG": "it may be a machine's answer to our own acknowledgement",
    "RATE_ADDRESS": "this sender has got enough acknowledgements for now",
    "RATE_DOMAIN": "senders of this domain have got enough acknowledgements for now",
    "RATE_ALL": "the desk has sent enough acknowledgements for now",
    "SUPPRESSED": "its sender's address gets no automatic mail",
    "STALE": "it came too long ago: the promise would be false",
    "QUARANTINED": "nobody could read it",
    "DRY_RUN": "the desk is set to send no acknowledgements at all",
}
