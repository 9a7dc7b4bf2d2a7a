"""Colours of HTML and CSS as three numbers, as far as their names are common."""

from __future__ import annotations

import re

Colour = tuple[int, int, int]

_LENGTH = 200
_WORDS = 10  # of a background with all its parts
_NEAR = 16  # of 255, in each of the three
_HEX = re.compile(r"(?:^|#)([0-9a-f]{6})(?![0-9a-z])|#([0-9a-f]{6})[0-9a-f]{2}\b|#([0-9a-f]{3})[0-9a-f]?\b")
_NUMBERS = re.compile(r"rgba?\(\s*(\d{1,3})(%?)[\s,]+(\d{1,3})%?[\s,]+(\d{1,3})%?[^)]{0,20}\)")
_NAMES: dict[str, Colour] = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245),
    "floralwhite": (255, 250, 240),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "aliceblue": (240, 248, 255),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211),
    "gainsboro": (220, 220, 220),
    "darkgray": (169, 169, 169),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
    "maroon": (128, 0, 0),
    "teal": (0, 128, 128),
    "windowtext": (0, 0, 0),
    "window": (255, 255, 255),
}


def colour(written: str) -> Colour | None:
    """The colour that is meant; None where it cannot be told."""
    written = written[:_LENGTH].strip().lower()
    if found := _HEX.search(written):
        digits = next(group for group in found.groups() if group)
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if found := _NUMBERS.search(written):
        scale = 2.55 if found[2] else 1
        red, green, blue = (min(255, round(int(found[group]) * scale)) for group in (1, 3, 4))
        return red, green, blue
    return next((_NAMES[word] for word in written.split()[:_WORDS] if word in _NAMES), None)


def alike(one: Colour, other: Colour) -> bool:
    """So near to each other that words in one are not seen on the other."""
    return all(abs(first - second) <= _NEAR for first, second in zip(one, other, strict=True))
