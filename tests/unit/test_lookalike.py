"""Domains that readers take for others."""

from __future__ import annotations

import pytest

from processor.triage.lookalike import distance, imitated, name_of, pieces, probes, shown, skeleton

KNOWN = ("wordbridge.co.uk", "client-house.example", "solheim.example", "abc.example", "modern.example")

LIKE = [
    ("wordbrigde.co.uk", "wordbridge.co.uk"),
    ("w0rdbridge.co.uk", "wordbridge.co.uk"),
    ("wordbridge.com", "wordbridge.co.uk"),
    ("wordbridge-payments.com", "wordbridge.co.uk"),
    ("paywordbridge.net", "wordbridge.co.uk"),
    ("wordbridge.co.uk.evil.example", "wordbridge.co.uk"),
    ("wordbrldge.co.uk", "wordbridge.co.uk"),
    ("wоrdbridge.co.uk", "wordbridge.co.uk"),  # a Cyrillic o
    ("xn--wrdbridge-hgj.co.uk", "wordbridge.co.uk"),
    ("clienthouse.example", "client-house.example"),
    ("soIheim.example", "solheim.example"),
    ("solheirn.example", "solheim.example"),
    ("rnodern.example", "modern.example"),
    ("abc.net", "abc.example"),
]


@pytest.mark.parametrize(("domain", "meant"), LIKE)
def test_a_look_alike_is_known_by_what_it_looks_like(domain: str, meant: str) -> None:
    domain = domain.lower() if "I" not in domain else domain.casefold()
    found = imitated(domain, KNOWN)
    assert found is not None
    assert found[0] == meant
    assert found[1]


@pytest.mark.parametrize(("domain", "meant"), LIKE)
def test_and_is_found_by_a_piece_of_it(domain: str, meant: str) -> None:
    assert not pieces(meant).isdisjoint(probes(domain.casefold()))


@pytest.mark.parametrize(
    "domain", ["wordbridge.co.uk", "mail.wordbridge.co.uk", "abd.example", "other.example", "bridge.example", ""]
)
def test_itself_its_hosts_and_strangers_look_like_none(domain: str) -> None:
    assert imitated(domain, KNOWN) is None


def test_names_are_read_with_their_ending() -> None:
    assert name_of("a.wordbridge.co.uk") == ("wordbridge", "co.uk")
    assert name_of("client.example") == ("client", "example")
    assert name_of("localhost") == ("localhost", "")


def test_labels_that_are_no_punycode_stay() -> None:
    assert shown("xn--\u00e9.example") == "xn--\u00e9.example"
    assert shown("xn--bcher-kva.example") == "bücher.example"


def test_distances_are_counted_up_to_the_most_that_matters() -> None:
    assert [distance("abcd", other, 2) for other in ("abcd", "abdc", "abce", "abcde", "acd", "xyzw", "abcdefgh")] == [
        0, 1, 1, 1, 1, 3, 3,
    ]  # fmt: skip


def test_alike_is_alike_whatever_the_writing() -> None:
    assert skeleton("PAYPAL") == skeleton("раураl") == skeleton("pay\u200bpal")
    assert len(probes("a" * 63 + ".example")) < 500
