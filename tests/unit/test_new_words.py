"""The writer's own words above and between the quoted ones; where in doubt, words are kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from support.cost import within_its_time

from ingest.charset import clean_text
from ingest.new_words import new_words
from ingest.passages import SCANNED

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
    "man. 3. feb. 2025 kl. 10:15 skrev Regnskap <accounts@desk.example>:",
    "Den man. 3. feb. 2025 kl. 10.15 skrev Bogholderi <\naccounts@desk.example>:",
    "ma 3. helmik. 2025 klo 10.15 Laskutus (accounts@desk.example) kirjoitti:",
    "pon., 3 lut 2025 o 10:15 Księgowość <accounts@desk.example> napisał(a):",
    "W dniu 3.02.2025 o 10:15, Księgowość pisze:",
    "пн, 3 февр. 2025 г. в 10:15, Бухгалтерия <accounts@desk.example>:",
    "Понедельник, 3 февраля 2025, 10:15 +03:00 от Бухгалтерия <accounts@desk.example>:",
    "03.02.2025 10:15, Бухгалтерия пишет:",
    "пн, 3 лют. 2025 р. о 10:15 Бухгалтерія <accounts@desk.example> пише:",
    "po 3. 2. 2025 v 10:15 odesílatel Účtárna <accounts@desk.example> napsal:",
    "Dne 3. 2. 2025 v 10:15 Účtárna napsal(a):",
    "Könyvelés <accounts@desk.example> ezt írta (időpont: 2025. febr. 3., H, 10:15):",
    "În lun., 3 feb. 2025 la 10:15, Contabilitate <accounts@desk.example> a scris:",
    "Muhasebe <accounts@desk.example>, 3 Şub 2025 Pzt, 10:15 tarihinde şunu yazdı:",
    "2025年2月3日(月) 10:15 経理 <accounts@desk.example>:",
    "2025/02/03 10:15、経理のメール：",
    "会计 <accounts@desk.example> 于2025年2月3日周一 10:15写道：",
    "在 2025年2月3日，10:15，会计 写道：",
    "會計 <accounts@desk.example> 於 2025年2月3日 週一 上午10:15寫道：",
    "2025년 2월 3일 (월) 오전 10:15, 회계 <accounts@desk.example>님이 작성:",
    "Missatge de Comptes <accounts@desk.example> del dia dl., 3 de febr. 2025 a les 10:15:",
    "Στις Δευ 3 Φεβ 2025 στις 10:15, ο χρήστης Λογιστήριο <accounts@desk.example> έγραψε:",
    "On Monday, February 3, 2025 at 10:15:00 AM GMT+1, Accounts <accounts@desk.example> wrote:",
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
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
    "------------------ 原始邮件 ------------------\n发件人: 会计",
    "发件人: 会计 <accounts@desk.example>\n发送时间: 2025年2月3日 10:15\n收件人: Alice\n主题: 回复: x",
    "差出人: 経理 <accounts@desk.example>\n送信日時: 2025年2月3日 10:15\n宛先: Alice\n件名: Re: x",
    "보낸 사람: 회계 <accounts@desk.example>\n보낸 날짜: 2025년 2월 3일 월요일\n받는 사람: Alice\n제목: RE: x",
    "Lähettäjä: Laskutus <accounts@desk.example>\nLähetetty: maanantai 3. helmikuuta 2025\nTo: A\nAihe: VS: x",
    "Od: Účtárna <accounts@desk.example>\nOdesláno: pondělí 3. února 2025 10:15\nKomu: Alice\nPředmět: RE: x",
    "Kimden: Muhasebe <accounts@desk.example>\nGönderildi: 3 Şubat 2025 Pazartesi\nKime: Alice\nKonu: YNT: x",
    "-------- Původní zpráva --------",
    "Gesendet: Montag, 03. Februar 2025 um 10:15 Uhr\nVon: Buchhaltung <accounts@desk.example>\nAn: Alice\nBetreff: x",
    "-----Opprinnelig melding-----\nFra: Regnskap",
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
        "Date: 3 May\nSubject: our claim\nPlease pay",
        "Sent: yesterday\nFrom: Paris\nwith love",
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


@pytest.mark.parametrize("introduction", ["Ada schrieb am 3.2.2025 um 10:15:", "Ada wrote:", "Le client a écrit :"])
def test_an_introduction_without_address_or_date_is_believed_where_marked_lines_follow(introduction: str) -> None:
    assert new_words(f"mine\n{introduction}\n> theirs\nmine too") == "mine\nmine too"
    assert new_words(f"mine\n{introduction}\ntheirs") == f"mine\n{introduction}\ntheirs"


def test_a_line_above_an_introduction_that_begins_as_one_does_is_the_writers() -> None:
    mine = "I have time\nto test it in 2 weeks.\nIn 2 weeks I know."
    introduction = "Op 3 feb. 2025 10:15 schreef Ada <a@b.example> het\nvolgende geschreven:"
    assert new_words(f"{mine}\n{introduction}\n> theirs") == mine


ADVERTS = [
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Outlook Mobile<https://outlook.example>",
    "Get Outlook for iOS <https://outlook.example>",
    "Sent with Proton Mail secure email.",
    "Sent from Yahoo Mail on Android",
    "Von meinem iPhone gesendet",
    "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
    "Gesendet von Outlook für Android",
    "Envoyé de mon iPhone",
    "Envoyé depuis l'application Mail Orange",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verzonden vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPad",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Отправлено с iPhone",
    "Odesláno z iPhonu",
    "Trimis de pe iPhone-ul meu",
    "iPhone'umdan gönderildi",
    "iPhoneから送信",
    "从我的 iPhone 发送",
    "나의 iPhone에서 보냄",
]


@pytest.mark.parametrize("advert", ADVERTS)
def test_what_a_telephone_adds_below_the_words_is_not_the_writers(advert: str) -> None:
    assert new_words(f"my words\n\n{advert}\n") == "my words"
    assert new_words(f"my words\n\n{advert}\n\n{INTRODUCTIONS[0]}\n> theirs") == "my words"
    assert new_words(f"my words\n{advert}\nmore of my words") == f"my words\n{advert}\nmore of my words"
    assert new_words(advert) == advert


@pytest.mark.parametrize("mark", ["-- ", "--", "—"])
def test_a_short_signature_below_its_mark_is_not_the_writers(mark: str) -> None:
    assert new_words(f"my words\n\n{mark}\nAda Byron\nClient plc\n\n{INTRODUCTIONS[0]}\n> theirs") == "my words"
    assert new_words(f"{mark}\nAda Byron") == f"{mark}\nAda Byron"


@pytest.mark.parametrize(
    "below", ["Customer no. 4711", "Kundennummer: 4711", "N° client 4711", "words\n" * 13, "x" * 101]
)
def test_what_may_be_more_than_a_signature_is_kept(below: str) -> None:
    assert new_words(f"my words\n-- \nAda Byron\n{below}") == f"my words\n-- \nAda Byron\n{below}".strip()


@pytest.mark.parametrize(
    "text",
    [
        "Sent from Leeds on Monday, the parcel never came.",
        "Sent by courier",
        "Enviado por correo el lunes",
        "Gesendet am Montag",
    ],
)
def test_words_about_sending_are_the_writers(text: str) -> None:
    assert new_words(f"my words\n{text}") == f"my words\n{text}"


@pytest.mark.parametrize(
    "worst",
    [
        "On 3 Feb 2025 10:15 wrote\n",
        "On 3 Feb 2025 10:15 a@b.example\n\n",
        "From: a@b.example\n",
        "From: \nx\n",
        "Ada wrote:\n\n\n",
        "a@b.example>:\n",
        "3.2.2025 a@b.example:\n",
        "On 3.2.2025:\n",
        "-- \n",
        "--- \n\n",
        "Sent from my \n",
        "> a\nb\n",
        "*" * 400 + "\n",
        " " * 499 + "\n",
        "Sent from my" + " iphone" * 60 + "\n",
        "2025-02-03 " + "<" * 400 + "\n",
        "a@" * 200 + "\n",
    ],
)
def test_two_hundred_thousand_characters_of_the_worst_are_read_in_a_moment(worst: str) -> None:
    with within_its_time():
        new_words("mine\n" + worst * (200_000 // len(worst)))


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
