"""Hidden words in the HTML of a mail whose plain text was read: its reader may see the HTML, with other words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.body import Piece, markup
from ingest.hidden import told
from ingest.html_text import html_to_text
from ingest.message import is_preheader

_OCTETS = 500_000  # of all parts together
# A quick look, since most mail has both forms and hides nothing. Colours alone are looked at where the HTML is read.
_HIDES = re.compile(
    rb"(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)|opacity\s{0,9}:\s{0,9}0|mso-hide"
    rb"|(?:font-size|height|width)\s{0,9}:\s{0,9}[01](?:p[xt]|em)?\s{0,9}[;\"'!}]"
    rb"|(?:text-indent|left)\s{0,9}:\s{0,9}-\d{3}|\shidden[\s>=]|color\s{0,9}:\s{0,9}transparent)"
)


# Still quicker: without one of these there is no match.
_SIGNS = (
    *(b":" + sign for sign in (b"0", b" 0", b"1", b" 1", b"-", b" -")),
    b"none",
    b"hidden",
    b"collapse",
    b"opacity",
    b"mso-hide",
    b"transparent",
)


def hidden_beside(unread: Sequence[Piece]) -> str:
    """A run a line, as of the HTML that is read; the ordinary line of newsletters is left out."""
    found = []
    left = _OCTETS
    for one in unread:
        if one.plain or len(one.part.source) > left:
            continue
        left -= len(one.part.source)
        octets = one.part.octets()[0].lower()
        if any(sign in octets for sign in _SIGNS) and _HIDES.search(octets):
            text = told(html_to_text(markup(one.part, [])))
            if text.hidden and not is_preheader(text.marked, text.hidden):
                found.append(text.hidden)
    return "\n".join(found)
