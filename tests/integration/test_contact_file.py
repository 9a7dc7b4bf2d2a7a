"""Contacts come on file by command and by CSV, whole or not at all; who writes is learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.conversing import Conversing
from support.mails import a_mail

from processor.store import learning
from processor.store.models import Case, Contact, ContactAddress, ContactBank, ContactPhone, DomainPiece, Event

PHONE = "'+44 113 496 0777"
IBAN, OTHER = "DE89370400440532013000", "GB33BUKB20201555555555"
HEAD = "code,name,kind,addresses,owner_addresses,phones,bank_accounts,queue,country,language"
ROWS = f"""{HEAD}
V-1,Word Bridge,vendor,i@wordbridge.example|ap@wordbridge.example,ap@wordbridge.example,{PHONE},{IBAN},receivable,GB,en
C-1,=Ada,client,ada@client.example,,,,,,
"""


def contacts(talk: Conversing, *words: str, code: int = 0) -> Any:
    done = talk.desk.command_here("contacts", *words)
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def put(talk: Conversing, text: str, name: str = "in.csv") -> str:
    file = talk.desk.folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_file_is_taken_in_whole_again_and_again(talk: Conversing) -> None:
    file = put(talk, ROWS)
    assert "2 added, 0 changed, 0 unchanged" in contacts(talk, "import", file, "--by", "amina")
    assert "0 added, 0 changed, 2 unchanged" in contacts(talk, "import", file)
    since = talk.desk.rows(ContactPhone, ContactPhone.since)
    exported = put(talk, contacts(talk, "export"), "out.csv")
    assert "'=Ada" in Path(exported).read_text(encoding="utf-8")
    assert "'+441134960777" in Path(exported).read_text(encoding="utf-8")
    assert IBAN not in Path(exported).read_text(encoding="utf-8")
    assert "2 unchanged" in contacts(talk, "import", exported)
    changed = Path(exported).read_text(encoding="utf-8").replace("...3000", OTHER)
    assert "1 changed, 1 unchanged" in contacts(talk, "import", put(talk, changed))
    assert talk.desk.rows(ContactPhone, ContactPhone.since) == since
    assert [row.data["what"] for row in talk.desk.rows(Event) if row.kind == "contact changed"][-1] == ["bank"]


def test_no_account_is_in_the_database_nor_shown(talk: Conversing) -> None:
    contacts(talk, "import", put(talk, ROWS))
    (row,) = talk.desk.rows(ContactBank)
    assert (row.last_four, row.country) == ("3000", "DE")
    assert IBAN not in contacts(talk, "show", "V-1")
    assert json.loads(contacts(talk, "show", "V-1", "--json"))["bank_accounts"] == [
        {"last_four": "3000", "country": "DE"}
    ]
    assert "Word Bridge (vendor)" in contacts(talk, "list", "--kind", "vendor")


def test_all_mistakes_are_told_at_once_with_their_lines_and_nothing_is_changed(talk: Conversing) -> None:
    contacts(talk, "add", "X-1", "--name", "X", "--kind", "client", "--address", "Ada+x@client.example")
    wrong = f"""{HEAD}
,,friend,nobody,other@x.example,12,DE00,nowhere,France,english
V-2,{IBAN},vendor,v@v.example,,,...9999,,,
V-2,Twice,vendor,v@v.example,,
C-1,Ada,client,ada@client.example|v@v.example,,,{IBAN} {OTHER},,,
V-2,Again,vendor,w@w.example,,,,,,
"""
    told = contacts(talk, "import", put(talk, wrong), code=1)
    for words in (
        "mistakes; nothing was changed", "line 2: code: is empty", "line 2: name: is empty", "line 2: kind: is none of",
        "line 2: addresses: 'nobody' is not a mail address", "other@x.example is not among the addresses",
        "line 2: phones: entry 1", "line 2: bank_accounts: entry 1", "'nowhere' is not a queue", "line 2: country",
        "line 2: language", "line 3: name: holds a bank account", "line 3: bank_accounts: entry 1 names an account",
        "line 4: has 6 cells", "line 5: addresses: v@v.example is an address of V-2 too", "line 5: bank_accounts",
        "line 5: addresses: ada@client.example is on file of contact X-1", "line 6: code: 'V-2' is on line 3 too",
    ):  # fmt: skip
        assert words in told, words
    assert IBAN not in told
    assert [row.code for row in talk.desk.rows(Contact)] == ["X-1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the column code is missing"),
        ("code,name,kind,addresses,iq,iq\n", "there is no column 'iq'"),
        ("code,code,name,kind,addresses\n", "a column is there twice"),
        ('code,name,kind,addresses\n"a\0', "line"),
    ],
)
def test_a_file_that_is_none_of_contacts_is_refused(talk: Conversing, text: str, words: str) -> None:
    if talk.desk.tables["database"]["url"].startswith("sqlite"):
        assert words in contacts(talk, "import", put(talk, text), code=1)


def test_semicolons_and_other_charsets(talk: Conversing) -> None:
    contacts(talk, "import", put(talk, ROWS.replace(",", ";")))
    file = talk.desk.folder / "latin.csv"
    file.write_bytes("code,name\nx,é\n".encode("latin-1"))
    assert "is not text in UTF-8" in contacts(talk, "import", str(file), code=1)
    assert "cannot be read" in contacts(talk, "import", str(file) + "x", code=1)


def test_a_contact_grows_by_commands_and_goes(talk: Conversing) -> None:
    contacts(talk, "add", "V-1", "--name", "Word Bridge", "--kind", "vendor", "--address", "a@wordbridge.example")
    contacts(
        talk, "add", "V-1", "--owner-address", "b@wordbridge.example", "--phone", "+44 113 496 0777", "--bank", IBAN
    )
    told = json.loads(contacts(talk, "show", "V-1", "--json"))
    assert told["addresses"] == ["a@wordbridge.example", "b@wordbridge.example"]
    assert (told["owner_addresses"], told["phones"]) == (["b@wordbridge.example"], ["+441134960777"])
    assert talk.desk.rows(DomainPiece)
    talk.take_in(a_mail(1, sender="a@wordbridge.example"))
    assert talk.desk.rows(Case, Case.contact_id) == talk.desk.rows(Contact, Contact.id)
    contacts(talk, "remove", "V-1")
    assert talk.desk.rows(DomainPiece) == talk.desk.rows(Contact) == talk.desk.rows(ContactBank) == []
    assert [row.contact_id for row in talk.desk.rows(Case)] == [None]
    assert "There is no contact" in contacts(talk, "remove", "V-1", code=1)
    assert "There is no contact" in contacts(talk, "show", "V-1", code=1)
    assert "No contacts" in contacts(talk, "list")


def test_who_writes_is_learned_and_confirmed_by_a_person(talk: Conversing) -> None:
    talk.desk.change(acknowledgement={"authserv_id": "mx.desk.example"})
    verdict = "Authentication-Results: mx.desk.example; dmarc={} header.from=client.example\r\n"
    ada, eve = "Ada@client.example", "eve@evil.example"
    talk.take_in(a_mail(1, sender=ada), a_mail(2, sender="ada+x@client.example", fields=verdict.format("none")))
    talk.take_in(a_mail(3, sender="x@other.example", fields=verdict.format("fail")))
    talk.take_in(a_mail(4, sender="y@other.example", fields="Auto-Submitted: auto-replied\r\n"))
    assert [row.address for row in talk.desk.rows(ContactAddress)] == ["ada@client.example"]
    assert "passed DMARC" not in contacts(talk, "list", "--learned")
    talk.take_in(a_mail(5, sender=ada, fields=verdict.format("pass")))
    assert "passed DMARC" in contacts(talk, "list", "--learned")
    assert "was not learned" in contacts(talk, "confirm", eve, "C-1", "--name", "Eve", "--kind", "client", code=1)
    contacts(talk, "confirm", ada, "C-1", "--name", "Ada", "--kind", "client")
    assert "No learned addresses" in contacts(talk, "list", "--learned")
    assert contacts(talk, "show", "C-1").startswith("C-1  Ada (client)")


def test_no_more_is_learned_than_is_bounded_and_the_oldest_goes(
    talk: Conversing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MOST_LEARNED", 2)
    for number in (1, 2, 3):
        talk.now.forward(minutes=1)
        talk.take_in(a_mail(number, sender=f"a{number}@client.example"))
    assert [row.address for row in talk.desk.rows(ContactAddress)] == ["a2@client.example", "a3@client.example"]
