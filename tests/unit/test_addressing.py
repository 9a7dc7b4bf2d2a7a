"""To whom a mail was addressed is read from every field that says so, in one letter case."""

from __future__ import annotations

import pytest
from support.triage import a_message

from ingest.message import Address
from processor.triage.addressing import is_own, recipients, tag_of, without_tag


def test_every_field_of_delivery_is_read_once_and_without_letter_case() -> None:
    message = a_message(
        ("Delivered-To", "Accounts@Desk.example"),
        ("RESENT-CC", "<a@x.example>,,; (b@x.example) nonsense"),
        ("Bcc", "hidden@x.example"),
        to=(Address(address="ACCOUNTS@desk.example"),),
        cc=(Address(address="C@x.example"),),
    )
    assert recipients(message) == ("accounts@desk.example", "a@x.example", "b@x.example", "c@x.example")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("accounts@desk.example", True),
        ("ACCOUNTS+x+y@desk.example", True),
        ("legal+uk@desk.example", True),
        ("legal+uk+x@desk.example", False),
        ("legal@desk.example", False),
        ("accounts@sub.desk.example", False),
        ("+@desk.example", False),
        ("nonsense", False),
    ],
)
def test_an_address_is_ours_with_any_tag_and_an_own_tag_is_no_other(address: str, expected: bool) -> None:
    assert is_own(address, frozenset(("accounts@desk.example", "legal+uk@desk.example"))) is expected


@pytest.mark.parametrize(
    ("address", "tag", "plain"),
    [
        ("a+b+c@x", "b+c", "a@x"),
        ("a@x", "", "a@x"),
        ("a+@x", "", "a@x"),
        ("no", "", "no"),
        ('"a@b"+c@x', "c", '"a@b"@x'),
    ],
)
def test_a_tag_is_what_follows_the_first_plus(address: str, tag: str, plain: str) -> None:
    assert (tag_of(address), without_tag(address)) == (tag, plain)
