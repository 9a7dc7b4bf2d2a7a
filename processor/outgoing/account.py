"""The server that takes our mail, and who we are to it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import Configuration, in_words
from processor.policy.base import LOOPBACK
from processor.policy.desk import Security, Smtp

if TYPE_CHECKING:
    from ingest.oauth2 import TokenSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """How to reach and enter the server. Clear text goes to this machine alone, unless `allow_plain` insists."""

    host: str
    port: int = 465
    security: Security = "tls"
    allow_plain: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tokens: TokenSource | None = field(default=None, repr=False, compare=False)  # instead of a password
    ca_file: Path | None = None  # certificates to trust instead of the system's
    timeout_seconds: float = 30  # for one answer of the server
    deadline_seconds: float = 300  # for one message, or one login, as a whole

    def __post_init__(self) -> None:
        if self.security == "plain" and self.host not in LOOPBACK and not self.allow_plain:
            raise Configuration(
                f"{self.place} would be spoken to in clear text: set smtp.security to tls or starttls, "
                "or insist with smtp.allow_plain."
            )

    @property
    def place(self) -> str:
        """The server as error messages name it."""
        return f"The SMTP server {self.host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext:
        """Certificates and host names are checked, always. Raises Configuration where `ca_file` cannot be used."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:  # ssl.SSLError, for a file without certificates, is one
            raise Configuration(
                f"The certificates in smtp.ca_file, {self.ca_file}, cannot be read ({in_words(error)}): "
                "name a PEM file."
            ) from None


def smtp_account(smtp: Smtp, folder: Path, tokens: TokenSource | None = None) -> SmtpAccount:
    """The account that the policy tells of; relative paths start at `folder`. Raises Configuration."""
    return SmtpAccount(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        allow_plain=smtp.allow_plain,
        username=smtp.username,
        password=None if smtp.password is None else smtp.password.reveal(folder),
        tokens=tokens,
        ca_file=None if smtp.ca_file is None else folder / smtp.ca_file,
        timeout_seconds=smtp.timeout_seconds,
    )
