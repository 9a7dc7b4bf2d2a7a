"""A cap holds for a mailbox, however its address is written, and for no other mailbox."""

from __future__ import annotations

import pytest

from processor.triage.correspondent import ascii_domain, mailbox_of


@pytest.mark.parametrize(
    "spelling",
    [
        "jane@client.example",
        "JANE@Client.EXAMPLE",
        "jane+suppliers@client.example",
        "jane+a+b@client.example",
        '"jane"@client.example',
        '"ja\\ne"@client.example',
    ],
)
def test_spellings_of_one_address_reach_one_mailbox(spelling: str) -> None:
    assert mailbox_of(spelling) == "jane@client.example"


@pytest.mark.parametrize("spelling", ["j.doe@gmail.com", "JDoe+x@GMail.com", "j.d.o.e@googlemail.com"])
def test_a_gmail_mailbox_has_no_dots_and_two_domains(spelling: str) -> None:
    assert mailbox_of(spelling) == "jdoe@gmail.com"


@pytest.mark.parametrize(
    "other", ["j.ane@client.example", "jane@mail.client.example", "jane-x@client.example", "@", ""]
)
def test_another_address_reaches_another_mailbox(other: str) -> None:
    assert mailbox_of(other) != "jane@client.example"


def test_both_forms_of_a_domain_are_one() -> None:
    assert (
        mailbox_of("chloé@müller.example")
        == "chloé@xn--mller-kva.example"
        == mailbox_of("chloe\u0301@XN--mller-kva.example")
    )


@pytest.mark.parametrize("domain", ["ü" * 80 + ".example", "ü..example", "ü" * 100_000])
def test_a_domain_that_has_no_labels_is_left_as_it_is(domain: str) -> None:
    assert ascii_domain(domain) == domain
