"""A promise in words: day, time and zone in the client's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

from ingest.message import utc

# Patterns of Unicode TR 35, part 4. Each reads well after the preposition of its language's template.
_PATTERNS = {
    "en": "EEEE d MMMM y 'at' HH:mm",
    "fr": "EEEE d MMMM y 'à' H'\u00a0h\u00a0'mm",
    "de": "EEEE, d. MMMM y, HH:mm 'Uhr'",
    "es": "EEEE d 'de' MMMM 'de' y, HH:mm'\u00a0h'",
}
_OTHER_LANGUAGES = "EEEE d MMMM y, HH:mm"
_ZONE_NAMES = {"de": {"CET": "MEZ", "CEST": "MESZ"}}


def promise(moment: datetime, *, zone: str, language: str) -> str:
    """The moment on a clock of this zone, such as "Tuesday 24 November 2026 at 14:05 (CET, UTC+01:00)".

    The offset tells apart the two 02:30 of an autumn night. A language that nobody knows is written in English.
    """
    local = utc(moment).astimezone(ZoneInfo(zone))
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    pattern = _PATTERNS.get(locale.language, _OTHER_LANGUAGES)
    return f"{format_datetime(local, pattern, locale=locale)} ({_zone(local, locale.language)})"


def _zone(local: datetime, language: str) -> str:
    """The zone's short name, where it has one, and its distance from UTC (such as CET, UTC+01:00)."""
    name = local.tzname() or ""
    offset = f"{local:%z}"
    distance = f"UTC{offset[:3]}:{offset[3:5]}"
    if name == "UTC":
        return "UTC"
    if not name.isalpha():  # the zone database gives "-03" where people use no letters
        return distance
    return f"{_ZONE_NAMES.get(language, {}).get(name, name)}, {distance}"
