"""How a mail is signed: the pieces of its last lines, each a name, a firm, a department, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from processor.triage.plain import plain
from processor.triage.wording import words

_LAST = 8_000  # characters at the end of a text; nobody signs further up
_LINES = 9
_LONGEST_LINE = 75
_LONGEST_TAIL = 90

_GREETING = re.compile(
    r"(?:(?:with |many |kind |kindest |best |warm |warmest |thanks (?:and|&) )*(?:regards|wishes)|(?:yours|sincerely"
    r"|faithfully|truly)(?: \w+)?"
    r"|thank(?:s| you|ing you)(?: \w+){0,4}?|many thanks(?: for your help| in advance)?|cheers|ta|tia|best|br|rgds"
    r"|all the best|god bless|love"
    r"|(?:bien |tres )?cordialement|bien (?:a vous|sincerement)|cdlt|cdt|bonne (?:journee|soiree|reception)"
    r"|(?:sinceres |meilleures )?salutations(?: \w+)?"
    r"|merci(?: \w+){0,3}?|d'avance merci|bien amicalement|amities|a bientot"
    r"|(?:mit )?(?:freundlich\w*|best\w*|schon\w*|viele\w*|lieb\w*|herzlich\w*|sonnig\w*)(?: und \w+)? gru(?:ss|s"
    r"|ß)\w*(?: (?:aus|vom) \w+)?|mfg|lg|vg|bg|gruss|gruß|grusse|gruße|danke(?: \w+){0,3}?|vielen dank(?: \w+){0,3}?"
    r"|hochachtungsvoll|i\.? ?[av]\.?|ppa\.?|gez\.?"
    r"|(?:un |muchos )?(?:cordial |cordiales )?(?:saludos?|abrazo)(?: cordial(?:es)?)?|atentamente|atte\.?"
    r"|(?:muchas )?gracias(?: \w+){0,3}?"
    r"|ciao|hasta pronto|pp|p\.p\.|signed|from|von|de)"
)
_GREETED = re.compile(rf"\s*{_GREETING.pattern}\s*[,.!;:)-]*\s+(?=\S)")
_FIRST_WORD = re.compile(r"[a-zß]+")
_GREETINGS = words(
    """
        with many kind kindest best warm warmest thanks thank thanking yours sincerely faithfully truly cheers
        ta tia br rgds regards wishes all god love bien tres cordialement cdlt cdt bonne sinceres meilleures
        salutations merci
        d avance amities a mit freundlichen freundliche freundlicher besten beste schonen schone schones viele
        vielen liebe lieben lieber herzliche herzlichen herzlichst sonnige mfg lg vg bg gruss gru grusse gruße
        gruß danke hochachtungsvoll i ppa gez un muchos cordial cordiales saludos saludo abrazo atentamente atte
        muchas gracias ciao hasta pp p signed from von de
    """
)
_ALONE = re.compile(rf"\s*{_GREETING.pattern}\s*[,.!;:)-]*\s*")
_END_OF_SENTENCE = re.compile(
    r"[.!?:)…](?=\s)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<! [A-ZÀ-Þ]\.)(?<!\bM\.)(?<!\bSt\.)(?<!\bi\.)"
    r"(?<!\bA\.)(?<!\bCo\.)(?<!\be\.)"
)
_PARTS = re.compile(r"\s*(?:,|;| [-–—|·•/] |\(|\)|\t|  )\s*")
_ENDS_AS_FIRM = re.compile(r"\b(?:e\. ?[VK]|Ltd|Inc|Corp|S\.?L|S\.?A|[BN]\.V|A\.Ş|S\.r\.l)\.\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a signature, in the text from `start` on."""

    text: str
    start: int
    line: int  # of the signature, from 0


def signed(written: str) -> list[Piece]:
    """The pieces of the lines with which the text ends, in their order; none where it ends in a sentence."""
    shift = max(0, len(written) - _LAST)
    lines = _lines(written, shift)
    return [piece for number, (start, line) in enumerate(_block(lines)) for piece in _pieces(line, start, number)]


def _lines(written: str, shift: int) -> list[tuple[int, str]]:
    """The last written lines, each with its place; an empty one parts paragraphs."""
    lines = []
    at = shift
    for line in written[shift:].split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    while lines and not lines[-1][1].strip():
        lines.pop()
    return lines[-_LINES:]


def _block(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those below the greeting; without one the short lines at the end, or the end of the last sentence."""
    for number in range(len(lines) - 1, -1, -1):
        if number + 1 < len(lines) and _is_greeting(lines[number][1]):
            return [one for one in lines[number + 1 :] if one[1].strip()]
    block: list[tuple[int, str]] = []
    for start, line in reversed(lines):
        if not line.strip() and block:
            break
        if (
            not line.strip()
            or len(line) > _LONGEST_LINE
            or (line.rstrip()[-1:] in ".!?:,;" and not _ENDS_AS_FIRM.search(line))
            or line.lstrip()[:1] in "-*•>|"
        ):
            break
        block.insert(0, (start, line))
    first = block[0][1] if block else ""
    if block and (len(block) > 1 or not _END_OF_SENTENCE.search(first)) and not _begins_small(first, block):
        return block
    return [_tail(*lines[-1])] if lines else []


def _is_greeting(line: str) -> bool:
    if len(line) > _LONGEST_LINE:
        return False
    folded = plain(line)
    first = _FIRST_WORD.search(folded)
    return first is not None and first[0] in _GREETINGS and _ALONE.fullmatch(folded) is not None


def _begins_small(line: str, block: list[tuple[int, str]]) -> bool:
    """A line within a sentence."""
    return line.strip()[:1].islower() and len(line.split()) > len("abc") and len(block) == 1


def _tail(start: int, line: str) -> tuple[int, str]:
    """What stands behind the last sentence of a line: "... Thank you. Jo Lee, Acme"."""
    body = line.rstrip().rstrip(".")
    last = None
    for match in _END_OF_SENTENCE.finditer(body, max(0, len(body) - _LONGEST_TAIL * 2)):
        last = match if match.start() > 1 else last  # "G. Vos" is no two sentences
    if last is None:
        return (start, line) if len(body) <= _LONGEST_TAIL // 2 else (start, "")
    tail = body[last.end() :]
    return (start + last.end(), tail) if len(tail) <= _LONGEST_TAIL else (start, "")


def _pieces(line: str, start: int, number: int) -> list[Piece]:
    at = _greeted(plain(line[:_LONGEST_TAIL]))
    pieces = []
    for part in _split(line, at):
        text = line[part[0] : part[1]]
        words = text.strip(" .,;:-–—*_!")
        if words and len(words) <= _LONGEST_LINE:
            pieces.append(Piece(text=words, start=start + part[0] + text.index(words), line=number))
    return pieces


def _greeted(line: str) -> int:
    """Where the last greeting of the line ends; 0 where there is none."""
    at = 0
    for word in _FIRST_WORD.finditer(line):
        if word[0] in _GREETINGS and word.start() >= at and (match := _GREETED.match(line, word.start())):
            at = match.end()
    return at


def _split(line: str, at: int) -> list[tuple[int, int]]:
    places = []
    for match in _PARTS.finditer(line, at):
        places.append((at, match.start()))
        at = match.end()
    return [*places, (at, len(line))]
