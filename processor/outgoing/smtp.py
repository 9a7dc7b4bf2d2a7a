"""Hands mail to a server over one kept connection: the only file that knows smtplib."""

from __future__ import annotations

import io
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import TracebackType
from typing import Any, Self, cast

from processor.outgoing.account import SmtpAccount, smtp_account
from processor.outgoing.compose import OutgoingMail
from processor.outgoing.patience import Answers, Clock
from processor.outgoing.smtp_login import log_in, offers
from processor.outgoing.trouble import REPLY_LENGTH, login_refused, not_offered, reply_text, turned_away, unreachable
from processor.outgoing.view import one_line

__all__ = ["Delivery", "Outcome", "Sender", "SmtpAccount", "smtp_account"]

GOODBYE_SECONDS = 5

_LOGIN_WANTED = (530, 534, 535, 538)  # RFC 4954 section 6
_SERVICE_ENDS = 421
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>]")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Outcome(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"  # the server has it
    DEFERRED = "deferred"  # the server does not have it; try again later
    REFUSED = "refused"  # the server will not have it, however often it is tried
    UNKNOWN = "unknown"  # its last line was sent and no answer came (RFC 1047)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The outcome, and the server's last words."""

    outcome: Outcome
    reply: str
    step: str  # of the conversation that decided: MAIL, RCPT, DATA, or "content"


class Sender:
    """One connection, opened when first needed and kept; used by one thread at a time.

    `send` and `check` raise Transient where the server cannot be entered now, Configuration where a person must mend
    something. In both cases nothing was sent.
    """

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._clock = Clock(account.timeout_seconds)
        self._line: _Line | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Enter the server, unless a connection is kept: one that is away is known before anything is attempted."""
        self._clock.start(self._account.deadline_seconds)
        self._entered()

    def send(self, mail: OutgoingMail) -> Delivery:
        """Hand the message over. A kept connection that the server has left meanwhile is opened anew, once."""
        if _UNSAFE.search(mail.envelope_from + mail.recipient):
            return Delivery(outcome=Outcome.REFUSED, reply="the address holds a forbidden character", step="MAIL")
        self._clock.start(self._account.deadline_seconds)
        was_kept = self._line is not None
        delivery = self._hand_over(mail)
        if was_kept and self._line is None and delivery.step == "MAIL" and delivery.outcome is Outcome.DEFERRED:
            return self._hand_over(mail)
        return delivery

    def check(self) -> str:
        """Log in anew and leave; one sentence of what was found."""
        self.close()
        self._clock.start(self._account.deadline_seconds)
        line = self._entered()
        lock = f"over {line.sock.version()}" if isinstance(line.sock, ssl.SSLSocket) else "in clear text"
        who = f"as {self._account.username}" if self._account.username else "without a login"
        self.close()
        return f"{self._account.place} takes mail {lock}, {who}."

    def close(self) -> None:
        """Say goodbye where the server still listens."""
        line, self._line = self._line, None
        if line is not None:
            self._clock.start(GOODBYE_SECONDS)
            try:
                line.quit()
            except OSError:
                line.close()

    def _hand_over(self, mail: OutgoingMail) -> Delivery:
        line = self._entered()
        international = not (mail.content.isascii() and (mail.envelope_from + mail.recipient).isascii())
        if international and not line.has_extn("smtputf8"):
            reply = f"{self._account.place} takes no international addresses (SMTPUTF8, RFC 6531)."
            return Delivery(outcome=Outcome.REFUSED, reply=reply, step="MAIL")
        line.command_encoding = "utf-8" if international else "ascii"
        options = " BODY=8BITMIME SMTPUTF8" if international else ""
        step = ""
        try:
            for step, argument in (
                ("MAIL", f"FROM:<{mail.envelope_from}>{options}"),
                ("RCPT", f"TO:<{mail.recipient}>"),
                ("DATA", ""),
            ):
                code, words = line.docmd(step, argument)
                if code // 100 != (3 if step == "DATA" else 2):
                    return self._declined(line, step, code, words)
            step = "content"
            self._clock.wait_for_the_deadline()
            line.send(_payload(mail.content))
        except OSError as error:  # not all of it left this machine, so the server cannot have it
            self._drop(line)
            return Delivery(outcome=Outcome.DEFERRED, reply=_lost(error), step=step)
        return self._answer(line)

    def _answer(self, line: _Line) -> Delivery:
        """The server's word on a message that was sent whole."""
        try:
            code, words = line.getreply()
        except OSError as error:
            self._drop(line)
            return Delivery(outcome=Outcome.UNKNOWN, reply=_lost(error), step="content")
        if code // 100 in (4, 5):
            return self._declined(line, "content", code, words)
        if code // 100 == 2:
            return Delivery(outcome=Outcome.DELIVERED, reply=reply_text(code, words), step="content")
        self._drop(line)
        return Delivery(outcome=Outcome.UNKNOWN, reply=reply_text(code, words), step="content")

    def _declined(self, line: _Line, step: str, code: int, words: bytes) -> Delivery:
        """A refusal for ever (5xx) or for now (all else), and the connection made ready for the next message."""
        if code in _LOGIN_WANTED and step == "MAIL":
            self._drop(line)
            raise login_refused(self._account, code, words)
        if code == _SERVICE_ENDS or code // 100 not in (4, 5):
            self._drop(line)
        else:
            self._forget_transaction(line)
        # A login that is wanted once a recipient is named may be wanted for him alone: it must not stop the others.
        outcome = Outcome.REFUSED if code // 100 == 5 and code not in _LOGIN_WANTED else Outcome.DEFERRED
        return Delivery(outcome=outcome, reply=reply_text(code, words), step=step)

    def _forget_transaction(self, line: _Line) -> None:
        try:
            code, _ = line.rset()
        except OSError:
            code = -1
        if code // 100 != 2:
            self._drop(line)

    def _drop(self, line: _Line) -> None:
        self._line = None
        line.close()

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._account.tls_context()

    def _entered(self) -> _Line:
        """The kept connection, or a new one: greeted, encrypted, logged in."""
        if self._line is None:
            tokens = offers(self._account)
            context = None if self._account.security == "plain" else self._context
            try:
                self._line = _open(self._account, self._clock, context, tokens)
            except smtplib.SMTPResponseException as error:
                raise turned_away(self._account, error.smtp_code, error.smtp_error) from error
            except OSError as error:
                raise unreachable(self._account, error) from error
        return self._line


class _Line(smtplib.SMTP):
    """A connection whose every wait is under the clock."""

    def __init__(self, clock: Clock, host: str, port: int, **more: Any) -> None:
        self._clock = clock
        # Else smtplib asks the network for our name, which can take long; the address literal is set when known.
        super().__init__(host, port, local_hostname="localhost", timeout=clock.pause(), **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(Answers(self.sock, self._clock))
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self._clock.pause())
        super().send(s)


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same, encrypted from its first octet."""


def _open(account: SmtpAccount, clock: Clock, context: ssl.SSLContext | None, tokens: Iterator[str]) -> _Line:
    """Greeted by the server, and encrypted where the account says so: there is no fall-back to clear text."""
    if context is not None and account.security == "tls":
        line: _Line = _TlsLine(clock, account.host, account.port, context=context)
    else:
        line = _Line(clock, account.host, account.port)
    try:
        _make_ready(line, account, context, tokens)
    except BaseException:
        line.close()
        raise
    return line


def _make_ready(line: _Line, account: SmtpAccount, context: ssl.SSLContext | None, tokens: Iterator[str]) -> None:
    line.local_hostname = _address_literal(cast(socket.socket, line.sock))  # open: the server has greeted us
    line.ehlo_or_helo_if_needed()
    if account.security == "starttls":
        if not line.has_extn("starttls"):
            raise not_offered(account, "STARTTLS", 'set smtp.security to "tls" with its port, often 465.')
        line.starttls(context=context)
        line.ehlo_or_helo_if_needed()
    if account.username is not None:
        log_in(line, account, account.username, tokens)


def _address_literal(sock: socket.socket) -> str:
    """Our address as EHLO tells it (RFC 5321 section 4.1.3): true, and known without asking the network."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _payload(content: bytes) -> bytes:
    """What follows DATA: CRLF lines alone, leading dots doubled, the last line a dot (RFC 5321 section 4.5.2)."""
    lines = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", content))
    return lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n")


def _lost(error: OSError) -> str:
    return one_line(f"connection lost: {error}", REPLY_LENGTH)
