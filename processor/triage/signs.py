"""The header fields by which a machine shows itself, and the sender addresses that only machines have."""

from __future__ import annotations

from collections.abc import Callable

from ingest.message import LOOP_FIELD
from processor.triage.bounce import has_null_sender
from processor.triage.fields import Fields, first_token, without_comments
from processor.triage.reasons import Code

_LIST_FIELDS = frozenset(("mailing-list", "x-beenthere", "x-mailman-version"))
_PRECEDENCES = frozenset(("bulk", "junk", "list", "auto_reply", "auto-reply"))
_SUPPRESSING = frozenset(("all", "autoreply", "oof"))  # MS-OXCMAIL; DR speaks of receipts alone
_X_AUTO = (
    "x-autoreply",
    "x-auto-reply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoresponse",
    "x-fc-machinegenerated",
)
_SYSTEMS = frozenset(("mailer-daemon", "listserv", "majordomo"))


def is_system_address(address: str, postmaster_allowed: bool) -> bool:
    """The local part is a mail system's (RFC 5230 section 4.6); the domain may be missing, as in <MAILER-DAEMON>."""
    plain = address.strip(' <>"').casefold()
    local, at, _ = plain.rpartition("@")
    name = (local if at else plain).partition("+")[0]
    if name == "postmaster":
        return not postmaster_allowed
    return name in _SYSTEMS or name.startswith("owner-") or name.endswith("-request")


def first_value(fields: Fields, name: str) -> str:
    """The topmost value of a field, without comments and parameters, in lower case; empty where there is none."""
    return first_token(fields.get(name, ("",))[0])


def loop(fields: Fields, most_received: int) -> str | None:
    """What shows that the mail goes round: our own field, or more servers on its way than are plausible."""
    if LOOP_FIELD.lower() in fields:
        return LOOP_FIELD
    hops = len(fields.get("received", ()))
    return f"{hops} Received fields" if hops > most_received else None


def _null_sender(fields: Fields) -> str | None:
    return "Return-Path: <>" if has_null_sender(fields) else None


def _auto_submitted(fields: Fields) -> str | None:
    """Anything but `no` is automatic, an empty value and words of the future too (RFC 3834 section 2)."""
    values = fields.get("auto-submitted", ())
    return next((f"Auto-Submitted: {value}" for value in values if first_token(value) != "no"), None)


def _list(fields: Fields) -> str | None:
    named = (name for name in fields if name.startswith("list-") or name in _LIST_FIELDS)
    return next((f"{name}: {fields[name][0]}" for name in named), None)


def _precedence(fields: Fields) -> str | None:
    values = (value for name in ("precedence", "x-precedence") for value in fields.get(name, ()))
    return next((f"Precedence: {value}" for value in values if first_token(value) in _PRECEDENCES), None)


def _suppress(fields: Fields) -> str | None:
    for value in fields.get("x-auto-response-suppress", ()):
        tokens = {token.strip().lower() for token in without_comments(value).split(",")}
        if tokens & _SUPPRESSING:
            return f"X-Auto-Response-Suppress: {value}"
    return None


def _x_auto(fields: Fields) -> str | None:
    return next((f"{name}: {fields[name][0]}" for name in _X_AUTO if name in fields), None)


FIELD_SIGNS: tuple[tuple[Code, Callable[[Fields], str | None]], ...] = (
    (Code.NULL_SENDER, _null_sender),
    (Code.AUTO_SUBMITTED, _auto_submitted),
    (Code.LIST, _list),
    (Code.PRECEDENCE, _precedence),
    (Code.SUPPRESS, _suppress),
    (Code.X_AUTO, _x_auto),
)
