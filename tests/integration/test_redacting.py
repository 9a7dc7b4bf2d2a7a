"""What is taken out of a case is in no copy any more, as a certificate says; originals are shown on record alone."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
import sqlalchemy as sa
from support.conversing import Conversing
from support.mails import DESK
from support.plain_pdf import plain_pdf

from processor.store.models import Base, Inbound
from processor.store.raw import unpacked

SECRET = "Passport 88X-4711"
PARTS = "Passport\n> 88X-\n> 4711"
IBAN = "DE89 3704 0044 0532 0130 00"
USER = pwd.getpwuid(os.getuid()).pw_name


def a_secret_mail(number: int = 1, subject: str = "", where: str = "text") -> bytes:
    """A mail that holds what must go, and its IBAN."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = "ada@client.example", DESK, f"<{number}@client.example>"
    mail["Subject"] = subject or f"Invoice {number}"
    mail.set_content(
        f"Dear team,\n{PARTS if where == 'text' else 'see attached'}\ninvoice 4711, {IBAN}\n", cte="base64"
    )
    if where == "html":
        mail.set_content("<p>Pass<b>port</b> 88X&nbsp;- <i>4711</i></p>", subtype="html")
    if where == "pdf":
        mail.add_attachment(plain_pdf(SECRET), maintype="application", subtype="pdf", filename="passport.pdf")
    if where == "csv":
        mail.add_attachment(f"who;what\nada;{SECRET}\n".encode(), maintype="text", subtype="csv", filename="list.csv")
    return mail.as_bytes()


def everything(talk: Conversing) -> str:
    """All texts of the database, and all mails in it as they are read."""
    found: list[str] = []
    with talk.desk.store() as store, store.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(sa.select(table)).mappings():
                if table.name == "raw_message":
                    mail = talk.reader.read_one(unpacked(row["compression"], row["data"], row["size"]))
                    found.append(repr(mail))
                else:
                    found += [
                        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                        for value in row.values()
                    ]
    return "\n".join(found)


def signs(text: str) -> str:
    return "".join(character for character in text.replace("\\n", "").lower() if character.isalnum())


def certificate(talk: Conversing, *words: str) -> dict[str, Any]:
    done = talk.desk.command_here(
        "case", "redact", talk.cases()[0].reference, "--by", "amina", "--yes", "--json", *words
    )
    assert (done.returncode, done.stderr) == (0, "")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("where", ["text", "subject", "html", "pdf", "csv"])
def test_a_text_is_taken_out_of_every_copy(talk: Conversing, where: str) -> None:
    raw = a_secret_mail(subject=f"About {SECRET}" if where == "subject" else "", where=where)
    talk.take_in(raw)
    assert signs(SECRET) in signs(everything(talk))

    told = certificate(talk, "--text", SECRET.upper(), "--reason", f"asked for, {IBAN}")

    assert signs(SECRET) not in signs(everything(talk))
    assert [one["original"] for one in told["raw"]] == [hashlib.sha256(raw).hexdigest()]
    assert (told["by"], told["reason"]) == ("amina", "asked for, [IBAN ...3000]")
    assert told["backups"] == ["unknown: desk.backups of the policy tells nothing"]
    assert ("message" in told["rows"]) is (where in ("text", "subject", "html"))


def test_the_same_mail_is_still_known_when_it_comes_again_and_the_ledger_reconciles(talk: Conversing) -> None:
    raw = a_secret_mail()
    talk.take_in(raw)
    certificate(talk, "--text", SECRET)
    talk.take_in(raw, mailbox="legal")
    assert talk.states() == ["case", "duplicate"]
    assert signs(SECRET) not in signs(everything(talk))
    done = talk.desk.command_here("inbox", "reconcile")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_copy_that_came_by_another_way_is_rewritten_too(talk: Conversing) -> None:
    raw = a_secret_mail()
    talk.take_in(raw)
    talk.take_in(b"Received: from elsewhere\r\n" + raw, mailbox="legal")
    assert len(certificate(talk, "--text", SECRET)["raw"]) == 2
    assert signs(SECRET) not in signs(everything(talk))


def test_an_attachment_is_replaced_by_a_note_and_named_no_more(talk: Conversing) -> None:
    talk.take_in(a_secret_mail(where="pdf"))
    assert certificate(talk, "--attachment", "passport.pdf")["kind"] == "attachment"
    assert "passport.pdf" not in everything(talk).replace("passport.pdf (", "")  # but for the certificate itself
    assert "this attachment was taken out" in everything(talk)


def test_a_whole_mail_is_taken_out_and_its_message_id_stays(talk: Conversing) -> None:
    talk.take_in(a_secret_mail(subject=f"About {SECRET}"))
    certificate(talk, "--message", "1")
    rest = everything(talk)
    assert signs(SECRET) not in signs(rest)
    assert "Dear team" not in rest
    with talk.desk.store() as store, store.writing() as session, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text("UPDATE event SET kind = 'x'"))
    assert "<1@client.example>" in rest


def test_certificates_are_printed_again_and_stand_in_the_story(talk: Conversing) -> None:
    talk.desk.change(desk={**talk.desk.tables["desk"], "backups": ["nightly, kept 30 days"]})
    talk.take_in(a_secret_mail())
    reference = talk.cases()[0].reference
    assert talk.act("redact", reference, "--certificate") == "None was written."
    first = talk.act("redact", reference, "--text", SECRET, "--yes", "--by", "amina")
    assert first.startswith(f"Taken out of {reference}: text, 17 characters")
    assert first.endswith("backups: nightly, kept 30 days")
    assert talk.act("redact", reference, "--certificate") == first
    assert "redacted" in talk.act("show", reference)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--text", "nowhere to be found"), "holds no such text: nothing was changed"),
        (("--text", "a-b"), "from 4 to 500 can be taken out"),
        (("--attachment", "none.pdf"), "holds no such attachment"),
        (("--message", "2"), "has 1 mails, and none of number 2"),
    ],
)
def test_what_is_not_there_changes_nothing_and_says_so(talk: Conversing, words: tuple[str, ...], why: str) -> None:
    talk.take_in(a_secret_mail())
    before = everything(talk)
    assert why in talk.refused("redact", talk.cases()[0].reference, "--yes", *words)
    assert everything(talk) == before


def test_one_thing_is_taken_out_at_a_time_and_only_who_says_yes_does_it(talk: Conversing) -> None:
    talk.take_in(a_secret_mail())
    reference = talk.cases()[0].reference
    assert talk.desk.command_here("case", "redact", reference, "--yes").returncode == 2
    assert (
        talk.desk.command_here("case", "redact", reference, "--yes", "--text", "abcd", "--message", "1").returncode == 2
    )
    with talk.desk.start("case", "redact", reference, "--text", SECRET) as process:
        process.communicate(timeout=60)  # at the end of its input nobody has said yes
    assert process.returncode == 1
    assert signs(SECRET) in signs(everything(talk))


def test_a_text_that_cannot_be_taken_out_alone_is_said_to_be_there(talk: Conversing) -> None:
    inner = EmailMessage(policy=SMTP)
    inner["Subject"] = "Inner"
    inner.set_content(SECRET)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = "ada@client.example", DESK, "<9@client.example>"
    mail.set_content("see attached")
    mail.add_attachment(inner.as_bytes(), maintype="application", subtype="octet-stream", filename="inner.eml")
    talk.take_in(mail.as_bytes())
    before = everything(talk)
    assert "where it cannot be taken out alone" in talk.refused(
        "redact", talk.cases()[0].reference, "-y", "--text", SECRET
    )
    assert everything(talk) == before


def test_originals_are_shown_to_whom_the_policy_allows_and_that_is_on_record(talk: Conversing) -> None:
    talk.desk.change(desk={**talk.desk.tables["desk"], "may_see_originals": [USER]})
    talk.take_in(a_secret_mail(where="csv"))
    reference = talk.cases()[0].reference
    shown = talk.act("original", reference, "--reason", f"to call back about {IBAN}")
    assert IBAN in shown
    assert SECRET in shown
    (event,) = talk.events("original shown")
    assert (event.actor, event.data) == (USER, {"message": None, "reason": "to call back about [IBAN ...3000]"})
    assert "none of number 2" in talk.refused("original", reference, "--reason", "x", "--message", "2")


def test_originals_are_refused_to_others_and_that_is_on_record_too(talk: Conversing) -> None:
    talk.take_in(a_secret_mail())
    reference = talk.cases()[0].reference
    assert "may not see unredacted text" in talk.refused("original", reference, "--reason", "curious")
    assert [event.actor for event in talk.events("original refused")] == [USER]
    assert talk.events("original shown") == []
    assert "for a reason" in talk.refused("original", reference, "--reason", " ")
    assert len(talk.desk.rows(Inbound)) == 1


def test_a_case_says_which_document_was_not_read_and_why(talk: Conversing) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = "ada@client.example", DESK, "<8@client.example>"
    mail.set_content("see attached")
    mail.add_attachment(b"%PDF-1.4 and nothing more", maintype="application", subtype="pdf", filename="odd.pdf")
    talk.take_in(mail.as_bytes())
    assert "odd.pdf (application/pdf, 25 bytes); not wholly read: it is broken" in talk.act(
        "show", talk.cases()[0].reference
    )
