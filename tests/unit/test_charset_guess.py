"""Text whose charset nobody told, or told wrongly, is read by its shape; Western text stays what it is."""

from __future__ import annotations

import pytest

from ingest.charset import decode
from ingest.charset_guess import guessed
from ingest.parser import parse

JAPANESE = "お世話になっております。先月分のお支払いがまだ確認できておりません。ご確認のほどお願いいたします。山田"
KOREAN = "안녕하세요. 지난달 청구서에 대해 문의드립니다. 아직 결제가 확인되지 않았습니다. 감사합니다."
CHINESE = "您好，我们尚未收到上个月发票的付款。请确认并尽快安排付款。如有任何问题，请与我们联系。谢谢。财务部"
TAIWANESE = "您好，我們尚未收到上個月發票的付款。請確認並儘快安排付款。如有任何問題，請與我們聯繫。謝謝。"
RUSSIAN = "Здравствуйте, мы ещё не получили оплату по счёту 4711 за прошлый месяц. С уважением, Иван Петров"
GREEK = "Καλημέρα, δεν έχουμε λάβει ακόμη την πληρωμή του τιμολογίου 4711. Παρακαλώ επιβεβαιώστε."
FRENCH = "Bonjour, nous n'avons pas encore reçu le règlement de la facture. Été déjà arrivé à Noël, où êtes-vous ?"
GERMAN = "Für die Überweisung fehlt uns noch Ihre Bestätigung. Mit freundlichen Grüßen, Jürgen Schröder, Köln"
POLISH = "Dzień dobry, nie otrzymaliśmy jeszcze zapłaty za fakturę. Z poważaniem, Łukasz Żółć"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (KOREAN, "euc_kr"), (CHINESE, "gb2312"), (TAIWANESE, "big5"),
        (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (GREEK, "cp1253"), (FRENCH, "cp1252"), (GERMAN, "iso8859-1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("label", [None, "us-ascii", "utf-8", "iso-8859-1", "x-unknown"])
def test_text_is_read_whatever_charset_it_claims(text: str, charset: str, label: str | None) -> None:
    for repeated in (text, f"Dear all,\n\n{text}\n" * 3, (text + "\n") * 200):
        assert decode(repeated.encode(charset), label)[0] == repeated


@pytest.mark.parametrize(
    "text", [FRENCH, GERMAN, POLISH, "•" * 60, "·" * 200, "äöü" * 20, "é" * 30, "“” ‘’ – — …" * 9, "±" * 15]
)
def test_western_text_drawings_and_bullets_are_not_taken_for_another_writing(text: str) -> None:
    assert guessed(text.encode("cp1250" if text is POLISH else "cp1252")) is None


@pytest.mark.parametrize("octets", [b"", b"\x80" * 3, b"\xff" * 5_000, bytes(range(128, 256)), b"\x81" * 40 + b"a" * 9])
def test_octets_that_are_no_writing_are_none(octets: bytes) -> None:
    assert guessed(octets) is None


def test_a_mail_that_declares_latin_1_and_is_chinese_is_read_and_says_so() -> None:
    raw = b"From: a@client.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n" + CHINESE.encode("gb2312")
    message = parse(raw)
    assert message.text == CHINESE
    assert "charset: text/plain part is not what it declares" in message.defects


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("windows-31j", "cp932", "日本①"),
        ("gb_2312-80", "gbk", "发票"),
        ("windows-874", "cp874", "สวัสดี"),
        ("cp-850", "cp850", "Grüße"),
        ("x-cp1251", "cp1251", "счёт"),
        ("x-mac-roman", "mac_roman", "Grüße"),
        ("utf8mb4", "utf-8", "Grüße"),
        ("utf-16", "utf-16-be", "Grüße"),
        ("utf-16", "utf-16-le", "Grüße"),
        ("utf-16", "utf-16", "Grüße"),
    ],
)
def test_labels_that_only_mail_programs_know_are_known(label: str, codec: str, text: str) -> None:
    assert decode(text.encode(codec), label) == (text, True)


@pytest.mark.parametrize("label", ["iso-2022-jp", None, "us-ascii"])
def test_signs_of_the_vendors_in_japanese_mail_are_read(label: str | None) -> None:
    octets = b"Ref. \x1b$B-!\x1b(B \x1b$B-j;3ED\x1b(B 4711\n\x1b$B@A5a=q\x1b(B"
    assert decode(octets, label)[0] == "Ref. ① ㈱山田 4711\n請求書"


def test_a_type_whose_halves_are_exchanged_is_text() -> None:
    assert parse(b"From: a@b.example\r\nContent-Type: plain/text; charset=utf-8\r\n\r\nwords").text == "words"
