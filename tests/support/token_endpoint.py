"""A provider of access tokens on loopback, which a test can make refuse, stall, rotate or talk nonsense."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

HOST = "127.0.0.1"
SECRET = "s3cret+of/the=application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered instead of a token."""

    status: int = 400
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Trouble = Reply | Callable[[BaseHTTPRequestHandler, threading.Event], None]  # an own way to answer, until the end


def error(code: str, description: str = "", status: int = 400, **headers: str) -> Reply:
    """A refusal as RFC 6749 section 5.2 writes it."""
    body = json.dumps({"error": code, "error_description": description}).encode()
    return Reply(status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


@dataclass(slots=True)
class TokenEndpoint:
    """Knows its clients by their secrets; a client's tokens open the mailbox of the same name, and no other."""

    port: int = 0
    secure: bool = False
    secret: str = SECRET
    seconds: Any = 3600  # that a token is said to last
    rotating: bool = False  # each use of a refresh token withdraws it and gives another
    refresh_tokens: dict[str, str] = field(default_factory=dict)  # the user of each
    troubles: list[Trouble] = field(default_factory=list)  # played first, one for each request
    asked: list[dict[str, str]] = field(default_factory=list)  # every request for a token
    shown: list[str] = field(default_factory=list)  # every token that a mail server wanted to know about
    living: dict[str, str] = field(default_factory=dict)  # access tokens that are good, with their users
    given: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # user, challenge, address to come back to
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http{'s' if self.secure else ''}://{HOST}:{self.port}/token"

    @property
    def introspection_url(self) -> str:
        """For a mail server; the token is appended (RFC 7662, in the way Dovecot asks)."""
        return f"http://{HOST}:{self.port}/introspect?token="

    def revoke(self) -> None:
        """All access tokens given so far have expired."""
        self.living.clear()

    def asked_by(self, client: str) -> list[dict[str, str]]:
        return [form for form in self.asked if form.get("client_id") == client]

    def allow(self, address: str, user: str) -> str:
        """The user opens this address and agrees; returns the one to which his browser is sent."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query, strict_parsing=True).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = f"code-{secrets.token_urlsafe(12)}"
        self.codes[code] = (user, asked["code_challenge"], asked["redirect_uri"])
        return f"{asked['redirect_uri']}/?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, form: dict[str, str]) -> Reply:
        """To a request that none of the troubles meets."""
        user = form.get("client_id", "")
        if form.get("client_secret") != self.secret:
            return error("invalid_client", f"AADSTS7000215: Invalid client secret. You sent {form}.", 401)
        renewed = None
        if form.get("grant_type") == "refresh_token":
            given = form.get("refresh_token", "")
            if given not in self.refresh_tokens:
                return error("invalid_grant", f"Token {given} has been expired or revoked.")
            user = self.refresh_tokens[given]
            renewed = self._rotated(given) if self.rotating else given
        if form.get("grant_type") == "authorization_code":
            user, challenge, redirect = self.codes.pop(form["code"], ("", "", ""))
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            proven = base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
            if not proven or form["redirect_uri"] != redirect:
                return error("invalid_grant", "Bad code.")
            renewed = f"refresh-{secrets.token_urlsafe(24)}"
            self.refresh_tokens[renewed] = user
        token = f"access-{secrets.token_urlsafe(24)}"
        self.living[token] = user
        self.given.append(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": self.seconds, "refresh_token": renewed}
        told = {key: value for key, value in told.items() if value is not None}
        return Reply(status=200, body=json.dumps(told).encode())

    def about(self, token: str) -> Reply:
        """What a mail server learns of a token."""
        self.shown.append(token)
        user = self.living.get(token)
        told = {"active": True, "username": user} if user else {"active": False}
        return Reply(status=200, body=json.dumps(told).encode())

    def _rotated(self, given: str) -> str:
        renewed = f"refresh-{secrets.token_urlsafe(24)}"
        self.refresh_tokens[renewed] = self.refresh_tokens.pop(given)
        return renewed


@contextmanager
def token_endpoint(context: ssl.SSLContext | None = None) -> Iterator[TokenEndpoint]:
    """In clear text, unless a context is given."""
    endpoint = TokenEndpoint(secure=context is not None)
    server = _Server((HOST, 0), _handler(endpoint))
    server.daemon_threads = False
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    endpoint.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, as tests make it, is no news."""


def _handler(endpoint: TokenEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = _form(self)
            with endpoint.lock:
                endpoint.asked.append(form)
                trouble = endpoint.troubles.pop(0) if endpoint.troubles else endpoint.answer(form)
            if isinstance(trouble, Reply):
                self._say(trouble)
            else:
                trouble(self, endpoint.over)

        def do_GET(self) -> None:
            with endpoint.lock:
                reply = endpoint.about(parse_qs(urlsplit(self.path).query)["token"][0])
            self._say(reply)

        def _say(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_words: Any) -> None:
            """Quiet."""

    return Handler


def _form(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    """The fields of the request; client and secret also from the header for them."""
    body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
    form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
    basic = handler.headers.get("Authorization", "")
    if basic.startswith("Basic "):
        client, _, secret = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")
        form |= {"client_id": unquote_plus(client), "client_secret": unquote_plus(secret), "by": "header"}
    return form


def stalling(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    """Says nothing."""
    over.wait()


def dripping(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    """Says an octet at a time, without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not over.wait(0.02):
        handler.wfile.write(b"x")


def cutting(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    """Hangs up in the middle of its answer."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"access_to')


def flooding(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    """Sends more than anybody wants."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b"x" * 65_536)
