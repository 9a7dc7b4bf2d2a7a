"""The tables of the policy file that say who the desk is and which servers it works with."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from processor.policy.base import LOOPBACK, Correspondents, Language, MailAddress, Slug, Table, ZoneName
from processor.policy.secret import Secret

WEB_LINK = r"^https?://[^\s<>\"]+$"
PREFIX = r"^[A-Z]{2,6}$"
FIELD_NAME = r"^[!-9;-~]+$"
DATABASE_URL = r"^(sqlite:///|postgresql(\+psycopg)?://).+"
WEBMAIL_DOMAINS = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "sfr.fr",
    "hotmail.fr",
    "yahoo.fr",
    "aol.com",
    "proton.me",
    "protonmail.com",
)

Security = Literal["tls", "starttls", "plain"]
Start = Literal["now", "everything"] | datetime.date
PositiveInt = Annotated[int, Field(gt=0)]


class Desk(Table):
    """Who the desk is, to its clients."""

    name: str = Field(min_length=1, max_length=200)
    address: MailAddress  # acknowledgements come from it
    addresses: tuple[MailAddress, ...] = ()  # further addresses of the desk
    colleagues: tuple[Correspondents, ...] | None = None  # none named: the domains of the desk's own addresses
    timezone: ZoneName = "UTC"  # promises are printed in it
    language: Language = "en"  # where neither the mail nor an earlier one of its sender tells another
    promise_hours: int = Field(default=24, ge=1, le=720)
    reopen_days: int = Field(default=30, ge=0)  # a mail to a case closed for longer makes a new one; 0: never opens it
    faq: str | None = Field(default=None, pattern=WEB_LINK)  # a link for the acknowledgement
    reference_prefix: str = Field(default="DD", pattern=PREFIX)
    key: Secret  # signs our Message-IDs, so that an answer finds its case
    may_see_originals: tuple[str, ...] = ()  # users of this machine, to whom `case original` shows unredacted text
    backups: tuple[str, ...] = ()  # such as "nightly, kept 30 days": what a certificate of redaction says of them
    templates: Path | None = None  # a folder whose templates come before the shipped ones

    @property
    def own_addresses(self) -> frozenset[str]:
        return frozenset((self.address, *self.addresses))


class _Server(Table):
    """A server, and how safely it is spoken to."""

    host: str = Field(min_length=1)
    security: Security = "tls"
    allow_plain: bool = False  # clear text to a host that is not this machine
    ca_file: Path | None = None  # certificates to trust instead of the system's
    timeout_seconds: PositiveInt = 30

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.security == "plain" and self.host not in LOOPBACK and not self.allow_plain:
            raise ValueError(
                f'security = "plain" would send the password to {self.host} in clear text: use "tls" or "starttls"'
            )
        return self


class ImapSource(_Server):
    """A mailbox on an IMAP server."""

    kind: Literal["imap"]
    name: Slug
    port: int = Field(default=993, ge=1, le=65535)
    username: str = Field(min_length=1)
    password: Secret | None = None
    oauth2: Slug | None = None  # the name of an [oauth2] table, instead of a password
    folder: str = "INBOX"
    after: Literal["move", "flag", "leave"] = "move"  # what becomes of a mail that was taken in
    processed_folder: str = "Processed"
    start: Start = "now"  # what of the mail that was there before the desk
    deadline_seconds: PositiveInt = 300  # for one command as a whole
    idle: bool = True  # let the server tell of new mail at once, where it can

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.password is None) == (self.oauth2 is None):
            raise ValueError("needs a password, or oauth2 instead of it")
        return self


class FolderSource(Table):
    """A Maildir, an mbox file or a folder of .eml files."""

    kind: Literal["maildir", "mbox", "folder"]
    name: Slug
    path: Path
    after: Literal["move", "leave"] = "leave"
    start: Start = "everything"


class Smtp(_Server):
    """The server that takes our mail."""

    port: int = Field(default=465, ge=1, le=65535)
    username: str | None = None  # neither it nor a password: the server asks for no login
    password: Secret | None = None
    oauth2: Slug | None = None  # the name of an [oauth2] table, instead of a password
    envelope: Literal["null", "verp"] = "null"  # the acknowledgement's envelope sender: <>, or a signed address of ours
    batch: int = Field(default=20, ge=1, le=500)  # rows settled in one transaction
    first_pause_seconds: PositiveInt = 60  # after a 4xx; doubled each time
    longest_pause_seconds: PositiveInt = 4 * 3600
    give_up_hours: PositiveInt = 120

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.password is not None and self.oauth2 is not None:
            raise ValueError("needs a password or oauth2, not both")
        if (self.username is None) != (self.password is None and self.oauth2 is None):
            raise ValueError("username and password go together, or username and oauth2")
        return self


class Caps(Table):
    """How many acknowledgements may go out; lifted by high numbers, and a pause of 0."""

    same_subject_per_day: PositiveInt = 1  # to one address, for new cases of the same subject
    address_per_day: PositiveInt = 5
    domain_per_hour: PositiveInt = 20
    webmail_per_hour: PositiveInt = 500  # for a domain that many strangers share
    all_per_hour: PositiveInt = 1000
    webmail_domains: tuple[str, ...] = WEBMAIL_DOMAINS
    pause_minutes: int = Field(default=60, ge=0)  # between two to a mailbox, where no person shows himself


class GatewayVerdict(Table):
    """A header field by which the operator's own gateway marks spam."""

    field: str = Field(pattern=FIELD_NAME)
    begins: str = ""  # what its value begins with, in any letter case


class Acknowledgement(Table):
    """Whom the desk answers by itself."""

    dry_run: bool = False  # decide and record, send nothing
    postmaster: bool = False  # answer postmaster@ addresses too
    authserv_id: str | None = None  # of the gateway whose Authentication-Results can be trusted (RFC 8601)
    most_received: PositiveInt = 25  # servers that a mail may have come through; more are a loop (RFC 5321 section 6.3)
    stale_hours: PositiveInt = 24
    stale: Literal["silent", "without_promise"] = "silent"
    spam: tuple[GatewayVerdict, ...] = ()
    caps: Caps = Caps()


class Database(Table):
    """Where cases are kept."""

    url: str = Field(default="sqlite:///daydesk.db", pattern=DATABASE_URL)


class Health(Table):
    """From where on `daydesk health` finds something wrong."""

    silent_minutes: PositiveInt = 15  # since a stage last did its work; never less than two polls of a mailbox
    pending_minutes: PositiveInt = 15  # that a mail waits to be decided
    outbox_minutes: PositiveInt = 60  # that a mail waits to be sent
    failed_hours: PositiveInt = 24  # for so long a mail that could not be sent counts as wrong
    quarantined: int = Field(default=0, ge=0)  # so many mails in quarantine are nothing wrong yet
    overdue: bool = False  # true: a promise to a client that has passed is something wrong too
    standstill_minutes: PositiveInt = 15  # that one batch may take before systemd is no longer told that all is well
    secret_days: PositiveInt = 30  # so many days before a client secret expires, by its oauth2.NAME.secret_expires
    disk_floor_megabytes: int = Field(default=200, ge=0)  # with less free beside a SQLite database no mail is taken in


class Run(Table):
    """How the daemon works."""

    poll_seconds: PositiveInt = 60
    batch_messages: int = Field(default=50, ge=1, le=1000)
    batch_bytes: int = Field(default=8_000_000, ge=100_000)
    message_bytes: int = Field(default=25_000_000, ge=100_000)  # a larger mail is taken in by its beginning
    parse_seconds: PositiveInt = 5  # of processor time, to read one mail; by the clock ten times that
    parse_megabytes: int = Field(default=300, ge=50)  # of memory, to read one mail
