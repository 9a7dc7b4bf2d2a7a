"""What a subject says, without what mail programs put before it: the key for "the same subject"."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from ingest.subject_prefixes import COUNT, FORWARDS, REPLIES, TAG
from processor.triage.reference import read_reference

_LONGEST = 500  # characters; what differs after them does not count

_AUTOMATIC = (  # without accents, as every subject is compared
    "automatic reply", "automatic response", "automated reply", "automated response", "auto[ -]?reply",
    "auto[ -]?response", "out of office", "out of the office", "out of office auto[ -]?reply", "out of office reply",
    "vacation reply", "away from my mail", "reponse automatique", "reponse d['’]absence", "absence du bureau",
    "message d['’]absence", "notification d['’]absence", "automatische antwort", "automatische antwoord",
    "automatisch antwoord", "automatische abwesenheitsnotiz", "abwesenheitsnotiz", "abwesenheitsnachricht",
    "abwesenheitsmeldung", "abwesenheitsagent", "abwesenheitsassistent", "abwesend", "nicht im buro",
    "respuesta automatica", "contestacion automatica", "fuera de la oficina", "fuera de oficina", "aviso de ausencia",
    "mensaje de ausencia", "risposta automatica", "fuori sede", "fuori ufficio", "assenza dall['’]ufficio",
    "resposta automatica", "fora do escritorio", "ausencia temporaria", "afwezigheidsmelding", "afwezigheidsbericht",
    "niet aanwezig", "afwezig", "odpowiedz automatyczna", "automatyczna odpowiedz", "autoodpowiedz",
    "nieobecnosc w biurze", "autosvar", "automatiskt svar", "automatisk svar", "automatisk besked", "franvarobesked",
    "franvaromeddelande", "ikke til stede", "fravær", "automaattinen vastaus", "poissaoloviesti",
    "automaticka odpoved", "automatikus valasz", "hazon kivul", "raspuns automat", "automatski odgovor",
    "samodejni odgovor", "automaatvastus", "automatiska atbilde", "automatinis atsakymas", "otomatik yanıt",
    "otomatik cevap", "ofis dısında", "αυτοματη απαντηση", "автоматическии ответ", "автоответ", "вне офиса",
    "автоматична відповідь", "автоматичен отговор", "автоматски одговор", "自動応答", "自動返信", "不在通知",
    "自动答复", "自动回复", "自動回覆", unicodedata.normalize("NFKD", "자동 회신"),
    unicodedata.normalize("NFKD", "자동 응답"),
    unicodedata.normalize("NFKD", "부재 중"), unicodedata.normalize("NFKD", "부재중"), "תשובה אוטומטית", "מענה אוטומטי",
    "رد تلقايي", "رد الي",
)  # fmt: skip
_AUTOMATIC_PREFIX = f"(?:{'|'.join(_AUTOMATIC)}) ?: ?"
_FOREIGN = rf"{TAG} ?"  # a gateway's, not the writer's
_AUTOMATIC_SUBJECT = re.compile(rf"(?:{_FOREIGN}){{0,3}}{_AUTOMATIC_PREFIX}")
_PREFIX = re.compile(
    rf"(?:{'|'.join((REPLIES + ' ' + FORWARDS).split())}) ?{COUNT} ?: ?"
    rf"|{_AUTOMATIC_PREFIX}"
    rf"|{_FOREIGN}"
)
_TAG = re.compile(r"\[ ?([a-z]{2,6})-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z] ?\]")


def bare_subject(subject: str) -> str:
    """The subject without reply and forward prefixes and our [DD-7K3M-9QXW-5] tags, case- and accent-folded."""
    words = " ".join(_TAG.sub(_without_reference, fold_subject(subject)).split())
    start = 0
    while prefix := _PREFIX.match(words, start):
        start = prefix.end()
    return words[start:]


def subject_key(subject: str) -> str:
    """What all mails of the same bare subject share, and what tells none of its words."""
    return hashlib.sha256(bare_subject(subject).encode(errors="replace")).hexdigest()[:32]


def has_automatic_prefix(subject: str) -> bool:
    """It begins as the subjects of out-of-office answers do."""
    return _AUTOMATIC_SUBJECT.match(fold_subject(subject)) is not None


def fold_subject(subject: str) -> str:
    """The subject without case and accents, every gap one blank, cut to the length that counts."""
    plain = subject[:_LONGEST].casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(plain.split())


def _without_reference(tag: re.Match[str]) -> str:
    return " " if read_reference(tag[0].strip("[ ]"), tag[1].upper()) else tag[0]
