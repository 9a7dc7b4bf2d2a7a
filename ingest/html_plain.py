"""HTML whose tags are merely taken out, in one linear pass: for what the library of ingest/html_text.py gives up on."""

from __future__ import annotations

import re
from html import unescape

from ingest.charset import clean_text

UNSEEN = frozenset(
    re.findall("[a-z]+", "head script style title noframes template xml object applet iframe svg canvas audio map")
)
_TOKEN = re.compile(r"<!--|</?([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>|<[!?/][^<>]*+>|<|[^<]+")  # gives nothing back: linear
_BREAKS = re.compile(r"address|article|blockquote|br|div|d[dlt]|h[1-6r]|li|[ou]l|p|pre|table|t[dhr]")


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
            elif name in UNSEEN - endless and found[1] != "/":
                if lowered.find(f"</{name}", position) >= 0:
                    unseen = name
                else:
                    endless.add(name)
            elif _BREAKS.fullmatch(name):
                out.append("\n")
        elif not unseen and found[:2] not in ("<!", "<?", "</"):
            out.append(found)
    return clean_text(unescape("".join(out)))
