"""An invoice in XML (UBL, or CII as Factur-X and ZUGFeRD have it) as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from ingest.said import Said

OCTETS = 2_000_000
_ELEMENTS = 100_000  # that are looked at
_VALUES = 5  # of one label
_LENGTH = 200  # characters of one value
_NAMESPACE = re.compile(r"\{[^}]*\}")
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
_ROOTS = {"CrossIndustryInvoice", "CrossIndustryDocument", "Invoice", "CreditNote"}
# The label, and the elements that hold its value: the last steps of the way to it, by local names.
_LABELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Invoice number", ("Invoice/ID", "ExchangedDocument/ID", "HeaderExchangedDocument/ID")),
    ("Credit note number", ("CreditNote/ID",)),
    ("Kind", ("ExchangedDocument/TypeCode", "HeaderExchangedDocument/TypeCode")),
    ("Invoice date", ("Invoice/IssueDate", "CreditNote/IssueDate", "ExchangedDocument/IssueDateTime/DateTimeString",
                      "HeaderExchangedDocument/IssueDateTime/DateTimeString")),
    ("Due date", ("Invoice/DueDate", "DueDateDateTime/DateTimeString")),
    ("Seller", ("AccountingSupplierParty/Party/PartyName/Name",
                "AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName", "SellerTradeParty/Name")),
    ("Seller's VAT number", ("AccountingSupplierParty/Party/PartyTaxScheme/CompanyID",
                             "SellerTradeParty/SpecifiedTaxRegistration/ID")),
    ("Buyer", ("AccountingCustomerParty/Party/PartyName/Name",
               "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName", "BuyerTradeParty/Name")),
    ("Buyer reference", ("Invoice/BuyerReference", "CreditNote/BuyerReference",
                         "ApplicableHeaderTradeAgreement/BuyerReference")),
    ("Order number", ("OrderReference/ID", "BuyerOrderReferencedDocument/IssuerAssignedID")),
    ("Refers to invoice", ("BillingReference/InvoiceDocumentReference/ID",
                           "InvoiceReferencedDocument/IssuerAssignedID")),
    ("Currency", ("DocumentCurrencyCode", "InvoiceCurrencyCode")),
    ("Total", ("LegalMonetaryTotal/TaxInclusiveAmount", "GrandTotalAmount")),
    ("Amount due", ("LegalMonetaryTotal/PayableAmount", "DuePayableAmount")),
    ("IBAN", ("PayeeFinancialAccount/ID", "PayeePartyCreditorFinancialAccount/IBANID")),
    ("Bank account number", ("PayeePartyCreditorFinancialAccount/ProprietaryID",)),
    ("Account name", ("PayeeFinancialAccount/Name", "PayeePartyCreditorFinancialAccount/AccountName")),
    ("BIC", ("FinancialInstitutionBranch/ID", "PayeeSpecifiedCreditorFinancialInstitution/BICID")),
    ("Payment reference", ("PaymentMeans/PaymentID", "ApplicableHeaderTradeSettlement/PaymentReference")),
)  # fmt: skip
_BY_WAY = {way: label for label, ways in _LABELS for way in ways}
_STEPS = max(way.count("/") + 1 for way in _BY_WAY)
_CREDIT_NOTE = "381"  # UNTDID 1001, as CII has it for the type of a document


def invoice_lines(octets: bytes) -> Said:
    """`Invoice number: ...`, `IBAN: ...` and the like. No entity is resolved and nothing is fetched."""
    if len(octets) > OCTETS:
        return Said(unread=f"it has {len(octets):,} octets; XML of more than {OCTETS:,} is not read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError):
        return Said(unread="it is broken XML")
    if root.getroottree().docinfo.doctype:
        return Said(unread="its XML declares a document type, which no invoice does")
    if _local(root) not in _ROOTS:
        return Said(unread="it is XML, but no invoice of UBL or CII")
    found: dict[str, list[str]] = {label: [] for label, _ in _LABELS}
    for label, value in _values(root):
        if len(found[label]) < _VALUES and value not in found[label]:
            found[label].append(value)
    return Said(text="\n".join(f"{label}: {value}" for label, values in found.items() for value in values))


def _values(root: Any) -> Iterator[tuple[str, str]]:
    for element in islice(root.iter(etree.Element), _ELEMENTS):
        label = next((_BY_WAY[tail] for tail in _tails(_way(element)) if tail in _BY_WAY), None)
        value = " ".join((element.text or "")[:_LENGTH].split())
        if label == "Kind":
            value = "credit note" if value == _CREDIT_NOTE else ""
        if label and value:
            yield label, _dated(value) if label.endswith("date") else value


def _way(element: Any) -> str:
    """The last steps to an element, by local names."""
    steps: list[str] = []
    while element is not None and len(steps) < _STEPS:
        steps.append(_local(element))
        element = element.getparent()
    return "/".join(reversed(steps))


def _tails(way: str) -> Iterator[str]:
    while way:
        yield way
        way = way.partition("/")[2]


def _local(element: Any) -> str:
    return _NAMESPACE.sub("", str(element.tag))


def _dated(value: str) -> str:
    compact = _COMPACT_DATE.fullmatch(value)
    return "-".join(compact.groups()) if compact else value
