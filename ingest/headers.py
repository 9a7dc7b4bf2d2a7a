"""Header values as people read them: unfolded, decoded, without control characters; and the Message-IDs in them."""

from __future__ import annotations

import binascii
import re

from ingest.charset import clean_line, decode, from_base64, surrogates_to_text

IDS_KEPT = 100  # of a References field; the latest ones count
_FOLD = re.compile(r"(?:\r\n|\r|\n)(?=[ \t])")
# RFC 2047, read forgivingly: overlong words, a language tag (RFC 2231), spaces and question marks inside.
_ENCODED_WORD = re.compile(r"=\?([!-)+->@-~]{1,60})(?:\*[^?]{0,60})?\?([bBqQ])\?(.{0,4096}?)\?=", re.DOTALL)
_ID = re.compile(r"<([^<>]{1,998})>")
_BARE_ID = re.compile(r"[^\s<>\"(),;]{1,500}@[^\s<>\"(),;@]{1,490}")


def header_text(raw: str, charset: str = "") -> str:
    """A raw header value unfolded, decoded and cleaned; the charset is that of octets which say none."""
    if raw.isprintable() and "=?" not in raw and raw.isascii():
        return raw.strip()
    return clean_line(decode_words(raw_text(_FOLD.sub("", raw), charset)))


def raw_text(raw: str, charset: str = "") -> str:
    """A raw value whose octets beyond ASCII, or of ISO-2022-JP, were never encoded."""
    if "\x1b$" in raw:
        raw = decode(raw.encode("utf-8", "surrogateescape"), "iso-2022-jp")[0]
    return surrogates_to_text(raw, charset)


def decode_words(value: str) -> str:
    """Every encoded word decoded, as far as it can be, and once more where a program had encoded it twice."""
    once = _decoded(value)
    return _decoded(once) if once is not value and "=?" in once else once


def _decoded(value: str) -> str:
    """Adjacent words are joined before decoding."""
    if "=?" not in value:
        return value
    out: list[str] = []
    waiting: _Words | None = None  # a character may be cut in two between words of one charset
    end = 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        end = word.end()
        if waiting and not between.strip() and waiting.charset == word[1].lower():
            waiting.add(word[2].lower(), word[3])
            continue
        if waiting:
            out.append(waiting.text())
        if not waiting or between.strip():
            out.append(between)
        waiting = _Words(word[1].lower())
        waiting.add(word[2].lower(), word[3])
    if waiting:
        out.append(waiting.text())
    return "".join(out) + value[end:]


class _Words:
    """Adjacent encoded words of one charset."""

    def __init__(self, charset: str) -> None:
        self.charset = charset
        self._octets: list[bytes] = []
        self._letters = ""  # base64 that was cut where no octet ends: what follows goes on with it

    def add(self, encoding: str, text: str) -> None:
        if encoding == "b":
            self._letters += text
            if self._letters.endswith("=") or len(self._letters) % 4 == 0:
                self._flush()
        else:
            self._flush()
            self._octets.append(binascii.a2b_qp(text.encode("utf-8", "replace"), header=True))

    def text(self) -> str:
        self._flush()
        return decode(b"".join(self._octets), self.charset)[0]

    def _flush(self) -> None:
        if self._letters:
            self._octets.append(from_base64(self._letters.encode("utf-8", "replace"))[0])
            self._letters = ""


def message_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """The Message-IDs in these fields, in order, each once, with angle brackets; folds and junk are left out."""
    found: dict[str, None] = {}
    for value in values:
        ids = ["".join(match.split()) for match in _ID.findall(value)]
        if not ids and _BARE_ID.fullmatch(value):
            ids = [value]
        found.update(dict.fromkeys(f"<{one}>" for one in ids if one))
    return tuple(found)[-IDS_KEPT:]
