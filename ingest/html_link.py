"""What is shown of a link's target beside its words: nothing where they say it, and never a screenful."""

from __future__ import annotations

import re

_SHOWN = 200  # characters
_BEGINNING = 120  # of a longer one that has no query
_SCHEME = re.compile(r"(?:https?://|mailto:|tel:|ftp://)(?=\S)", re.IGNORECASE)
_ODD = re.compile(r"[\s<>]+")


def target(href: str, words: str) -> str:
    """Where the link leads, without white space; empty where the words say so, or where it leads to no address."""
    href = _ODD.sub("", href[:10_000])
    if not words.strip() or not _SCHEME.match(href):
        return ""
    if _bare(href) in (said := _bare(words[:10_000])) and said:
        return ""
    href = href.removeprefix("mailto:").partition("?")[0] if href.startswith("mailto:") else href
    if len(href) <= _SHOWN:
        return href
    place, query, _ = href.partition("?")
    return f"{place if len(place) <= _SHOWN else place[:_BEGINNING]}{query}…"


def _bare(text: str) -> str:
    """What two writings of one address share."""
    text = _SCHEME.sub("", "".join(text.lower().split()), count=1)
    return text.removeprefix("www.").partition("?subject=")[0].rstrip("/.")
