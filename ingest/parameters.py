"""The parameters of a Content-* field, a file's name above all; RFC 2231 read forgivingly."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from ingest.charset import decode

_PARAMETER = re.compile(
    r"(?:^|[;,:\s])([A-Za-z-]{1,30})(?:\*(\d{1,3}))?(\*)?[ \t]*=[ \t\r\n]*(?:\"((?:[^\"\\]|\\.)*+)(\")?|([^;]*))",
    re.DOTALL,
)
_BEYOND = re.compile(r";([^;=]*)(?=;|\Z)")  # of a value with a semicolon in it that should have been quoted
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_PERCENT = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")


def parameter(value: str, name: str) -> str:
    """The parameter of this name, in lower case, decoded as far as it can be; empty where there is none.

    One with a charset (`name*`) counts before one in pieces (`name*0`), and that before a plain one.
    """
    if name not in value.lower():
        return ""
    plain, extended = "", ""
    pieces: dict[int, tuple[str, bool]] = {}
    for found in _PARAMETER.finditer(value):
        if found[1].lower() != name:
            continue
        text = _value(found, value)
        if found[2]:
            pieces.setdefault(int(found[2]), (text, bool(found[3])))
        elif found[3]:
            extended = extended or text
        else:
            plain = plain or text
    if extended:
        return _extended(extended)
    return _joined(pieces) if pieces else _percent(plain)


def _value(found: re.Match[str], value: str) -> str:
    if found[6] is not None:
        beyond = _BEYOND.match(value, found.end())
        text = found[6] + (beyond[0] if beyond and "." in beyond[1] else "")
        return _FOLD.sub(" ", text).strip().strip("'")
    text = found[4] if found[5] else found[4].partition(";")[0]  # a quotation that never ends
    return _FOLD.sub(" ", _ESCAPED.sub(r"\1", text))


def _extended(text: str) -> str:
    """charset'language'percent-encoded octets; where the quotes are missing, the octets show their charset."""
    charset, quote, rest = text.partition("'")
    _, second, octets = rest.partition("'")
    label, octets = (charset, octets) if quote and second else ("", text)
    return decode(unquote_to_bytes(octets), label or None)[0]


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """In the order of their numbers; where one is missing, the others."""
    first, starred = pieces[min(pieces)]
    label = ""
    if starred and first.count("'") >= 2:
        label, _, first = first.split("'", 2)
        pieces[min(pieces)] = (first, True)
    ordered = (pieces[number] for number in sorted(pieces))
    octets = b"".join(unquote_to_bytes(text) if star else text.encode("utf-8", "replace") for text, star in ordered)
    return decode(octets, label or None)[0]


def _percent(text: str) -> str:
    """As browsers write it, without saying so: only where it is UTF-8 beyond ASCII."""
    if _PERCENT.search(text):
        try:
            return unquote_to_bytes(text).decode()
        except UnicodeDecodeError:
            pass
    return text
