"""People, firms, telephones, tax numbers and periods: told by words, places, forms, domains and check digits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from ingest.message import Address, Attachment, ForwardedHeader, Message
from processor import resources
from processor.policy import load_policy
from processor.triage.details import LONGEST_VALUE, MOST_VALUES, FoundDetail
from processor.triage.details.firms import core_of
from processor.triage.details.table import DetailTable, compile_details

NOW = datetime(2026, 11, 18, 10, 6, tzinfo=UTC)
NOBODY = Address(name="", address="x@post.example")


@cache
def table() -> DetailTable:
    policy = load_policy(resources.daydesk_toml(), resources.shipped_policy)
    desk = policy.desk.model_copy(update={"address": "desk@desk.example"})
    return compile_details(policy.model_copy(update={"desk": desk}))


def mail(text: str, sender: Address = NOBODY, **more: Any) -> Message:
    return Message(sha256="", headers=(), text=text, new_text=text, from_=(sender,), **more)


def found(message: Message, name: str) -> list[FoundDetail]:
    return [detail for detail in table().find(message, NOW, "en") if detail.name == name]


def values(message: Message, name: str) -> list[str]:
    return [detail.value for detail in found(message, name)]


def sender(name: str, address: str) -> Address:
    return Address(name=name, address=address)


@pytest.mark.parametrize(
    ("text", "address", "firm"),
    [
        ("We wait.\n\nRowena Castle\nTidewater Lets Ltd", "rowena.castle@tidewaterlets.example", "Tidewater Lets Ltd"),
        ("Thanks. Amrit Gill, Gill & Co", "amrit@gillandco.example", "Gill & Co"),
        ("The University of Westmere wishes to buy.", "grants@uniwestmere.example", "University of Westmere"),
        ("Gracias\nLucía Ferrer\nHospital de Rioseco", "lferrer@hospitalrioseco.example", "Hospital de Rioseco"),
        ("So it is. Stéphane Wolff\nWolff Immobilier", "s.wolff@wolff-immo.example", "Wolff Immobilier"),
        ("Le loyer est dû. SCI Les Marronniers, gestion", "gestion@lesmarronniers.example", "SCI Les Marronniers"),
        ("for the Brackenfold Borough Council", "tom@brackenfold.co.uk", "Brackenfold Borough Council"),
    ],
)
def test_a_firm_bears_the_name_of_the_sender_s_domain(text: str, address: str, firm: str) -> None:
    (detail, *_) = found(mail(text, sender("", address)), "company-name")
    assert (detail.value, detail.certainty) == (firm, "stated")


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("Account name: Hartley Clinic", "Hartley Clinic"),
        ("Firma: Kessler Maschinenbau", "Kessler Maschinenbau"),
        ("Kundenkonto Beratungsstelle Fulda", "Beratungsstelle Fulda"),
        ("Account: Tarn Valley NHS Foundation Trust", "Tarn Valley NHS Foundation Trust"),
        ("On behalf of our client M/s Blue Lotus Infotech Pvt Ltd, we write", "Blue Lotus Infotech Pvt Ltd"),
        ("Jorge Salas here from Andes Contact SA.", "Andes Contact SA"),
        ("£95.40 faster payment from Copper Kettle Cafe.", "Copper Kettle Cafe"),
        ("Good news! Cedar Analytics sent you $3,250.00.", "Cedar Analytics"),
        ("Onglerie Jess vient de payer 96,00 €", "Onglerie Jess"),
        ("wurde von der Callpoint Ost GmbH bezahlt.", "Callpoint Ost GmbH"),
        ("Please look.\n\nGerrit Vos\nDunlin Logistics", "Dunlin Logistics"),
        ("I need it, please.\nRegards\nPiotr Nowicki\nNowicki Baltic", "Nowicki Baltic"),
    ],
)
def test_a_firm_is_named_as_such_or_signs(text: str, firm: str) -> None:
    assert values(mail(text, sender("Piotr Nowicki", "piotr.nowicki@post.example")), "company-name") == [firm]


@pytest.mark.parametrize(
    "text",
    [
        "I wrote to you. Regards\nPiotr Nowicki\nInterpreter",
        "Regards\nPiotr Nowicki\nTel. 069 90009 124",
        "Regards\nPiotr Nowicki\nwritten in haste",
        "I write for a ltd company as a company secretary",
        "Our clients: what have they paid you? In full",
    ],
)
def test_a_role_a_telephone_or_a_sentence_is_no_firm(text: str) -> None:
    assert values(mail(text, sender("Piotr Nowicki", "piotr.nowicki@post.example")), "company-name") == []


def test_a_person_s_own_name_in_the_domain_is_no_firm() -> None:
    joost = sender("Joost Hendriks", "joost@hendriksvertalingen.example")
    assert values(mail("It is paid. Joost Hendriks", joost), "company-name") == []
    assert values(mail("Interprète", sender("Jo", "jo@interpretes.example")), "company-name") == []


def test_a_sender_s_name_that_is_a_firm_s_is_likely_the_firm() -> None:
    clinic = sender("Clínica Dental Soto", "recepcion@dentalsoto.example")
    (detail,) = found(mail("Nos han cortado las llamadas.", clinic), "company-name")
    assert (detail.value, detail.evidence, detail.certainty) == ("Clínica Dental Soto", "sender", "likely")
    assert values(mail("It is so.", clinic), "name") == []
    propre = sender("Propre & Net", "factures@propre-net.example")
    assert values(mail("C'est fait.", propre), "company-name") == ["Propre & Net"]


@pytest.mark.parametrize(
    ("domain", "core"),
    [
        ("acme-tools.example", "acmetools"),
        ("acme.co.uk", "acme"),
        ("mail.acme.example", "acme"),
        ("gmail.com", ""),
        ("abc.example", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_a_domain_that_everybody_writes_from_tells_no_firm(domain: str, core: str) -> None:
    assert core_of(domain) == core


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Best regards,\nJoan Tredwell\nBursar", "Joan Tredwell"),
        ("Je m'appelle Inès Barthélémy", "Inès Barthélémy"),
        ("Name: Ruth Okafor", "Ruth Okafor"),
        ("Bonsoir, c'est Fatoumata Sow interprète peul, merci beaucoup pour votre aide", "Fatoumata Sow"),
        ("an invoice can wait :) Tilly", "Tilly"),
        ("Please look into it. Kind regards, Abdul Rahim", "Abdul Rahim"),
        ("Bitte prüfen danke Tarek Alsayed", "Tarek Alsayed"),
    ],
)
def test_a_person_signs_or_says_who_he_is(text: str, name: str) -> None:
    assert values(mail(text), "name") == [name]


def test_a_short_form_of_the_sender_s_name_is_his() -> None:
    joanne = sender("", "joanne.whitby@whitbyflorist.example")
    assert values(mail("its our busiest week. Jo", joanne), "name") == ["Jo"]


def test_an_initial_says_less_than_the_sender_s_name() -> None:
    gerrit = sender("Gerrit Vos", "gvos@dunlinlogistics.example")
    assert values(mail("I will not pay.\n\nG. Vos", gerrit), "name") == ["Gerrit Vos"]


@pytest.mark.parametrize("text", ["", "ok thanks", "12 34", "- one\n- two", "It ends. " + "so " * 60, "x" * 200])
def test_a_mail_that_nobody_signs_names_nobody(text: str) -> None:
    assert values(mail(text), "name") == []


@pytest.mark.parametrize(
    ("text", "phone", "certainty"),
    [
        ("Phone: +44 20 7946 0182", "+44 20 7946 0182", "stated"),
        ("I am on 07700 900641 now", "07700 900641", "likely"),
        ("Tél. 04 65 71 12 34", "04 65 71 12 34", "stated"),
        ("06 39 98 45 67", "06 39 98 45 67", "likely"),
        ("Telefon 030 23125 077", "030 23125 077", "stated"),
        ("983 000 112", "983 000 112", "likely"),
        ("(202) 555-0143", "(202) 555-0143", "likely"),
        ("call me on 0113 496 0999", "0113 496 0999", "stated"),
    ],
)
def test_a_telephone_number_is_told_by_its_words_or_its_form(text: str, phone: str, certainty: str) -> None:
    (detail,) = found(mail(text), "phone")
    assert (detail.value, detail.certainty) == (phone, certainty)


@pytest.mark.parametrize(
    "text", ["Fax: 069 90009 125", "983 000 112 EUR", "tel. 12", "invoice 700 448 112 333 444 555 66"]
)
def test_a_fax_or_a_sum_is_no_telephone(text: str) -> None:
    assert values(mail(text), "phone") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Unsere USt-IdNr. DE993408306 fehlt", "DE993408306"),
        ("VAT GB 980 7806 84.", "GB 980 7806 84"),
        ("numéro de TVA FR40303265045", "FR40303265045"),
        ("SIRET 732 829 320 00074", "732 829 320 00074"),
        ("mi NIF es 99168906J", "99168906J"),
        ("EIN 12-3456789 for your files", "12-3456789"),
        ("GSTIN 27AAPFU0939F1ZV", "27AAPFU0939F1ZV"),
    ],
)
def test_a_tax_number_with_right_check_digits_is_found(text: str, number: str) -> None:
    assert values(mail(text), "tax-id") == [number]


def test_a_tax_number_with_wrong_check_digits_is_another_number() -> None:
    assert values(mail("VAT DE993408307 and TVA 123 456 789 12"), "tax-id") == []


def test_an_indian_number_that_words_introduce_is_likely_one_even_where_it_does_not_pass() -> None:
    (detail,) = found(mail("Correct GSTIN is 29AAAAA0000A1Z5."), "tax-id")
    assert detail.certainty == "likely"
    assert values(mail("part 29AAAAA0000A1Z5"), "tax-id") == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("pour octobre 2026", "octobre 2026"),
        ("in Q3 2025", "Q3 2025"),
        ("in the third quarter of 2026", "third quarter of 2026"),
        ("du 1er au 31 octobre 2026", "du 1er au 31 octobre 2026"),
        ("FY 2025/26", "FY 2025/26"),
        ("im 2. Quartal 2026", "2. Quartal 2026"),
    ],
)
def test_a_period_is_found(text: str, period: str) -> None:
    assert values(mail(text), "period") == [period]


def test_a_total_counts_before_other_amounts_and_the_price_of_one_thing_last() -> None:
    text = "45,00 EUR per hour, 90,00 EUR for travel. Total: 500,00 EUR"
    assert values(mail(text), "amount") == ["500,00 EUR", "90,00 EUR", "45,00 EUR"]
    (first, *_) = found(mail(text), "amount")
    assert (first.normal, first.line) == ("500.00 EUR", 1)


def test_an_amount_written_twice_is_told_once() -> None:
    assert values(mail("£39.00, that is 39.00 GBP"), "amount") == ["£39.00"]


def test_the_reference_of_a_payment_is_likely_the_client_s() -> None:
    (detail,) = found(mail("payment reference AG-771"), "customer-reference")
    assert (detail.value, detail.certainty) == ("AG-771", "likely")


def test_of_documents_totals_and_introduced_numbers_alone_are_read() -> None:
    paper = Attachment(
        name="scan.pdf",
        declared_type="application/pdf",
        detected_type=None,
        size=1,
        sha256="",
        text="Invoice no. 4711\nS-77201\n3 x 40,00 EUR\nTotal 120,00 EUR\nPaid 3 May 2026",
    )
    message = mail("Please see the attachment", attachments=(paper,))
    (number,) = found(message, "invoice-number")
    assert (number.value, number.evidence, number.line) == ("4711", "attachment text", 1)
    assert values(message, "amount") == ["120,00 EUR"]
    assert values(message, "payment-date") == []


def test_of_many_documents_no_more_is_read_than_of_one_mail() -> None:
    paper = Attachment(
        name="a.txt",
        declared_type="text/plain",
        detected_type=None,
        size=1,
        sha256="",
        text="Invoice no. 4711\n" * 4_000,
    )
    last = replace(paper, name="b.txt", text="Invoice no. 4712")
    assert values(mail("x", attachments=(paper, last)), "invoice-number") == ["4711"]


CLIENT = ForwardedHeader(from_=Address(name="Dan Foley", address="dan@copperkettle.example"), from_name="Dan Foley")
HEAD = "For you. Ruth\n\nFrom: Dan Foley <dan@copperkettle.example>\nDate: 17 November 2026\nSubject: Proof\n\n"


def sent_on(text: str, *headers: ForwardedHeader) -> Message:
    ruth = Address(name="Ruth Adeyemi", address="ruth@desk.example")
    return replace(mail("For you. Ruth", ruth), text=text, forwarded=headers)


def test_the_words_of_a_mail_that_is_sent_on_count() -> None:
    message = sent_on(f"{HEAD}11/11/26, £95.40 paid for Copper Kettle Cafe.\n> invoice 4711\nDan Foley", CLIENT)
    (amount,) = found(message, "amount")
    assert (amount.value, amount.evidence, amount.line) == ("£95.40", "sent-on text", None)
    assert values(message, "company-name") == ["Copper Kettle Cafe"]
    assert values(message, "invoice-number") == []
    assert "Dan Foley" in values(message, "name")


def test_the_desk_s_own_words_that_are_sent_on_do_not() -> None:
    ours = ForwardedHeader(from_=Address(name="Desk", address="billing@desk.example"), from_name="Desk")
    text = "See below\n\nFrom: Desk <billing@desk.example>\nSubject: x\n\nYour invoice 4711 of £95.40"
    assert values(sent_on(text, ours), "amount") == []
    inner = f"{text}\n\nFrom: Dan Foley <dan@copperkettle.example>\n\nI paid £12.00"
    assert values(sent_on(inner, ours, CLIENT), "amount") == ["£12.00"]


def test_a_sent_on_mail_that_is_not_in_the_text_tells_nothing() -> None:
    assert values(sent_on("See below", CLIENT), "amount") == []
    assert values(sent_on("See below", ForwardedHeader(from_name="")), "amount") == []


def test_a_signature_below_its_mark_is_read() -> None:
    text = "Please pay.\n\n-- \nAnna Holt\nHolt Tools Ltd\nTel. 0113 496 0999\n> quoted 0113 496 0998"
    message = replace(mail("Please pay.", sender("", "anna@post.example")), text=text)
    (phone,) = found(message, "phone")
    assert (phone.value, phone.evidence, phone.line) == ("0113 496 0999", "signature", None)
    assert values(message, "company-name") == ["Holt Tools Ltd"]


@pytest.mark.parametrize(
    "text", ["Please pay.\n\nAnna Holt 0113 496 0999", "Please pay.", "Other words\n-- \nAnna", "Please pay.\n\n"]
)
def test_what_stands_below_without_a_mark_is_no_signature(text: str) -> None:
    assert values(replace(mail("Please pay."), text=text), "phone") == []


def test_lines_that_a_program_broke_are_one() -> None:
    line = "We would like to know what becomes of the deposit that Tarn Valley NHS Foundation"
    assert values(mail(f"{line}\nTrust paid."), "period") == []
    message = mail(
        "Following what we discussed in the summer the account is this one, Account: Tarn Valley\nTrust and so on"
    )
    assert values(message, "company-name") == ["Tarn Valley Trust"]


def test_a_client_s_number_is_his_reference() -> None:
    assert values(mail("Kundennr. 300471"), "customer-reference") == ["300471"]


def test_an_address_in_the_text_tells_a_firm_too() -> None:
    assert values(mail("Andes Contact has moved: info@andescontact.example"), "company-name") == ["Andes Contact"]


def test_a_name_is_looked_for_in_a_domain_only_so_often() -> None:
    text = "tied " * 400 + "Tidewater Lets. "
    assert values(mail(text, sender("", "rowena@tidewaterlets.example")), "company-name") == []


def test_empty_lines_below_a_signature_and_long_ones_above_do_not_hide_it() -> None:
    assert values(mail(f"{'It is so. ' * 30}\nOtherwise it would not be.\nTilly\n\n"), "name") == ["Tilly"]


@pytest.mark.parametrize(
    "bad",
    [
        "1 ",
        "a-",
        "1.1",
        "invoice 1, ",
        "(",
        "no. ",
        "+1 ",
        "paid 1 jan ",
        "lundi 1",
        "Aa ",
        "A&",
        "tel ",
        "EUR ",
        "@a",
        "on behalf of A ",
    ],
)
def test_two_hundred_thousand_signs_of_the_worst_kind_are_read_within_bounds(bad: str) -> None:
    text = bad * (200_000 // len(bad))
    details = table().find(mail(text, sender("Aa Aa", "aa@aaaaaa.example")), NOW, "en")
    assert all(len(detail.value) <= LONGEST_VALUE for detail in details)
    assert all(count <= MOST_VALUES for count in Counter(detail.name for detail in details).values())
