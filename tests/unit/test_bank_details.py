"""Bank details are known in whatever way they are written, and other numbers are left alone."""

from __future__ import annotations

import time

import pytest

from processor.triage.bank_details import BankDetail, bank_details
from processor.triage.redaction import redact


def test_each_is_told_with_its_place_and_number() -> None:
    text = "pay to DE89 3704 0044 0532 0130 00 or\n> by sort code: 20-00-00  a/c 55779911"
    assert [(one.kind, one.number, text[one.start : one.end]) for one in bank_details(text)] == [
        ("iban", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        ("sort-code", "200000", "20-00-00"),
        ("account", "55779911", "55779911"),
    ]
    assert bank_details("IBAN no 93 86011117947") == (
        BankDetail(kind="iban", start=5, end=22, number="NO9386011117947"),
    )
    assert bank_details("nothing") == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "Sort code: 20-00-00\n> Account number: 55779911",
            "Sort code: [sort code ...]\n> Account number: [account ...9911]",
        ),
        ("20-00-00 55779911", "[sort code ...] [account ...9911]"),
        ("55779911 / 20-00-00", "[account ...9911] / [sort code ...]"),
        ("99-88-02 for account no. 00551290", "[sort code ...] for account no. [account ...1290]"),
        ("12-11-26 55779911, sort first", "[sort code ...] [account ...9911], sort first"),
        ("Account no 55779911, sort code 20-00-00", "Account no [account ...9911], sort code [sort code ...]"),
        (
            "sort code 20 00 00\n\naccount 5577 9911\n31.12.2026",
            "sort code [sort code ...]\n\naccount [account ...9911]\n31.12.2026",
        ),
        (
            "the sort code is 200000 and the account number is 5 5 7 7 9 9 1 1.",
            "the sort code is [sort code ...] and the account number is [account ...9911].",
        ),
        (
            "Sort code | Account number\n20-00-00 | 55779911",
            "Sort code | Account number\n[sort code ...] | [account ...9911]",
        ),
        (
            "Account number | Sort code\n55779911 | 200000",
            "Account number | Sort code\n[account ...9911] | [sort code ...]",
        ),
        ("sort code 200000 55779911", "sort code [sort code ...] [account ...9911]"),
        ("sort code ２０-００-００ account ٥٥٧٧٩٩١١", "sort code [sort code ...] account [account ...9911]"),
        (
            "Routing number: 094593196\nAccount number: 000771902266",
            "Routing number: [routing number ...]\nAccount number: [account ...2266]",
        ),
        ("IFSC: ABCD0001234 A/c no. 50100123456789", "IFSC: [IFSC ...] A/c no. [account ...6789]"),
        ("BLZ 37040044 Kto. 532013000", "BLZ [BLZ ...] Kto. [account ...3000]"),
        (
            "Bankleitzahl: 370 400 44, Kontonummer: 532 013 000",
            "Bankleitzahl: [BLZ ...], Kontonummer: [account ...3000]",
        ),
        ("code banque 30004 code guichet 00031 compte 12345678901 clé 43", "code banque [RIB ...0143]"),
        ("banque : 30004, guichet : 00031, n° de compte : 12345678901", "banque : [RIB ...8901]"),
        ("RIB 99299 00864 09840329792 33", "RIB [RIB ...9233]"),
        (
            "Code banque | Guichet | Compte | Clé\n99299 | 00864 | 09840329792 | 33",
            "Code banque | Guichet | Compte | Clé\n[RIB ...9233]",
        ),
        ("à verser : 99299 00864 09840329792 33", "à verser : [RIB ...9233]"),
        ("banque 99299 agence 00864 compte 09840329792", "banque [RIB ...9792]"),
        ("IBAN: DE88 3704 0044 0532 0130 00", "IBAN: [IBAN ...3000]"),  # mistyped, and nearly as good
        ("RIB: 992 990 086 409 840 329 792 33", "RIB: [RIB ...9233]"),
        ("CCC 2100 0418 45 0200051332", "CCC [account ...1332]"),
        ("mi cuenta es 21 00 04 18 45 02 00 05 13 32", "mi cuenta es [account ...1332]"),
        ("IBAN DE89370400440532013000 BIC COBADEFFXXX", "IBAN [IBAN ...3000] BIC [BIC ...]"),
        (
            "BIC/SWIFT: COBA DE FF, account 55779911, beneficiary Ada",
            "BIC/SWIFT: [BIC ...], account [account ...9911], beneficiary Ada",
        ),
        ("our bank account number is 4471123", "our bank account number is [account ...1123]"),
        ("card 4111 1111 1111 1111 exp 12/27", "card [card ...1111] exp 12/27"),
        ("4111-1111-1111-1111 (Visa) 123", "[card ...1111] (Visa) 123"),
        ("carte 3782 822463 10005", "carte [card ...0005]"),
        ("iban: de 89 3704 0044 0532 0130 00", "iban: [IBAN ...3000]"),
    ],
)
def test_a_bank_detail_is_taken_out_in_any_writing(written: str, shown: str) -> None:
    assert redact(written).text == shown
    assert redact(shown).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "invoice 4111111111111111",
        "card payment of invoice 4111111111111112",
        "paid by 23 Nov 2026 12345 67890 12345 67890 for all of it",
        "invoice no 9386011117947",  # would be a Norwegian IBAN
        "the barcode 89370400440532013000",  # would be a German one
        "account number 4471123 please",  # the client's at the desk's firm
        "12-11-26 55779911",  # a date and an invoice
        "sort code unknown, call 020 7946 0000",
        "sort code [sort code ...], balance on account 1.234.567,00 EUR",
        "RIB : 30004 00031 12345678901 44",  # a wrong key
        "routing number: 094593197",  # a wrong check digit
        "CCC 2100 0418 46 0200051332",
        "your BIC COBADEFFXXX, please",  # alone it is no secret
        "swift delivery of 200000 parts",
        "account 12345, bank name: Example",  # too short for one
        "Konto 4711 im Hauptbuch, 123456789",
        "tel +44 20 7946 0000, VAT GB 999 9999 73, order 12345678, cards 12",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert redact(text).text == text


def test_a_bic_in_small_letters_needs_its_name() -> None:
    text = "IBAN DE89370400440532013000 swift delivery, bic cobadeff, swift COBADEFF, bic missives"
    assert [one.number for one in bank_details(text)[1:]] == ["COBADEFF", "COBADEFF"]


@pytest.mark.parametrize(
    "piece",
    [
        "account 1 ",
        "account number is ",
        "sort code 20-00-0 ",
        "20-00-00 ",
        "20-00-00 a b c d ",
        "compte a ",
        "banque 30004 ",
        "4111 ",
        "card 4",
        "5 ",
        "rib 12345 12345 12345678901 12 ",
        "blz 3704004 konto ",
        "ifsc abcd0",
        "bic a b c d",
        "aba 0 ",
        "account 123456 ",
        "IBAN DE89370400440532013000 bic cobadeff account 12345678 ",
        "no 1",
        "   ",
        "card 4111111111111111 ",
    ],
)
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begin = time.process_time()
        redact(text)
        return time.process_time() - begin

    seconds(1_000)  # compiles the patterns
    small = seconds(12_500)
    assert seconds(100_000) < 30 * small + 0.1
