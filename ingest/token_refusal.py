"""What a provider's refusal of a token means for the operator (RFC 6749 section 5.2): wait, or renew something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from ingest.errors import Configuration, DeskError, Transient

SAID_LENGTH = 300  # characters of the provider's own words

_REMEDIES = {
    "invalid_client": (
        "The provider does not accept client_id with client_secret. The secret may have expired: "
        "make a new one at the provider and put it where client_secret says."
    ),
    "invalid_grant": (
        "What we log in with was withdrawn or has expired: get a new refresh token with `daydesk oauth2 login`, "
        "or put one where refresh_token says."
    ),
    "unauthorized_client": "Allow the application at the provider to log in this way, and check client_id and tenant.",
    "access_denied": "An administrator has to grant the application its permissions at the provider.",
    "consent_required": "An administrator has to grant the application its permissions at the provider.",
    "interaction_required": "The provider wants a person to log in once more, with `daydesk oauth2 login`.",
    "invalid_scope": "Check scope, and that the application was given these permissions.",
    "invalid_request": "Check tenant, client_id and token_url.",
    "unsupported_grant_type": "Check token_url: the provider does not hand out tokens in this way there.",
}
_PASSES_BY_ITSELF = {"temporarily_unavailable", "server_error", "slow_down"}
_NO_CODE = "Check tenant and token_url."
_CODE = re.compile(r"[a-z_]{1,40}")


class Later(Transient):
    """The provider says when it wants to be asked again."""

    def __init__(self, message: str, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the token endpoint said."""

    status: int
    data: Mapping[str, Any]  # empty where the answer was no JSON object
    retry_after: str = ""


def refusal(place: str, said: Answer, secrets: Sequence[str]) -> DeskError:
    """The refusal in one message that says what, where, and what to do next; without any of these secrets."""
    code = str(said.data.get("error", ""))
    code = code if _CODE.fullmatch(code) else ""
    words = f"HTTP {said.status}" + "".join(f", {part}" for part in (code, _described(said, secrets)) if part)
    if said.status == 429 or said.status >= 500 or code in _PASSES_BY_ITSELF:
        return Later(f"{place} has trouble of its own ({words}). Nothing is lost; it is asked again.", _wait(said))
    if said.status // 100 == 3:
        return Configuration(f"{place} leads elsewhere ({words}). No secret follows: mend token_url.")
    if said.status // 100 != 4:
        return Transient(f"{place} gave an answer that cannot be understood ({words}). It is asked again.")
    return Configuration(f"{place} gives no token ({words}). {_REMEDIES.get(code, _NO_CODE)}")


def without(secrets: Sequence[str], text: str) -> str:
    """The text with each secret blotted out, also where it stands as a form writes it."""
    for secret in sorted({form for value in secrets for form in (value, quote_plus(value))}, key=len, reverse=True):
        if secret:
            text = text.replace(secret, "(secret)")
    return text


def _described(said: Answer, secrets: Sequence[str]) -> str:
    """The provider's own words: they name the expired secret, or the missing permission."""
    told = without(secrets, str(said.data.get("error_description", "")))
    shown = "".join(letter if letter.isprintable() else " " for letter in told)
    return " ".join(shown.split())[:SAID_LENGTH].rstrip(". ")


def _wait(said: Answer) -> float:
    """Seconds; a date is not reckoned with, since it would need our clock to be the provider's."""
    return float(said.retry_after) if re.fullmatch(r"\d{1,6}", said.retry_after.strip()) else 0.0
