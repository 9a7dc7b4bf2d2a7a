"""The writer's own words above and between the quoted ones; where in doubt, words are kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.charset import clean_text
from ingest.new_words import SCANNED, new_words

REPLIES = Path(__file__).parents[2].parent / "shared" / "corpus" / "replies"

INTRODUCTIONS = [
    "On Mon, 3 Feb 2025 at 10:15, Accounts <accounts@desk.example> wrote:",
    "On 28 Jan 2016, at 19:04, Some One wrote:",
    "Le 4 janv. 2016 19:03, Comptes a écrit :",
    "Le lun. 3 févr. 2025 à 10:15, Comptes <accounts@desk.example> a écrit :",
    "El 3 de febrero de 2025, a las 10:15, Cuentas escribió:",
    "Am 03.02.2025 um 10:15 schrieb Buchhaltung:",
    "Buchhaltung <accounts@desk.example> schrieb am Mo., 3. Feb. 2025 um 10:15 Uhr:",
    "Il giorno 3 feb 2025, alle ore 10:15, Conti ha scritto:",
    "Em 3 de fev. de 2025 10:15, Contas escreveu:",
    "Op 3 feb. 2025 om 10:15 heeft Boekhouding het volgende geschreven:",
    "Den 3 feb. 2025 kl. 10:15 skrev Ekonomi <accounts@desk.example>:",
    "2025-02-03 10:15 GMT+01:00 Accounts <accounts@desk.example>:",
    "2025/2/3 Accounts <accounts@desk.example>",
    "---- On Mon, 03 Feb 2025 10:15:00 +0100 Accounts <accounts@desk.example> wrote ----",
    "On Mon, 3 Feb 2025 at 10:15, A very long name of a team <\naccounts@desk.example> wrote:",
    "On Thu, 31 Mar 2016 at 11:16 Some One\n\n<\nmailto:Some One <some.one@desk.example>\n> wrote:",
]

COPIES = [
    "-----Original Message-----\nFrom: Accounts\nSubject: x",
    "-----Ursprüngliche Nachricht-----\nVon: Buchhaltung",
    "-------- Message d'origine --------\nDe : Comptes",
    "*-------- Original Message --------*",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "Début du message réexpédié :",
    "________________________________\nFrom: Accounts <accounts@desk.example>\nSent: Monday\nTo: Alice\nSubject: Re: x",
    "From: Accounts\nSent: Monday, 3 February 2025 10:15\nTo: Alice\nSubject: Re: x",
    "*From:* Accounts\n*Sent:* 2016-01-27\n*To:* alice@client.example\n*Subject:* x",
    "Von: Buchhaltung <accounts@desk.example>\nGesendet: Montag\nAn: Alice\nBetreff: AW: x",
    "De : Comptes <accounts@desk.example>\nEnvoyé : lundi 3 février 2025 10:15\nÀ : Alice\nObjet : RE: x",
    "De: Cuentas\nEnviado el: lunes\nPara: Alice\nAsunto: RE: x",
    "From: Accounts <accounts@desk.example>\nDate: Thu, Jan 28\nSubject: a subject that\nspans two lines\nTo: Alice",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_an_introduction_and_what_is_quoted_below_it_are_not_the_writers(introduction: str) -> None:
    assert new_words(f"my words\n\n{introduction}\n\n> their words\n> more\n") == "my words"
    assert new_words(f"my words\n\n{introduction}\n\ntheir words without marks\n") == "my words"


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_words_below_and_between_quoted_lines_are_the_writers(introduction: str) -> None:
    assert (
        new_words(f"{introduction}\n> a question\nmy answer\n> another\nmy other answer")
        == "my answer\nmy other answer"
    )


@pytest.mark.parametrize("copy", COPIES)
def test_a_copied_mail_ends_the_writers_words(copy: str) -> None:
    assert new_words(f"my words\n\n{copy}\n\ntheir words\n") == "my words"


@pytest.mark.parametrize("copy", COPIES)
def test_a_mail_that_only_forwards_is_kept_whole(copy: str) -> None:
    text = f"{copy}\n\ntheir words"
    assert new_words(text) == text


def test_where_all_is_quoted_all_is_kept() -> None:
    assert new_words("> a\n> b\n") == "> a\n> b"


def test_lines_with_bars_are_quoted_only_below_an_introduction() -> None:
    table = "| a | b |\n| 1 | 2 |"
    assert new_words(f"my table:\n{table}") == f"my table:\n{table}"
    assert new_words(f"mine\n2013/7/20 A <a@desk.example>\n\n{table}\n\nmine too") == "mine\nmine too"


@pytest.mark.parametrize(
    "text",
    [
        "On Monday the client wrote:\nplease pay",
        "On reflection, here is what he wrote:\nplease pay",
        "Le client a écrit :\npayez",
        "On this day\n\nI wrote something",
        "Please note:\nFrom: Paris\nTo: Lyon\nthe train left",
        "From: the beginning to the end\nwe paid",
        "my words\n________________________________\nmore of my words",
        "my list:\n- one\n-- two\n--- three",
        "Thanks a lot.\n>From now on we pay in time.\nBye",
        "Contact alice@client.example for more:\ninvoices",
        "2025-01-01 was the date\nof the invoice",
        "no marks at all",
    ],
)
def test_words_that_only_look_like_quoting_are_kept(text: str) -> None:
    assert new_words(text) == text


def test_a_quoted_from_line_among_quoted_lines_is_quoted() -> None:
    assert new_words("mine\n> a\n>From b\n> c") == "mine"


def test_words_right_above_an_introduction_are_kept() -> None:
    assert (
        new_words("Thanks for the update\nOn 3 Feb 2025 10:15, A <a@b.example> wrote:\n> x") == "Thanks for the update"
    )


def test_beyond_the_part_that_is_looked_at_words_are_kept_and_quoted_lines_are_not() -> None:
    long = "a word: and more\n" * (SCANNED // 16)
    assert new_words(f"{long}the end\n> quoted\n").endswith("the end")
    assert new_words("> x" * SCANNED) == ("> x" * SCANNED)
    assert new_words("mine\n-----Original Message-----\n" + long) == "mine"


def test_a_very_long_line_is_kept() -> None:
    text = "On 3 Feb 2025 10:15 " + "word " * 500 + "wrote:"
    assert new_words(text) == text.strip()


@pytest.mark.skipif(not REPLIES.is_dir(), reason=f"the public test mail is not there: put it into {REPLIES}")
def test_of_real_replies_no_word_of_the_writers_is_lost_and_most_quoted_ones_are_gone() -> None:
    own = lost = kept = quoted = 0
    for file in sorted((REPLIES / "emails").iterdir()):
        text = clean_text(file.read_text(encoding="utf-8"))
        trimmed = clean_text((REPLIES / "trimmed" / file.name).read_text(encoding="utf-8"))
        writers = words("\n".join(line for line in trimmed.split("\n") if not line.startswith(">")))
        found = words(new_words(text))
        own += writers.total()
        lost += (writers - found).total()
        quoted += (words(text) - words(trimmed)).total()
        kept += (found - words(trimmed)).total()
    assert own > 1_000
    assert lost <= 6
    assert kept < quoted / 5


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))
