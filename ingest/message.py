"""The values of mail: what a mailbox gives (FetchedMessage) or holds back (Withheld), what was read in it (Message)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

HEADER_CUT = "header: "  # begins what is told in `limited` of a header that was not wholly read
PREHEADER = 250  # characters
LOOP_FIELD = "X-Daydesk-Loop"  # in every mail of ours, so that we know it again


def hidden_mark(words: str) -> str:
    """How words that the mail's reader does not see stand in its text, so that nobody takes them for seen ones."""
    return f"[hidden: {words.replace(']', ')')}]"


def is_preheader(text: str, hidden: str) -> bool:
    """Is all that a text hides one short run at its very beginning, as newsletters put there for lists of mail?"""
    return len(hidden) <= PREHEADER and text.startswith(hidden_mark(hidden))


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive one is refused, since nobody can know which moment it means."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMessage:
    """One message as its mailbox holds it. `received_at` is the server's INTERNALDATE, never the sender's Date (I6)."""

    folder: str
    uidvalidity: int
    uid: int
    received_at: datetime
    size: int  # octets on the server; more than len(raw) where the message was too large to fetch whole
    raw: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_at", utc(self.received_at))

    @property
    def oversize(self) -> bool:
        """Only the beginning of the message was fetched; the rest is still on the server."""
        return self.size > len(self.raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A message that its mailbox lists and does not give: what is known of it, and why it did not come."""

    folder: str
    uidvalidity: int
    uid: int
    received_at: datetime
    size: int  # octets, as far as the server told; else 0
    reason: str  # in the server's or the system's words

    def __post_init__(self) -> None:
        object.__setattr__(self, "received_at", utc(self.received_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox of RFC 5322 section 3.4. The domain is lower-cased, the local part kept as written."""

    name: str = ""
    address: str  # local@domain; never empty

    @property
    def local(self) -> str:
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the text. The name is data: never a path to write to."""

    name: str
    declared_type: str
    detected_type: str | None  # by its first octets; None where they tell nothing
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None
    text: str = ""  # what a document says, within limits; empty where it says nothing or was not read
    unread: str = ""  # why a document was not read, or not to its end


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRecipient:
    """One per-recipient group of a delivery status (RFC 3464 section 2.3)."""

    recipient: str
    action: str  # failed, delayed, delivered, relayed, expanded; lower case
    status: str  # RFC 3463, such as 5.1.1; empty where absent
    diagnostic: str = ""
    inferred: bool = False  # the status is written nowhere: it is what the words come to


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A multipart/report (RFC 6522), or what a mail system writes instead: what it reports, and on which mail."""

    kind: str  # the report-type: delivery-status, disposition-notification, feedback-report; lower case
    recipients: tuple[ReportedRecipient, ...] = ()
    original_message_id: str | None = None
    feedback: str = ""  # of a feedback report: abuse, fraud, not-spam and the like (RFC 5965 section 7.3); lower case
    shown_by: str = ""  # of a home-made one, what shows that it is one; empty of a multipart/report


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedMessage:
    """A mail inside the mail (message/rfc822). Its words are somebody else's, whoever sent it on."""

    message_id: str | None = None
    from_: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""  # bounded; the whole is in the attachment of this digest
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """What a text/calendar part says of its first event (RFC 5545); times as they are written."""

    method: str = ""  # RFC 5546: REQUEST, REPLY, CANCEL, ...; upper case
    uid: str = ""
    summary: str = ""
    location: str = ""
    starts: str = ""  # as written, with its TZID where it has one: 20260301T090000Z, Europe/Paris 20260301T100000
    ends: str = ""
    organizer: str = ""
    attendees: tuple[tuple[str, str], ...] = ()  # address and PARTSTAT


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedHeader:
    """The header block of a mail that was sent on within the text: whom it was from, as far as it says."""

    from_: Address | None = None  # None where it names nobody by address
    from_name: str = ""  # as written, address or not
    to: str = ""
    subject: str = ""
    sent: str = ""  # the date as written, in whatever language


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of lines of the text: the writer's own, or quoted. All passages together are the text."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """What is only shown, never decided by; made on request, since it costs as much as all the rest."""

    plain_text: str = ""  # of the text/plain parts alone
    html_text: str = ""  # of the text/html parts alone, as text
    html: str = ""  # of the text/html parts, sanitised for display: no script, no style, no remote content
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What was read in a mail. What is broken in it is data (`defects`).

    No text holds control characters, but for the newline and tab of a body.
    """

    sha256: str
    content_sha256: str | None = (
        None  # of what its writer made, without what servers add on the way; None without an id
    )
    headers: tuple[tuple[str, str], ...]  # every field of the outer header, in order, unfolded and decoded
    message_id: str | None = None  # with its angle brackets
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sent_at: datetime | None = None  # the Date field; only shown, never a clock
    received_at: datetime | None = None  # of the topmost Received field, where a server says it; no clock either
    from_: tuple[Address, ...] = ()  # every address that could be told in every From field, doubtful or not
    from_ambiguous: bool = False  # not exactly one From field with exactly one valid address
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    content_type: str = "text/plain"  # of the root, lower case
    text: str = ""  # all the words a reader sees, in the outer mail alone; hidden ones marked
    new_text: str = ""  # the writer's own words, above and between what is quoted
    attachments: tuple[Attachment, ...] = ()
    attached_messages: tuple[AttachedMessage, ...] = ()
    attached_ids: tuple[str, ...] = ()  # Message-IDs of attached mails, and of headers that came back as a part
    report: Report | None = None
    calendar_methods: tuple[str, ...] = ()  # METHOD of each text/calendar part, upper case
    calendar: tuple[CalendarPart, ...] = ()
    forwarded: tuple[ForwardedHeader, ...] = ()  # mails that the text sends on, the outermost first
    hidden_text: str = ""  # words in the HTML that its reader does not see; used to deceive
    protection: str = ""  # smime-signed, smime-encrypted, pgp-signed or pgp-encrypted
    limited: tuple[str, ...] = ()  # what was not read, since it was beyond the limits, elsewhere, or a piece
    defects: tuple[str, ...] = ()
    views: Views | None = None  # on request alone

    def fields(self, name: str) -> tuple[str, ...]:
        """The values of every header field of this name, in any letter case, topmost first."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @property
    def header_cut(self) -> str:
        """Why the header was not wholly read: a field that nobody saw may have said more. Empty where it was."""
        return next((one.removeprefix(HEADER_CUT) for one in self.limited if one.startswith(HEADER_CUT)), "")

    @property
    def sender(self) -> Address | None:
        """The first address of From, or None."""
        return self.from_[0] if self.from_ else None
