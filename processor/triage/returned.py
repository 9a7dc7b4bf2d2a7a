"""What a delivery report or a complaint says of a mail of ours, and what follows for its recipient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from ingest.message import Message, ReportedRecipient
from processor.triage.addressing import recipients as recipients_of
from processor.triage.automatic import Kind
from processor.triage.bounce import returned_ids
from processor.triage.context import SentMail
from processor.triage.correlation import Correlation, Standing
from processor.triage.redaction import redact
from processor.triage.reference import same_message_id
from processor.triage.refusal import is_dead, says_nobody

WORDS_LENGTH = 300  # characters of what a server said
_ACTIONS = {"2": "delivered", "4": "delayed", "5": "failed"}  # by the class of a status whose action is not told
_ON_ITS_WAY = frozenset(("delivered", "relayed", "expanded"))  # RFC 3464 section 2.3.3
_NO_COMPLAINTS = frozenset(("not-spam", "auth-failure"))  # RFC 6430, RFC 6591


class Fate(StrEnum):
    """What became of the mail, so that "acknowledgement bounced" can be said of it."""

    BOUNCED = "bounced"  # it was not delivered, and will not be
    DELAYED = "delayed"  # not yet delivered; it is still tried
    HANDED_ON = "handed on"  # delivered, or to where no more is heard of it
    COMPLAINED_OF = "complained of"
    REPORTED_ON = "reported on"  # anything else, such as failed for some of those behind the address


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRecipient:
    """What the report says of one recipient, as people may read it."""

    address: str
    ours: bool  # we wrote to this very address
    action: str  # failed, delayed, delivered, relayed, expanded, or a kind of complaint; empty where none is told
    status: str  # RFC 3463; empty where none is told
    words: str  # the server's
    inferred: bool = False  # the status is written nowhere: the words come to it

    @property
    def told(self) -> str:
        """Status and words, each once; a status that is written nowhere only where there are no words."""
        stands = self.status in self.words or (self.inferred and self.words)
        told = self.words if stands else f"{self.status} {self.words}"
        return told.strip() or self.action

    @property
    def is_dead(self) -> bool:
        """Nobody has the address, say its server's words or, in words of its own, the mail system that reports."""
        if self.inferred:
            return is_dead("", self.words) or says_nobody(self.words)
        return is_dead(self.status, self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A report under our own token on a mail of ours, and what follows from it."""

    fate: Fate
    mail: SentMail | None  # None where the report tells of none, or of several
    recipients: tuple[ReturnedRecipient, ...]  # at least one
    suppress: str | None  # why the recipient of our mail gets no automatic mail any more; None where he still does
    believed: bool  # False: its sender is refuted, and nothing follows

    @property
    def came_back(self) -> bool:
        """The mail is to be taken for undelivered."""
        return self.fate is Fate.BOUNCED and self.believed and self.mail is not None

    @property
    def words(self) -> str:
        """What is said of him we wrote to, else of the first who stands behind him."""
        return next((one for one in self.recipients if one.ours), self.recipients[0]).told


def read_returned(message: Message, kind: Kind, correlation: Correlation) -> Returned | None:
    """A bounce or complaint counts only under our own token; None where it has none, and of any other mail.

    Who goes on the suppression list is he whom we wrote to, never an address that the report chooses.
    """
    if correlation.case is None or correlation.how != "token" or kind not in (Kind.BOUNCE, Kind.COMPLAINT):
        return None
    mail = _mail(message, correlation.case.sent)
    groups = message.report.recipients if message.report else ()
    if kind is Kind.COMPLAINT:
        feedback = (message.report.feedback if message.report else "") or "complaint"
        recipients = _shown(groups or (_told_of(mail, action=feedback),), mail)
        fate, reason = _complaint(feedback)
    else:
        recipients = _shown(groups or (_told_of(mail, action=""),), mail)
        fate, reason = _bounce(recipients)
    believed = correlation.standing is not Standing.NOT_CONFIRMED
    return Returned(
        fate=fate,
        mail=mail,
        recipients=recipients,
        suppress=reason if believed and mail else None,
        believed=believed,
    )


def _mail(message: Message, sent: Sequence[SentMail]) -> SentMail | None:
    """The one that the report brings back, or whose signed envelope sender it is addressed to; else the one that it
    answers. A report that brings back a mail of somebody else is not about ours, though it be of the same thread.
    """
    returned = tuple(returned_ids(message))
    known = (mail for name in returned for mail in sent if same_message_id(name, mail.message_id))
    if (mail := next(known, None)) is not None:
        return mail
    addressed = recipients_of(message)
    signed = [mail for mail in sent if mail.envelope_from and mail.envelope_from.casefold() in addressed]
    if signed or returned:
        return signed[0] if len(signed) == 1 else None
    answered = chain(message.in_reply_to, reversed(message.references))
    return next((mail for name in answered for mail in sent if same_message_id(name, mail.message_id)), None)


def _shown(groups: Sequence[ReportedRecipient], mail: SentMail | None) -> tuple[ReturnedRecipient, ...]:
    ours = mail.recipient if mail else ""
    named = ((group, group.recipient or ours) for group in groups)  # whom a report does not name it can only mean
    return tuple(
        ReturnedRecipient(
            address=redact(address).text,
            ours=bool(ours) and address.casefold() == ours.casefold(),
            action=group.action or _ACTIONS.get(group.status[:1], ""),
            status=group.status,
            words=redact(group.diagnostic).text[:WORDS_LENGTH],
            inferred=group.inferred,
        )
        for group, address in named
    )


def _bounce(recipients: Sequence[ReturnedRecipient]) -> tuple[Fate, str | None]:
    """What is said of him we wrote to decides; where he is not named, what is said of all who stand behind him."""
    about = [one for one in recipients if one.ours] or recipients
    actions = {one.action for one in about}
    if actions == {"failed"}:
        dead = all(one.is_dead for one in about)
        return Fate.BOUNCED, f"came back: {about[0].told}" if dead else None
    if actions == {"delayed"}:
        return Fate.DELAYED, None
    return (Fate.HANDED_ON if actions <= _ON_ITS_WAY else Fate.REPORTED_ON), None


def _complaint(feedback: str) -> tuple[Fate, str | None]:
    if feedback in _NO_COMPLAINTS:
        return Fate.REPORTED_ON, None
    return Fate.COMPLAINED_OF, f"complained: {feedback}"


def _told_of(mail: SentMail | None, *, action: str) -> ReportedRecipient:
    return ReportedRecipient(recipient=mail.recipient if mail else "", action=action, status="")
