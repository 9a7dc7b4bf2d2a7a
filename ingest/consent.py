"""How a person lets the desk into his mailbox: an address to open, and the code that comes back (RFC 6749, 7636)."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from ingest.errors import Configuration
from ingest.oauth2 import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One question to one person. Its answer is known by `state`, and of use to nobody without `verifier`."""

    client: Client
    authorize_url: str
    redirect: str  # an address of this machine, to which the provider sends the person's browser
    more: Mapping[str, str] = field(default_factory=dict)  # what this provider wants besides
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    @property
    def address(self) -> str:
        """To be opened in a browser, and no secret."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect,
            "scope": self.client.scope,
            "state": self.state,
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **self.more,
        }
        return f"{self.authorize_url}{'&' if '?' in self.authorize_url else '?'}{urlencode(asked)}"

    def code(self, address: str) -> str | None:
        """The code in the address to which the browser was sent; None where it answers another question, or none.

        Raises Configuration where the person, or the provider, said no.
        """
        try:
            told = {name: values[0] for name, values in parse_qs(urlsplit(address.strip()).query).items()}
        except ValueError:
            return None
        if not secrets.compare_digest(told.get("state", "").encode(), self.state.encode()):
            return None
        if "error" in told:
            said = f"{told['error']} {told.get('error_description', '')}"
            shown = "".join(letter if letter.isprintable() else " " for letter in said).strip()[:300]
            raise Configuration(
                f"oauth2.{self.client.endpoint.name}: the provider sent no code ({shown}). "
                "Allow the application there, log in as the mailbox's user, and try again."
            )
        return told.get("code")

    def refresh_token(self, code: str) -> str:
        """The code in exchange for it. Raises Transient or Configuration."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect}
        form |= {"code_verifier": self.verifier}
        grant = self.client.asked(form)
        if grant.refresh_token is None:
            raise Configuration(
                f"{self.client.endpoint.place} gave an access token and no refresh token. "
                "Check that scope asks for lasting access (such as offline_access), and try again."
            )
        return grant.refresh_token
