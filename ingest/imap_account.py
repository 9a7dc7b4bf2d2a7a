"""What an operator tells about an IMAP mailbox: where it is, how to get in, what becomes of taken messages."""

from __future__ import annotations

import ipaddress
import ssl
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ingest.errors import Configuration, in_words
from ingest.start import Start

if TYPE_CHECKING:
    from ingest.oauth2 import TokenSource

Security = Literal["tls", "starttls", "plain"]
After = Literal["move", "flag", "leave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """One folder of one account. Times are seconds: each read of the socket, and each command as a whole."""

    name: str
    host: str
    port: int = 993
    security: Security = "tls"
    username: str
    password: str = field(default="", repr=False)
    tokens: TokenSource | None = field(default=None, repr=False, compare=False)  # instead of a password
    folder: str = "INBOX"
    after: After = "move"
    processed_folder: str = "Processed"  # under the personal namespace; levels are separated by /
    start: Start = "now"
    ca_file: str | None = None  # PEM; instead of the system's certificate authorities
    allow_plain: bool = False
    timeout_seconds: float = 30
    deadline_seconds: float = 300
    idle: bool = True  # where the server can; else it is polled alone

    def __post_init__(self) -> None:
        for setting in ("username", "password", "folder", "processed_folder"):
            if any(unicodedata.category(letter) == "Cc" for letter in getattr(self, setting)):
                raise Configuration(
                    f"Mailbox {self.name}: the {setting} holds a line break or another control character; "
                    "it must not reach the wire. Take it out."
                )
        if self.after == "move" and self.processed_folder == self.folder:
            raise Configuration(
                f"Mailbox {self.name}: messages of {self.folder} cannot be moved to {self.folder} itself; "
                "name another processed folder, or set after to flag."
            )

    @property
    def place(self) -> str:
        """The mailbox in the words of every error: name, server, folder; never the password."""
        return f"Mailbox {self.name} ({self.username} at {self.host}:{self.port}, folder {self.folder})"

    def without_secrets(self, text: str) -> str:
        """The text of a server, which may have repeated our password or token to us."""
        said = text.replace(self.password or "\n", "(password)")
        return said if self.tokens is None else self.tokens.without_token(said)

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def refuse_clear_text(self) -> None:
        """Raises Configuration where the password would cross a network unencrypted against the policy's will."""
        if self.security == "plain" and not (self.allow_plain or self.is_loopback):
            raise Configuration(
                f"{self.place}: security = plain would send the password readable over the network. "
                "Set security to tls (port 993) or starttls (port 143); allow_plain insists on plain."
            )

    def tls_context(self) -> ssl.SSLContext:
        """Certificates and host name are checked, TLS 1.2 and later; raises Configuration for a bad ca_file."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise Configuration(
                f"{self.place}: the ca_file {self.ca_file} cannot be used ({in_words(error)}). "
                "Give a readable PEM file that holds the certificate of the server's authority."
            ) from error
