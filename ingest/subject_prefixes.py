"""What mail programs put before a subject, by language: one list for all who read subjects."""

from __future__ import annotations

import re
import unicodedata


def folded(text: str) -> str:
    """Without letter case and accents, as every prefix is compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character)).strip()


REPLIES = folded(
    "re ref auto aw antw antwort sv vs r rif resp res odp antwoord ynt yanit vl vedr svar ang vast bls yan ri zrt"
    " απ σχετ ответ отв відп respuesta reponse risposta odpoved resposta 回复 回覆 答复 答覆 返信 回信 회신 답장"
    " תשובה השב رد"
)
FORWARDS = folded(
    "fw fwd fwrd wg wtr tr i inoltro rv rvd reenv renv enc pd doorst trs vb vid vbs videresendt továbbítás ilt ptr"
    " πρθ пересл перенапр doorgestuurd weitergeleitet transfert inoltra 转发 轉寄 轉發 転送 전달 העברה إعادة"
)
COUNT = r"(?:[\[(^*]?\d{1,3}[\])]?)?"  # Re[2]:, Re^3:, AW(4):
TAG = r"\[(?:external|externe?|extern|ext|externo|esterno)\]"  # what gateways put before mail from outside

_LONGEST = 24  # characters of one prefix, its number included
_TAGS = re.compile(rf"\s*(?:{TAG}\s*)*", re.IGNORECASE)
_ONE = re.compile(rf"(?:{'|'.join(REPLIES.split())}|({'|'.join(FORWARDS.split())}))\s?{COUNT}\s?")


def is_forward(subject: str) -> bool:
    """Its outermost prefix says that the mail was sent on; "Re: Fwd: x" answers one that was."""
    found = _prefix(subject, 0)
    return found is not None and found[0]


def without_prefixes(subject: str) -> str:
    """What the subject says, as it is written, below all its prefixes."""
    start = 0
    while found := _prefix(subject, start):
        start = found[1]
    return subject[start:].strip()


def _prefix(subject: str, start: int) -> tuple[bool, int] | None:
    """Whether the prefix that begins here says "sent on", and where it ends; None where there is none."""
    tags = _TAGS.match(subject, start)
    start = tags.end() if tags else start
    ends = [at for at in (subject.find(colon, start, start + _LONGEST) for colon in ":：") if at >= 0]
    one = _ONE.fullmatch(folded(subject[start : min(ends)])) if ends else None
    return None if one is None else (one[1] is not None, min(ends) + 1)
