"""Signed mail is read, encrypted mail is said to be so; that a signature is there is never said to be valid."""

from __future__ import annotations

from base64 import encodebytes
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from support.cost import within_its_time

from ingest.cms import read_envelope
from ingest.message import Message
from ingest.parser import parse

HEADER = b"From: Ada <ada@client.example>\r\nSubject: Signed\r\nMIME-Version: 1.0\r\n"
WORDS = b"Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"
CONTENT = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n" + WORDS + b"--i\r\n"
    b"Content-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\nwords of another\r\n--i\r\n"
    b"Content-Type: application/pdf; name=bill.pdf\r\n\r\n%PDF-1.4\r\n--i--\r\n"
)
SIGNED_TEXT = (
    b"before\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nPlease pay.\n- -- \nAda\n"
    b"-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\nafter\n"
)
ARMOUR = b"-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nhQEMA0\n=abcd\n-----END PGP MESSAGE-----\n"


def certificate() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    return issued(key.public_key(), key), key


def issued(public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ada@client.example")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(public).serial_number(1)
    return made.not_valid_before(begin).not_valid_after(begin + timedelta(days=9)).sign(key, hashes.SHA256())


def signed(content: bytes) -> bytes:
    chain, key = certificate()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(chain, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def in_pieces(content: bytes, size: int = 100) -> bytes:
    """Signed content as OpenSSL streams it: lengths left open, the content in pieces (BER)."""
    pieces = b"".join(b"\x04\x81" + bytes((len(one),)) + one for one in cut(content, size))
    inner = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80" + pieces + bytes(6)
    data = b"\x30\x80\x02\x01\x01\x31\x80\x30\x02\x05\x00\x00\x00" + inner
    return b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80" + data + bytes(6)


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def enveloped(octets: bytes, name: bytes = b"smime.p7m") -> Message:
    kind = b"Content-Type: application/pkcs7-mime; name=" + name + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return parse(HEADER + kind + encodebytes(octets))


def as_text(body: bytes) -> Message:
    return parse(HEADER + b"Content-Type: text/plain\r\n\r\n" + body)


@pytest.mark.parametrize("envelope", [signed, in_pieces])
def test_the_content_of_an_opaque_signature_is_the_mail(envelope: object) -> None:
    message = enveloped(envelope(CONTENT))  # type: ignore[operator]
    assert (message.protection, message.text) == ("smime-signed", "Grüße")
    assert [one.name for one in message.attachments if one.declared_type != "message/rfc822"] == [
        "smime.p7m",
        "bill.pdf",
    ]
    assert [one.subject for one in message.attached_messages] == ["inside"]
    assert message.attachments[1].size == len(b"Subject: inside\r\n\r\nwords of another")


def test_an_invoice_in_a_signature_is_one_more_attachment() -> None:
    message = enveloped(signed(b"<?xml version='1.0'?><Fattura/>"), b"IT01234_1.xml.p7m")
    assert [one.name for one in message.attachments] == ["IT01234_1.xml.p7m", "IT01234_1.xml"]
    assert message.protection == ""


def test_signatures_around_signatures_are_opened_three_deep() -> None:
    content = CONTENT
    for _ in range(6):
        body = encodebytes(in_pieces(content))
        content = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    message = parse(HEADER + content)
    assert message.limited == ("envelopes: one within the other, the innermost was not opened",)


def test_a_signature_beside_the_content_leaves_the_content_as_it_is() -> None:
    parts = b"--s\r\n" + WORDS + b"\r\n--s\r\nContent-Type: %b; name=sig\r\n\r\nxyz\r\n--s--\r\n"
    for protocol, kind in (
        (b"application/pkcs7-signature", "smime-signed"),
        (b"application/pgp-signature", "pgp-signed"),
    ):
        for declared in (b"; protocol=" + protocol, b""):
            raw = HEADER + b"Content-Type: multipart/signed; boundary=s" + declared + b"\r\n\r\n" + parts % protocol
            message = parse(raw)
            assert (message.protection, message.text) == (kind, "Grüße")
            assert [one.name for one in message.attachments] == ["sig"]


def test_what_is_encrypted_for_smime_is_said_to_be_and_has_no_words() -> None:
    _, key = certificate()
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(CONTENT).add_recipient(issued(public, key))
    message = enveloped(builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary]))
    assert (message.protection, message.text, message.limited) == ("smime-encrypted", "", ())
    assert [one.name for one in message.attachments] == ["smime.p7m"]


def test_what_is_encrypted_for_pgp_is_an_attachment() -> None:
    kind = b'Content-Type: multipart/encrypted; boundary=s; protocol="application/pgp-encrypted"\r\n\r\n'
    parts = b"--s\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--s\r\n"
    octets = b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n" + ARMOUR + b"--s--"
    message = parse(HEADER + kind + parts + octets)
    assert (message.protection, message.text) == ("pgp-encrypted", "")
    assert message.attachments[1].name == "encrypted.asc"


def test_the_armour_of_a_signed_text_is_not_in_it() -> None:
    message = as_text(SIGNED_TEXT)
    assert (message.protection, message.text) == ("pgp-signed", "before\nPlease pay.\n-- \nAda\nafter")


def test_an_encrypted_block_is_an_attachment_and_what_stands_around_it_is_the_text() -> None:
    message = as_text(b"Before.\n" + ARMOUR + b"After.\n" + SIGNED_TEXT)
    assert message.protection == "pgp-encrypted"
    assert message.text.startswith("Before.\nAfter.\nbefore\nPlease pay.")
    assert [(one.name, one.size) for one in message.attachments] == [("encrypted.asc", len(ARMOUR))]


@pytest.mark.parametrize(
    "text", [b"> " + SIGNED_TEXT[7:], ARMOUR.rpartition(b"-----END")[0], b"see -----BEGIN PGP MESSAGE-----"]
)
def test_armour_that_is_only_quoted_or_not_whole_stays_text(text: bytes) -> None:
    message = as_text(text)
    assert (message.protection, "BEGIN PGP" in message.text) == ("", True)


@pytest.mark.parametrize(
    "octets",
    [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x02\x01\x01", b"\x30\x89" + b"\xff" * 20, b"0" * 99]
    + [in_pieces(CONTENT)[:at] for at in (5, 12, 20, 30, 45)]
    + [in_pieces(b"x").replace(b"\x24\x80", b"\x05\x00")],
)
def test_an_envelope_that_is_broken_is_an_attachment_like_any_other(octets: bytes) -> None:
    message = enveloped(octets)
    assert (message.text, len(message.attachments)) == ("", 1)


@pytest.mark.parametrize(
    "octets", [b"\x30\x80" * 1_000_000, in_pieces(b"")[:30] + b"\x31\x80" * 1_000_000, in_pieces(b"x" * 300_000, 1)]
)
def test_an_envelope_made_to_cost_much_is_given_up(octets: bytes) -> None:
    with within_its_time():
        read_envelope(octets)


@pytest.mark.parametrize("text", [b"-----BEGIN PGP MESSAGE-----\n", b"-----BEGIN PGP SIGNED MESSAGE-----\na: b\n"])
def test_armour_made_to_cost_much_is_read_in_a_moment(text: bytes) -> None:
    with within_its_time():
        as_text(text * 40_000)
