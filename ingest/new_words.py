"""The writer's own words: what stands above and between the quoted ones. Where in doubt, words are kept."""

from __future__ import annotations

import re

import quotequail

SCANNED = 65_536  # characters looked at; what follows them is kept
_LINE = 500  # of a line, for the rules; a longer line is never a mark of quoting

_FROM = r"(?:From|Von|De|Da|Van|Fra|Från|Od|От|От кого|Feladó|Expéditeur|Remitente)"
_DATE = (
    r"(?:Sent|Date|Gesendet|Datum|Envoyé|Envoyé le|Enviado|Enviado el|Fecha|Data|Inviato|Verzonden|Skickat|Sendt"
    r"|Wysłano|Дата|Отправлено|Received)"
)
_OTHER = (
    r"(?:To|Cc|Bcc|An|À|A|Para|Pour|Aan|Till|Til|Do|Кому|Copie|Kopie|Reply-To|Antwort an|Répondre à|Risposta"
    r"|Destinataire|Organi[sz]ation)"
)
_SUBJECT = r"(?:Subject|Betreff|Objet|Sujet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Temat|Тема)"
_FIELD = re.compile(
    rf"[\s*_]*(?:(?P<from>{_FROM})|(?P<date>{_DATE})|(?P<other>{_OTHER})|(?P<subject>{_SUBJECT}))[ *_]*:(?P<value>.*)",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:wrote|writes|a écrit|écrit|schrieb|schreibt|escribió|escribio|escreveu|ha scritto|scrisse|schreef|geschreven"
    r"|skrev|napisał|napisała|pisze|написал|написала|пише|пишет)\b|napisał\(a\)|написал\(а\)|写道|寫道",
    re.IGNORECASE,
)
_INTRO_START = re.compile(
    r"[\s*-]*(?:On|At|Le|El|Am|Il|Em|Op|Den|Dnia|W dniu|El día|On the|Em|\d{1,4}[./ -]|[a-zа-я]+, \d)", re.IGNORECASE
)
_INTRO_LINES = 7
_MOMENT = re.compile(r"\b(?:19|20)\d\d\b|\b\d\d?[:.]\d\d\b|\b\d\d?[./]\d\d?[./]")
_INTRO_END = re.compile(r"(?:[:：]|-{3,}|Uhr:)[\s*]*$")
_SOME_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|mailto:")
_GMAIL_DATE = re.compile(r"\d{4}[-/]\d\d?[-/]\d\d?(?: \d\d?:\d\d GMT[+-]\d\d:?\d\d .+| .*<[^<>]*@[^<>]*>:?)$")
_ORIGINAL = re.compile(
    r"[\s*>]*(?:-{2,}|_{2,})\s*(?:(?:the )?original message|ursprüngliche nachricht|original-?nachricht"
    r"|message d['’]origine|message original|mensaje original|mensagem original|messaggio originale"
    r"|oorspronkelijk bericht|ursprungligt meddelande|wiadomość oryginalna|исходное сообщение"
    r"|forwarded (?:message|by .{0,80})|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|messaggio inoltrato|doorgestuurd bericht)\s*(?:-{2,}|_{2,})[\s*]*",
    re.IGNORECASE,
)
_BEGIN_FORWARDED = re.compile(
    r"[\s*]*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)"
    r"|début du message (?:transféré|réexpédié)|inicio del mensaje reenviado|inizio messaggio inoltrato)\s*:[\s*]*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[\s*]*[-_=—]{3,}[\s*]*")


def new_words(text: str) -> str:
    """The text without quoted lines, their introductions, and copied mails; all of it where all is quoted."""
    lines, rest = _scanned(text)
    if not any(map(_may_mark, lines)):
        return text.strip()
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if _is_quoted(lines, position):
            position += 1
        elif _opens_copy(lines, position):
            if not _has_words(kept):
                return text.strip()
            rest = ""
            break
        elif end := _introduction_end(lines, position):
            after = _next_with_words(lines, end)
            bars = after < len(lines) and lines[after].lstrip().startswith("|")
            if not bars and not _is_quoted(lines, after) and _has_words(kept):
                rest = ""  # quoted without marks: nothing tells where it ends
                break
            position = _skip_bars(lines, after) if bars else end
        else:
            kept.append(line)
            position += 1
    return _tidy(kept, rest) or text.strip()


def _scanned(text: str) -> tuple[list[str], str]:
    """The lines to look at closely, and what follows them, of which only quoted lines are left out."""
    if len(text) <= SCANNED:
        return text.split("\n"), ""
    cut = text.find("\n", SCANNED) + 1 or len(text)
    return text[:cut].split("\n"), "\n".join(line for line in text[cut:].split("\n") if not line.startswith(">"))


def _may_mark(line: str) -> bool:
    """A quick look: can this line be quoted, introduce a quotation, or begin a copied mail?"""
    line = line.strip(" \t*")
    return line != "" and (
        line[0] in ">|" or line[-1] in ":：-" or ":" in line[:16] or line.startswith(("--", "__")) or line[:4].isdigit()
    )


def _tidy(kept: list[str], rest: str) -> str:
    while kept and not rest and (not kept[-1].strip() or _SEPARATOR.fullmatch(kept[-1][:_LINE])):
        kept.pop()
    text = "\n".join(kept) + rest
    return re.sub(r"\n{3,}", "\n\n", text).strip() if _has_words(kept) or rest.strip() else ""


def _is_quoted(lines: list[str], position: int) -> bool:
    """A line that begins with `>`; but `>From` alone among the writer's words is an mbox file's doing."""
    if position >= len(lines) or not lines[position].lstrip().startswith(">"):
        return False
    if not lines[position].startswith(">From "):
        return True
    around = (lines[position - 1] if position else "", lines[position + 1] if position + 1 < len(lines) else "")
    return any(line.startswith(">") for line in around)


def _has_words(lines: list[str]) -> bool:
    return any(line.strip(" \t*-_=>") for line in lines)


def _next_with_words(lines: list[str], position: int) -> int:
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position


def _skip_bars(lines: list[str], position: int) -> int:
    while position < len(lines) and (lines[position].lstrip().startswith("|") or not lines[position].strip()):
        position += 1
    return position


def _opens_copy(lines: list[str], position: int) -> bool:
    """Does a copied or forwarded mail begin here: a line that says so, or a block of its header fields?"""
    line = lines[position][:_LINE]
    if _ORIGINAL.fullmatch(line) or _BEGIN_FORWARDED.fullmatch(line):
        return True
    first = _FIELD.fullmatch(line)
    return (
        first is not None
        and first.lastgroup is not None
        and first["from"] is not None
        and _is_header_block(lines, position)
    )


def _is_header_block(lines: list[str], position: int) -> bool:
    """From, and two more of date, recipients and subject; one of them sure: a subject or an address."""
    kinds: set[str] = set()
    sure = False
    misses = 0
    for line in lines[position : position + 14]:
        field = _FIELD.fullmatch(line[:_LINE])
        if field is None:
            misses += 1
            if misses > (3 if len(kinds) < 2 else 2):
                break
            continue
        kind = next(name for name in ("from", "date", "other", "subject") if field[name] is not None)
        kinds.add(kind)
        sure = sure or kind == "subject" or "@" in field["value"]
    return len(kinds) >= 3 and sure


def _introduction_end(lines: list[str], position: int) -> int:
    """One past the last line of the words that introduce a quotation ("On ... wrote:"); 0 where there are none."""
    first = lines[position][:_LINE].strip()
    if _GMAIL_DATE.match(first):
        return position + 1
    if not (_INTRO_START.match(first) or _SOME_ADDRESS.search(first)):
        return 0
    block = ""
    for end in range(position, min(position + _INTRO_LINES, len(lines))):
        line = lines[end].strip()
        block = f"{block} {line}".strip()
        if len(block) > _LINE or (end > position and _begins_anew(line)):
            return 0
        if _GMAIL_DATE.match(block) or (_INTRO_END.search(block) and _introduces(block)):
            return end + 1
        if not line and not _MOMENT.search(block):
            return 0
    return 0


def _begins_anew(line: str) -> bool:
    """A quoted line, or an introduction of its own, ends what a wrapped introduction may be."""
    if line.startswith(">"):
        return line != ">:" and not _VERB.search(line[:20])
    return bool(_INTRO_START.match(line) and _INTRO_END.search(line))


def _introduces(block: str) -> bool:
    """A moment or an address must be in it: "On reflection, he wrote:" introduces the writer's own words."""
    if not _SOME_ADDRESS.search(block) and not (_INTRO_START.match(block) and _MOMENT.search(block)):
        return False
    return _VERB.search(block) is not None or len(quotequail.quote(block)) > 1  # it knows languages that we do not
