"""The name of a file, in every form in which mail programs write it (RFC 2231, RFC 2047, and neither)."""

from __future__ import annotations

from base64 import b64encode

import pytest
from support.cost import within_its_time

from ingest.parameters import parameter
from ingest.parser import parse

HEAD = (
    b"From: a@client.example\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: application/pdf"
)
ATTACHED = b"\r\nContent-Disposition: attachment"
JAPANESE = b"=?iso-2022-jp?b?" + b64encode("請求書".encode("iso-2022-jp")) + b"?="


def name_of(fields: bytes) -> str:
    return parse(HEAD + fields + b"\r\n\r\n%PDF\r\n--o--").attachments[0].name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (b"filename*=UTF-8''Rechnung%20%C3%BC.pdf", "Rechnung ü.pdf"),
        (b"filename*=iso-8859-1'de'%FC.pdf", "ü.pdf"),
        (b"filename*0*=UTF-8''Rech; filename*1*=nung%20%C3; filename*2*=%BC.pdf", "Rechnung ü.pdf"),
        (b"filename*2*=%BC.pdf; filename*1*=nung%20%C3; filename*0*=UTF-8''Rech", "Rechnung ü.pdf"),
        (b"filename*0*=UTF-8''Rech; filename*2=ung.pdf", "Rechung.pdf"),
        (b"filename*1=nung; filename*2=.pdf", "nung.pdf"),
        (b'filename*0="Rech"; filename*1=nung.pdf', "Rechnung.pdf"),
        (b"filename*0*=UTF-8''%C3%BC; filename*1=\"%20.pdf\"", "ü%20.pdf"),
        (b'filename*0="=?utf-8?b?w7w"; filename*1="=?=.pdf"', "ü.pdf"),
        (b"filename=old.pdf; filename*=utf-8''%C3%BC.pdf", "ü.pdf"),
        (b"filename*=utf-8''%C3%BC.pdf; filename=old.pdf", "ü.pdf"),
        (b"filename*=klingon''%C3%BC.pdf", "ü.pdf"),
        (b"filename*=''%C3%BC.pdf", "ü.pdf"),
        (b"filename*=%C3%BC.pdf", "ü.pdf"),
        (b"filename*=utf-8''%FC.pdf", "ü.pdf"),
        (b"filename*=\"utf-8''%C3%BC.pdf\"", "ü.pdf"),
        (b"filename=%C3%BC%20x.pdf", "ü x.pdf"),
        (b"filename=100%.pdf", "100%.pdf"),
        (b"filename=%FF%FE.pdf", "%FF%FE.pdf"),
        (b"filename=This is a.pdf", "This is a.pdf"),
        (b"filename=a;b.pdf; size=3", "a;b.pdf"),
        (b'filename=a.pdf; creation-date="x.y"', "a.pdf"),
        (b'filename="a\\"b;c.pdf"; size=3', 'a"b;c.pdf'),
        (b'filename="a.pdf; size=3', "a.pdf"),
        (b"filename='a b.pdf'", "a b.pdf"),
        (b'FILENAME = "a.pdf" ', "a.pdf"),
        (b'filename="a\r\n\tb.pdf"', "a b.pdf"),
        (b"filename=\xc3\xbc.pdf", "ü.pdf"),
        (b"filename=\xfc.pdf", "ü.pdf"),
        (b"filename=" + "請求書.pdf".encode("iso-2022-jp"), "請求書.pdf"),
        (b'filename="' + JAPANESE + b'.pdf"', "請求書.pdf"),
        (b"filename==?utf-8?q?a_b=2Epdf?=", "a b.pdf"),
        (b'filename="=?utf-8?b?w7w=?=\r\n =?utf-8?b?w7w=?=.pdf"', "üü.pdf"),
        (b'filename="=?utf-8?q?..=2F..=2Fetc?="', "etc"),
        (b'filename="";name=x.pdf', "x.pdf"),
    ],
)
def test_a_file_name_is_read_however_it_is_written(written: bytes, name: str) -> None:
    assert name_of(ATTACHED + b"; " + written) == name


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (b"; name=type.pdf" + ATTACHED + b"; filename=disposition.pdf", "disposition.pdf"),
        (b"; name=type.pdf" + ATTACHED + b'; filename=""', "type.pdf"),
        (b"; name=type.pdf", "type.pdf"),
        (b"; name=one.pdf; name=two.pdf", "one.pdf"),
        (b'\r\nContent-Disposition: filename="a.pdf"', "a.pdf"),
        (ATTACHED + b', filename="a.pdf"', "a.pdf"),
        (b"\r\nContent-Description: invoice.pdf", "invoice.pdf"),
    ],
)
def test_a_name_is_found_in_whatever_field_it_stands(fields: bytes, name: str) -> None:
    assert name_of(fields) == name


@pytest.mark.parametrize(
    "fields", [b"\r\nContent-Description: An invoice of ours.pdf", b"; filename", ATTACHED + b"; x=name"]
)
def test_what_is_no_name_is_none(fields: bytes) -> None:
    assert name_of(fields).startswith("unnamed-")


def test_a_parameter_that_was_wrapped_without_a_blank_belongs_to_the_header() -> None:
    part = b';\r\nname="a b.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg=='
    (one,) = parse(HEAD + part + b"\r\n--o--").attachments
    assert (one.name, one.size, one.declared_type) == ("a b.pdf", 4, "application/pdf")


HOSTILE = (
    'x; filename="' + "a" * 200_000,
    'x; filename="' + "\\" * 200_000,
    "x;" + " " * 200_000,
    "x; filename=" + "a;b" * 60_000,
    "filename*0=" * 20_000,
    "x; filename*=" + "'" * 200_000,
    "x" + "; filename*1*=%" * 15_000,
)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_value_is_read_in_a_moment(value: str) -> None:
    with within_its_time():
        parameter(value, "filename")
