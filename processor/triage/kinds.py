"""The kinds of the events that record what was decided of a mail."""

from __future__ import annotations

RECEIVED = "received"
ROUTED = "routed"
DETAILS = "details"
ANSWER = "acknowledgement decided"
DUPLICATE = "duplicate"
COPY = "copy received"
OFFERED = "requester offered"
REOPENED = "reopened"
LINKED = "linked"
ASSIGNED = "assigned"
DIVERSION = "payment diversion"
MOVED = "moved"
SUGGESTED = "suggested"
