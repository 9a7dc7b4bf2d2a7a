"""What is only shown of a mail, never decided by: each of its forms by itself, and what of its text is quoted."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.body import Piece, markup
from ingest.hidden import told
from ingest.html_display import sanitised
from ingest.html_text import html_to_text
from ingest.message import Views
from ingest.passages import passages

MARKUP = 500_000  # characters of all parts together
_BETWEEN = "\n<hr>\n"


def views(pieces: Sequence[Piece], text: str, limit: int) -> Views:
    """Of all parts that hold text, those that another alternative has replaced included; each at most `limit` long."""
    left = MARKUP
    pages: list[str] = []
    for one in pieces:
        if not one.plain and left > 0:
            pages.append(markup(one.part, [])[:left])
            left -= len(pages[-1])
    return Views(
        plain_text="\n\n".join(one.text.strip("\n") for one in pieces if one.plain and not one.blank)[:limit],
        html_text="\n\n".join(filter(None, (told(html_to_text(page)).marked for page in pages)))[:limit],
        html=_BETWEEN.join(filter(None, map(sanitised, pages)))[:limit],
        passages=passages(text),
    )
