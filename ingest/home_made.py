"""Knows by who sends it and what it says a report that a mail system writes in a form of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.charset import folded
from ingest.message import Address
from ingest.notification import SENDER

_SUBJECT_LENGTH = 500  # characters; what differs after them does not count
# Providers whose complaints may be no feedback reports
_COMPLAINERS = frozenset(("staff@hotmail.com", "complaints@email-abuse.amazonses.com"))
_COMPLAINT = "complaint about message from"
_PROVIDERS = _COMPLAINERS | {SENDER}
_DAEMONS = frozenset(("mailer-daemon", "mail.delivery.system"))
_SYSTEMS = _DAEMONS | {"postmaster", "post_master", "mail-daemon", "mailerdaemon"}
_NOBODY = re.compile(r"[\s\"]*(?:<[\s\"]*>|<?[\s\"]*mailer-daemon)", re.IGNORECASE)


_SUBJECTS = re.compile(
    "|".join(
        re.escape(folded(words))
        for words in (
            *("delivery status", "delivery failure", "delivery fail", "delivery has failed", "delivery delayed"),
            *("delivery error", "delivery problem", "delivery unsuccessful", "delivery incomplete", "undeliver"),
            *("failure notice", "failure delivery", "failed delivery", "failed mail", "mail failed", "mail failure"),
            *("mail system error", "returned mail", "returned to sender", "returning message to sender"),
            *("returning to sender", "returned message", "returned e-mail", "returned email", "non-deliver"),
            *("nondeliver", "could not be delivered", "cannot be delivered", "can not be delivered", "not delivered"),
            *("unable to deliver", "couldn't be delivered", "couldn't deliver", "problem delivering", "[bounce]"),
            *("error sending your mail", "error delivering", "delayed mail", "message delayed", "mail delayed"),
            *("warning: message", "could not send", "mail error", "message rejected"),
            *("unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung fehlgeschlagen", "zustellfehler"),
            *("zustellung verzögert", "zustellung nicht möglich", "übermittlung fehlgeschlagen", "non remis"),
            *("non distribu", "échec de la remise", "échec de remise", "échec de la distribution", "remise impossible"),
            *("retour à l'expéditeur", "retourné à l'expéditeur", "no se puede entregar", "no se pudo entregar"),
            *("no se ha podido entregar", "no entregado", "error de entrega", "fallo en la entrega", "no entregable"),
            *("mancato recapito", "mancata consegna", "impossibile recapitare", "impossibile consegnare"),
            *("não entregue", "não foi possível entregar", "falha na entrega", "falha de entrega", "onbestelbaar"),
            *("niet bezorgd", "niet afgeleverd", "kan niet worden bezorgd", "nie dostarczono", "niedostarczon"),
            *("kunde inte levereras", "gick inte att leverera", "kunne ikke leveres", "toimittaminen epäonnistui"),
            *("nedoručiteln", "nelze doručit", "nem kézbesíthető", "nelivrat", "iletilemedi", "teslim edilemedi"),
            *("не доставлено", "недоставлен", "не может быть доставлено", "ошибка доставки", "не доставлен"),
            *("配信できません", "配信不能", "送信できません", "送信失敗", "配達不能", "送信エラー", "退信", "无法投递"),
            *("投递失败", "无法送达", "发送失败", "傳送失敗", "無法傳遞", "반송", "배달되지", "전송 실패", "发件失败"),
        )
    )
)
_NOT_DELIVERED = re.compile(
    r"could ?n[o']t (?:be )?(?:deliver|sent|reach)|cannot be delivered|not (?:be )?delivered"
    r"|(?:did|was) not (?:reach|deliver)|unable to deliver|undeliverable|deliver\w{0,5} (?:\w{1,12} ){0,3}fail"
    r"|failed permanently|permanent (?:fatal )?error|delivery (?:problem|error)|error delivering|non-deliver"
    r"|delivery failure|配信できません|送信できません"
)
_REFUSED = re.compile(r"rcpt to:? ?<.{1,400}\b[45]\d\d[ -]", re.DOTALL | re.IGNORECASE)
_TEXT = 8_000  # characters of a text that must tell by itself that it is a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the header says of who sent a mail that may be a report."""

    subject: str
    first: str  # the address of From; empty where there is none
    daemon: bool  # From is a mail system's own
    null: bool  # nobody would get an answer: the envelope sender is <>, or a mail system's

    @property
    def complains(self) -> bool:
        """A provider that passes on what its users complain of."""
        return self.first in _COMPLAINERS and folded(self.subject[:_SUBJECT_LENGTH]).startswith(_COMPLAINT)


def sent(senders: Sequence[Address], fields: Mapping[str, Sequence[str]], subject: str) -> Sent | None:
    """Read it from From and Return-Path; where no address could be read, from what From says ("MAILER-DAEMON <>").

    None of nearly all mails, after little work: their sender is no mail system, and neither is their envelope sender.
    """
    first = senders[0].address.casefold() if senders else ""
    null = any(_NOBODY.match(value) for value in fields.get("return-path", ()))
    if first and not null and len(senders) == 1 and _local(first) not in _SYSTEMS and first not in _PROVIDERS:
        return None
    if senders:
        names = {_local(address.address.casefold()) for address in senders}
    else:
        written = (part for value in fields.get("from", ()) if value for part in (value, value.rpartition("<")[2]))
        names = {part.strip(' <>"').casefold() for part in written}
    null = null or "" in names
    if not null and first not in _PROVIDERS and names.isdisjoint(_SYSTEMS):
        return None
    return Sent(subject=subject, first=first, daemon=not names.isdisjoint(_DAEMONS), null=null)


def _local(address: str) -> str:
    return address.rpartition("@")[0]


def bounce_shown_by(who: Sent, text: str, names_somebody: bool) -> str:
    """What shows a delivery report without multipart/report; empty where nothing does.

    A sender that only mail systems use, and a null envelope sender or a subject that only they write. Or a null
    envelope sender and such a subject, with no "Re:" or the like before it; or postmaster, such a subject, and a text
    that names somebody. Or a null envelope sender or postmaster, and a text that says of somebody by name that he was
    not reached, or shows it by the session. A person who forwards a report to us is none of these.
    """
    subject = folded(who.subject[:_SUBJECT_LENGTH])
    found = _SUBJECTS.search(subject)
    phrase = found is not None and ":" not in subject[: found.start()]
    if who.daemon and (who.null or found):
        return f"mailer-daemon: {who.subject}"
    if phrase and (who.null or names_somebody):
        return f"subject: {who.subject}"
    words = " ".join(text[:_TEXT].split()).lower()
    if _REFUSED.search(words) or (who.null and names_somebody and _NOT_DELIVERED.search(words)):
        return f"text: {who.subject}"
    return ""
