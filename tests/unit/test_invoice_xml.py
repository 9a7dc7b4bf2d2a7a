"""Invoices in XML are read as lines of text; nothing in them is resolved or fetched."""

from __future__ import annotations

import pytest

from ingest.invoice_xml import OCTETS, invoice_lines

UBL = b"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:cac" xmlns:cbc="urn:cbc">
<cbc:ID>INV-4711</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:DueDate>2026-12-02</cbc:DueDate>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cbc:BuyerReference>04011000-12345</cbc:BuyerReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Analytical
 Engines</cbc:Name></cac:PartyName></cac:Party></cac:AccountingSupplierParty>
<cac:PaymentMeans><cbc:PaymentID>P-9</cbc:PaymentID><cac:PayeeFinancialAccount><cbc:ID>DE89370400440532013000</cbc:ID>
<cac:FinancialInstitutionBranch><cbc:ID>COBADEFFXXX</cbc:ID></cac:FinancialInstitutionBranch>
</cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">119.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine></Invoice>"""
CII = b"""<rsm:CrossIndustryInvoice xmlns:rsm="urn:rsm" xmlns:ram="urn:ram" xmlns:udt="urn:udt"><rsm:ExchangedDocument>
<ram:ID>K-12</ram:ID><ram:TypeCode>%b</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20261105
</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument><ram:SellerTradeParty><ram:Name>Ada</ram:Name>
</ram:SellerTradeParty><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE89370400440532013000</ram:IBANID>
</ram:PayeePartyCreditorFinancialAccount></rsm:CrossIndustryInvoice>"""


def test_an_invoice_of_ubl_is_read() -> None:
    assert invoice_lines(UBL).text.split("\n") == [
        "Invoice number: INV-4711",
        "Invoice date: 2026-11-02",
        "Due date: 2026-12-02",
        "Seller: Analytical Engines",
        "Buyer reference: 04011000-12345",
        "Currency: EUR",
        "Amount due: 119.00",
        "IBAN: DE89370400440532013000",
        "BIC: COBADEFFXXX",
        "Payment reference: P-9",
    ]


@pytest.mark.parametrize(("code", "kind"), [(b"380", []), (b"381", ["Kind: credit note"])])
def test_an_invoice_of_cii_is_read(code: bytes, kind: list[str]) -> None:
    assert invoice_lines(CII % code).text.split("\n") == [
        "Invoice number: K-12",
        *kind,
        "Invoice date: 2026-11-05",
        "Seller: Ada",
        "IBAN: DE89370400440532013000",
    ]


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (b"<Invoice", "it is broken XML"),
        (b"", "it is broken XML"),
        (b"<a/>", "it is XML, but no invoice of UBL or CII"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Invoice><ID>&b;</ID></Invoice>', "a document type, which no invoice does"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><Invoice/>', "a document type, which no invoice does"),
        (b"<Invoice>" + b"<a>" * 5_000 + b"</Invoice>", "it is broken XML"),
        (b" " * (OCTETS + 1), "XML of more than 2,000,000 is not read"),
    ],
)
def test_what_cannot_be_read_or_should_not_says_why(octets: bytes, why: str) -> None:
    said = invoice_lines(octets)
    assert said.text == ""
    assert why in said.unread


def test_of_one_label_so_many_values_are_kept() -> None:
    octets = b"<Invoice>" + b"".join(b"<ID>%d</ID>" % number for number in range(9)) + b"<ID>0</ID></Invoice>"
    assert invoice_lines(octets).text.count("\n") == 4
