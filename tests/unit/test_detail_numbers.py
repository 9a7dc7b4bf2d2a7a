"""Numbers of papers and clients: what each of them numbers, as firms of four languages write them."""

from __future__ import annotations

import pytest

from processor.triage.amounts import amounts_in
from processor.triage.details.numbers import LONGEST_RANGE, MOST_NUMBERS, numbers_in
from processor.triage.plain import read_plain


def numbers(text: str) -> list[tuple[str, str]]:
    read = read_plain(text)
    return [(number.kind, number.text) for number in numbers_in(read, list(amounts_in(read)))]


def of_kind(kind: str, *values: str) -> list[tuple[str, str]]:
    return [(kind, value) for value in values]


INTRODUCED = [
    ("Invoice no. INV-2024-001", "invoice", "INV-2024-001"),
    ("invoice #12345", "invoice", "12345"),
    ("our bill 20391.", "invoice", "20391"),
    ("INV 20417", "invoice", "20417"),
    ("Rechnungs-Nr. 4711", "invoice", "4711"),
    ("Ihre Rechnung mit der Nummer 2026/07719", "invoice", "2026/07719"),
    ("Rechnung 14 nur zum Teil", "invoice", "14"),
    ("votre facture n° 10 244 518 907 du 14/11/2026", "invoice", "10 244 518 907"),
    ("la factura nº A-5519", "invoice", "A-5519"),
    ("your invoice, no. 5512", "invoice", "5512"),
    ("Payment for the invoice in October: invoice number(s) 4711", "invoice", "4711"),
    ("credit note CN-2088", "credit-note", "CN-2088"),
    ("credit memo 881", "credit-note", "881"),
    ("nota de crédito NC-118", "credit-note", "NC-118"),
    ("l'avoir n°AV-12", "credit-note", "AV-12"),
    ("Gutschrift GS-12", "credit-note", "GS-12"),
    ("payment number 7712091", "payment", "7712091"),
    ("prélèvement groupé n° G-2026-11-0077", "payment", "G-2026-11-0077"),
    ("recibo domiciliado nº 5500918", "payment", "5500918"),
    ("Zahlungsreferenz 4711", "payment", "4711"),
    ("Kundennr. 300471", "customer", "300471"),
    ("customer ID SKT-4", "customer", "SKT-4"),
    ("Rattray Motors, a/c RM-5530", "customer", "RM-5530"),
    ("account number 12345678", "customer", "12345678"),
    ("notre compte 7704", "customer", "7704"),
    ("under reference 88-120 as always", "customer", "88-120"),
    ("Référence client : 6 001 447 2", "customer", "6 001 447 2"),
    ("libellé « DÉPÔT DE GARANTIE VX-1 »", "customer", "VX-1"),
    ("Guthaben (K 90412)", "customer", "K 90412"),
    ("by cheque no. 889120", "cheque", "889120"),
    ("einen Scheck geschickt, Nr. 7700412", "cheque", "7700412"),
    ("our order OR-55213", "order", "OR-55213"),
    ("devis D-2209", "order", "D-2209"),
    ("what do I write on my invoice for J-20981", "order", "J-20981"),
]


@pytest.mark.parametrize(("text", "kind", "value"), INTRODUCED)
def test_the_words_before_a_number_say_what_it_numbers(text: str, kind: str, value: str) -> None:
    assert numbers(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "purchase order 881200",
        "bon de commande 4500",
        "ticket 88120",
        "bank account 12345678",
        "account 12345678",
        "account ending 0447",
        "factures 2025",
        "invoice 3 times",
        "invoices of the last 12 months",
        "Rechnung vom 12.11.",
        "facture du 12/11/2026",
        "the invoice at 11:30",
        "invoice for 7 %",
        "invoice 12,50",
        "e.g. invoice 12345",
        "such as S-77201",
        "the check 12",
        "Consolidated invoice 2026-10",
        "Q4-2026",
        "call 07700 900641",
        "+44 20 7946 0958",
        "IBAN [IBAN ...4321]",
        "see https://desk.example/invoice/4711",
        "mail ab-4711@client.example",
        "DE993408306",
        "our 220 agents. Customer? 12 of them",
        "W-9 and A4",
        "What is my invoice number?",
    ],
)
def test_what_numbers_no_paper_is_left_alone(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("invoices 4711, 4712 and 4715", ("4711", "4712", "4715")),
        ("factures 101, 102 et 103", ("101", "102", "103")),
        ("Rechnungen R-1 / R-2 sowie R-3", ("R-1", "R-2", "R-3")),
        ("facturas A-5519 y A-5602", ("A-5519", "A-5602")),
        ("invoices 4713-4716", ("4713", "4714", "4715", "4716")),
        ("Rechnungen 4713 bis 4715", ("4713", "4714", "4715")),
        ("invoice 2026-2028", ("2026-2028",)),
        (f"invoices 1000-{1001 + LONGEST_RANGE}", (f"1000-{1001 + LONGEST_RANGE}",)),
        ("invoices:\n- 1001\n- 1002\n- 1003", ("1001", "1002", "1003")),
        ("invoice 71120 and\n2) 71088", ("71120", "71088")),
        ("58112\n58340\n\nAll are invoices", ("58112", "58340")),
        ("invoice no 5 and 6", ("5", "6")),
        ("invoice 4711, 5 of them", ("4711",)),
    ],
)
def test_every_number_of_a_list_or_range_is_told(text: str, values: tuple[str, ...]) -> None:
    assert numbers(text) == of_kind("invoice", *values)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("S-77201   No PO quoted", "invoice", "S-77201"),
        ("you booked AE-5501", "invoice", "AE-5501"),
        ("for 2026-7741 I typed", "invoice", "2026-7741"),
        ("inv20417 please", "invoice", "inv20417"),
        ("of CN-2088 we know nothing", "credit-note", "CN-2088"),
        ("the quote, Q-3310", "order", "Q-3310"),
    ],
)
def test_a_number_that_nothing_introduces_is_likely_what_its_letters_say(text: str, kind: str, value: str) -> None:
    (number,) = numbers_in(read_plain(text))
    assert (number.kind, number.text, number.certainty) == (kind, value, "likely")


def test_bare_numbers_in_a_mail_about_something_else_are_nothing() -> None:
    assert numbers("58112\n58340\n\nwere the winners") == []
    assert numbers("58112 and then\ninvoice") == []


def test_no_more_than_some_numbers_of_one_text_are_read() -> None:
    text = " ".join(f"invoice {number}" for number in range(10_000, 10_000 + MOST_NUMBERS + 9))
    assert len(numbers(text)) == MOST_NUMBERS


def test_a_number_behind_other_words_does_not_go_on_with_a_list() -> None:
    assert numbers("invoice 4711 but then 99120 came") == of_kind("invoice", "4711")
