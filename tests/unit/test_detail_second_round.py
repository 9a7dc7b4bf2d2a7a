"""Firms as they sign, numbers behind other words, days of payments, and tax numbers of three countries."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from ingest.message import Address, Message
from processor import resources
from processor.policy import load_policy
from processor.triage.amounts import amount_of
from processor.triage.details import FoundDetail
from processor.triage.details.table import DetailTable, compile_details

NOW = datetime(2026, 11, 18, 10, 6, tzinfo=UTC)


@cache
def table() -> DetailTable:
    return compile_details(load_policy(resources.daydesk_toml(), resources.shipped_policy))


def values(text: str, name: str, sender: Address | None = None, subject: str = "") -> list[str]:
    from_ = (sender or Address(name="", address="x@post.example"),)
    message = Message(sha256="", headers=(), text=text, new_text=text, subject=subject, from_=from_)
    return [detail.value for detail in table().find(message, NOW, "en") if detail.name == name]


@pytest.mark.parametrize(
    ("text", "address", "firm"),
    [
        ("Vielen Dank\nScholz\nAmt für Wohnen Rodau", "wohnen@rodau.example", "Amt für Wohnen Rodau"),
        ("Viele Grüße vom Hof\nGärtnerei Lohmann", "post@lohmann-gruen.example", "Gärtnerei Lohmann"),
        ("Danke!\n\nConny Thal\nJugendhilfe Thal e. V.", "c.thal@x.example", "Jugendhilfe Thal e. V"),
        ("Es eilt.\n\nRiedmann GmbH & Co. KG, Buchhaltung", "b@mailbox.example", "Riedmann GmbH & Co. KG"),
    ],
)
def test_a_firm_is_told_whole_as_it_signs(text: str, address: str, firm: str) -> None:
    assert values(text, "company-name", Address(name="", address=address)) == [firm]


@pytest.mark.parametrize(
    "line", ["Steuerberaterin", "Notar", "(Mrs)", "Dari / Paschtu", "Interpreter (Amharic, Tigrinya)"]
)
def test_a_profession_a_title_or_the_languages_of_an_interpreter_are_no_firm(line: str) -> None:
    sender = Address(name="Jo Marsh", address="jo.marsh@post.example")
    assert values(f"So it is.\n\nJo Marsh\n{line}", "company-name", sender) == []


def test_who_writes_from_an_office_s_address_is_not_named_by_from() -> None:
    office = Address(name="Haus Sonnenblick", address="verwaltung@sb.example")
    assert values("Bitte senden Sie uns die Rechnung.", "name", office) == []
    assert values("Danke.\n\nKathis Haarstube", "name", Address(name="", address="salon.kathi@post.example")) == []


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("unsere Rechnung KR 88230 ist offen", "invoice-number", "KR 88230"),
        ("el pago de la RN/2026/340", "invoice-number", "RN/2026/340"),
        ("die Zahlung der LX-2291", "invoice-number", "LX-2291"),
        ("der Sammeleinzug ZE-400917", "payment-number", "ZE-400917"),
        ("Customer no. with you: 204-881", "customer-reference", "204-881"),
        ("Kundennummer bei Ihnen: 204-881", "customer-reference", "204-881"),
        ("n° client chez vous : 204-881", "customer-reference", "204-881"),
        ("by bank transfer with OT-7719 in the reference box", "customer-reference", "OT-7719"),
    ],
)
def test_the_words_around_a_number_say_whose_it_is(text: str, name: str, number: str) -> None:
    assert values(text, name) == [number]


def test_what_words_say_of_a_number_in_one_place_holds_in_the_others() -> None:
    text = "It was sent under HX-3391 on Monday."
    assert values(text, "customer-reference", subject="Deposit, account HX-3391") == ["HX-3391"]
    assert values(text, "invoice-number", subject="Deposit, account HX-3391") == []
    assert values(text, "invoice-number") == ["HX-3391"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Our wire of $4,890.00 left on November 3, 2026.", ["2026-11-03"]),
        ("Gestern (17.11.) mit der Karte beglichen.", ["2026-11-17"]),
        ("El 3 de noviembre depositamos en efectivo.", ["2026-11-03"]),
        ("Die Kaution vom 4. März 2026 ist verrechnet.", ["2026-03-04"]),
        ("Fecha valor: 20/11/2026", ["2026-11-20"]),
        ("Le paiement est dû, le marché arrive à terme le 31 décembre.", []),
        ("Zahlung\nFällig am:          01.12.2026", []),
    ],
)
def test_a_day_of_paying_is_no_day_on_which_something_is_due(text: str, days: list[str]) -> None:
    assert values(text, "payment-date") == days


def test_letters_behind_an_amount_say_whose_dollars_they_are() -> None:
    assert str(amount_of("$8,450.00 MXN")) == "8450.00 MXN"
    assert str(amount_of("£12.00 $")) == "12.00 GBP"


def test_a_line_that_a_program_broke_is_one_for_patterns_too() -> None:
    text = "The number of my cheque is 000731 and the bank on which it was drawn is the Calder\nVale Building Society."
    assert values(text, "client-bank") == ["Calder Vale Building Society"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Steuernummer 181/815/08155", ["181/815/08155"]),
        ("St.-Nr. 151/815/08156", ["151/815/08156"]),
        ("Steuernummer 181/815", []),
        ("181/815/08155 Stück", []),
        ("Our UTR is 1955839661.", ["1955839661"]),
        ("Our UTR is 2955839661.", []),
        ("Wir sind unter CHE-100.155.212 registriert.", ["CHE-100.155.212"]),
        ("UID: CHE-100.155.212 MWST", ["CHE-100.155.212 MWST"]),
        ("TVA CHE100155212", ["CHE100155212"]),
        ("UID: CHE-100.155.213", []),
    ],
)
def test_german_british_and_swiss_tax_numbers_are_held_to_their_forms_and_check_digits(
    text: str, numbers: list[str]
) -> None:
    assert values(text, "tax-id") == numbers
    assert values(text, "invoice-number") == []


def test_who_relies_on_a_detail_may_ask_whether_it_is_worth_keeping() -> None:
    found = FoundDetail(name="amount", value="1", evidence="text")
    assert found.worth_keeping
    assert not FoundDetail(name="website", value="1", evidence="text", only_asked=True).worth_keeping
    assert not FoundDetail(name="name", value="1", evidence="sender").worth_keeping
