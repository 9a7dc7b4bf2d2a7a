"""What stands under the writer's words by itself: a signature below "-- ", and what telephones add."""

from __future__ import annotations

import re

from ingest.quoting_words import ADVERT

SEPARATOR = re.compile(r"[\s*]*[-_=—*#~+ᐧ‐]{2,}[\s*]*|\s*ᐧ\s*")
_MARK = re.compile(r"[\s*]*(?:--|—|––)[\s*]*")  # RFC 3676 section 4.3 says "-- "; the blank is often lost
_LINES = 12
_LINE = 100  # characters
_CHARACTERS = 600
_ADVERT_LINES = 3
_ADVERT_LENGTH = 160
# "Customer no. 4711" is what a desk asks for, wherever it stands.
_REFERENCE = re.compile(
    r"(?:\b(?:no|nos|nr|ref|réf|number|num|id|account|invoice|case|vat|iban)\b|n[°ºo]\b|#|nummer|numéro|número|numero"
    r"|konto|compte|cuenta|factur|rechnung|kunde|client|customer|vertrag|contra)[^\n]{0,30}?\d",
    re.IGNORECASE,
)


def signature_start(lines: list[str], start: int, end: int) -> int:
    """Where the signature or advert begins that ends the lines from start to end; `end` where there is none."""
    end_of_words = _last_with_words(lines, start, end)
    below = end_of_words
    while below > start and end_of_words - below < _ADVERT_LINES and _is_advert(lines[below - 1]):
        below = _last_with_words(lines, start, below - 1)
    for mark in range(below - 1, max(start, below - 2 - _LINES) - 1, -1):
        if _MARK.fullmatch(lines[mark][:_LINE]):
            if _is_signature(lines[mark + 1 : below]):
                below = mark
            break
    while below < end_of_words and not lines[below].strip():
        below += 1
    return below if below < end_of_words else end


def _last_with_words(lines: list[str], start: int, end: int) -> int:
    while end > start and not lines[end - 1].strip():
        end -= 1
    return end


def _is_advert(line: str) -> bool:
    return len(line) <= _ADVERT_LENGTH and ADVERT.fullmatch(line) is not None


def _is_signature(lines: list[str]) -> bool:
    """Short, and without a number that the desk may need."""
    text = "\n".join(lines)
    written = [line for line in lines if line.strip()]
    short = len(written) <= _LINES and len(text) <= _CHARACTERS and all(len(line) <= _LINE for line in written)
    return short and _REFERENCE.search(text) is None
