"""Tells by its local part an address that nobody reads."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

_VARIANTS_BY_LANGUAGE = {
    "en": "noreply donotreply dontreply donotrespond donotanswer noresponse norespond noanswer",
    "fr": "nepasrepondre nepasreponse nerepondezpas nerepondrepas pasdereponse sansreponse",
    "de": "nichtantworten nichtbeantworten bittenichtantworten keineantwort keineantworten",
    "es": "noresponder noresponda norespondas noresponde nocontestar noconteste",
    "pt": "naoresponda naoresponder naoresponde",
    "it": "nonrispondere nonrisponda",
    "nl": "nietbeantwoorden nietantwoorden nietreageren geenantwoord",
    "pl": "nieodpowiadaj nieodpowiadac",
    "sv": "svarainte",
    "da": "svarikke besvarikke ikkesvar",
    "fi": "alavastaa eivastata",
    "cs": "neodpovidat neodpovidejte neodpovedajte",
    "hu": "nevalaszolj nevalaszoljon",
    "ro": "nuraspunde nuraspundeti",
    "tr": "yanitlamayin cevaplamayin",
    "ca": "norespongueu",
}
_VARIANTS = frozenset(variant for variants in _VARIANTS_BY_LANGUAGE.values() for variant in variants.split())
_LONGEST = max(len(variant) for variant in _VARIANTS)
_EXAMINED = 256  # characters; a real local part has 64 at most (RFC 5321 section 4.5.3.1.1)
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def is_noreply(local: str) -> bool:
    """A variant of no-reply stands in the local part as a word of its own, with any separators or none inside."""
    words = _NOT_LETTERS.split(_folded(local[:_EXAMINED]))
    return any(_begins_with_variant(words, start) for start in range(len(words)))


def _begins_with_variant(words: list[str], start: int) -> bool:
    joined = ""
    for word in islice(words, start, None):
        joined += word
        if joined in _VARIANTS:
            return True
        if len(joined) >= _LONGEST:
            return False
    return False


def _folded(local: str) -> str:
    plain = unicodedata.normalize("NFKD", local.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))
