"""What an attached document says, as text: within limits, and where it was not read, why."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from ingest.charset import clean_text, decode
from ingest.hidden import told, without_marks
from ingest.html_text import html_to_text
from ingest.invoice_xml import invoice_lines
from ingest.message import Attachment
from ingest.pdf_text import SECONDS, pdf_text
from ingest.said import Said

OCTETS = 2_000_000  # of one document with words alone
CHARACTERS = 100_000  # of one document
ALL_CHARACTERS = 400_000  # of all documents of a mail
MARKUP_OCTETS = 500_000  # of all of them; reading markup costs a hundred times what reading words does
_ENDING = re.compile(r"\.([a-z0-9]{1,5})$")
_BY_TYPE = {
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/xml": "xml",
    "text/xml": "xml",
}
_BY_ENDING = {
    "txt": "txt",
    "text": "txt",
    "csv": "csv",
    "tsv": "csv",
    "htm": "html",
    "html": "html",
    "pdf": "pdf",
    "xml": "xml",
}
_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True, kw_only=True)
class Documents:
    """Reads the documents of one mail, and counts what they cost together."""

    characters: int = ALL_CHARACTERS  # that may still be kept
    markup: int = MARKUP_OCTETS
    seconds: float = SECONDS

    def read(self, value: Attachment, octets: bytes, charset: str | None) -> Said:
        """What it says; nothing where it is no document, as a picture."""
        reader = self._readers().get(_kind(value, octets))
        if reader is None:
            return Said()
        if self.characters <= 0:
            return Said(unread=f"the documents before it said {ALL_CHARACTERS:,} characters, and more are not read")
        return self._cut(reader(octets, charset))

    def _readers(self) -> dict[str, Callable[[bytes, str | None], Said]]:
        return {"txt": _words, "csv": _words, "html": self._page, "xml": _invoice, "pdf": self._pdf}

    def _pdf(self, octets: bytes, charset: str | None) -> Said:  # noqa: ARG002 - as all readers are called
        if self.seconds <= 0:
            return Said(unread=f"the PDFs before it took the {SECONDS:g} s that those of a mail get")
        begin = time.process_time()
        said = pdf_text(octets, self.seconds)
        self.seconds -= time.process_time() - begin
        return said

    def _page(self, octets: bytes, charset: str | None) -> Said:
        self.markup -= len(octets)
        if self.markup < 0:
            return Said(unread=f"more than {MARKUP_OCTETS:,} octets of HTML are attached")
        return Said(text=told(html_to_text(decode(octets, charset or "utf-8")[0])).marked)

    def _cut(self, said: Said) -> Said:
        text = without_marks(clean_text(said.text)).strip()
        most = min(CHARACTERS, self.characters)
        self.characters -= len(text)
        return Said(text=text, unread=said.unread) if len(text) <= most else _begun(text[:most])


def _begun(text: str) -> Said:
    return Said(text=text, unread=f"only its first {len(text):,} characters were read")


def _kind(value: Attachment, octets: bytes) -> str:
    """What it is by its type, or by its name where the type says nothing; empty where it is no document."""
    ending = _ENDING.search(value.name.lower())
    kind = _BY_TYPE.get(value.declared_type) or _BY_ENDING.get(ending[1] if ending else "", "")
    if value.detected_type == "application/pdf":
        return "pdf"
    if kind == "xml" or value.detected_type in ("application/xml", "text/xml"):
        return "xml"
    foreign = value.detected_type is not None or kind == "pdf" or (b"\0" in octets[:OCTETS] and octets[:2] not in _BOMS)
    return "" if foreign else kind


def _words(octets: bytes, charset: str | None) -> Said:
    if len(octets) > OCTETS:
        return Said(unread=f"it has {len(octets):,} octets; text of more than {OCTETS:,} is not read")
    return Said(text=decode(octets, charset)[0])


def _invoice(octets: bytes, charset: str | None) -> Said:  # noqa: ARG001 - XML says by itself how it is written
    return invoice_lines(octets)
