"""Octets to characters: charsets that lie, transfer encodings that break, characters that nobody should meet."""

from __future__ import annotations

import binascii
import codecs
import re
import unicodedata
from functools import lru_cache

from ingest.charset_guess import guessed

# Labels are read as browsers read them (WHATWG Encoding Standard): the wider code page holds all of the narrower one.
_WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
_ALIASES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp",
}
_CODE_PAGE = re.compile(r"(?:x-)?(?:windows|win|cp|ibm)[-_ ]?(\d{3,5})")
_JIS = re.compile(rb"\x1b\$[@B]([^\x1b\r\n]*)(?:\x1b\([BJ])?")  # a run of Japanese letters in ISO-2022-JP
_HIGH = bytes(octet | 0x80 for octet in range(256))
# Text codecs of Python that no mail means; some of them take quadratic time.
_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_UNDECLARED = frozenset({"ascii", "us-ascii", "utf-8"})
_WESTERN = frozenset({"iso8859-1", "cp1252", "iso8859-15"})
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LABEL = re.compile(r"[a-z0-9][a-z0-9_.:()+-]{0,39}")

# Joiners that Arabic, Indic scripts and emoji need; beside Latin letters, or at an end, they only split words.
_JOINERS = "\u200c\u200d"
_IDLE_JOINERS = re.compile(
    f"(?<![\u0300-\U0010ffff])[{_JOINERS}]++|(?<![{_JOINERS}])[{_JOINERS}]++(?![\u0300-\U0010ffff])"
)
_INVISIBLE = [0xAD, 0x34F, 0x180E, 0x200B, *range(0x2060, 0x2065), *range(0xE0000, 0xE0080)]
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_CONTROLS: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *_BIDI, *_INVISIBLE, 0xFEFF]),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys([0xA0, 0x2007, 0x202F], " "),
}
_IN_TEXT = _CONTROLS | {0x09: "\t", 0x0A: "\n", 0x2028: "\n", 0x2029: "\n"}
_IN_LINE = _CONTROLS | dict.fromkeys([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], " ")
_LINE_END = re.compile(r"\r\n?|\x85")
_NOT_BASE64_LINE = re.compile(rb"[\r\n]*[A-Za-z0-9+/=]*[^A-Za-z0-9+/=\r\n \t]|[\r\n]*\S+[ \t]+[^\s=]")
_SAMPLE = 1_000  # octets that tell base64 from prose
_BETWEEN_WORDS = re.compile(rb"\S[ \t]+(?=[^\s=])")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def clean_line(value: str) -> str:
    """One line without control or bidirectional characters: line breaks become spaces, other controls vanish."""
    if not value.isprintable():
        value = _joined(value.translate(_IN_LINE))
    return value.strip()


def clean_text(value: str) -> str:
    """The same for text of many lines: newline and tab stay, every line end becomes a newline."""
    if "\r" in value or "\x85" in value:
        value = _LINE_END.sub("\n", value)
    return _joined(value.translate(_IN_TEXT))


def _joined(value: str) -> str:
    """Without joiners that join nothing."""
    return _IDLE_JOINERS.sub("", value) if "\u200c" in value or "\u200d" in value else value


def folded(words: str) -> str:
    """Without case and accents, every gap one blank: as words are compared, not as they are shown."""
    plain = words.casefold()
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return " ".join(plain.split())


@lru_cache(maxsize=256)
def codec_name(label: str) -> str | None:
    """The codec that a charset label means, or None where there is none that mail can mean."""
    label = label.strip().strip("\"'").lower()
    label = _ALIASES.get(label, label)
    if page := _CODE_PAGE.fullmatch(label):
        label = f"cp{page[1]}"
    if not _LABEL.fullmatch(label):
        return None
    try:
        name = codecs.lookup(label).name
        " ".encode(name)  # refuses the codecs that are not for text
    except (LookupError, ValueError):
        return None
    return None if name.replace("-", "_") in _REFUSED else name


def decode(octets: bytes, label: str | None) -> tuple[str, bool]:
    """The characters of these octets, and whether the label told the truth about every one of them."""
    name = codec_name(label) if label else "ascii"
    if name is None or (name[:6] in ("utf-16", "utf-32") and b"\0" not in octets and octets[:2] not in _BOMS):
        return _guess(octets), False
    if name == "utf-16" and octets[:2] not in _BOMS:  # its order is where the zeros of Latin letters stand
        name = "utf-16-be" if octets[::2].count(0) > octets[1::2].count(0) else "utf-16-le"
    if name == "ascii" and b"\x1b$" in octets:
        return _guess(octets), label is None
    if name in _WESTERN and (codec := guessed(octets)):  # any octets are Western letters
        return octets.decode(codec, "replace"), False
    try:
        return octets.decode(_WIDER.get(name, name)), True
    except UnicodeError:
        pass
    if name in _UNDECLARED:
        return _guess(octets), label is None
    if name.startswith("iso2022_jp"):
        text = _vendor_jis(octets)
        return text, "\ufffd" not in text
    return octets.decode(_WIDER.get(name, name), "replace"), False


def _vendor_jis(octets: bytes) -> str:
    """ISO-2022-JP with the signs that every Japanese program writes and no standard allows, such as circled digits."""
    out: list[str] = []
    end = 0
    for run in _JIS.finditer(octets):
        out += octets[end : run.start()].decode("iso2022_jp_2", "replace"), _euc(run[1])
        end = run.end()
    return "".join([*out, octets[end:].decode("iso2022_jp_2", "replace")])


def _euc(letters: bytes) -> str:
    return letters.translate(_HIGH).decode("euc_jis_2004", "replace")


def _guess(octets: bytes) -> str:
    """UTF-8 where most of it is, else by its shape, else what Western Windows writes; ISO-2022 and UTF-16 show."""
    if octets.startswith(_BOMS):
        return octets.decode("utf-16", "replace")
    if b"\x1b$" in octets:
        return _vendor_jis(octets)
    text = octets.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken and broken * 2 > sum(1 for character in text if character > "\x7f"):
        return octets.decode(guessed(octets) or "cp1252", "replace")
    return text


def surrogates_to_text(value: str, charset: str = "") -> str:
    """A raw header value whose 8-bit octets (surrogates of the standard library) are UTF-8, else of this charset."""
    if value.isascii():
        return value
    octets = value.encode("utf-8", "surrogateescape")
    try:
        return octets.decode()
    except UnicodeDecodeError:
        name = codec_name(charset) if charset else None
        known = name is not None and name not in _UNDECLARED
        return decode(octets, name)[0] if known else octets.decode("cp1252", "replace")


def from_base64(octets: bytes) -> tuple[bytes, bool]:
    """The decoded octets, as far as they can be, and whether nothing was broken or foreign (RFC 2045 section 6.8).

    What does not even begin as base64 was never encoded, whatever its label says.
    """
    if _NOT_BASE64_LINE.match(octets) and _is_prose(octets[:_SAMPLE]):
        return octets, False
    try:
        decoded = binascii.a2b_base64(octets)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", octets)
        whole = len(letters) - (len(letters) % 4 == 1)  # one letter alone holds no octet
        return binascii.a2b_base64(letters[:whole] + b"=="), False
    tail = octets[-8:].rstrip()
    padding = len(tail) - len(tail.rstrip(b"="))
    letters_count = len(octets) - octets.count(b"\n") - octets.count(b"\r")
    if letters_count % 4 == 0 and len(decoded) == letters_count // 4 * 3 - padding:
        return decoded, True
    letters_count -= octets.count(b" ") + octets.count(b"\t")
    return decoded, letters_count % 4 == 0 and len(decoded) == letters_count // 4 * 3 - padding


def _is_prose(sample: bytes) -> bool:
    """More foreign characters and blanks between words than the damage of a mail server explains."""
    letters = len(_NOT_BASE64.sub(b"", sample))
    foreign = len(sample.translate(None, b"= \t\r\n")) - letters
    return (foreign + len(_BETWEEN_WORDS.findall(sample))) * 12 > len(sample)


def from_uuencode(octets: bytes) -> tuple[bytes, bool]:
    """The file inside a uuencoded part, as far as its lines can be decoded."""
    lines = iter(octets.splitlines())
    if not any(line.startswith(b"begin ") for line in lines):
        return octets, False
    decoded: list[bytes] = []
    for line in lines:
        if line.strip() in (b"end", b"`"):
            return b"".join(decoded), True
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            return b"".join(decoded), False
    return b"".join(decoded), False


def from_transfer(octets: bytes, encoding: str) -> tuple[bytes, bool]:
    """The octets without their Content-Transfer-Encoding; an unknown one leaves them as they are."""
    if encoding == "base64":
        return from_base64(octets)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(octets), True
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return from_uuencode(octets)
    return octets, encoding in ("", "7bit", "8bit", "binary")
