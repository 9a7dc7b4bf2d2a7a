"""The text people read in a mail: which parts of it are text, in which charset, chosen among alternatives."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.charset import clean_text, decode
from ingest.gate import Part
from ingest.hidden import Told, told, without_marks
from ingest.html_text import html_to_text

PLAIN = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
MARKED_UP = frozenset({"text/html", "text/enriched", "text/richtext"})
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_META_READ = 4_096
MARKUP_OCTETS = 1_000_000  # of all parts together; reading markup costs a hundred times what reading words does
_READ_OCTETS = 4_000_000  # of one part: more characters than are kept, in any charset
_TARGET = re.compile(r" <[^<>\s]+>")  # of a link
_STUFFED = re.compile(r"(>*) ?(.*)", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class Piece:
    """A text part that a reader may see. Markup is kept as it came until it is chosen, since reading it costs most."""

    part: Part
    plain: bool
    text: str = ""  # of a plain one

    @property
    def blank(self) -> bool:
        return self.plain and not self.text.strip()


def plain_piece(part: Part, octets: bytes, defects: list[str]) -> Piece:
    """A text part without markup, its words decoded."""
    text = without_marks(clean_text(_characters(part, octets, _declared_charset(part), defects)))
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflow(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    return Piece(part=part, plain=True, text=text)


def choose(alternatives: list[list[Piece]]) -> list[Piece]:
    """Of a multipart/alternative: the first that has plain words, else the last with any (RFC 2046 section 5.1.4)."""
    for pieces in alternatives:
        if any(one.plain and not one.blank for one in pieces):
            return pieces
    return next((pieces for pieces in reversed(alternatives) if not all(one.blank for one in pieces)), [])


def read(pieces: list[Piece], limit: int, defects: list[str]) -> str:
    """The words of these parts, one after the other, those that no reader sees marked."""
    return read_told(pieces, limit, defects).marked


def read_told(pieces: list[Piece], limit: int, defects: list[str]) -> Told:
    """The same, seen and hidden words apart; markup that only says again what was said is left out."""
    texts: list[str] = []
    said = ""
    markup = 0
    for one in pieces:
        markup += 0 if one.plain else len(one.part.source)
        if len(said) > limit or (markup > MARKUP_OCTETS and texts):  # the first part is cut by its own reading
            defects.append("text-cut")
            break
        text = (one.text if one.plain else markup_text(one.part, defects)).strip("\n")
        words = "".join((text if one.plain else _TARGET.sub("", text))[: limit + 1].split())
        if words and (one.plain or words not in said):
            texts.append(text.rstrip())
            said += words
    text = "\n\n".join(texts)
    if len(text) > limit:
        defects.append("text-cut")
    return told(text[:limit])


def unflow(text: str, *, delete_space: bool) -> str:
    """Lines of format=flowed joined again to paragraphs (RFC 3676 section 4), at the same depth of quoting only."""
    paragraphs: list[list[str]] = []
    open_depth = -1  # depth of the line that goes on
    for line in text.split("\n"):
        stuffed = _STUFFED.fullmatch(line)
        depth, words = (len(stuffed[1]), stuffed[2]) if stuffed else (0, line)
        if depth == open_depth and words != "-- ":
            paragraphs[-1].append(words)
        else:
            paragraphs.append([f"{'>' * depth} {words}" if depth else words])
        flows = words.endswith(" ") and words != "-- "
        open_depth = depth if flows else -1
        if flows and delete_space:
            paragraphs[-1][-1] = paragraphs[-1][-1][:-1]
    return "\n".join(map("".join, paragraphs))


def markup_text(part: Part, defects: list[str]) -> str:
    """The words of a part with markup, hidden ones between the marks of ingest/hidden.py."""
    return html_to_text(markup(part, defects))


def markup(part: Part, defects: list[str]) -> str:
    """The characters of a part with markup, as they came."""
    octets, sound = part.octets()
    if not sound:
        defects.append(f"transfer-encoding: {part.media_type} part is broken")
    label = _declared_charset(part)
    if label is None and (meta := _META_CHARSET.search(octets[:_META_READ])):
        label = meta[1].decode("ascii", "replace")
    return _characters(part, octets, label, defects)


def _declared_charset(part: Part) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, TypeError, ValueError):  # RFC 2231 in forms that the standard library does not foresee
        return None


def _characters(part: Part, octets: bytes, label: str | None, defects: list[str]) -> str:
    text, true = decode(_beginning(octets, defects), label)
    if not true:
        defects.append(f"charset: {part.media_type} part is not what it declares")
    return text


def _beginning(octets: bytes, defects: list[str]) -> bytes:
    """As much as is read, up to the end of a line where there are lines, so that no character is cut in two."""
    if len(octets) <= _READ_OCTETS:
        return octets
    defects.append("text-cut")
    end = octets.rfind(b"\n", _READ_OCTETS - 1_000, _READ_OCTETS)
    return octets[: _READ_OCTETS if end < 0 or b"\0" in octets[end - 1 : end + 2] else end + 1]
