"""Why a mail server could not be entered, and what the operator does next."""

from __future__ import annotations

import ssl

from ingest.errors import Configuration, DeskError, Transient, in_words
from processor.outgoing.account import SmtpAccount
from processor.outgoing.view import one_line

REPLY_LENGTH = 500

_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST")


def unreachable(account: SmtpAccount, error: OSError) -> DeskError:
    """The connection could not be made, or was lost, before the first message."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Configuration(
            f"{account.place} shows a certificate that cannot be trusted ({error.verify_message}): "
            "write smtp.host as the certificate does, or name its authority in smtp.ca_file."
        )
    if isinstance(error, ssl.SSLError) and error.reason in _NO_TLS:
        return Configuration(
            f"{account.place} does not speak TLS as it should ({error.reason}): check smtp.port, "
            'or set smtp.security to "starttls".'
        )
    why = one_line(in_words(error), REPLY_LENGTH)
    return Transient(
        f"{account.place} cannot be reached now ({why}): nothing was sent, and it is tried again; "
        "if this lasts, check smtp.host, smtp.port and smtp.security."
    )


def turned_away(account: SmtpAccount, code: int, words: bytes | str) -> DeskError:
    """The server answered, and did not let us in."""
    reply = reply_text(code, words)
    if code // 100 != 5:
        return Transient(f"{account.place} lets nobody in now ({reply}): nothing was sent, and it is tried again.")
    return Configuration(
        f"{account.place} does not let us in ({reply}): ask its operator, or check smtp.host and smtp.port."
    )


def login_refused(account: SmtpAccount, code: int, words: bytes | str) -> DeskError:
    """The server did not accept who we say we are, or wants to know it and was not told."""
    reply = reply_text(code, words)
    if code // 100 != 5:
        return Transient(f"{account.place} takes no login now ({reply}): nothing was sent, and it is tried again.")
    if account.username is None:
        return Configuration(f"{account.place} wants a login ({reply}): set smtp.username and smtp.password.")
    if account.tokens is not None:
        return Configuration(
            f"{account.place} refuses the access token for {account.username} ({account.tokens.without_token(reply)}): "
            "check smtp.username, and that the application was granted to send for this mailbox by SMTP."
        )
    return Configuration(
        f"{account.place} refuses the login of {account.username} ({reply}): check smtp.username and smtp.password."
    )


def not_offered(account: SmtpAccount, what: str, remedy: str) -> DeskError:
    """The server lacks something that the policy asks for; there is no fall-back to less."""
    return Configuration(f"{account.place} does not offer {what}: {remedy}")


def reply_text(code: int, words: bytes | str) -> str:
    """A server's reply as one line that can be shown: code and words."""
    text = words if isinstance(words, str) else words.decode("utf-8", "replace")
    return one_line(f"{code} {text}" if code >= 0 else f"no SMTP reply: {text}", REPLY_LENGTH)
