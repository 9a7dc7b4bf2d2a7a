"""Which charset octets are in that say none, or a wrong one: told by the shape of writing that is not Latin."""

from __future__ import annotations

import codecs
from collections import Counter

_SAMPLE = 4_000  # octets
_LEAST = 12  # octets beyond ASCII; fewer tell nothing
_DISTINCT = 8  # characters beyond ASCII; fewer are a line of bullets or a drawing
_ASCII = bytes(range(128))
_LEADS = range(0xB0, 0xF8)  # of Chinese letters in GB2312; before them are signs


def guessed(octets: bytes) -> str | None:
    """The codec of Japanese, Korean, Chinese, Cyrillic or Greek text; None where it is most likely Western.

    Of Western letters hardly one in ten is beyond ASCII, so a third is looked for.
    """
    sample = octets[:_SAMPLE]
    beyond = sample.translate(None, _ASCII)
    count = len(beyond)
    if count < _LEAST or count * 3 < len(sample) - sum(map(sample.count, (b" ", b"\r", b"\n"))):
        return None
    for codec in ("cp932", "euc_jp"):
        if _share(sample, codec, "\u3040", "\u30ff") > 0.2:
            return codec
    return _alphabet(Counter(beyond), count) or _asian(sample)


def _alphabet(beyond: Counter[int], count: int) -> str | None:
    """Cyrillic and Greek have their small letters, which are most, in a range of their own."""

    def share(first: int, last: int) -> float:
        return sum(beyond[octet] for octet in range(first, last + 1)) / count

    if len(beyond) < _DISTINCT:
        return None
    if share(0xE0, 0xFF) > 0.75 and share(0xC0, 0xFF) > 0.9:
        return "cp1253" if share(0xDC, 0xDF) > 0.03 else "cp1251"
    return "koi8-r" if share(0xC0, 0xDF) > 0.75 and share(0xC0, 0xFF) > 0.9 else None


def _asian(sample: bytes) -> str | None:
    if _share(sample, "euc_kr", "\uac00", "\ud7a3") > 0.85:
        return "cp949"
    if _share(sample, "gbk", "\u4e00", "\u9fff") > 0.6 and _in_gb2312(sample):
        return "gb18030"
    return "big5hkscs" if _share(sample, "big5", "\u4e00", "\u9fff") > 0.6 else None


def _share(sample: bytes, codec: str, first: str, last: str) -> float:
    """How many of the characters beyond ASCII are these; none where the octets are not in this codec."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)  # a last character may be cut in two
    except UnicodeDecodeError:
        return 0.0
    found = [character for character in text if character > "\x7f"]
    wanted = [character for character in found if first <= character <= last]
    return len(wanted) / len(found) if len(set(wanted)) >= _DISTINCT else 0.0


def _in_gb2312(sample: bytes) -> bool:
    """Nearly all pairs lie where that charset has its letters; Big5 has second octets below."""
    inside = outside = 0
    octets = iter(sample)
    for first in octets:
        if first > 0x7F:
            second = next(octets, 0xA1)
            inside += first in _LEADS and second > 0xA0
            outside += second <= 0xA0
    return outside * 20 < inside
