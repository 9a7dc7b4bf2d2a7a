"""A PDF's words are read within limits, its embedded invoice too; a hostile one costs itself alone."""

from __future__ import annotations

import sys
import threading
import time
import zlib
from io import BytesIO

import pytest

pypdf = pytest.importorskip("pypdf", reason="install daydesk[documents]")

from support.plain_pdf import plain_pdf  # noqa: E402

from ingest.documents import Documents  # noqa: E402 - only where there is a reader of PDFs
from ingest.message import Attachment  # noqa: E402
from ingest.pdf_text import OCTETS, PAGES, _limited, _TooLong, pdf_text  # noqa: E402

PLAIN = plain_pdf("Invoice 4711\nTotal 15.00")
CII = b"""<?xml version="1.0"?><a:CrossIndustryInvoice xmlns:a="urn:a" xmlns:b="urn:b"><a:ExchangedDocument>
<b:ID>4711</b:ID></a:ExchangedDocument></a:CrossIndustryInvoice>"""


def with_objects(*bodies: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, without a table of where they are."""
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, body) for number, body in enumerate(bodies, 1))
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n0\n%%%%EOF\n" % (len(bodies) + 1)
    )


def with_stream(contents: bytes, kids: bytes = b"3 0 R", more: bytes = b"") -> bytes:
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(contents), contents)
    return with_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(kids) // 5 or 1),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %b >> >>"
        % more,
        stream,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def rewritten(change: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(PLAIN))
    if change == "invoice":
        writer.add_attachment("picture.png", b"none")
        writer.add_attachment("factur-x.xml", CII)
    elif change == "pages":
        for _ in range(PAGES):
            writer.append(BytesIO(PLAIN))
    else:
        writer.encrypt(user_password=change, owner_password="owner", algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_the_words_of_a_pdf_are_read() -> None:
    said = pdf_text(PLAIN, 5)
    assert (said.text.split("\n")[:2], said.unread) == (["Invoice 4711", "Total 15.00"], "")


def test_the_invoice_in_a_pdf_is_read_before_its_words() -> None:
    assert pdf_text(rewritten("invoice"), 5).text.split("\n")[:2] == ["Invoice number: 4711", "Invoice 4711"]


def test_so_many_pages_are_read_and_not_more() -> None:
    said = pdf_text(rewritten("pages"), 10)
    assert said.text.count("4711") == PAGES
    assert said.unread == "only its first 20 pages of 21 were read"


def test_what_only_its_owner_may_print_is_read_and_what_is_locked_is_not() -> None:
    assert pdf_text(rewritten(""), 5).text.startswith("Invoice 4711")
    assert pdf_text(rewritten("secret"), 5).unread == "it is encrypted"


def test_a_scan_says_that_it_holds_no_text() -> None:
    assert pdf_text(plain_pdf(""), 5).unread == "it holds no text, as a scan does not"


@pytest.mark.parametrize(
    "octets",
    [
        b"%PDF-",
        PLAIN[:300],
        PLAIN.replace(b"startxref\n", b"startxref\n9"),
        PLAIN.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
        PLAIN.replace(b"/Root 1 0 R", b"/Root 7 0 R"),
        PLAIN.replace(b"/Length ", b"/Length 999999999"),
        with_stream(zlib.compress(b"BT (a) Tj " * 100_000)[:500]),
        with_stream(b"no zlib at all"),
        with_stream(zlib.compress(b"[" * 5_000)),
        with_stream(zlib.compress(bytes(30_000_000))),
        with_stream(zlib.compress(b"/X Do"), more=b"/XObject << /X 4 0 R >>"),
        with_objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"2 0 R"),
        with_objects(b"[" * 20_000),
        b"%PDF-1.4\n" + b"1 0 obj\n" * 5_000 + b"%%EOF",
    ],
)
def test_a_hostile_pdf_raises_nothing(octets: bytes) -> None:
    begin = time.process_time()
    said = pdf_text(octets, 1)
    assert said.text or said.unread
    assert time.process_time() - begin < 20


def test_a_pdf_that_takes_too_long_is_left_and_what_was_read_is_kept() -> None:
    slow = with_stream(zlib.compress(b"BT /F1 9 Tf (word) Tj ET " * 200_000), kids=b"3 0 R " * 10)
    said = pdf_text(slow, 0.2)
    assert said.unread == "it takes more than the 2 s that PDFs of a mail get"


def test_a_bell_that_rings_where_nothing_can_be_raised_rings_again_and_tells_nobody() -> None:
    def wait(seconds: float) -> None:
        begin = time.process_time()
        while time.process_time() - begin < seconds:
            pass

    class Slow:
        def __del__(self) -> None:
            wait(0.3)

    def limited() -> None:
        with _limited(0.05):
            Slow()
            wait(10)

    told: list[object] = []
    before, sys.unraisablehook = sys.unraisablehook, told.append
    try:
        with pytest.raises(_TooLong):
            limited()
    finally:
        sys.unraisablehook = before
    assert told == []


def test_the_pdfs_of_a_mail_share_their_time() -> None:
    value = Attachment(name="a.pdf", declared_type="", detected_type="application/pdf", size=1, sha256="")
    assert Documents(seconds=5).read(value, PLAIN, None).text.startswith("Invoice 4711")
    assert (
        Documents(seconds=0).read(value, PLAIN, None).unread
        == "the PDFs before it took the 2 s that those of a mail get"
    )


def test_a_huge_pdf_is_not_read() -> None:
    assert "more than 10,000,000 are not read" in pdf_text(PLAIN + bytes(OCTETS), 5).unread


def test_where_time_cannot_be_limited_nothing_is_read() -> None:
    said: list[str] = []
    thread = threading.Thread(target=lambda: said.append(pdf_text(PLAIN, 5).unread))
    thread.start()
    thread.join()
    assert said == ["a PDF is read by the main thread alone, where its time can be limited"]


def test_without_the_extra_the_attachment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)  # what an import finds where it is not installed
    assert pdf_text(PLAIN, 5).unread == "PDFs are not read: install daydesk[documents]"
