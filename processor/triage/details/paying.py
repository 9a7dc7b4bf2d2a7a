"""The day of a payment: one near words of paying, and of nothing else; not every day of the mail."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from processor.triage.details.days import Day, days_in, month_first
from processor.triage.plain import Plain, finder

_NEAR, _NEAR_LOOSE = 80, 45  # characters between the day and the word of paying
_MOST = 3

PAYING = (
    r"\b(?:(paid|paying|transferred|wired|remitted|debited|credited|deposited|left (?:our|my|the)|went out|gone out"
    r"|settled"
    r"|paye\w*|regle\w*|vire|viree|virees|vires|verse\w*|debite\w*|encaisse\w*|transfere\w*|effectue\w*"
    r"|uberwies\w*|ueberwies\w*|uberweise\w*|beglichen|bezahlt\w*|gezahlt\w*|eingezahlt\w*|zahlte\w*|abgebucht\w*|rausgegangen"
    r"|angewiesen|echtzeit\w*"
    r"|abgegangen|einbezahlt|belastet"
    r"|pague|pagamos|pagado|pagada|pagaron|pago (?:realizado|efectuado|hecho)|transferi\w{0,4}|transfirio|ingresad\w"
    r"|ingrese|ingresamos|deposit(?:e|amos|ado)|fecha valor|value date|date de valeur|wertstellung|valuta"
    r"|abon(?:e|amos|ado|ada)|salio|salieron|descont\w{1,5}|cargaron|hizo|hicimos|hice)"
    r"|(payments?|transfer|wire|paypal|debit card|kaution|sicherheitsleistung|caution|fianza"
    r"|remittance|deposit|bacs|cheque|check dated|cleared|cashed|received|arrived|handed"
    r"|virement|paiement|reglement|arrivee?s?|parti\w{0,2}|remis\w*|depose\w*|avis"
    r"|uberweisung\w*|ueberweisung\w*|zahlung\w*|abbuchung\w*|scheck\w*|eingegangen|gutgeschrieben"
    r"|pagos?|transferencia|bizum|ingresos|ingreso|recibid\w|recibo|entreg\w{1,5}|remit\w{1,4}|gir\w{1,5})"
    r"|(sent|posted|mailed|took|envoye\w*|poste|geschickt|versandt|eingeworfen|envi(?:e|amos|ado|aron)))\b"
)
_PAYING = finder(PAYING)
_MONEY = re.compile(
    r"\b(?:cheque|check|scheck|talon|eur|usd|gbp|chf|inr|euros?|pounds|money|geld|argent|dinero)\b|[€£$₹]"
)
_SUM = re.compile(
    r"(?:[€£$₹]|\b(?:eur|chf|usd|gbp|inr|euros?)|[0-9][.,][0-9]{2}|[0-9]) ?,? ?(?:vom|of|from|on|du|del|le|el|am"
    r"|dated)(?: the)? $"
)
# Just before a day: it is that of an invoice or of a service, or a deadline.
_PAPERS = (
    r"invoices?|bill|inv|statement|reminder|letter|e-?mail|order|booking|assignment|job|session|visit|call|contract"
    r"|quote"
    r"|rechnung\w*|mahnung|schreiben|termin\w*|einsatz\w*|mail|bestellung|auftrag|angebot|vertrag"
    r"|factures?|relance|courrier|mission|intervention|seance|commande|contrat|devis"
    r"|facturas?|recordatorio|servicio|cita|juicio|sesion|pedido|correo|carta|contrato"
)
_LIMITS = (
    r"due|overdue|by|until|till|before|since|deadline|expir\w{1,4}|valid|outage|cancell?ed|called|rang|phoned"
    r"|between|as of|as at|w/e|to"
    r"|bis|ab|seit|per|fallig|gekundigt|angerufen|frist|zum|avant|a terme le"
    r"|jusqu'au|d'ici|a partir|depuis|echeance|antes|hasta"
    r"|desde|vence"
    r"|vencimiento|a partir"
)
_OTHER = re.compile(
    rf"(?:\b(?:{_PAPERS})[\s,:(]{{0,2}}(?:(?:no|nr|n|numero|nummer|n°"
    rf"|nº)\.? ?)?(?:[a-z]{{0,6}}[-/]?[0-9][\w/-]{{0,20}} )?"
    r"(?:of|dated|from|du|vom|von|de|del|date[ed]?|emise? le|fechada el)?"
    rf"|\b(?:{_LIMITS})[\s,:(]{{0,2}}(?:on|the|le|la|du|dem|den|der|zum|del|el|al|am)?:?)[ \n]{{1,14}}"
    rf"(?:the |le |la |dem |den |el )?$"
)
_SENTENCE = re.compile(r"[.!?](?=\s+[a-z¿¡])(?<!\bno\.)(?<!\bnr\.)(?<!\bref\.)(?<![0-9]\.)|\n\s*\n")
_PAPER = re.compile(rf"\b(?:{_PAPERS})\b")
_LOOKED_BACK = 60
_MOST_WORDS = 500


def payment_days(read: Plain, came: date, language: str | None) -> Iterator[Day]:
    """The days on which something was paid, the surest first. Linear in the length of the text."""
    text = read.text
    words = [_Word(match.start(), match.end(), _kind(match)) for match in _PAYING(read, _MOST_WORDS)]
    days = days_in(read, came, american=month_first(text, language))
    found = [day for day in days if not _OTHER.search(text[max(0, day.start - _LOOKED_BACK) : day.start])]
    ends = [match.start() for match in _SENTENCE.finditer(text)] if found else []
    near = [(distance, day) for day in found if (distance := _distance(text, day, words, ends)) is not None]
    near.sort(key=lambda pair: (pair[1].loose, pair[0]))
    told: set[date] = set()
    for _, day in near:
        if day.date not in told and len(told) < _MOST and not (day.loose and told):
            told.add(day.date)
            yield day


class _Word(NamedTuple):
    """A word of paying: a verb in the past, a noun, or a word of sending, which counts where money is sent."""

    start: int
    end: int
    kind: Literal["paid", "noun", "sent"]


def _kind(match: Any) -> Literal["paid", "noun", "sent"]:
    return "paid" if match.start(1) >= 0 else "noun" if match.start(2) >= 0 else "sent"


def _distance(text: str, day: Day, words: Sequence[_Word], ends: Sequence[int]) -> int | None:
    """Characters to the nearest word of paying in the same sentence; a sum that is "of" this day is as near."""
    before = text[max(0, day.start - _LOOKED_BACK) : day.start]
    if _SUM.search(before) and not _PAPER.search(before):
        return 0
    sentence = bisect_left(ends, day.start)
    begin = ends[sentence - 1] if sentence else 0
    stop = ends[sentence] if sentence < len(ends) else len(text)
    after = bisect_left(words, day.start, key=lambda word: word.start)
    near = [word for word in words[max(0, after - 2) : after + 2] if begin <= word.start <= stop]
    gaps = (max(day.start - word.end, word.start - day.end, 0) for word in near)
    nearest = min(gaps, default=_NEAR + 1)
    reached = nearest <= (_NEAR_LOOSE if day.loose else _NEAR)
    return nearest if reached and any(_tells(word, text, day, begin, stop) for word in near) else None


def _tells(word: _Word, text: str, day: Day, begin: int, stop: int) -> bool:
    if word.kind == "paid" or day.loose:
        return word.kind == "paid"
    around = max(begin, day.start - _NEAR), min(stop, day.end + _NEAR)
    return word.kind == "noun" or _MONEY.search(text, *around) is not None
