"""Knows the words in which other desks tell that a mail came in. Only asked of whom we have just written to."""

from __future__ import annotations

import re
from functools import cache

from ingest.message import Message
from processor.triage.folding import fold

_EXAMINED = 1_500  # characters of the words; a receipt says at once what it is
_PHRASES = """
we have received your; we received your; has been received; request received; thank you for contacting
thanks for contacting; thank you for your message; thank you for your email; thank you for your e mail
thank you for your enquiry; thank you for your inquiry; thank you for your request; thank you for getting in touch
ticket has been; case has been; request has been; your ticket; ticket number; ticket id; case number; incident number
will get back to you; will respond as soon as; this is an automated; this is an automatic; automatically generated
do not reply to this; please do not reply; autoreply; auto reply; automatic reply; type your reply above
nous avons bien recu votre; a bien ete recu; a bien ete recue; a ete enregistree; a ete enregistre; accuse de reception
numero de ticket; numero de dossier; message automatique; reponse automatique; ne pas repondre a ce
merci de ne pas repondre; nous vous remercions de votre; merci de nous avoir contactes; votre demande a ete
wir haben ihre; wir haben deine; ist bei uns eingegangen; eingangsbestatigung; empfangsbestatigung
vielen dank fur ihre; vielen dank fur deine; danke fur ihre; ticketnummer; vorgangsnummer; automatisch erstellt
automatisch generiert; automatisch erzeugt; automatische antwort; automatische nachricht; nicht auf diese
hemos recibido su; hemos recibido tu; ha sido recibido; ha sido recibida; ha sido registrada; ha sido registrado
acuse de recibo; numero de ticket; numero de caso; mensaje automatico; respuesta automatica; gracias por contactar
gracias por ponerse en contacto; gracias por su mensaje; no responda a este
abbiamo ricevuto; conferma di ricezione; messaggio automatico; grazie per averci contattato
wij hebben uw; we hebben uw; ontvangstbevestiging; automatisch bericht; bedankt voor uw
recebemos a sua; recebemos seu; recebemos sua; mensagem automatica; obrigado pelo seu contato
potwierdzenie otrzymania; wiadomosc automatyczna; dziekujemy za; vi har tagit emot; vi har modtaget; automatisk besked
"""
_NUMBERED = re.compile(  # a subject with a ticket's number: [#4711], Ticket#4711, Case 00012345:, ##4711##
    r"\[[^\[\]]{0,40}#\s?\d{2,}[^\[\]]{0,20}\]|##\d+"
    r"|\b(?:ticket|case|request|incident|issue|anfrage|vorgang|demande|dossier|solicitud|caso)"
    r"[ :#\[(-]{0,3}(?:id|no|nr|number|nummer|numero)?[ .:#\[(-]{0,3}[a-z]{0,4}-?\d{3,}"
)


def reads_as_receipt(message: Message) -> bool:
    """Its subject bears a ticket's number, or subject or first words say that something was received."""
    subject = message.subject[:500].casefold()
    if _NUMBERED.search(subject):
        return True
    words = fold(f"{subject}\n{message.new_text[:_EXAMINED]}")
    return any(f" {phrase} " in words for phrase in _phrases())


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(phrase.strip() for line in _PHRASES.split("\n") for phrase in line.split(";") if phrase.strip())
