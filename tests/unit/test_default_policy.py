"""The shipped policy and the daydesk.toml that `daydesk init` writes."""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import re2

from ingest.message import Attachment, Message
from processor import resources
from processor.policy import (
    Acknowledgement,
    Caps,
    Database,
    Desk,
    FolderSource,
    ImapSource,
    OAuth2,
    Policy,
    Run,
    Smtp,
    load_policy,
)
from processor.triage.details import missing
from processor.triage.details.table import DetailTable, compile_details
from processor.triage.examples import run_examples
from processor.triage.language import detect
from processor.triage.patterns import compile_set
from processor.triage.routing import Routing, RuleTable, compile_rules

REQUESTS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "messages" / "requests.toml").read_text(encoding="utf-8")
)["mail"]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LANGUAGES = {"en", "fr", "de", "es"}
ACCOUNTING = {"accounts-receivable", "accounts-payable", "tax"}


@cache
def shipped() -> tuple[Policy, RuleTable, DetailTable]:
    policy = load_policy(resources.daydesk_toml(), resources.shipped_policy)
    return policy, compile_rules(policy), compile_details(policy)


def message(request: dict[str, Any]) -> Message:
    text = request["text"].strip()
    attachments = tuple(
        Attachment(name=name, declared_type="application/pdf", detected_type=None, size=1, sha256="")
        for name in request.get("attachments", ())
    )
    return Message(sha256="", headers=(), subject=request["subject"], text=text, new_text=text, attachments=attachments)


def routed(request: dict[str, Any]) -> Routing:
    mail = message(request)
    return shipped()[1].route(mail, detect(mail.new_text), request.get("automatic", False), ())


def found(text: str, subject: str = "") -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for item in shipped()[2].find(message({"subject": subject, "text": text}), NOW):
        values.setdefault(item.name, []).append(item.value)
    return values


def test_every_rule_wins_its_own_examples() -> None:
    policy, rules, _ = shipped()
    assert run_examples(policy, rules) == ()


def test_mails_as_people_write_them_go_where_they_belong(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(REQUESTS) >= 60
    routings = [(request, routed(request)) for request in REQUESTS]
    wrong_type = [(r["subject"], got.rule) for r, got in routings if got.request_type != r["request_type"]]
    wrong_queue = [(r["subject"], got.rule) for r, got in routings if got.queue != r["queue"]]
    right_type, right_queue = (1 - len(wrong) / len(REQUESTS) for wrong in (wrong_type, wrong_queue))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(REQUESTS)} mails: request type {right_type:.1%} right, queue {right_queue:.1%} right\n"
        )
    assert right_type >= 0.92, wrong_type
    assert right_queue >= 0.95, wrong_queue


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request["subject"])
def test_what_is_urgent_is_urgent_and_nothing_else_is(request_: dict[str, Any]) -> None:
    assert (routed(request_).priority == "urgent") is request_.get("urgent", False)


def test_none_of_those_mails_is_an_example_of_a_rule() -> None:
    examples = {" ".join(example.split()) for rule in shipped()[0].rules for example in rule.examples}
    assert not any(" ".join(f"{r['subject']} {r['text']}".split()) in examples for r in REQUESTS)


def test_every_queue_and_every_request_type_is_reached_by_a_rule() -> None:
    policy, _, _ = shipped()
    assert {rule.request_type for rule in policy.rules} == set(policy.request_types)
    assert {rule.queue or policy.request_types[rule.request_type or ""].queue for rule in policy.rules} == set(
        policy.queues
    )


def test_every_rule_but_the_last_has_two_examples() -> None:
    assert [rule.name for rule in shipped()[0].rules[:-1] if len(rule.examples) < 2] == []


def test_every_detail_and_request_is_named_in_four_languages() -> None:
    policy, _, _ = shipped()
    named = [detail.ask for detail in policy.details.values()] + [kind.label for kind in policy.request_types.values()]
    assert all(set(labels) == LANGUAGES for labels in named)


def test_accounting_never_writes_to_clients() -> None:
    queues = shipped()[0].queues
    assert {name for name, queue in queues.items() if not queue.writes_to_clients} == ACCOUNTING


def test_patterns_asked_together_find_what_each_finds_alone() -> None:
    patterns = [pattern for detail in shipped()[0].details.values() for pattern in detail.patterns]
    together = compile_set(patterns)
    alone = [re2.compile(pattern.encode()) for pattern in patterns]
    for request in REQUESTS:
        octets = f"{request['subject']}\n{request['text']}".encode()
        assert sorted(together(octets)) == [at for at, one in enumerate(alone) if one.search(octets)]


@pytest.mark.parametrize(
    ("text", "detail", "values"),
    [
        ("Query on invoice INV-20417", "invoice-number", ["INV-20417"]),
        ("invoice number: 4711", "invoice-number", ["4711"]),
        ("Invoice no. 2026/114 is wrong", "invoice-number", ["2026/114"]),
        ("invoice #88120, please", "invoice-number", ["88120"]),
        ("our bill 20391.", "invoice-number", ["20391"]),
        ("Invoices 4711, 4712 and 4713", "invoice-number", ["4711", "4712", "4713"]),
        ("about INV-20370 and INV-20371", "invoice-number", ["INV-20370", "INV-20371"]),
        ("la facture n° FA-88213", "invoice-number", ["FA-88213"]),
        ("le numéro de la facture est le 2026-118", "invoice-number", ["2026-118"]),
        ("Facture numéro 55120 du 3 mai", "invoice-number", ["55120"]),
        ("factures 101, 102 et 103", "invoice-number", ["101", "102", "103"]),
        ("Rechnung Nr. 2026-3391", "invoice-number", ["2026-3391"]),
        ("Rechnungsnummer: RE-2026-77", "invoice-number", ["RE-2026-77"]),
        ("Rechnung 700 448 112", "invoice-number", ["700 448 112"]),
        ("la factura nº 5512", "invoice-number", ["5512"]),
        ("Facturas pendientes RS-2041, RS-2042 y RS-2047", "invoice-number", ["RS-2041", "RS-2042", "RS-2047"]),
        ("What is my invoice number?", "invoice-number", []),
        ("Quel est mon numéro de facture ?", "invoice-number", []),
        ("Wie lautet die Rechnungsnummer?", "invoice-number", []),
        ("the invoice of 12/05/2026", "invoice-number", []),
        ("credit note CN-118", "credit-note-number", ["CN-118"]),
        ("l'avoir n° AV-2026-3", "credit-note-number", ["AV-2026-3"]),
        ("Gutschrift Nr. 8812", "credit-note-number", ["8812"]),
        ("payment number PR-559120", "payment-number", ["PR-559120"]),
        ("Prélèvement groupé n° PR-559120", "payment-number", ["PR-559120"]),
        ("Lastschrift Nr. 3312", "payment-number", ["3312"]),
        ("a payment of 500 EUR", "payment-number", []),
        ("customer reference C-2210", "customer-reference", ["C-2210"]),
        ("référence client : TC-5521", "customer-reference", ["TC-5521"]),
        ("Kundennummer 88-1204", "customer-reference", ["88-1204"]),
        ("referencia de cliente ES-11", "customer-reference", ["ES-11"]),
        ("What is my customer number?", "customer-reference", []),
        ("by cheque no. 004512", "cheque-number", ["004512"]),
        ("chèque n° 8812345", "cheque-number", ["8812345"]),
        ("Schecknummer 100245", "cheque-number", ["100245"]),
        ("a cheque, please", "cheque-number", []),
        ("cheque drawn on Lloyds Bank, 3 May", "client-bank", ["Lloyds Bank"]),
        ("chèque tiré sur la Banque de Savoie.", "client-bank", ["Banque de Savoie"]),
        ("Bank: Volksbank Nord", "client-bank", ["Volksbank Nord"]),
        ("our bank: sort code 60-16-13", "client-bank", []),
        ("1,284.60 EUR", "amount", ["1,284.60 EUR"]),
        ("£418.50", "amount", ["£418.50"]),
        ("1 284,60 € TTC", "amount", ["1 284,60 €"]),
        ("1.284,60 Euro", "amount", ["1.284,60 Euro"]),
        ("USD 2,500.00 was paid", "amount", ["USD 2,500.00"]),
        ("INR 8,200", "amount", ["INR 8,200"]),
        ("20 invoices and 3 letters", "amount", []),
        ("paid on 3 November 2026", "payment-date", ["2026-11-03"]),
        ("paid May 3rd, 2026", "payment-date", ["2026-05-03"]),
        ("paid November 1.", "payment-date", ["2026-11-01"]),
        ("wir haben am 12. November 1.250,00 € überwiesen", "payment-date", ["2026-11-12"]),
        ("payé le 1er décembre", "payment-date", ["2026-12-01"]),
        ("am 2.11.2026 bezahlt", "payment-date", ["2026-11-02"]),
        ("Überweisung am 3. März", "payment-date", ["2026-03-03"]),
        ("pagado el 3 de noviembre de 2026", "payment-date", ["2026-11-03"]),
        ("The hearing was on 3 November 2026", "payment-date", []),
        ("call us", "payment-date", []),
        ("paid by bank transfer", "payment-method", ["bank transfer"]),
        ("please check this", "payment-method", []),
        ("we paid by check", "payment-method", ["check"]),
        ("réglé par chèque", "payment-method", ["chèque"]),
        ("per Überweisung", "payment-method", ["Überweisung"]),
        ("por transferencia", "payment-method", ["transferencia"]),
        ("Phone: +44 20 7946 0182", "phone", ["+44 20 7946 0182"]),
        ("Tél. 01 42 68 53 00", "phone", ["01 42 68 53 00"]),
        ("Telefon: 030 23125118", "phone", ["030 23125118"]),
        ("Account name: Hartwell Clinic Group", "account-name", ["Hartwell Clinic Group"]),
        ("on behalf of our client Kirkdale Trust, I", "account-name", ["Kirkdale Trust"]),
        ("I write for Delmas & Fils SARL.", "company-name", ["Delmas & Fils SARL"]),
        ("Firma: Kessler Maschinenbau", "company-name", ["Kessler Maschinenbau"]),
        ("VAT number GB 980 7806 84", "tax-id", ["GB 980 7806 84"]),
        ("USt-IdNr.: DE123456788", "tax-id", ["DE123456788"]),
        ("numéro de TVA intracommunautaire : FR40303265045", "tax-id", ["FR40303265045"]),
        ("CIF B12345674", "tax-id", ["B12345674"]),
        ("EIN 12-3456789 for your files", "tax-id", ["12-3456789"]),
        ("in the third quarter of 2026", "period", ["third quarter of 2026"]),
        ("pour octobre 2026", "period", ["octobre 2026"]),
        ("Rahmenvertrag Region Süd", "brand-or-region", ["Süd"]),
        ("I live in the Leeds area", "brand-or-region", ["Leeds"]),
        ("I spoke to Dana Price last week", "contact-person", ["Dana Price"]),
        ("mein Ansprechpartner ist Herr Vogt", "contact-person", ["Vogt"]),
        ("Best regards,\nJoan Tredwell\nBursar", "name", ["Joan Tredwell"]),
        ("Je m'appelle Inès Barthélémy", "name", ["Inès Barthélémy"]),
        ("we have a website", "website", ["have a website"]),
        ("J'accepte le prix du domaine", "domain-consent", ["J'accepte le prix"]),
    ],
)
def test_details_are_found_as_people_write_them(text: str, detail: str, values: list[str]) -> None:
    assert found(text).get(detail, []) == values


def test_a_cheque_is_asked_for_its_number_and_bank_and_a_transfer_is_not() -> None:
    policy, _, details = shipped()
    kind = policy.request_types["missing-payment"]
    text = "We paid £236.00 by {} on 3 November 2026. Company: Hall School, customer reference SAH-93."
    cheque = details.find(message({"subject": "Payment", "text": text.format("cheque")}), NOW)
    transfer = details.find(message({"subject": "Payment", "text": text.format("bank transfer")}), NOW)
    assert missing(kind, cheque) == ("cheque-number", "client-bank")
    assert missing(kind, transfer) == ()


def test_a_change_of_bank_details_asks_for_nothing_by_mail() -> None:
    assert shipped()[0].request_types["bank-details-change"].details == ()


INIT = resources.daydesk_toml()
KEY = re.compile(r"# ([a-z_]+) = ", re.MULTILINE)
OTHER_THAN_DEFAULT = ("by default", "instead of")  # remarks on keys whose shown value is an example


def commented() -> list[int]:
    """The lines of daydesk.toml that show a key of a table that is there."""
    lines = INIT.read_text(encoding="utf-8").splitlines()
    table_is_there = False
    shown = []
    for at, line in enumerate(lines):
        if "[" in line[:4]:
            table_is_there = line.startswith("[")
        if table_is_there and KEY.match(line):
            shown.append(at)
    return shown


@pytest.mark.parametrize("at", commented())
def test_a_key_that_is_commented_out_can_be_put_in_and_shows_the_default(tmp_path: Path, at: int) -> None:
    lines = INIT.read_text(encoding="utf-8").replace('include = ["default"]', 'include = ["small.toml"]').splitlines()
    queues = "".join(f'[queues.{name}]\nlabel = "Q"\n' for name in ("triage", "accounts-payable"))
    (tmp_path / "small.toml").write_text(f'{queues}[[rules]]\nname = "all"\nqueue = "triage"\n')
    path = tmp_path / "daydesk.toml"
    path.write_text("\n".join(lines))
    before = load_policy(path, resources.shipped_policy)
    lines[at] = lines[at].removeprefix("# ")
    path.write_text("\n".join(lines))
    after = load_policy(path, resources.shipped_policy)
    is_example = any(remark in lines[at] for remark in OTHER_THAN_DEFAULT)
    assert (after.version != before.version) is is_example


def test_the_tables_that_are_commented_out_can_be_put_in(tmp_path: Path) -> None:
    text = INIT.read_text(encoding="utf-8")
    blocks = [block for block in text.split("\n\n") if "# [[" in block]
    assert len(blocks) == 5
    for block in blocks:
        start = block.index("# [[")
        told = block[:start] + re.sub(r"^# ?", "", block[start:], flags=re.MULTILINE)
        text = text.replace(block, told)
    text = text.replace('# addresses = ["legal@example.org"]', 'addresses = ["legal@example.org"]')  # a team has it
    # An example's blank line is a commented one: "#".
    path = tmp_path / "daydesk.toml"
    path.write_text(text, encoding="utf-8")
    policy = load_policy(path, resources.shipped_policy)
    assert policy.mailboxes[1].name == "scans"
    assert policy.acknowledgement.spam[0].field == "X-Spam-Flag"
    assert policy.rules[0].name == "pension-fund"
    assert policy.placing[0].name == "large-payments"
    assert policy.teams[0].queues
    assert run_examples(policy, compile_rules(policy)) == ()


@pytest.mark.parametrize("table", [Desk, ImapSource, FolderSource, Smtp, Acknowledgement, Caps, Run, Database, OAuth2])
def test_every_key_of_a_table_is_shown(table: type[Desk]) -> None:
    text = INIT.read_text(encoding="utf-8")
    shown = set(re.findall(r"^(?:# )?\[*(?:acknowledgement\.)?([a-z0-9_]+)(?:\]| = )", text, re.MULTILINE))
    assert set(table.model_fields) <= shown
