"""What the walk over the parts of one mail has come upon, before it is made into the mail's values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ingest.attached_mail import RawParts
from ingest.body import Piece
from ingest.documents import Documents
from ingest.gate import ParseLimits, Part
from ingest.message import AttachedMessage, Attachment, CalendarPart
from ingest.tnef_wire import Budget
from ingest.uuencoded import TRIES

ENVELOPES = 3  # signed within signed; more are not opened
ATTACHMENTS = 2_000  # more are counted, not named; so many parts there cannot be, but files within parts


@dataclass(slots=True, kw_only=True)
class AttachedMail:
    """A mail inside the mail, which nobody has read yet."""

    mail: Part | None  # its parts; None where its octets are all that there is
    octets: bytes
    sha256: str


@dataclass(slots=True, kw_only=True)
class Findings:
    """Filled by the walk, in the order of the parts."""

    raw_parts: RawParts
    limits: ParseLimits
    words_alone: bool = False  # of an attached mail nothing else is wanted: its files are not ours
    envelopes: int = ENVELOPES  # that may still be opened
    pieces: list[Piece] = field(default_factory=list)
    unread: list[Piece] = field(default_factory=list)  # text that another alternative has replaced
    named: list[Piece] = field(default_factory=list)  # text with a file name: read only where there is no other
    packed: list[Piece] = field(default_factory=list)  # text in a winmail.dat: likewise
    attachments: list[Attachment] = field(default_factory=list)
    attached: list[AttachedMail | AttachedMessage] = field(default_factory=list)
    attached_ids: list[str] = field(default_factory=list)
    calendar_methods: list[str] = field(default_factory=list)
    calendar: list[CalendarPart] = field(default_factory=list)
    protection: str = ""
    packed_budget: Budget = field(default_factory=Budget)
    documents: Documents = field(default_factory=Documents)
    more_attachments: int = 0
    text_files: int = TRIES  # files in the text that are still looked for
    sources: dict[int, bytes] = field(default_factory=dict)  # decoded octets of message/* parts by id() of the part
    limited: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    def attach(self, value: Attachment, octets: bytes, charset: str | None = None) -> None:
        """One more file, and what it says; an attached mail's are not ours."""
        if len(self.attachments) >= ATTACHMENTS:
            self.more_attachments += 1
            return
        said = self.documents.read(value, octets, charset)
        self.attachments.append(replace(value, text=said.text, unread=said.unread))

    def protected(self, kind: str) -> None:
        """That something is encrypted counts for more than that something is signed."""
        if not self.protection or kind.endswith("encrypted"):
            self.protection = self.protection if self.protection.endswith("encrypted") else kind
