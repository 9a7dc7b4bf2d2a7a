"""HTML to the text that a reader sees, quoted blocks marked by `>` as in plain text."""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from html import unescape

from inscriptis import get_annotated_text, get_text
from inscriptis.model.config import ParserConfig

HTML_CHARACTERS = 1_000_000  # more of it is cut
_RICH_CHARACTERS = 400_000  # larger or deeper ones get the plain reading
_RICH_TABLES = 100
_RICH_AREA = 20_000_000  # characters that tables would fill: every line of a column is made as long as its longest
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_QUOTE = re.compile(r"<blockquote\b[^<>]{0,500}\b(?:cite|gmail_quote)\b", re.IGNORECASE)
_QUOTE_RULES = {"blockquote#type=cite": ["quote"], "blockquote#class=gmail_quote": ["quote"]}
_TOKEN = re.compile(r"<!--|</?([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>|<[!?/][^<>]*+>|<|[^<]+")  # gives nothing back: linear
_ANY_TAG = re.compile(r"<[^<>]*+>")
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"</?t[dh]\b", re.IGNORECASE)
_LINE = re.compile(r"</?(?:br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tr|ul)\b", re.IGNORECASE)
_BREAKS = re.compile(r"address|article|blockquote|br|div|d[dlt]|h[1-6r]|li|[ou]l|p|pre|table|t[dhr]")
_UNSEEN = frozenset({"head", "script", "style", "title", "noframes", "template"})
_PADDING = re.compile(r" {4,}")  # columns of a table, made even
_BLANK_LINES = re.compile(r"\n{3,}")


def html_to_text(html: str) -> str:
    """The words of an HTML part. Where inscriptis gives up (too deep, large or odd), tags are merely taken out."""
    html = html[:HTML_CHARACTERS].replace("\0", "")
    text = ""
    if len(html) <= _RICH_CHARACTERS and _tables_are_small(html):
        with suppress(Exception):  # whatever a library does not stand, the plain reading does
            text = _rich(html)
    if not text.strip():
        text = plain_reading(html)
    lines = "\n".join(map(str.rstrip, _PADDING.sub("   ", text).split("\n")))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def _tables_are_small(html: str) -> bool:
    first = _TABLE.search(html)
    if first is None:
        return True
    html = html[first.start() :]
    tables = sum(1 for _ in _TABLE.finditer(html))
    lines = sum(1 for _ in _LINE.finditer(html)) + (html.count("\n") if "<pre" in html.lower() else 0)
    columns = max(sum(1 for _ in _CELL.finditer(row)) for row in _ROW.split(html))
    longest = max(len(_ANY_TAG.sub("", cell)) for line in _LINE.split(html) for cell in _CELL.split(line))
    return tables <= _RICH_TABLES and lines * columns * longest <= _RICH_AREA


def _rich(html: str) -> str:
    if not _QUOTE.search(html):
        return str(get_text(html))
    annotated = get_annotated_text(html, ParserConfig(annotation_rules=_QUOTE_RULES))
    text = str(annotated["text"])
    starts = sorted(label[0] for label in annotated.get("label", []))
    ends = sorted(label[1] for label in annotated.get("label", []))
    out: list[str] = []
    position = 0
    for line in text.split("\n"):
        depth = bisect_right(starts, position) - bisect_right(ends, position)
        out.append(">" * depth + " " + line.strip() if depth else line)
        position += len(line) + 1
    return "\n".join(out)


def plain_reading(html: str) -> str:
    """Tags taken out in one linear pass (html.parser takes quadratic time on broken markup), unseen elements too."""
    out: list[str] = []
    unseen = ""
    lowered = html.lower()
    endless: set[str] = set()  # elements that no tag closes from here on
    position = 0
    while token := _TOKEN.match(html, position):
        position = token.end()
        found = token[0]
        if found == "<!--":
            end = html.find("-->", position)
            position = end + 3 if end >= 0 else len(html)
        elif name := (token[1] or "").lower():
            if unseen:
                unseen = "" if name == unseen and found[1] == "/" else unseen
            elif name in _UNSEEN - endless and found[1] != "/":
                if lowered.find(f"</{name}", position) >= 0:
                    unseen = name
                else:
                    endless.add(name)
            elif _BREAKS.fullmatch(name):
                out.append("\n")
        elif not unseen and found[:2] not in ("<!", "<?", "</"):
            out.append(found)
    return unescape("".join(out))
