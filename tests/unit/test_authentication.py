"""Only what our own gateway wrote about the one sender counts, and a fail outweighs a pass."""

from __future__ import annotations

from typing import Any

import pytest
from support.triage import a_message, a_policy

from ingest.message import Address
from processor.triage.authentication import authenticate

FIELD = "Authentication-Results"
POLICY = a_policy(authserv_id="mx.desk.example")
PASS = (FIELD, "mx.desk.example; dmarc=pass header.from=client.example")
FAIL = (FIELD, "mx.desk.example; dmarc=fail header.from=client.example")
FOREIGN = (FIELD, "mx.evil.example; dmarc=pass header.from=client.example")


def dmarc(*headers: tuple[str, str], **more: Any) -> str:
    return authenticate(a_message(*headers, **more), POLICY).dmarc


@pytest.mark.parametrize(
    "value",
    [
        "mx.desk.example; dmarc=pass header.from=client.example",
        "MX.Desk.Example 1; spf=pass smtp.mailfrom=x@y.example; DMARC=PASS (p=none) header.from=Client.Example.",
        '"mx.desk.example"; dmarc/1 = pass header.from = "client.example"',
        "mx.desk.example (our gateway); dkim=fail; dmarc=pass (a; comment) header.from=jane@client.example",
        "mx.desk.example;dmarc=pass policy.dmarc=none header.from=client.example;",
    ],
)
def test_a_pass_for_the_senders_domain_counts(value: str) -> None:
    assert dmarc((FIELD, value)) == "pass"


@pytest.mark.parametrize(
    "value",
    [
        "mx.desk.example; dmarc=pass",
        "mx.desk.example; dmarc=pass header.from=",
        "mx.desk.example; dmarc=pass header.from=evil.example",
        "mx.desk.example; dmarc=pass header.from=sub.client.example",
        "mx.desk.example; dmarc=bestguesspass header.from=client.example",
        "mx.desk.example; dmarc=none header.from=client.example",
        "mx.desk.example; spf=pass header.from=client.example",
        'mx.desk.example; spf=fail reason="x; dmarc=pass header.from=client.example"',
        'mx.desk.example; spf=fail smtp.mailfrom="\\"; dmarc=pass header.from=client.example; \\""@x',
        "mx.desk.example; spf=fail (x; dmarc=pass header.from=client.example)",
        "mx.desk.example; none",
        "mx.desk.example;;;",
        "mx.desk.example",
        "dmarc=pass header.from=client.example",
        "xmx.desk.example; dmarc=pass header.from=client.example",
        "",
        ";",
        '"',
        "((",
    ],
)
def test_anything_less_says_nothing(value: str) -> None:
    assert dmarc((FIELD, value)) == "none"


@pytest.mark.parametrize(
    "value", ["mx.desk.example; dmarc=fail header.from=other.example", "mx.desk.example; dmarc = fail (p=none)"]
)
def test_a_fail_counts_whatever_domain_it_names(value: str) -> None:
    assert dmarc((FIELD, value)) == "fail"


def test_without_an_authserv_id_in_the_policy_nothing_is_trusted() -> None:
    assert authenticate(a_message(FAIL), a_policy()).dmarc == "none"
    assert authenticate(a_message((FIELD, "; dmarc=fail")), a_policy(authserv_id="")).dmarc == "none"


def test_all_fields_of_an_unbroken_run_are_read() -> None:
    spf = (FIELD, "mx.desk.example; spf=pass")
    assert dmarc(("Received", "x"), spf, PASS, ("Received", "y")) == "pass"
    assert dmarc(PASS, FAIL) == dmarc(FAIL, PASS) == "fail"


@pytest.mark.parametrize("between", [("Received", "from sender"), FOREIGN, ("Subject", "x")])
def test_a_forged_field_below_the_run_is_not_read(between: tuple[str, str]) -> None:
    spf = (FIELD, "mx.desk.example; spf=pass")
    assert dmarc(spf, between, PASS) == "none"
    assert dmarc(spf, between, FAIL) == "none"
    assert dmarc(PASS, between, FAIL) == "pass"


def test_a_foreign_field_above_is_skipped_and_never_read() -> None:
    assert dmarc(FOREIGN) == "none"
    assert dmarc(FOREIGN, FAIL) == "fail"


def test_a_pass_is_nobodys_where_from_is_not_exactly_one_address() -> None:
    assert dmarc(PASS, from_ambiguous=True) == "none"
    assert dmarc(PASS, from_=()) == "none"
    assert dmarc((FIELD, "mx.desk.example; dmarc=pass"), from_=(Address(address="jane@"),)) == "none"
    assert dmarc(FAIL, from_=()) == "fail"


def test_letter_case_makes_no_other_server_and_no_other_domain() -> None:
    assert dmarc(PASS, sender="jane@Client.EXAMPLE") == "pass"
    assert authenticate(a_message(FAIL), a_policy(authserv_id="MX.Desk.Example")).dmarc == "fail"


def test_a_root_dot_in_from_is_no_other_domain() -> None:
    assert dmarc(PASS, sender="jane@client.example.") == "pass"


@pytest.mark.parametrize("header_from", ["xn--mller-kva.example", "müller.example", "XN--MLLER-KVA.Example."])
@pytest.mark.parametrize("sender", ["jane@müller.example", "jane@xn--mller-kva.example"])
def test_a_pass_counts_for_both_forms_of_a_domain(header_from: str, sender: str) -> None:
    assert dmarc((FIELD, f"mx.desk.example; dmarc=pass header.from={header_from}"), sender=sender) == "pass"
