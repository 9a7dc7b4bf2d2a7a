"""Whether the words of an HTML element are seen, by its attributes, its inline style and simple rules of <style>."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ingest.html_colour import Colour, alike, colour

_SHEET = 200_000  # characters
_RULES = 2_000
_RULES_OF_ONE = 20  # element, class or id; the last ones count
_CLASSES = 10  # of one element
_INLINE = 10_000
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_SIMPLE = re.compile(r"([a-z][a-z0-9:-]*)?((?:[.#][\w-]+){0,3})")
_PART = re.compile(r"([.#])([\w-]+)")
_LENGTH = re.compile(r"(-?\d{0,9}\.?\d{1,9})\s{0,9}(px|pt|em|ex|rem|%|in|cm|mm|vw|vh|pc)?")
_PIXELS = {
    "px": 1.0,
    "": 1.0,
    "pt": 1.33,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "in": 96.0,
    "cm": 38.0,
    "mm": 3.8,
    "pc": 16.0,
}
_FONT_SIZE = re.compile(r"(?:^|\s)(\d{0,6}\.?\d{1,6}(?:px|pt|em|%)?)(?:/|\s)")
_FAR = -500.0  # pixels; farther left than any window
_TINY = 1.0  # pixels
_FAINT = 0.05

Declarations = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands on to those inside it."""

    gone: bool = False  # nothing inside can be seen, whatever it declares
    invisible: bool = False
    tiny: bool = False
    ink: Colour | None = (0, 0, 0)  # None: not known
    paper: Colour | None = (255, 255, 255)
    clear: bool = False  # the ink is transparent
    as_it_is: bool = False  # line breaks and blanks count

    @property
    def hidden(self) -> bool:
        return self.gone or self.invisible or self.tiny or self.clear

    @property
    def blended(self) -> bool:
        """Words in the colour of what they stand on."""
        return self.ink is not None and self.paper is not None and alike(self.ink, self.paper)


@dataclass(slots=True)
class Sheet:
    """The simple rules of <style> elements: by element, class and id."""

    by_part: dict[str, list[tuple[str, frozenset[str], Declarations]]] = field(default_factory=dict)
    hazy: bool = False  # a rule that we cannot judge sets backgrounds
    rules: int = 0

    def read(self, css: str) -> None:
        """Take up the rules of one <style> element; those for other media than a screen are left out."""
        css = _COMMENT.sub(" ", css[:_SHEET]).lower().replace("<!--", " ").replace("-->", " ")
        for selectors, body in _rules(css):
            declared = declarations(body)
            if not declared:
                continue
            for selector in selectors.split(","):
                self.rules += 1
                if self.rules > _RULES:
                    return
                self._take(selector.strip(), declared)

    def _take(self, selector: str, declared: Declarations) -> None:
        simple = _SIMPLE.fullmatch(selector)
        if simple is None or not selector:
            self.hazy = self.hazy or "background" in declared
            return
        parts = [kind + name for kind, name in _PART.findall(simple[2])]
        key = next((part for part in parts if part[0] == "#"), parts[0] if parts else simple[1])
        self.by_part.setdefault(key, []).append((simple[1] or "", frozenset(parts), declared))

    def of(self, tag: str, classes: str, id_: str) -> list[Declarations]:
        """What is declared for this element, the weakest first."""
        names = [f".{name}" for name in dict.fromkeys(classes.lower().split()[:_CLASSES])]
        own = {*names, f"#{id_.lower()}"}
        return [
            declared
            for part in (tag, *names, f"#{id_.lower()}")
            for element, parts, declared in self.by_part.get(part, ())[-_RULES_OF_ONE:]
            if element in ("", tag) and parts <= own
        ]


def declarations(style: str) -> dict[str, str]:
    """Property and value of those that decide what is seen; `!important` ones once more with a leading mark."""
    found: dict[str, str] = {}
    for one in _COMMENT.sub(" ", style[:_INLINE]).lower().split(";"):
        name, _, value = one.partition(":")
        name, value = name.strip(), value.strip()
        if name in _JUDGED and value:
            value, bang, _ = value.partition("!")
            found[name] = value.strip()
            if bang:
                found[f"!{name}"] = value.strip()
    if "background" in found:
        found.setdefault("background-color", found["background"])
    return found


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule, those within a plain `@media screen` too."""
    skipped = depth = 0
    selectors = ""
    for piece in re.split(r"([{}])", css):
        if piece == "{":
            depth += 1
            if skipped == 0 and selectors.startswith("@") and not _for_screens(selectors):
                skipped = depth
        elif piece == "}":
            skipped = 0 if depth <= skipped else skipped
            depth = max(0, depth - 1)
            selectors = ""
        else:
            if selectors and not selectors.startswith("@") and depth and not skipped:
                yield selectors, piece
                selectors = ""
            elif piece.strip():
                selectors = piece.rpartition(";")[2].strip()


def _for_screens(prelude: str) -> bool:
    """A `@media` rule for screens of any size."""
    return prelude.startswith("@media") and "(" not in prelude and ("screen" in prelude or "all" in prelude)


def look(parent: Look, tag: str, attributes: Mapping[str, str], declared: list[Declarations]) -> Look:
    """How the words of this element look, if they are seen at all."""
    style: dict[str, str] = {}
    for one in declared:
        style.update(one)
    style |= {name[1:]: value for name, value in style.items() if name[0] == "!"}
    changed = replace(
        parent,
        gone=parent.gone or "hidden" in attributes or _gone(style),
        invisible=_invisible(style, parent.invisible),
        tiny=_tiny(style, parent.tiny),
    )
    if "white-space" in style:
        changed = replace(changed, as_it_is=style["white-space"].startswith("pre"))
    return _coloured(changed, tag, attributes, style)


def _coloured(base: Look, tag: str, attributes: Mapping[str, str], style: Declarations) -> Look:
    ink, paper, clear = base.ink, base.paper, base.clear
    if tag == "a" and "href" in attributes:
        ink, clear = (0, 0, 238), False
    written = style.get("color") or attributes.get("color" if tag == "font" else "text" if tag == "body" else "")
    if written and written != "inherit":
        ink = colour(written)
        clear = written == "transparent" or _see_through(written)
    below = style.get("background-color") or attributes.get("bgcolor")
    if "url(" in style.get("background", "") + style.get("background-image", "") or "gradient" in style.get(
        "background", ""
    ) + style.get("background-image", ""):
        paper = None
    elif below and below not in ("transparent", "inherit", "none", "initial", "unset") and not _see_through(below):
        paper = colour(below)
    elif attributes.get("background"):
        paper = None
    return replace(base, ink=ink, paper=paper, clear=clear)


def _see_through(written: str) -> bool:
    inside = written.partition("(")[2].rstrip(") ")
    parts = re.split(r"[\s,/]+", inside)
    return written.startswith(("rgba", "hsla")) and len(parts) == 4 and parts[3] in ("0", "0.0", "0%", ".0")


def _gone(style: Declarations) -> bool:
    if style.get("display") == "none" or style.get("mso-hide") == "all":
        return True
    opacity = _number(style.get("opacity"))
    if opacity is not None and opacity < _FAINT:
        return True
    if style.get("overflow", style.get("overflow-y", "")) in ("hidden", "clip"):
        boxes = (style.get(name) for name in ("height", "max-height", "width", "max-width"))
        if any(box is not None and abs(box) <= _TINY for box in map(pixels, boxes)):
            return True
    away = [pixels(style.get("text-indent"))]
    if style.get("position") in ("absolute", "fixed"):
        away += [pixels(style.get("left")), pixels(style.get("top"))]
        if style.get("clip", "").replace(" ", "").replace("px", "") in ("rect(0,0,0,0)", "rect(0000)", "rect(1,1,1,1)"):
            return True
    return any(distance is not None and distance <= _FAR for distance in away)


def _invisible(style: Declarations, inherited: bool) -> bool:
    visibility = style.get("visibility", "inherit")
    return inherited if visibility in ("inherit", "unset") else visibility in ("hidden", "collapse")


def _tiny(style: Declarations, inherited: bool) -> bool:
    written = style.get("font-size")
    if written is None and (short := _FONT_SIZE.search(style.get("font", ""))):
        written = short[1]
    if written is None:
        return inherited
    length = _LENGTH.fullmatch(written)
    if length is None:
        return inherited and written in ("inherit", "unset", "smaller", "larger")
    size, unit = float(length[1]), length[2] or ""
    if unit in ("em", "%", "ex"):
        return inherited or size < (10 if unit == "%" else 0.1)
    return size * _PIXELS.get(unit, 1.0) <= _TINY * 1.4


def pixels(written: str | None) -> float | None:
    """A length in pixels; None where none is written, or one of the window."""
    length = _LENGTH.fullmatch(written) if written else None
    if length is None:
        return None
    if length[2] in ("%", "vw", "vh"):
        return 0.0 if float(length[1]) == 0 else None
    return float(length[1]) * _PIXELS[length[2] or ""]


def _number(written: str | None) -> float | None:
    length = _LENGTH.fullmatch(written) if written else None
    return None if length is None else float(length[1]) / (100 if length[2] == "%" else 1)


_JUDGED = frozenset(
    re.findall(
        "[a-z-]+",
        "display visibility opacity font-size font color background background-color background-image mso-hide"
        " height max-height width max-width overflow overflow-y text-indent position left top clip white-space"
        " margin margin-top margin-bottom",
    )
)
