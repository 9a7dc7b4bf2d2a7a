"""Knows the reports of mail systems that do not write them as RFC 3464 and RFC 5965 say."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import Message
from processor.triage.fields import Fields
from processor.triage.reference import own_ids_in
from processor.triage.subject import fold_subject

_SUBJECTS = (
    "delivery status",
    "delivery failure",
    "delivery fail",
    "delivery has failed",
    "delivery delayed",
    "delivery error",
    "delivery problem",
    "delivery unsuccessful",
    "undeliver",
    "failure notice",
    "failure delivery",
    "failed delivery",
    "failed mail",
    "mail failed",
    "mail system error",
    "returned mail",
    "returned to sender",
    "returning message to sender",
    "returning to sender",
    "returned message",
    "could not be delivered",
    "cannot be delivered",
    "can not be delivered",
    "not delivered",
    "error sending your mail",
    "delayed mail",
    "message delayed",
    "warning: message",
    "unzustellbar",
    "nicht zugestellt",
    "non remis",
    "non distribu",
    "echec de la remise",
    "echec de remise",
    "no se puede entregar",
    "no entregado",
    "mancato recapito",
)
_DELAYS = ("delay", "warning: message")  # among subjects that are a report's
READ = 262_144  # characters of a home-made report that are looked at
_COMPLAINT = "complaint about message from"


def home_made_bounce(message: Message, fields: Fields) -> str | None:
    """What shows a delivery report without multipart/report, or None.

    A sender that only mail systems use, and a null envelope sender or a subject that only they write; or postmaster or
    a null envelope sender, and such a subject. A person who forwards a bounce to us is neither.
    """
    senders = _senders(message, fields)
    null = has_null_sender(fields) or "" in senders or _envelope_daemon(fields)
    subject = fold_subject(message.subject)
    phrase = next((phrase for phrase in _SUBJECTS if phrase in subject), None)
    if "mailer-daemon" in senders and (null or phrase):
        return f"mailer-daemon: {message.subject}"
    if phrase and (null or "postmaster" in senders):
        return f"subject: {message.subject}"
    return None


def home_made_complaint(message: Message) -> str | None:
    """The complaint of a provider that writes no feedback report (Outlook.com), or None."""
    sender = message.sender
    from_provider = sender is not None and sender.address.casefold() == "staff@hotmail.com"
    return message.subject if from_provider and fold_subject(message.subject).startswith(_COMPLAINT) else None


def is_delay(message: Message) -> bool:
    """A home-made report says that the mail is still on its way."""
    subject = fold_subject(message.subject)
    return any(phrase in subject for phrase in _DELAYS)


def returned_ids(message: Message) -> Iterator[str]:
    """Of a bounce or complaint: Message-IDs of the mail that it brings back, as a part or quoted in its text."""
    if message.report is not None and message.report.original_message_id is not None:
        yield message.report.original_message_id
    yield from message.attached_ids
    yield from own_ids_in(message.text[:READ])


def has_null_sender(fields: Fields) -> bool:
    """The envelope sender was <> (RFC 5321 section 4.5.5)."""
    return any("".join(value.split()) == "<>" for value in fields.get("return-path", ()))


def _senders(message: Message, fields: Fields) -> set[str]:
    """The local parts of From; where no address could be read, what its field says ("MAILER-DAEMON <>", "<>")."""
    if message.from_:
        return {address.local.casefold() for address in message.from_}
    written = (part for value in fields.get("from", ()) if value for part in (value, value.rpartition("<")[2]))
    return {part.strip(' <>"').casefold() for part in written}


def _envelope_daemon(fields: Fields) -> bool:
    return any(value.strip(" <").casefold().startswith("mailer-daemon") for value in fields.get("return-path", ()))
