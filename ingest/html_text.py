"""HTML to the text that a reader sees: lines, lists, tables, links with their targets, `>` before quoted blocks."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import islice
from typing import Any

from ingest.charset import clean_text
from ingest.hidden import CLOSE, OPEN, seen_alone, without_marks
from ingest.html_link import target
from ingest.html_page import Grid, Page
from ingest.html_plain import plain_reading
from ingest.html_style import Look, pixels
from ingest.html_walk import Walk, parsed

HTML_CHARACTERS = 1_000_000  # more of it is cut
_DEPTH = 20  # of blocks inside blocks that are put together by themselves; deeper ones flow into theirs
_BLANK_LINES = re.compile(r"\n{3,}")
_BLOCKS = {  # and how many blank lines a reader sees around them
    **dict.fromkeys(
        [
            "address",
            "article",
            "aside",
            "center",
            "div",
            "footer",
            "form",
            "header",
            "main",
            "nav",
            "section",
            "dt",
            "dd",
            "fieldset",
            "tr",
        ],
        0,
    ),
    **dict.fromkeys(("dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "ul", "ol"), 1),
}
_OWN_PAGE = frozenset({"blockquote", "li", "td", "th", "table"})
_RULE = "_" * 32
_INDENT = re.compile(r"border(?:-\w+)?\s*:\s*(?:none|0)", re.IGNORECASE)
_QUOTING = re.compile(r"cite|quote", re.IGNORECASE)
_EMPTY_ALT = re.compile(r"[\w-]{0,40}\.(?:png|jpe?g|gif|bmp|svg)|\s*", re.IGNORECASE)
_ALT_LENGTH = 300
_FILLING = " \t\r\n\f\xa0\u200b\u200c\u200d\u2007\u2060\u034f\u00ad\ufeff"  # what is put behind a preheader
_LINK_NODES = 200
_POINT = ("0", "1")
_NO_MARGIN = re.compile(r"\bMso(?:Normal|PlainText|NoSpacing|ListParagraph)", re.IGNORECASE)


def html_to_text(html: str) -> str:
    """The words of an HTML part; those that its reader does not see are between the marks of ingest/hidden.py.

    Where the library that reads markup gives up (too deep or odd), tags are merely taken out.
    """
    html = without_marks(html[:HTML_CHARACTERS].replace("\0", ""))
    text = ""
    with suppress(Exception):  # whatever a library does not stand, the plain reading does
        text = rendered(html)
    if not text.strip():
        text = "\n".join(map(str.rstrip, plain_reading(html).split("\n")))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def rendered(html: str) -> str:
    """The same by the library alone; raises what it raises."""
    if not html.strip():
        return ""
    root = parsed(html)
    text = _Renderer(Walk(root, html), colours=True).text()
    if OPEN in text and not seen_alone(text).strip():  # all in the colour of the page: we have misread the page
        text = _Renderer(Walk(root, html), colours=False).text()
    return text


class _Renderer:
    """Text put together element by element; every block that is made by itself has a page on the stack."""

    def __init__(self, walk: Walk, *, colours: bool) -> None:
        self._walk = walk
        self._colours = colours and walk.colours_known
        self._pages: list[Page] = [Page()]
        self._open_blocks: list[Any] = []
        self._grids: list[Grid] = []
        self._counters: list[int | None] = []  # of lists: the number of the next item
        self._linked: Any = None  # the link that is open, by its element

    def text(self) -> str:
        for kind, element, look in self._walk.steps():
            if kind == "start":
                self._begin(element, element.tag, look)
                self._say(element.text, look)
            elif kind == "end":
                self._end(element, element.tag, look)
            else:
                self._say(element.tail, look)
        return "\n".join(self._pages[0].done())

    def _say(self, text: str | None, look: Look) -> None:
        if not text:
            return
        page = self._pages[-1]
        if self._unseen(look):
            if text.strip(_FILLING):
                page.write(f"{OPEN}{clean_text(without_marks(text))}{CLOSE}")
        elif look.as_it_is:
            page.write_as_it_is(clean_text(without_marks(text)))
        elif not text.isspace():
            page.write(clean_text(without_marks(text)))
        elif "\xa0" in text:
            page.hold_line()
        else:
            page.write(" ")

    def _unseen(self, look: Look) -> bool:
        return look.hidden or (self._colours and look.blended)

    def _begin(self, element: Any, tag: str, look: Look) -> None:
        page = self._pages[-1]
        if tag == "br":
            page.end_line()
        elif tag == "img":
            self._say(image_words(element), look)
        elif tag == "hr":
            page.add([_RULE])
        elif tag in _OWN_PAGE and len(self._pages) < _DEPTH:
            self._open(element, tag)
        elif tag in _BLOCKS or tag in _OWN_PAGE:
            page.block(self._margin(element, tag))
            if tag == "tr" and self._grids:
                self._grids[-1].row()
        elif tag == "a" and self._linked is None and "href" in element.attrib:
            self._linked = element
        if tag in ("ul", "ol"):
            self._counters.append(_first_number(element) if tag == "ol" else None)

    def _open(self, element: Any, tag: str) -> None:
        self._pages[-1].block(1 if tag == "blockquote" else 0)
        self._pages.append(Page())
        self._open_blocks.append(element)
        if tag == "table":
            self._grids.append(Grid())

    def _end(self, element: Any, tag: str, look: Look) -> None:
        if tag in ("ul", "ol"):
            self._counters.pop()
        if self._open_blocks and self._open_blocks[-1] is element:
            self._open_blocks.pop()
            self._close(element, tag, self._pages.pop().done())
        elif tag in _BLOCKS or tag in _OWN_PAGE:
            self._pages[-1].block(self._margin(element, tag))
        if tag == "a" and "href" in element.attrib:
            self._link(element, look)

    def _close(self, element: Any, tag: str, lines: list[str]) -> None:
        """A block that was put together by itself goes into the one around it."""
        outer = self._pages[-1]
        if tag == "table":
            outer.add(lines + self._grids.pop().done())
        elif tag in ("td", "th") and self._open_blocks and self._open_blocks[-1].tag == "table":
            self._grids[-1].cell(lines)
        elif tag == "li":
            outer.add(self._item(lines))
        elif tag == "blockquote":
            outer.add(lines if _only_indents(element) else [_quoted(line) for line in lines])
            outer.block(1)
        else:
            outer.add(lines)

    def _item(self, lines: list[str]) -> list[str]:
        number = self._counters[-1] if self._counters else None
        bullet = "* " if number is None else f"{number}. "
        if number is not None:
            self._counters[-1] = number + 1
        indent = " " * len(bullet)
        return [(indent if position else bullet) + line if line else "" for position, line in enumerate(lines)]

    def _margin(self, element: Any, tag: str) -> int:
        """How many blank lines a reader sees around it."""
        if tag in ("ul", "ol") and self._counters:
            return 0
        if tag != "p" or not element.attrib:
            return _BLOCKS.get(tag, 0)
        if _NO_MARGIN.search(element.get("class", "")):
            return 0
        style = self._walk.inline.get(element.get("style", ""), {})
        shorthand = style.get("margin", "").split()
        sides = (
            style.get("margin-top", shorthand[0] if shorthand else ""),
            style.get("margin-bottom", "".join(shorthand[2:3] or shorthand[:1])),
        )
        return 0 if all(pixels(side) == 0 for side in sides) else 1

    def _link(self, element: Any, look: Look) -> None:
        if self._linked is not element:
            return
        self._linked = None
        if self._unseen(look):
            return
        words = "".join(islice(element.itertext(), _LINK_NODES)) + " ".join(
            image.get("alt", "") for image in islice(element.iter("img"), 1)
        )
        if shown_target := target(element.get("href", ""), words):
            self._pages[-1].write(f" <{clean_text(shown_target)}>")


def image_words(element: Any) -> str:
    """Its other text; a file name says nothing, and a picture of a point counts who reads."""
    words = " ".join(clean_text(element.get("alt", "")[:_ALT_LENGTH]).split())
    if _EMPTY_ALT.fullmatch(words) or element.get("width") in _POINT or element.get("height") in _POINT:
        return ""
    return f"[{words}]" if any(map(str.isalnum, words)) else words


def _first_number(element: Any) -> int:
    start = element.get("start", "")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1


def _only_indents(element: Any) -> bool:
    """Editors move text to the right by a quotation without its bar."""
    told = f"{element.get('class', '')} {element.get('type', '')}"
    return bool(_INDENT.search(element.get("style", ""))) and not _QUOTING.search(told)


def _quoted(line: str) -> str:
    return f">{line}" if line.startswith(">") or not line else f"> {line}"
