"""Access tokens for Microsoft 365 and Google mailboxes: fetched when needed, kept until they expire (RFC 6749)."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ingest.errors import Configuration, DeskError, Transient
from ingest.token_refusal import Later, without
from ingest.token_request import Endpoint, Grant, request

MARGIN_SECONDS = 300.0  # a token is not used so shortly before it expires, or for the last fifth of a short one
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds in which a provider that failed us is not asked again
LONGEST_WAIT = 3600.0  # that a provider may ask of us

Reveal = Callable[[], str]  # reads a secret where it is kept; raises Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who we are to the provider. With a refresh token we act for a person, without one as an application."""

    endpoint: Endpoint
    client_id: str
    scope: str
    client_secret: Reveal | None = None
    refresh_token: Reveal | None = None
    keep: Callable[[str], None] = lambda _token: None  # writes down a refresh token that the provider renewed
    basic: bool = False  # client and secret go into a header, as RFC 6749 prefers it, instead of into the form

    def asked(self, form: Mapping[str, str]) -> Grant:
        """What the provider gives for this, and our name and secret. Raises Transient or Configuration."""
        secret = self.client_secret() if self.client_secret is not None else None
        form = {"client_id": self.client_id, **form}
        if secret is not None and not self.basic:
            form["client_secret"] = secret
        basic = (self.client_id, secret) if secret is not None and self.basic else None
        return request(self.endpoint, {key: value for key, value in form.items() if value}, basic)


class TokenSource:
    """Tokens of one client. Many threads may share it: they get the same token, and one of them at a time asks.

    `now` is seconds on a monotonic clock: tokens tell how long they last, not when they end.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._token = ""
        self._given: deque[str] = deque(maxlen=2)  # the last ones, so that they can be kept out of what is told
        self._ends = 0.0
        self._failure: DeskError | None = None
        self._pause = FIRST_PAUSE
        self._again_at = 0.0
        self._revealed = ""  # the refresh token as it was found
        self._renewed = ""  # what the provider wants to see instead

    def offers(self, now: float) -> Iterator[str]:
        """Tokens to log in with. Whoever asks for the next one says that the last was refused.

        A kept token is followed by one new one; what is fresh from the provider by none: no login can storm.
        Raises Transient or Configuration at once where no token is to be had.
        """
        token, kept = self._current(now)
        return self._offered(token, now, kept=kept)

    def drop(self, token: str) -> None:
        """It is not used again, unless another thread has replaced it already."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def forget_failure(self) -> None:
        """Ask at once when a token is next wanted: somebody has mended something. Never waits for one who asks now."""
        self._again_at, self._pause = 0.0, FIRST_PAUSE

    def without_token(self, text: str) -> str:
        """The text, in which a server may have repeated a token of ours to us."""
        return without(list(self._given), text)

    def _offered(self, token: str, now: float, *, kept: bool) -> Iterator[str]:
        yield token
        self.drop(token)
        if kept:
            token, _ = self._current(now)
            yield token
            self.drop(token)

    def _current(self, now: float) -> tuple[str, bool]:
        """A token, and whether it was there before."""
        with self._lock:
            if self._token and now < self._ends:
                return self._token, True
            if self._failure is not None and now < self._again_at:
                raise _repeated(self._failure)
            self._take(self._granted(now), now)
            return self._token, False

    def _take(self, grant: Grant, now: float) -> None:
        self._token = grant.access_token
        self._given.append(self._token)
        self._ends = now + grant.seconds - min(MARGIN_SECONDS, grant.seconds / 5)
        if grant.refresh_token not in (None, self._renewed or self._revealed):
            self._renewed = str(grant.refresh_token)
            self._client.keep(self._renewed)

    def _granted(self, now: float) -> Grant:
        try:
            grant = self._asked()
        except DeskError as error:
            self._failure = error
            wait = min(error.seconds, LONGEST_WAIT) if isinstance(error, Later) else 0.0
            self._again_at = now + max(self._pause, wait)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            raise
        self._failure, self._pause = None, FIRST_PAUSE
        return grant

    def _asked(self) -> Grant:
        client = self._client
        if client.refresh_token is None:
            return client.asked({"grant_type": "client_credentials", "scope": client.scope})
        token = self._refresh_token(client.refresh_token)
        return client.asked({"grant_type": "refresh_token", "refresh_token": token, "scope": client.scope})

    def _refresh_token(self, reveal: Reveal) -> str:
        """The one that the provider gave last, unless somebody has put another one where ours was found."""
        found = reveal()
        if found != self._revealed:
            self._revealed, self._renewed = found, ""
        return self._renewed or found


def _repeated(failure: DeskError) -> DeskError:
    """The same words for whoever asks meanwhile; an exception itself is one thread's."""
    return Configuration(str(failure)) if isinstance(failure, Configuration) else Transient(str(failure))
