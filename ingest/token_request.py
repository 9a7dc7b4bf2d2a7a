"""One request to a provider's token endpoint (RFC 6749 section 3.2), bounded in time and size; never redirected."""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from ingest.deadline import Deadline
from ingest.errors import Configuration, DeskError, Transient, in_words
from ingest.token_refusal import Answer, refusal

ANSWER_OCTETS = 100_000
UNTOLD_SECONDS = 300.0  # an access token lasts so long where the provider does not say (RFC 6749 section 5.1)
LONGEST_SECONDS = 86_400.0

_TOKEN = re.compile(r"[\x21-\x7e]{1,16000}")  # what may go into a login; the longest known have 4,000
_FAILURES = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where tokens are asked for. Times are seconds: for each answer of the socket, and for all of it."""

    name: str  # of the table in the policy: oauth2.NAME
    url: str
    ca_file: str | None = None  # PEM; instead of the system's certificate authorities
    timeout_seconds: float = 30
    deadline_seconds: float = 60

    @property
    def place(self) -> str:
        """The endpoint in the words of every error."""
        return f"oauth2.{self.name}: the token endpoint at {urlsplit(self.url).netloc}"

    def tls_context(self) -> ssl.SSLContext | None:
        """Certificates and host names are checked. None for http, which the policy allows to this machine alone."""
        if urlsplit(self.url).scheme != "https":
            return None
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise Configuration(
                f"oauth2.{self.name}: the ca_file {self.ca_file} cannot be used ({in_words(error)}). "
                "Give a readable PEM file that holds the certificate of the provider's authority."
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the provider gave."""

    access_token: str = field(repr=False)
    seconds: float  # that it lasts
    refresh_token: str | None = field(repr=False)  # a new one, where the provider wants it used from now on


def request(endpoint: Endpoint, form: Mapping[str, str], basic: tuple[str, str] | None = None) -> Grant:
    """Ask once. `basic`: client and secret, where they go into a header of their own (RFC 6749 section 2.3.1).

    Raises Transient where the endpoint cannot be reached or has trouble of its own, Configuration where it says no.
    """
    said = _asked(endpoint, form, basic)
    if said.status == 200:
        return _grant(endpoint, said)
    secrets = [*form.values(), *(basic or ())]
    raise refusal(endpoint.place, said, [value for value in secrets if len(value) > 5])


def _asked(endpoint: Endpoint, form: Mapping[str, str], basic: tuple[str, str] | None) -> Answer:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "Connection": "close",
        "User-Agent": "daydesk",
    }
    if basic is not None:
        both = ":".join(quote_plus(part) for part in basic)
        headers["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
    context = endpoint.tls_context()
    try:
        sock = _opened(endpoint)
    except OSError as error:
        raise _failure(endpoint, error, deadline_passed=False) from error
    deadline = Deadline(endpoint.deadline_seconds, lambda: sock)
    try:
        with deadline:
            if context is not None:
                # Wrapped first and greeted then: else the deadline could not reach the greeting.
                sock = context.wrap_socket(sock, server_hostname=_host(endpoint), do_handshake_on_connect=False)
                sock.do_handshake()
            said = _conversation(endpoint, sock, urlencode(form), headers)
        if deadline.passed:  # a cut answer can look like a short one
            raise TimeoutError
    except _FAILURES as error:
        raise _failure(endpoint, error, deadline_passed=deadline.passed) from error
    finally:
        sock.close()
    return said


def _opened(endpoint: Endpoint) -> socket.socket:
    parts = urlsplit(endpoint.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return socket.create_connection((_host(endpoint), port), timeout=endpoint.timeout_seconds)


def _host(endpoint: Endpoint) -> str:
    return urlsplit(endpoint.url).hostname or ""


def _conversation(endpoint: Endpoint, sock: socket.socket, body: str, headers: Mapping[str, str]) -> Answer:
    parts = urlsplit(endpoint.url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.sock = sock  # ours, which the deadline can cut
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", path, body, dict(headers))
    with connection.getresponse() as response:
        octets = response.read(ANSWER_OCTETS + 1)
        if len(octets) > ANSWER_OCTETS:
            raise ValueError(f"the answer has more than {ANSWER_OCTETS:,} octets")
        return Answer(status=response.status, data=_object(octets), retry_after=response.headers.get("Retry-After", ""))


def _object(octets: bytes) -> Mapping[str, Any]:
    """The JSON object of the answer; empty where it is none, as a proxy's page is."""
    try:
        data = json.loads(octets)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _grant(endpoint: Endpoint, said: Answer) -> Grant:
    token, renewed = said.data.get("access_token"), said.data.get("refresh_token")
    kind = said.data.get("token_type", "Bearer")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or str(kind).lower() != "bearer":
        raise Transient(
            f"{endpoint.place} answered without an access token that can be used. Nothing is lost; it is asked again. "
            "If it stays so, check its address: something else may be answering there."
        )
    usable = isinstance(renewed, str) and _TOKEN.fullmatch(renewed)
    return Grant(
        access_token=token, seconds=_seconds(said.data.get("expires_in")), refresh_token=renewed if usable else None
    )


def _seconds(told: object) -> float:
    """Some providers write the number as text; what is no number was not told."""
    try:
        seconds = float(told) if isinstance(told, str | int | float) else UNTOLD_SECONDS
    except (ValueError, OverflowError):
        return UNTOLD_SECONDS
    return min(max(seconds, 0.0), LONGEST_SECONDS) if seconds == seconds else UNTOLD_SECONDS  # NaN is not itself


def _failure(endpoint: Endpoint, error: Exception, *, deadline_passed: bool) -> DeskError:
    again = "Nothing is lost; it is asked again."
    if deadline_passed:
        return Transient(f"{endpoint.place} took longer than {endpoint.deadline_seconds:g} seconds. {again}")
    if isinstance(error, TimeoutError):
        return Transient(f"{endpoint.place} gave no answer within {endpoint.timeout_seconds:g} seconds. {again}")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Configuration(
            f"{endpoint.place} shows a certificate that is not trusted ({error.verify_message}). Check the address; "
            "where the provider has an authority of its own, give that authority's certificate as ca_file."
        )
    if isinstance(error, OSError) and not isinstance(error, http.client.HTTPException):
        return Transient(f"{endpoint.place} cannot be reached ({in_words(error)}). {again}")
    return Transient(f"{endpoint.place} gave an answer that cannot be understood ({type(error).__name__}). {again}")
