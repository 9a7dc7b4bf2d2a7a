"""What a winmail.dat holds (MS-OXTNEF): files, the text of the mail, mails that were attached to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.charset import decode
from ingest.rtf import decompressed
from ingest.tnef_wire import SIGNATURE, Attribute, Budget, Value, attributes, charset_of, properties

FILES = 500
_DEPTH = 3  # of mails attached to mails
_BODY = 2_000_000  # octets of a text
_STRING = 0x1E
_SUBJECT, _TEXT, _DATA, _TITLE, _RENDERING = 0x8004, 0x800C, 0x800F, 0x8010, 0x9002
_MAIL_PROPERTIES, _FILE_PROPERTIES, _CODE_PAGE = 0x9003, 0x9005, 0x9007
_PR_SUBJECT, _PR_BODY, _PR_RTF, _PR_HTML, _PR_CODE_PAGE = 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE
_PR_SENDER_NAME, _PR_SENDER, _PR_SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_PR_DATA, _PR_CONTENT_ID, _PR_TYPE = 0x3701, 0x3712, 0x370E
_PR_NAMES = (0x3707, 0x3704)  # the long file name, the short one
_PR_SHOWN_NAME = 0x3001
_COM = b"\xc0\x00\x00\x00\x00\x00\x00\x46"  # how the identifiers of Windows's own interfaces end
_MAIL = b"\x07\x03\x02\x00\x00\x00\x00\x00" + _COM  # IID_IMessage: a mail follows


@dataclass(slots=True, kw_only=True)
class TnefFile:
    """A file inside, or a mail that was attached."""

    name: str = ""
    octets: memoryview = field(default_factory=lambda: memoryview(b""))
    media_type: str = "application/octet-stream"
    content_id: str = ""
    mail: Tnef | None = None


@dataclass(slots=True, kw_only=True)
class Tnef:
    """One mail as Outlook packs it. Of its text there may be one form, several or none."""

    subject: str = ""
    sender_name: str = ""
    sender_address: str = ""
    text: str = ""
    html: bytes = b""
    html_charset: str = ""
    rtf: bytes = b""
    files: list[TnefFile] = field(default_factory=list)
    charset: str = "cp1252"


def read_tnef(octets: bytes, budget: Budget) -> Tnef | None:
    """What is in it, as far as it can be read; None where it is no TNEF."""
    return _read(memoryview(octets), budget, _DEPTH) if octets.startswith(SIGNATURE) else None


def _read(octets: memoryview, budget: Budget, depth: int) -> Tnef:
    found = Tnef()
    for attribute in attributes(octets, budget):
        if attribute.level == 2:
            _file_attribute(found, attribute, budget, depth)
        elif attribute.id == _CODE_PAGE:
            found.charset = charset_of(int.from_bytes(attribute.data[:4], "little"))
        elif attribute.id == _SUBJECT:
            found.subject = found.subject or _string(attribute.data[:4_000], found.charset)
        elif attribute.id == _TEXT:
            found.text = found.text or _string(attribute.data[:_BODY], found.charset)
        elif attribute.id == _MAIL_PROPERTIES:
            _mail_properties(found, properties(attribute.data, budget), budget)
    return found


def _mail_properties(found: Tnef, said: Mapping[int, Value], budget: Budget) -> None:
    found.subject = _first(said, found.charset, _PR_SUBJECT)[:4_000] or found.subject
    found.sender_name = _first(said, found.charset, _PR_SENDER_NAME)[:1_000]
    found.sender_address = _first(said, found.charset, _PR_SENDER_SMTP, _PR_SENDER)[:1_000]
    internet = charset_of(said[_PR_CODE_PAGE].number) if _PR_CODE_PAGE in said else found.charset
    found.text = _first(said, internet, _PR_BODY) or found.text
    if html := said.get(_PR_HTML):
        found.html, found.html_charset = bytes(html.octets[:_BODY]), "utf-16-le" if html.wide else internet
        found.html = found.html.rstrip(b"\0") if not html.wide else found.html
    rtf = said.get(_PR_RTF)
    if rtf is not None and len(rtf.octets) <= budget.rtf_octets:
        budget.rtf_octets -= len(rtf.octets)
        found.rtf = decompressed(bytes(rtf.octets[:_BODY]))


def _file_attribute(found: Tnef, attribute: Attribute, budget: Budget, depth: int) -> None:
    """A file begins with how it is drawn; where that is left out, with its title or its octets."""
    if attribute.id == _RENDERING or not found.files:
        if len(found.files) == FILES:
            return
        found.files.append(TnefFile())
    one = found.files[-1]
    if attribute.id == _TITLE:
        one.name = one.name or _string(attribute.data[:1_000], found.charset)
    elif attribute.id == _DATA:
        one.octets = attribute.data
    elif attribute.id == _FILE_PROPERTIES:
        _file_properties(one, properties(attribute.data, budget), found.charset, budget, depth)


def _file_properties(one: TnefFile, said: Mapping[int, Value], charset: str, budget: Budget, depth: int) -> None:
    one.name = _first(said, charset, *_PR_NAMES)[:1_000] or one.name or _first(said, charset, _PR_SHOWN_NAME)[:1_000]
    one.content_id = _first(said, charset, _PR_CONTENT_ID)[:1_000]
    one.media_type = _first(said, charset, _PR_TYPE)[:100] or one.media_type
    data = said.get(_PR_DATA)
    if data is None or len(one.octets):
        return
    identifier, one.octets = data.octets[:16], data.octets
    if identifier[8:] == _COM:
        one.octets = data.octets[16:]
    if identifier == _MAIL and depth and budget.mails and one.octets[:4] == SIGNATURE:
        budget.mails -= 1
        one.mail = _read(one.octets, budget, depth - 1)


def _first(said: Mapping[int, Value], charset: str, *numbers: int) -> str:
    """The first of these properties that says something."""
    values = (said[number] for number in numbers if number in said)
    texts = (Value(kind=one.kind, octets=one.octets[:_BODY]).text(charset) for one in values)
    return next((text for text in texts if text.strip()), "")


def _string(data: memoryview, charset: str) -> str:
    return decode(bytes(data).rstrip(b"\0"), charset)[0]
