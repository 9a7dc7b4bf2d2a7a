"""The acknowledgement speaks the mail's language, else that in which its sender last wrote, else the desk's."""

from __future__ import annotations

import pytest
from support.conversing import Conversing
from support.mails import a_mail
from support.plans import plans

from processor.store.contacts import languages
from processor.store.models import CaseMessage

FRENCH = "Bonjour, sauf erreur de notre part, la facture reste impayée à ce jour. Merci de nous répondre.\n"
GERMAN = "Guten Tag, anbei erhalten Sie unsere Rechnung. Bitte prüfen Sie die Überweisung noch heute.\n"
FIGURES = "4711: 120,00\n"
CHLOE = "Chloe@client.example"


def tongues(talk: Conversing) -> list[str]:
    return [case.language for case in talk.cases()]


def test_a_mail_that_tells_no_language_is_answered_in_that_of_its_senders_latest_one(talk: Conversing) -> None:
    talk.take_in(a_mail(1, sender=CHLOE, words=GERMAN))
    talk.take_in(a_mail(2, sender=CHLOE, words=FRENCH))
    talk.take_in(a_mail(3, sender=CHLOE.lower(), words=FIGURES, subject="4711"))

    assert tongues(talk) == ["de", "fr", "fr"]
    assert "Bonjour" in talk.read(2).as_string()
    assert [row.data["language"] for row in talk.events("received")] == ["de", "fr", None]


def test_in_one_batch_the_mail_before_is_known_too(talk: Conversing) -> None:
    talk.take_in(a_mail(1, sender=CHLOE, words=FRENCH), a_mail(2, sender=CHLOE, words=FIGURES, subject="4711"))

    assert tongues(talk) == ["fr", "fr"]


def test_the_mails_own_language_comes_first_and_the_desks_last(talk: Conversing) -> None:
    talk.desk.change(desk={"language": "es"})
    talk.take_in(a_mail(1, sender=CHLOE, words=FRENCH))
    talk.take_in(a_mail(2, sender=CHLOE, words=GERMAN), a_mail(3, sender="x@other.example", words=FIGURES, subject="1"))

    assert tongues(talk) == ["fr", "de", "es"]


@pytest.mark.parametrize(
    "fields",
    ["Auto-Submitted: auto-replied\r\n", "Authentication-Results: mx.desk.example; dmarc=fail\r\n"],
    ids=["a machine", "somebody else"],
)
def test_neither_a_machine_nor_a_forger_chooses_the_language(talk: Conversing, fields: str) -> None:
    talk.desk.change(acknowledgement={"authserv_id": "mx.desk.example"})
    talk.take_in(a_mail(1, fields=fields, sender=CHLOE, words=FRENCH))
    talk.take_in(a_mail(2, sender=CHLOE, words=FIGURES, subject="4711"))
    talk.take_in(
        a_mail(3, fields=fields, sender=CHLOE, words=FRENCH), a_mail(4, sender=CHLOE, words=FIGURES, subject="1")
    )

    assert [case.language for case in talk.cases() if case.automatic == "person"][-1] == "en"
    assert tongues(talk)[1] == "en"


def test_a_mail_of_nobody_in_particular_teaches_nothing(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=f"From: {CHLOE}\r\n", sender="other@client.example", words=FRENCH))
    talk.take_in(a_mail(2, sender="other@client.example", words=FIGURES, subject="4711"))

    assert tongues(talk) == ["fr", "en"]
    assert [row.from_key for row in talk.desk.rows(CaseMessage)] == ["", "other@client.example"]


def test_however_many_mails_a_contact_wrote_one_look_into_the_index_is_enough(talk: Conversing) -> None:
    with talk.desk.store() as store:
        (plan,) = plans(store, lambda session: languages(session, ["a@b.example"]))
        with store.reading() as session:
            assert languages(session, []) == {}
    assert "ix_message_contact" in plan
