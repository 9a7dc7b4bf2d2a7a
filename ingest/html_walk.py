"""One walk over the elements of an HTML part, each with how it looks: is what it says seen?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml.etree import iterwalk
from lxml.html import HTMLParser, document_fromstring

from ingest.html_plain import UNSEEN
from ingest.html_style import Look, Sheet, declarations, look

_XML_DECLARATION = re.compile(r"\s*<\?xml [^<>]*+>")
_STYLED = frozenset({"style", "class", "id", "hidden", "bgcolor", "background", "color", "text", "href"})
_SHEETS = 20
_KEEPS_LINES = frozenset({"pre", "textarea", "listing", "xmp", "plaintext"})


# The "start" or "end" of an element, and how it looks; or the "tail" that follows its end, in its parent's look.
Step = tuple[str, Any, Look]


def parsed(html: str) -> Any:
    """The tree of elements; raises what the library raises."""
    declaration = _XML_DECLARATION.match(html)
    return document_fromstring(html[declaration.end() if declaration else 0 :], parser=HTMLParser(huge_tree=True))


class Walk:
    """The elements that are shown, in their order, without scripts, styles and comments."""

    def __init__(self, root: Any, html: str) -> None:
        self._root = root
        self._sheet = Sheet()
        for style in islice(root.iter("style"), _SHEETS):
            self._sheet.read(str(style.text or ""))
        self._looks: dict[tuple[Any, ...], Look] = {}
        self._named = {*_KEEPS_LINES, *self._sheet.by_part}
        lowered = html.lower()
        self._outlook = "[if mso" in lowered or "[if gte mso" in lowered  # others see what is hidden from Outlook
        self.inline: dict[str, dict[str, str]] = {}  # what each style attribute declares

    @property
    def colours_known(self) -> bool:
        """False where backgrounds are set by rules that we cannot judge."""
        return not self._sheet.hazy

    def steps(self) -> Iterator[Step]:
        looks = [Look()]
        unseen = 0  # how many elements deep in one that is never shown
        for event, element in iterwalk(self._root, events=("start", "end", "comment", "pi")):
            tag = element.tag
            if event == "start":
                if unseen or tag in UNSEEN:
                    unseen += 1
                    continue
                plain = not element.attrib and tag not in self._named
                looks.append(looks[-1] if plain else self._look(element, tag, looks[-1]))
                yield "start", element, looks[-1]
                continue
            if event == "end":
                if unseen:
                    unseen -= 1
                else:
                    yield "end", element, looks.pop()
            if not unseen and element.tail and element is not self._root:
                yield "tail", element, looks[-1]

    def _look(self, element: Any, tag: str, parent: Look) -> Look:
        attributes = {name: value for name, value in element.items() if name in _STYLED}
        known = (parent, tag, *attributes.items())
        found = self._looks.get(known)
        if found is None:
            found = self._looks[known] = self._judged(tag, parent, attributes)
        return found

    def _judged(self, tag: str, parent: Look, attributes: dict[str, str]) -> Look:
        declared = self._sheet.of(tag, attributes.get("class", ""), attributes.get("id", ""))
        if style := attributes.get("style"):
            if style not in self.inline:
                self.inline[style] = declarations(style)
            declared.append(self.inline[style])
        if self._outlook:
            declared = [{name: value for name, value in one.items() if "mso-hide" not in name} for one in declared]
        if tag in _KEEPS_LINES:
            declared.insert(0, {"white-space": "pre"})
        return look(parent, tag, attributes, declared)
