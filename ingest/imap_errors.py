"""What a failed IMAP command means for the operator: try again, or mend something (RFC 5530 response codes)."""

from __future__ import annotations

import ast
import re
import socket
import ssl
from dataclasses import dataclass
from imaplib import IMAP4

from ingest.errors import Configuration, DeskError, Transient, in_words
from ingest.imap_account import ImapAccount

# Raised by imaplib and imapclient for a lost connection, a refusal, or an answer that is no IMAP.
FAILURES = (IMAP4.error, OSError, ValueError, LookupError, TypeError, AttributeError)

# imaplib and imapclient put the server's octets into their sentences as Python writes them: b'...'
_OCTETS = re.compile(r"""\bb('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_CODE = re.compile(r"\[([A-Z]+)[ \]]")
_PERSON_MUST_ACT = {
    "AUTHENTICATIONFAILED",
    "AUTHORIZATIONFAILED",
    "CANNOT",
    "CONTACTADMIN",
    "EXPIRED",
    "NONEXISTENT",
    "NOPERM",
    "PRIVACYREQUIRED",
}
_PASSES_BY_ITSELF = {"INUSE", "LIMIT", "OVERQUOTA", "SERVERBUG", "UNAVAILABLE"}
_NOT_TLS = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
_LATER = "Nothing is lost; the next pass tries again."


class Broken(Transient):
    """The server did not finish an answer: the connection ended, or it took too long, or made no sense."""

    def __init__(self, words: str, how: str = "") -> None:
        super().__init__(words)
        self.how = how or words  # without mailbox and act


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was being done, and what an operator does where the server refuses it."""

    doing: str  # completes "could not ..."
    remedy: str = ""  # a refusal is the operator's to mend where there is one, else it passes


CONNECT = Act(doing="connect")
STARTTLS = Act(doing="encrypt the connection", remedy="Set security to tls, or mend the server's STARTTLS.")
LOGIN = Act(doing="log in", remedy="Check username and password; some providers want an app password.")
LOGIN_BY_TOKEN = Act(
    doing="log in",
    remedy="The provider gave an access token, and this server does not take it: check username, and that the "
    "application was granted access to this mailbox by IMAP.",
)
IDLE = Act(doing="wait for mail")
LOOK = Act(doing="look whether mail came")
SELECT = Act(doing="open the folder", remedy="Check that the folder exists and that the account may open it.")
SEARCH = Act(doing="list the messages")
FETCH = Act(doing="fetch messages")
CREATE = Act(doing="find or create the processed folder", remedy="Create it by hand, or set after to flag.")
FILE = Act(doing="file messages away")


def explained(error: BaseException, account: ImapAccount, act: Act, *, deadline_passed: bool) -> DeskError:
    """The failure in one message that says what, where, and what to do next."""
    sentence = f"{account.place}: could not {act.doing}"
    if isinstance(error, IMAP4.readonly):
        return Configuration(
            f"{sentence}: the folder is read-only. Give the account the right to change it, or set after to leave."
        )
    if deadline_passed:
        return _broken(sentence, f"the server took longer than {account.deadline_seconds:g} seconds altogether")
    if isinstance(error, TimeoutError):
        return _broken(sentence, f"no answer within {account.timeout_seconds:g} seconds")
    if isinstance(error, OSError):
        return _network_failure(error, account, sentence)
    if _was_cut(error):
        return _broken(sentence, f"the connection ended ({spoken(error, account)})")
    if isinstance(error, IMAP4.error):
        return _refusal(error, account, act, sentence)
    return _broken(sentence, f"the answer cannot be understood ({spoken(error, account)})")


def concerns_all(error: BaseException) -> bool:
    """Whether a refusal tells of the account or the server, and not only of what was asked for."""
    codes = set(_CODE.findall(str(error).upper()))
    return bool(codes & (_PERSON_MUST_ACT | _PASSES_BY_ITSELF - {"SERVERBUG"}))


def spoken(error: BaseException, account: ImapAccount) -> str:
    """The server's words, fit for a log: short, one line, without the password, without a token."""
    said = in_words(error) if isinstance(error, OSError) else _OCTETS.sub(_as_text, str(error))
    said = account.without_secrets(said)
    said = "".join(letter if letter.isprintable() else " " for letter in said)
    return (said or type(error).__name__)[:300]


def _as_text(octets: re.Match[str]) -> str:
    return str(ast.literal_eval(octets[0]).decode("utf-8", "replace"))


def _network_failure(error: OSError, account: ImapAccount, sentence: str) -> DeskError:
    said = spoken(error, account)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Configuration(
            f"{sentence}: its certificate is not trusted ({error.verify_message}). Check host; "
            "where the server has an authority of its own, give that authority's certificate as ca_file."
        )
    if isinstance(error, ssl.SSLError) and error.reason in _NOT_TLS:
        return Configuration(
            f"{sentence}: port {account.port} does not speak TLS ({said}). "
            "Mend port (usually 993 for tls), or set security to starttls (usually port 143)."
        )
    if isinstance(error, socket.gaierror):
        return Transient(f"{sentence}: the name {account.host} was not found ({said}). Check it. {_LATER}")
    return _broken(sentence, said)


def _broken(sentence: str, how: str) -> Broken:
    return Broken(f"{sentence}: {how}. {_LATER}", how)


def _was_cut(error: BaseException) -> bool:
    """imapclient reports a connection that ended during the login as a refused login: the cause tells them apart."""
    return isinstance(error, IMAP4.abort) or isinstance(error.__context__, IMAP4.abort)


def _refusal(error: BaseException, account: ImapAccount, act: Act, sentence: str) -> DeskError:
    said = spoken(error, account)
    codes = set(_CODE.findall(said.upper()))
    said = said.rstrip(".")
    must_mend = codes & _PERSON_MUST_ACT or (act.remedy and not codes & _PASSES_BY_ITSELF)
    if must_mend:
        remedy = act.remedy or "Give the account the right to do so, or change the mailbox's settings."
        return Configuration(f'{sentence}: the server said "{said}". {remedy}')
    return Transient(f'{sentence}: the server said "{said}". {_LATER}')
