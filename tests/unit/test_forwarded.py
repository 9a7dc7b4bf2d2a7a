"""Of a mail that was sent on, its header block tells whom it was from; an answer's quoted original is none."""

from __future__ import annotations

import pytest
from support.cost import within_its_time

from ingest.forwarded import MOST, forwarded
from ingest.parser import parse

GMAIL = """please see below

---------- Forwarded message ---------
From: Ada Byron <ada@Client.example>
Date: Thu, Jan 28, 2016 at 4:00 PM
Subject: A subject that
spans two lines
To: <desk@example.org>

Words"""
APPLE = (
    "Begin forwarded message:\n\nFrom: Ada Byron <ada@client.example>\nSubject: x\nDate: 3 February\nTo: d@e.org\n\nHi"
)
THUNDERBIRD = (
    "-------- Weitergeleitete Nachricht --------\nBetreff: \tx\nDatum: \tMo, 3. Feb 2025\n"
    "Von: \tAda Byron <ada@client.example>\nAn: \td@e.org\n\nHallo"
)
YAHOO = "----- Message transféré -----\nDe : Ada Byron <ada@client.example>\nÀ : d@e.org\nObjet : x\n\nBonjour"
OUTLOOK = {
    "en": "From: Ada Byron <ada@client.example>\nSent: Monday\nTo: Desk\nSubject: x",
    "de": "Von: Ada Byron [mailto:ada@client.example]\nGesendet: Montag, 3. Februar 2025 10:15\nAn: Desk\nBetreff: x",
    "fr": "De : Ada Byron <ada@client.example <mailto:ada@client.example>>\n\nEnvoyé : lundi\n\nÀ : Desk\n\nObjet : x",
    "es": "De: Ada Byron <ada@client.example>\nEnviado el: lunes\nPara: Desk\nAsunto: x",
    "it": "Da: Ada Byron <ada@client.example>\nInviato: lunedì\nA: Desk\nOggetto: x",
    "nl": "Van: Ada Byron <ada@client.example>\nVerzonden: maandag\nAan: Desk\nOnderwerp: x",
    "pl": "Od: Ada Byron <ada@client.example>\nWysłano: poniedziałek\nDo: Desk\nTemat: x",
    "sv": "Från: Ada Byron <ada@client.example>\nSkickat: måndag\nTill: Desk\nÄmne: x",
    "ja": "差出人: Ada Byron <ada@client.example>\n送信日時: 2025年2月3日\n宛先: Desk\n件名: x",
}
LOTUS = (
    "----- Forwarded by Bob/Desk on 03/02/2025 -----\n\nFrom:  Ada Byron <ada@client.example>\nTo:  Bob\nSubject:  x"
)


@pytest.mark.parametrize(
    "text", [GMAIL, APPLE, THUNDERBIRD, YAHOO, LOTUS], ids=["gmail", "apple", "tb", "yahoo", "lotus"]
)
@pytest.mark.parametrize("subject", ["x", "Fwd: x", "Re: x"])
def test_a_mail_introduced_as_forwarded_tells_whom_it_was_from(text: str, subject: str) -> None:
    (found,) = forwarded(text, subject)
    assert found.from_ is not None
    assert (found.from_.address, found.from_.name, found.from_name) == ("ada@client.example", "Ada Byron", "Ada Byron")


def test_all_its_fields_are_read_those_of_two_lines_too() -> None:
    (found,) = forwarded(GMAIL, "Fwd: x")
    assert found.subject == "A subject that spans two lines"
    assert found.sent == "Thu, Jan 28, 2016 at 4:00 PM"
    assert found.to == "<desk@example.org>"


@pytest.mark.parametrize("language", OUTLOOK)
@pytest.mark.parametrize("prefix", ["FW", "Fwd", "WG", "TR ", "RV", "I", "VB", "PD", "转发", "[EXT] Fwd"])
def test_a_block_of_header_fields_counts_where_the_subject_says_forward(language: str, prefix: str) -> None:
    (found,) = forwarded(f"please take this on\n\n{OUTLOOK[language]}\n\nwords", f"{prefix}: x")
    assert found.from_ is not None
    assert (found.from_.address, found.from_name, found.subject) == ("ada@client.example", "Ada Byron", "x")


@pytest.mark.parametrize("subject", ["x", "Re: x", "AW: WG: x", "Re: Fwd: x", "forward: x"])
@pytest.mark.parametrize("language", OUTLOOK)
def test_the_quoted_original_of_an_answer_is_no_forward(language: str, subject: str) -> None:
    assert forwarded(f"thank you\n\n{OUTLOOK[language]}\n\nwords", subject) == ()
    assert forwarded(f"thank you\n\n-----Original Message-----\n{OUTLOOK[language]}\n\nwords", subject) == ()


def test_what_an_answer_quotes_may_be_a_forward_but_is_not_this_mails() -> None:
    quoted = "\n".join(f"> {line}" for line in GMAIL.split("\n"))
    assert forwarded(f"thanks\n\nOn 3 Feb 2025, Bob <b@c.example> wrote:\n{quoted}", "Re: Fwd: x") == ()
    assert forwarded(f"thanks\n\nOn 3 Feb 2025, Bob <b@c.example> wrote:\n\n{GMAIL}", "Re: Fwd: x") == ()


def test_of_mails_sent_on_twice_the_outermost_is_first() -> None:
    inner = OUTLOOK["de"].replace("Ada", "Bob").replace("ada@", "bob@")
    found = forwarded(f"{OUTLOOK['en']}\n\nsee below\n\n{inner}\n\nHallo", "FW: WG: x")
    assert [one.from_name for one in found] == ["Ada Byron", "Bob Byron"]


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("ada@client.example", "", "ada@client.example"),
        ("'Ada Byron'", "Ada Byron", None),
        ("Byron, Ada", "Byron, Ada", None),
        ('"Byron, Ada" <ada@client.example>', "Byron, Ada", "ada@client.example"),
        ("*Ada* <ada@client.example>", "Ada", "ada@client.example"),
        ("Ada mailto:ada@client.example", "Ada", "ada@client.example"),
        ("Ada/Client/DE@Client", "Ada/Client/DE@Client", None),
    ],
)
def test_a_sender_is_read_however_it_is_written(value: str, name: str, address: str | None) -> None:
    (found,) = forwarded(f"From: {value}\nSent: Monday\nTo: d@e.org\nSubject: x", "Fwd: x")
    assert (found.from_name, found.from_.address if found.from_ else None) == (name, address)


def test_an_introduction_without_a_sender_is_no_forwarded_mail() -> None:
    assert forwarded("Begin forwarded message:\n\nnothing more", "Fwd: x") == ()
    assert forwarded("---------- Forwarded message ---------", "Fwd: x") == ()


def test_the_parser_fills_it() -> None:
    raw = f"From: bob@desk.example\r\nSubject: Fwd: x\r\n\r\n{GMAIL}".encode()
    assert parse(raw).forwarded[0].from_name == "Ada Byron"


@pytest.mark.parametrize(
    "worst",
    [
        f"{OUTLOOK['en']}\n\n",
        "From: a@b.example\n",
        "From: " + "a" * 400 + "\nTo: x\nSubject: x\n",
        "From: " + "a." * 200 + "@\nTo: x\nSubject: x\n",
        "---------- Forwarded message ---------\n",
        "On 3 Feb 2025 10:15\n",
        "-" * 400 + "\n",
    ],
)
def test_two_hundred_thousand_characters_of_the_worst_take_a_moment(worst: str) -> None:
    with within_its_time():
        assert len(forwarded(worst * (200_000 // len(worst)), "Fwd: x")) <= MOST
