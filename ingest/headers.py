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


def header_text(raw: str) -> str:
    """A raw header value unfolded, decoded and cleaned."""
    if raw.isprintable() and "=?" not in raw and raw.isascii():
        return raw.strip()
    if "\x1b$" in raw:
        raw = decode(raw.encode("utf-8", "surrogateescape"), "iso-2022-jp")[0]
    return clean_line(decode_words(surrogates_to_text(_FOLD.sub("", raw))))


def decode_words(value: str) -> str:
    """Every encoded word decoded, as far as it can be; adjacent words are joined before decoding."""
    if "=?" not in value:
        return value
    out: list[str] = []
    waiting: tuple[str, bytes] | None = None  # a character may be cut in two between words of one charset
    end = 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        octets = _word_octets(word[2], word[3])
        end = word.end()
        if waiting and not between.strip() and waiting[0] == word[1].lower():
            waiting = (waiting[0], waiting[1] + octets)
            continue
        if waiting:
            out.append(decode(waiting[1], waiting[0])[0])
        if not waiting or between.strip():
            out.append(between)
        waiting = (word[1].lower(), octets)
    if waiting:
        out.append(decode(waiting[1], waiting[0])[0])
    return "".join(out) + value[end:]


def _word_octets(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    if encoding in "bB":
        return from_base64(octets)[0]
    return binascii.a2b_qp(octets, header=True)


def message_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """The Message-IDs in these fields, in order, each once, with angle brackets; folds and junk are left out."""
    found: dict[str, None] = {}
    for value in values:
        ids = ["".join(match.split()) for match in _ID.findall(value)]
        if not ids and _BARE_ID.fullmatch(value):
            ids = [value]
        found.update(dict.fromkeys(f"<{one}>" for one in ids if one))
    return tuple(found)[-IDS_KEPT:]
