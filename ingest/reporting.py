"""What a mail reports: by its multipart/report, by the fields of one that stand elsewhere, or by its words alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.gate import Part
from ingest.headers import header_text
from ingest.home_made import bounce_shown_by, sent
from ingest.message import Address, Report, ReportedRecipient
from ingest.notification import SENDER, read_notification
from ingest.reports import STATUS_PARTS, is_report, octets_of, read_fields, read_report
from ingest.status import is_unspecific
from ingest.undelivered import READ, Undelivered, read_undelivered

_FIELD = "-recipient:"  # Final-Recipient or Original-Recipient, as RFC 3464 writes them
_UNSUBSCRIBED = "x-apple-unsubscribe"  # a mail program asks in its user's name to send him no more
_NAMED = 100  # recipients in a header field
_TO_LENGTH = 2_000


def report_of(
    root: Part,
    sources: Mapping[int, bytes],
    attached_ids: Sequence[str],
    senders: Sequence[Address],
    fields: Mapping[str, Sequence[str]],
    subject: str,
    text: str,
) -> Report | None:
    """None of a mail that reports nothing. What costs time is done only where the sender may be a mail system."""
    part = is_report(root)
    report = read_report(part, sources) if part is not None else None
    if report is not None and (_complete(report) or report.kind in ("disposition-notification", "feedback-report")):
        return report
    if report is not None and report.kind == "delivery-status":
        return replace(report, recipients=_recipients(root, sources, read(text, fields, subject), text, standard=True))
    if report is None and _UNSUBSCRIBED in fields:
        return _complaint(_UNSUBSCRIBED, "opt-out", attached_ids)
    who = sent(senders, fields, subject)
    if who is None:
        return report
    if report is None and who.complains:
        return _complaint(subject, "abuse", attached_ids)
    if who.first == SENDER and (told := read_notification(text)) is not None:
        return told
    said = read(text, fields, subject)
    if not (shown_by := bounce_shown_by(who, text, said.names_somebody)):
        return report
    return Report(
        kind="delivery-status",
        recipients=_recipients(root, sources, said, text, standard=False),
        original_message_id=next(iter(attached_ids), said.original_message_id),
        shown_by=shown_by,
    )


def _complaint(shown_by: str, feedback: str, attached_ids: Sequence[str]) -> Report:
    return Report(
        kind="feedback-report", original_message_id=next(iter(attached_ids), None), feedback=feedback, shown_by=shown_by
    )


def _complete(report: Report) -> bool:
    """Each recipient has his server's words, or a status that says enough without."""
    told = (one.diagnostic or (one.status and not is_unspecific(one.status)) for one in report.recipients)
    return bool(report.recipients) and all(told)


def read(text: str, fields: Mapping[str, Sequence[str]], subject: str) -> Undelivered:
    """The words of a report; Exim and Google name the recipients in a field of its header, too."""
    failed = map(header_text, fields.get("x-failed-recipients", ()))
    named = (name.strip(" <>") for value in failed for name in value.split(",", _NAMED))
    own = header_text(" ".join(fields.get("to", ()))[:_TO_LENGTH])
    return read_undelivered(text, subject, [name for name in named if "@" in name][:_NAMED], own)


def _recipients(
    root: Part, sources: Mapping[int, bytes], said: Undelivered, text: str, *, standard: bool
) -> tuple[ReportedRecipient, ...]:
    """Those of the fields, wherever these stand; what they leave open the words tell."""
    groups = [one for part in _status_parts(root) for one in read_fields(octets_of(part, sources))]
    if not groups and _FIELD in text[:READ].lower():
        groups = list(read_fields(text[:READ]))
    if not groups:
        return said.recipients
    words = {one.recipient.casefold(): one for one in said.recipients}
    only = said.recipients[0] if len(said.recipients) == len(groups) == 1 else None
    return tuple(_filled(group, words.get(group.recipient.casefold(), only), standard) for group in groups)


def _filled(group: ReportedRecipient, words: ReportedRecipient | None, standard: bool) -> ReportedRecipient:
    """The words for people stand in where the fields lack the server's.

    A status that is written in them tells more than "other" (5.0.0); what they only come to does in a form of its own,
    whose fields are filled with what its maker had at hand.
    """
    if words is None or group.diagnostic:
        return group
    found = replace(group, diagnostic=words.diagnostic, action=group.action or words.action)
    if words.inferred and (standard or not group.status.endswith(".0.0")) and group.status:
        return found
    if group.status and (is_unspecific(words.status) or not is_unspecific(group.status)):
        return found
    return replace(found, status=words.status, inferred=words.inferred)


def _status_parts(part: Part) -> Iterator[Part]:
    """The message/delivery-status parts of the mail itself, not those of mails that are attached to it."""
    if part.media_type in STATUS_PARTS:
        yield part
    elif part.get_content_maintype() == "multipart":
        for child in part.children:
            yield from _status_parts(child)
