"""What is packed in one part: a signed mail in its envelope, a winmail.dat, files and armour in the text itself."""

from __future__ import annotations

import re

from ingest.armour import take_off
from ingest.attachments import file_value, safe_name
from ingest.body import Piece, plain_piece
from ingest.charset import clean_line, clean_text, decode
from ingest.cms import read_envelope
from ingest.findings import Findings
from ingest.gate import Part, parse_parts
from ingest.hidden import told
from ingest.html_text import html_to_text
from ingest.message import Address, AttachedMessage
from ingest.rtf import rtf_to_text
from ingest.tnef import Tnef, TnefFile, read_tnef
from ingest.uuencoded import take_out

ENVELOPE_TYPES = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
TNEF_TYPES = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
ATTACHED_TEXT = 100_000  # characters of a mail that is attached
_MIME = re.compile(
    rb"\s*(?:[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)*?(?:content-type|mime-version)[ \t]*:", re.I
)
_MIME_READ = 4_096
_ENVELOPE_ENDING = re.compile(r"\.p7[ms]$", re.IGNORECASE)


def open_envelope(octets: bytes, name: str, findings: Findings) -> bytes | None:
    """The mail in an S/MIME envelope. A signed file that is no mail, such as an invoice, is one more attachment."""
    envelope = read_envelope(octets)
    if envelope.encrypted:
        findings.protected("smime-encrypted")
    if not envelope.signed:
        return None
    if not envelope.content:
        findings.defects.append("smime: there is nothing in the envelope")
        return None
    if not _MIME.match(envelope.content[:_MIME_READ]):
        inside = safe_name(_ENVELOPE_ENDING.sub("", name))
        value = file_value(envelope.content, name=inside, declared_type="application/octet-stream")
        findings.attach(value, envelope.content)
        return None
    findings.protected("smime-signed")
    if not findings.envelopes:
        findings.limited.append("envelopes: one within the other, the innermost was not opened")
        return None
    findings.envelopes -= 1
    return envelope.content


def text_piece(part: Part, octets: bytes, findings: Findings) -> Piece:
    """A text part, and what does not belong to its words: uuencoded files, the armour of PGP."""
    octets, files = take_out(octets, findings.text_files)
    findings.text_files -= len(files)
    for one in files:
        name = safe_name(decode(one.name, None)[0])
        if not one.sound:
            findings.defects.append("uuencode: a file in the text is broken")
        if not findings.words_alone:
            value = file_value(one.octets, name=name, declared_type="application/octet-stream")
            findings.attach(value, one.octets)
    if b"-----BEGIN PGP " in octets:
        octets, protection, encrypted = take_off(octets)
        if protection:
            findings.protected(protection)
        for block in encrypted:
            findings.attach(file_value(block, name="encrypted.asc", declared_type="application/pgp-encrypted"), block)
    return plain_piece(part, octets, findings.defects)


def unpack_tnef(octets: bytes, findings: Findings) -> None:
    """The files of a winmail.dat, the mails that were attached to it, and its text."""
    found = read_tnef(octets, findings.packed_budget)
    if found is None:
        findings.defects.append("tnef: winmail.dat is none")
        return
    if findings.packed_budget.spent:
        findings.limited.append("tnef: more in a winmail.dat than is read")
    for one in found.files:
        _packed_file(one, findings)
    for octets, name, kind in ((found.html, "body.html", "text/html"), (found.rtf, "body.rtf", "text/rtf")):
        if octets:
            findings.attach(file_value(octets, name=name, declared_type=kind, inline=True), b"")  # the mail's own words
    if not findings.packed and (body := _body(found)):
        findings.packed.append(body)


def _packed_file(one: TnefFile, findings: Findings) -> None:
    octets = bytes(one.octets)
    name, declared = safe_name(one.name), clean_line(one.media_type).lower()
    if one.mail is not None:
        name, declared = safe_name(one.name or one.mail.subject), "application/vnd.ms-tnef"
    value = file_value(octets, name=name, declared_type=declared, content_id=clean_line(one.content_id).strip("<> "))
    findings.attach(value, octets)
    if one.mail is not None:
        findings.attached.append(_packed_mail(one.mail, value.sha256))
        for inside in one.mail.files:
            _packed_file(inside, findings)


def _packed_mail(mail: Tnef, sha256: str) -> AttachedMessage:
    text = mail.text or rtf_to_text(mail.rtf) or told(html_to_text(decode(mail.html, mail.html_charset)[0])).marked
    address = clean_line(mail.sender_address)
    sender = Address(name=clean_line(mail.sender_name), address=address) if "@" in address else None
    return AttachedMessage(
        subject=clean_line(mail.subject),
        from_=(sender,) if sender else (),
        text=clean_text(text[:ATTACHED_TEXT]).strip(),
        sha256=sha256,
    )


def _body(found: Tnef) -> Piece | None:
    """Its text as a part of the mail: the plain one, else the marked-up one, else the words of the rich one."""
    kind = "text/plain"
    if found.text.strip():
        octets = found.text.encode("utf-8", "replace")
    elif found.html:
        kind, octets = "text/html", decode(found.html, found.html_charset)[0].encode("utf-8", "replace")
    elif found.rtf:
        octets = rtf_to_text(found.rtf).encode("utf-8", "replace")
    else:
        return None
    part = parse_parts(
        f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode() + octets
    )
    return Piece(part=part, plain=False) if kind == "text/html" else plain_piece(part, part.octets()[0], [])
