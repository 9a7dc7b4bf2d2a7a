"""HTML made fit to be shown to a person: no script, no style, nothing remote, hidden words said to be hidden."""

from __future__ import annotations

import html as entities
from contextlib import suppress
from typing import Any

from ingest.charset import clean_text
from ingest.hidden import told
from ingest.html_plain import UNSEEN
from ingest.html_text import HTML_CHARACTERS, html_to_text, image_words
from ingest.html_walk import Walk, parsed
from ingest.message import hidden_mark

SHOWN = 200_000  # characters; more is shown as text alone
_NESTING = 200
_TEXT_CHARACTERS = 100_000  # of what is shown as text alone
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_KEPT = {"a": ("href",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"), "ol": ("start",)}
_TAGS = frozenset(
    "a abbr address b blockquote br caption center cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p"  # noqa: SIM905
    " pre q s small span strike strong sub sup table tbody td tfoot th thead tr u ul".split()
)


def sanitised(html: str) -> str:
    """The part without scripts, styles, comments, images and whatever is fetched; images stand as their other text.

    Links keep http, https, mailto and tel targets, and tell the place they lead to nothing (`rel`). What is too large
    or too deep for that is shown as its text.
    """
    html = html[:HTML_CHARACTERS].replace("\0", "")
    with suppress(Exception):  # whatever a library does not stand is shown as text
        return _cleaned(_prepared(html)) if html.strip() else ""
    return f"<pre>{entities.escape(told(html_to_text(html)).marked[:_TEXT_CHARACTERS])}</pre>"


def _cleaned(html: str) -> str:
    import nh3  # only who asks for views pays for it

    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(UNSEEN - {"head"}),
        attributes={tag: set(names) for tag, names in _KEPT.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _prepared(html: str) -> str:
    """What a person sees, with few attributes, so that little is left to go wrong; ValueError where it is too much."""
    from lxml.html import tostring

    root = parsed(html)
    walk = Walk(root, html)
    colours = walk.colours_known
    depth = 0
    for kind, element, look in walk.steps():
        depth += {"start": 1, "end": -1}.get(kind, 0)
        if depth > _NESTING:
            raise ValueError("nested too deep")
        unseen = look.hidden or (colours and look.blended)
        if kind == "tail":
            element.tail = _said(element.tail, unseen)
        elif kind == "start":
            element.text = _said(element.text, unseen)
            if element.tag == "img":
                element.tail = image_words(element) + (element.tail or "")
            _strip(element)
    text = str(tostring(root, encoding="unicode", method="html"))
    if len(text) > SHOWN:
        raise ValueError("too large")
    return text


def _said(text: str | None, unseen: bool) -> str | None:
    if not text or not text.strip():
        return text
    return hidden_mark(" ".join(clean_text(text).split())) if unseen else clean_text(text)


def _strip(element: Any) -> None:
    kept = _KEPT.get(element.tag, ())
    values = {name: value for name, value in element.items() if name in kept}
    element.attrib.clear()
    for name, value in values.items():
        value = clean_text(value).strip()
        if name != "href" or value.lower().startswith(_SCHEMES):
            element.set(name, value)
