"""A second opinion on the language of short texts, by py3langid where it is installed (the extra `language`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

# Those that are written to desks in Europe, and what is near to them; of a hundred, a short text fits too many.
_AMONG = (
    *("en", "fr", "de", "es", "it", "pt", "ca", "ro", "nl", "af", "sv", "da", "no", "fi", "et", "pl", "cs", "hr", "sl"),
    *("hu", "sq", "tr", "id", "vi", "ru", "uk", "el", "ja", "zh", "ko", "ar", "he"),
)
_SURE = 0.5  # of 1


@cache  # a second and a hundred megabytes, once
def load() -> Callable[[str], tuple[str, float]] | None:
    """Language and probability of a text; None where the extra is not installed."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        return None
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_AMONG)
    classify: Callable[[str], tuple[str, float]] = identifier.classify
    return classify


def second_opinion(text: str) -> str | None:
    """The language as an ISO 639-1 code; None where it is not sure, or cannot be asked."""
    classify = load()
    if classify is None:
        return None
    language, probability = classify(text)
    return language if probability >= _SURE else None
