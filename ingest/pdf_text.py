"""The only file that knows pypdf: a PDF's words, and the invoice in XML that may be in it."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from types import FrameType
from typing import Any

from ingest.invoice_xml import invoice_lines
from ingest.said import Said

OCTETS = 10_000_000
PAGES = 20
SECONDS = 2.0  # of processor time, for all PDFs of a mail
_UNPACKED = 20_000_000  # octets of one stream
_EMBEDDED = 20  # files that are looked at
_AGAIN = 0.1  # seconds after which the bell rings again, where a library did not hear it
_NOT_INSTALLED = "PDFs are not read: install daydesk[documents]"


class _TooLong(BaseException):
    """No Exception, since the library catches those."""


def pdf_text(octets: bytes, seconds: float) -> Said:
    """Its words page by page, as far as the limits go. Whatever is wrong with it, nothing is raised."""
    try:
        import pypdf  # an extra, and only who reads a PDF pays for it
    except ImportError:
        return Said(unread=_NOT_INSTALLED)
    if len(octets) > OCTETS:
        return Said(unread=f"it has {len(octets):,} octets; PDFs of more than {OCTETS:,} are not read")
    if threading.current_thread() is not threading.main_thread():
        return Said(unread="a PDF is read by the main thread alone, where its time can be limited")
    words: list[str] = []
    try:
        with _quiet(), _limited(seconds), pypdf.apply_configuration(zlib_maximum_output_length=_UNPACKED):
            why = _read(pypdf.PdfReader(BytesIO(octets)), words)
    except _TooLong:
        why = f"it takes more than the {SECONDS:g} s that PDFs of a mail get"
    except MemoryError:
        why = "it needs too much memory"
    except Exception as error:  # noqa: BLE001 - a hostile file makes the library raise whatever there is
        why = f"it is broken ({type(error).__name__})"
    return Said(text="\n".join(words), unread=why)


def _read(reader: Any, words: list[str]) -> str:
    """Adds its words as they are come upon, so that what was read before a limit is kept; why there are not more."""
    if reader.is_encrypted and not reader.decrypt(""):
        return "it is encrypted"
    words += _invoices(reader)
    for number, page in enumerate(reader.pages):
        if number == PAGES:
            return f"only its first {PAGES} pages of {len(reader.pages):,} were read"
        words.append(page.extract_text())
    return "" if any(one.strip() for one in words) else "it holds no text, as a scan does not"


def _invoices(reader: Any) -> Iterator[str]:
    """What invoices in XML say that are embedded in it."""
    for number, (name, contents) in enumerate(reader.attachments.items()):
        if number < _EMBEDDED and name.lower().endswith(".xml"):
            yield from (text for octets in contents[:1] if (text := invoice_lines(octets).text))


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Within the block, too much processor time raises _TooLong. The clocks that end the whole process are others."""
    running = True

    def ring(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what the system hands over
        if running:
            raise _TooLong

    def unheard(what: sys.UnraisableHookArgs) -> None:
        """Tells nobody of a bell where Python lets nothing be raised, as while it clears up: it rings again."""
        if what.exc_type is not _TooLong:
            hook(what)

    hook, sys.unraisablehook = sys.unraisablehook, unheard
    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, max(seconds, 0.001), _AGAIN)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        sys.unraisablehook = hook


@contextmanager
def _quiet() -> Iterator[None]:
    """The library's remarks on a file are nobody's concern."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
