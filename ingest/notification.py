"""Reads the JSON by which Amazon SES tells of bounces, complaints and deliveries in a mail (Amazon SNS)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ingest.charset import clean_line
from ingest.headers import message_ids
from ingest.message import Report, ReportedRecipient
from ingest.status import told_status, written_status

SENDER = "no-reply@sns.amazonaws.com"
_READ = 262_144  # characters
_MOST = 1_000  # recipients
_WORDS = 1_000
_ACTIONS = {"bounce": "failed", "delivery": "delivered", "deliverydelay": "delayed"}
_RECIPIENTS = {"bounce": "bouncedRecipients", "delivery": "recipients", "deliverydelay": "delayedRecipients"}


def read_notification(text: str) -> Report | None:
    """None where the text is no such notification."""
    told = _object(text[:_READ])
    told = _object(told["Message"]) if isinstance(told.get("Message"), str) else told
    event = _text(told, "notificationType") or _text(told, "eventType")
    about = _dict(told, {"DeliveryDelay": "deliveryDelay"}.get(event, event.lower()))
    named = message_ids((_text(_dict(_dict(told, "mail"), "commonHeaders"), "messageId"),))
    original = named[0] if named else None
    shown_by = f"Amazon SES: {event}"
    if event == "Complaint":
        people = (_text(one, "emailAddress") for one in _list(about, "complainedRecipients"))
        feedback = _text(about, "complaintFeedbackType").lower() or "abuse"
        rows = tuple(ReportedRecipient(recipient=one, action=feedback, status="") for one in people if one)
        return Report(
            kind="feedback-report",
            recipients=rows,
            feedback=feedback,
            original_message_id=original,
            shown_by=shown_by,
        )
    if event.lower() not in _ACTIONS:
        return None
    rows = tuple(_recipients(event.lower(), about))
    return Report(kind="delivery-status", recipients=rows, original_message_id=original, shown_by=shown_by)


def _recipients(event: str, about: dict[str, Any]) -> Iterator[ReportedRecipient]:
    """Each with his own words; of a delivery those that the server said of all."""
    for one in _list(about, _RECIPIENTS[event]):
        row = {"emailAddress": one} if isinstance(one, str) else one
        words = _text(row, "diagnosticCode") or _text(about, "smtpResponse") or _text(about, "bounceSubType")
        lasting = event == "bounce" and _text(about, "bounceType") != "Transient"
        status = written_status(_text(row, "status")) or written_status(words)
        told = status or ("" if event == "delivery" else told_status(words, lasting=lasting))
        yield ReportedRecipient(
            recipient=_text(row, "emailAddress"),
            action=_text(row, "action").lower() or _ACTIONS[event],
            status=told,
            diagnostic=words,
            inferred=bool(told and not status),
        )


def _object(text: str) -> dict[str, Any]:
    """The JSON object with which the text begins; empty where it begins with none."""
    try:
        found, _end = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _dict(value: Any, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: dict[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found[:_MOST] if isinstance(found, list) else []


def _text(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return clean_line(found[:_WORDS]) if isinstance(found, str) else ""
