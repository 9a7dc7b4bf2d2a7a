"""The tables of the policy file that say where access tokens come from, instead of a password."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from processor.policy.base import LOOPBACK, Table
from processor.policy.secret import Secret

MICROSOFT = "https://login.microsoftonline.com"
GOOGLE, GOOGLE_CONSENT = "https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/v2/auth"

# What is asked for: by an application itself, and for a person who once agreed.
_MICROSOFT_APPLICATION = "https://outlook.office365.com/.default"
_MICROSOFT_PERSON = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)
_GOOGLE_PERSON = "https://mail.google.com/"


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if (
        not safe
        or not parts.hostname
        or parts.port == 0
        or "@" in parts.netloc
        or not value.isascii()
        or not value.isprintable()
    ):
        raise ValueError("must begin with https://, without a user, such as https://login.example.org/token")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]


class OAuth2(Table):
    """Where access tokens come from, for mailboxes and the SMTP server that name it by `oauth2 = "NAME"`."""

    provider: Literal["microsoft", "google", "other"]
    tenant: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.-]+$")  # Microsoft's: directory ID or domain
    client_id: str = Field(min_length=1)
    client_secret: Secret | None = None
    refresh_token: Secret | None = None  # acts for the person who agreed; without it the application acts itself
    token_url: WebAddress | None = None
    authorize_url: WebAddress | None = None  # where a person agrees, for `daydesk oauth2 login`
    scope: str | None = None
    secret_expires: datetime.date | None = None  # `daydesk health` reminds of it
    ca_file: Path | None = None
    timeout_seconds: int = Field(default=30, gt=0)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        lacks = [
            words
            for words, lacking in (
                ("tenant", self.provider == "microsoft" and not (self.tenant or self.token_url)),
                ("token_url", self.provider == "other" and not self.token_url),
                ("refresh_token", self.provider == "google" and self.refresh_token is None),
                ("client_secret or refresh_token", self.client_secret is None and self.refresh_token is None),
            )
            if lacking
        ]
        if lacks:
            raise ValueError(f"for {self.provider} it needs {', and '.join(lacks)} too")
        return self

    @property
    def url(self) -> str:
        """The token endpoint."""
        known = GOOGLE if self.provider == "google" else f"{MICROSOFT}/{self.tenant}/oauth2/v2.0/token"
        return self.token_url or known

    @property
    def asked_scope(self) -> str:
        """What is asked for. Google takes it from the person's consent; it is not asked again."""
        if self.scope is not None or self.provider != "microsoft":
            return self.scope or ""
        return _MICROSOFT_PERSON if self.refresh_token is not None else _MICROSOFT_APPLICATION

    @property
    def consent_url(self) -> str | None:
        """Where a person agrees; None where that is not known."""
        if self.authorize_url is not None or self.provider == "other":
            return self.authorize_url
        if self.provider == "google":
            return GOOGLE_CONSENT
        return f"{MICROSOFT}/{self.tenant}/oauth2/v2.0/authorize" if self.tenant else None

    @property
    def consent_scope(self) -> str:
        """What a person agrees to."""
        return self.scope or {"microsoft": _MICROSOFT_PERSON, "google": _GOOGLE_PERSON}.get(self.provider, "")

    @property
    def consent_more(self) -> dict[str, str]:
        """What the provider is told besides: Google gives a refresh token only where it is asked for, and each time."""
        return {"access_type": "offline", "prompt": "consent"} if self.provider == "google" else {}
