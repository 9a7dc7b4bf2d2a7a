"""What kind of writer a mail has, a person or a machine, and the signs that show it (RFC 3834, 3464, 8098, 5965)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ingest.message import Message
from processor.policy.desk import Acknowledgement
from processor.triage.fields import Fields, by_name
from processor.triage.noreply import is_noreply
from processor.triage.reasons import Code, Reason
from processor.triage.signs import FIELD_SIGNS, first_value, is_system_address, loop
from processor.triage.subject import has_automatic_prefix

__all__ = ["REPORTING", "Automatic", "Code", "Kind", "Reason", "read_automatic", "reports_on_our_mail"]

_REPORTS = {"delivery-status": Code.DSN, "disposition-notification": Code.MDN, "feedback-report": Code.ARF}
_CALENDAR_ANSWERS = frozenset(("REPLY", "COUNTER"))  # RFC 5546
_ORDER = {code: place for place, code in enumerate(Code)}


class Kind(StrEnum):
    """Who wrote the mail."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    RECEIPT = "receipt"
    COMPLAINT = "complaint"
    CALENDAR_REPLY = "calendar_reply"
    LIST = "list"  # a newsletter or a mailing list
    SYSTEM = "system"  # any other machine


REPORTING = frozenset((Kind.BOUNCE, Kind.RECEIPT, Kind.COMPLAINT, Kind.AUTO_REPLY))  # what became of a mail
_KINDS = (  # the first that holds decides
    (Kind.COMPLAINT, frozenset((Code.ARF,))),
    (Kind.BOUNCE, frozenset((Code.DSN,))),
    (Kind.RECEIPT, frozenset((Code.MDN,))),
    (Kind.CALENDAR_REPLY, frozenset((Code.CALENDAR,))),
    (Kind.AUTO_REPLY, frozenset((Code.X_AUTO,))),
    (Kind.LIST, frozenset((Code.LIST, Code.PRECEDENCE))),
    (Kind.SYSTEM, frozenset((Code.NULL_SENDER, Code.AUTO_SUBMITTED, Code.LOOP, Code.SYSTEM, Code.NOREPLY))),
)  # SUPPRESS alone asks for silence; people's own programs set it too


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """The kind of writer, and each sign of a machine: a reason not to acknowledge."""

    kind: Kind
    signs: tuple[Reason, ...] = ()


def read_automatic(message: Message, settings: Acknowledgement) -> Automatic:
    """Look at every sign; each that holds is recorded once, with the first field that shows it."""
    fields = by_name(message)
    own = tuple(_own_signs(message, fields))
    signs = (*own, *_policy_signs(message, fields, settings))
    ordered = tuple(sorted(signs, key=lambda sign: _ORDER[sign.code]))
    return Automatic(kind=_kind(message, fields, ordered), signs=ordered)


def reports_on_our_mail(message: Message) -> bool:
    """A machine tells what became of a mail: bounce, receipt, complaint or automatic answer."""
    return _kind_of(message) in REPORTING


def brings_back(message: Message) -> bool:
    """A bounce or a complaint: the mail that is attached to it, or quoted in it, is one that its sender got."""
    return _kind_of(message) in (Kind.BOUNCE, Kind.COMPLAINT)


def _kind_of(message: Message) -> Kind:
    fields = by_name(message)
    return _kind(message, fields, tuple(_own_signs(message, fields)))


def _own_signs(message: Message, fields: Fields) -> Iterator[Reason]:
    """The signs that hold whoever the sender is."""
    shown = {code: evidence for code, sign in FIELD_SIGNS if (evidence := sign(fields)) is not None}
    if has_automatic_prefix(message.subject):
        shown.setdefault(Code.X_AUTO, f"Subject: {message.subject}")
    for code, evidence in shown.items():
        yield Reason(code=code, evidence=evidence)
    if (report := _report(message)) is not None:
        yield report
    answers = _CALENDAR_ANSWERS.intersection(message.calendar_methods)
    if answers:
        yield Reason(code=Code.CALENDAR, evidence=f"METHOD:{min(answers)}")


def _report(message: Message) -> Reason | None:
    """What the mail reports, be it as a multipart/report or in the way of some mail system."""
    if message.report is None or (code := _REPORTS.get(message.report.kind)) is None:
        return None
    return Reason(code=code, evidence=message.report.shown_by or message.report.kind)


def _policy_signs(message: Message, fields: Fields, settings: Acknowledgement) -> Iterator[Reason]:
    """LOOP; SYSTEM by From or Return-Path; NOREPLY by From alone: display names and Reply-To prove nothing."""
    if (going_round := loop(fields, settings.most_received)) is not None:
        yield Reason(code=Code.LOOP, evidence=going_round)
    written = [address.address for address in message.from_]
    if not written:  # such as "MAILER-DAEMON <>" or "Mail System <MAILER-DAEMON>", which are no addresses
        written = [part for value in fields.get("from", ()) for part in (value, value.rpartition("<")[2])]
    for address in (*written, *fields.get("return-path", ())):
        if is_system_address(address, settings.postmaster):
            yield Reason(code=Code.SYSTEM, evidence=address)
            break
    unread = next((sender.address for sender in message.from_ if is_noreply(sender.local)), None)
    if unread is not None:
        yield Reason(code=Code.NOREPLY, evidence=unread)


def _kind(message: Message, fields: Fields, signs: tuple[Reason, ...]) -> Kind:
    codes = {sign.code for sign in signs}
    kind = next((kind for kind, signs_of_it in _KINDS if codes & signs_of_it), Kind.PERSON)
    if kind in (Kind.PERSON, Kind.SYSTEM, Kind.LIST) and _answers_by_itself(message, fields, codes):
        return Kind.AUTO_REPLY
    return kind


def _answers_by_itself(message: Message, fields: Fields, codes: set[Code]) -> bool:
    """An answer by its Auto-Submitted, its Precedence, or because nobody could answer it in turn."""
    if first_value(fields, "auto-submitted") == "auto-replied":
        return True
    if first_value(fields, "precedence") in ("auto_reply", "auto-reply"):
        return True
    return Code.NULL_SENDER in codes and bool(message.in_reply_to or message.references)
