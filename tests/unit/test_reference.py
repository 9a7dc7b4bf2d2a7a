"""References are read as people retype them, and nobody makes our tokens without our key."""

from __future__ import annotations

import pytest
from support.triage import KEY

from processor.triage.reference import (
    mint_reference,
    own_message_id,
    read_reference,
    reference_of,
    reference_of_address,
    references_in,
    verp_address,
)

# Values of Crockford's base32 worked out by hand: 32 ** 8 - 1 has the remainder 15 modulo 37, whose symbol is F.
ZERO, LAST = "DD-0000-0000-0", "DD-ZZZZ-ZZZZ-F"
REFERENCE = mint_reference("DD", lambda _: 123_456_789_012)
OWN_ID = own_message_id(REFERENCE, "ack", KEY, "desk.example")
VERP = verp_address("accounts@desk.example", REFERENCE, KEY)


@pytest.mark.parametrize(
    ("number", "reference"), [(0, ZERO), (32**8 - 1, LAST), (36, "DD-0000-0014-U"), (37, "DD-0000-0015-0")]
)
def test_a_reference_is_the_number_in_crockfords_base32_with_his_check(number: int, reference: str) -> None:
    assert mint_reference("DD", lambda _: number) == reference
    assert read_reference(reference, "DD") == reference


def test_numbers_are_drawn_from_forty_bits() -> None:
    sizes: list[int] = []
    mint_reference("DD", lambda size: sizes.append(size) or 0)
    assert sizes == [2**40]


def test_a_number_whose_check_is_no_letter_or_digit_is_drawn_again() -> None:
    numbers = [32, 33, 34, 35, 31]
    assert mint_reference("LEGAL", lambda _: numbers.pop(0)) == "LEGAL-0000-000Z-Z"
    assert numbers == []


@pytest.mark.parametrize(
    "text",
    [
        "dd-0014-0i1l-{}",
        "DD00140I1L{}",
        " dd 0014 0ILL {} ",
        "DD-OO14-O11I-{}",
        "dd\u20110014\u20130111\u2014{}",
        "DDoo140111{}",
    ],
)
def test_retyped_references_are_understood(text: str) -> None:
    (reference,) = (r for c in "0123456789ABCDEFGHJKMNPQRSTVWXYZU" if (r := read_reference(f"DD00140111{c}", "DD")))
    assert read_reference(text.format(reference[-1].lower()), "DD") == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DD",
        "DD-",
        "DD-0000-0000",
        "DD-0000-0000-1",
        "XX-0000-0000-0",
        "DD-0000-0000-0-0",
        "DD-0000-000U-0",
        "0000-0000-0",
        "DD-U000-0000-0",
        "DD-0000-0000-*",
        "DD-0000-0_00-0",
        "DD-٠000-0000-0",
        "DD-ſ000-0000-0",
        "D-D0000-0000-00",
        "DD-0000-0000-00",
    ],
)
def test_what_is_no_reference_is_not_read(text: str) -> None:
    assert read_reference(text, "DD") is None


def test_a_prefix_with_letters_that_are_forgiven_elsewhere_is_read() -> None:
    reference = mint_reference("OIL", lambda _: 5)
    assert read_reference(reference.lower(), "OIL") == reference
    assert read_reference(reference.replace("OIL", "01L"), "OIL") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Re: [{ZERO}] and {LAST.lower()}, thanks", [ZERO, LAST]),
        (f"({ZERO}){LAST}", [ZERO, LAST]),
        (f"x{ZERO}", []),
        (f"{ZERO}x", []),
        (f"{ZERO}-x", [ZERO]),
        ("dd 0000 0000 0", [ZERO]),
        ("DD-0000-0000-1", []),
        ("", []),
    ],
)
def test_references_are_found_in_a_text_as_whole_words(text: str, found: list[str]) -> None:
    assert list(references_in(text, "DD")) == found


def test_our_message_id_has_its_reference_its_purpose_and_a_token_of_128_bits() -> None:
    begin, purpose, rest = OWN_ID.split(".", 2)
    token, domain = rest.split("@")
    assert (begin, purpose, domain) == (f"<{REFERENCE.lower()}", "ack", "desk.example>")
    assert len(token) == 26
    assert token == token.lower()


def test_the_token_of_a_message_id_never_changes() -> None:
    # Kept from the first version: a change would cut every answer off from its case.
    assert own_message_id("DD-7K3M-9QXW-5", "ack", b"key", "desk.example") == (
        "<dd-7k3m-9qxw-5.ack.5ehjkjljivkfsy7vuka4seewju@desk.example>"
    )
    assert verp_address("a@desk.example", "DD-7K3M-9QXW-5", b"key") == "a+b-dd7k3m9qxw5-zuwiafizhxnrxsoc@desk.example"


@pytest.mark.parametrize("purpose", ["", "a.b", "a b", "A", "x" * 41, "é", "a@b", "a\n"])
def test_a_purpose_that_would_not_read_back_is_refused(purpose: str) -> None:
    with pytest.raises(ValueError, match="is not a purpose"):
        own_message_id(REFERENCE, purpose, KEY, "desk.example")


@pytest.mark.parametrize("purpose", ["ack", "reply-12", "x" * 40])
def test_our_message_id_reads_back(purpose: str) -> None:
    assert reference_of(own_message_id(REFERENCE, purpose, KEY, "desk.example"), KEY, "DD") == REFERENCE


def test_our_message_id_reads_back_as_mangled_by_others() -> None:
    assert reference_of(OWN_ID.upper(), KEY, "DD") == REFERENCE
    assert reference_of(OWN_ID.strip("<>"), KEY, "DD") == REFERENCE
    assert reference_of(f" {OWN_ID}\t", KEY, "DD") == REFERENCE
    assert reference_of(OWN_ID.replace("desk.example", "[127.0.0.1]"), KEY, "DD") == REFERENCE


def test_a_token_of_another_reference_purpose_key_or_prefix_proves_nothing() -> None:
    other = mint_reference("DD", lambda _: 123_456_789_013)
    assert reference_of(OWN_ID.replace(REFERENCE.lower(), other.lower()), KEY, "DD") is None
    assert reference_of(OWN_ID.replace(".ack.", ".reply."), KEY, "DD") is None
    assert reference_of(OWN_ID, KEY + b"x", "DD") is None
    assert reference_of(OWN_ID, KEY, "AB") is None
    assert reference_of_address(VERP, KEY + b"x", "DD") is None
    assert reference_of_address(VERP, KEY, "AB") is None
    assert reference_of_address(VERP.replace(_plain(REFERENCE), _plain(other)), KEY, "DD") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<>",
        "<@>",
        "nonsense",
        f"<{ZERO.lower()}@desk.example>",
        f"<{ZERO.lower()}.ack.@desk.example>",
        "<a.b.c@d>",
        "é@é",
    ],
)
def test_other_message_ids_and_addresses_are_nobodys(text: str) -> None:
    assert reference_of(text, KEY, "DD") is None
    assert reference_of_address(text, KEY, "DD") is None


def test_a_signed_address_reads_back_under_any_domain_and_letter_case() -> None:
    assert reference_of_address(VERP, KEY, "DD") == REFERENCE
    assert reference_of_address(VERP.upper(), KEY, "DD") == REFERENCE
    assert reference_of_address(VERP.replace("desk.example", "other.example"), KEY, "DD") == REFERENCE


def test_a_signed_address_of_an_address_that_has_a_plus_tag_reads_back() -> None:
    assert reference_of_address(verp_address("a+b@desk.example", REFERENCE, KEY), KEY, "DD") == REFERENCE


def test_a_signed_local_part_leaves_room_in_its_sixty_four_octets() -> None:
    longest = verp_address("x" * 29 + "@desk.example", "ABCDEF-7K3M-9QXW-5", KEY)
    assert len(longest.partition("@")[0]) == 64


def test_the_tokens_of_message_ids_and_addresses_are_not_the_same() -> None:
    token = OWN_ID.split(".")[2].partition("@")[0]
    assert reference_of_address(f"accounts+b-{_plain(REFERENCE)}-{token[:16]}@desk.example", KEY, "DD") is None


def _plain(reference: str) -> str:
    return reference.replace("-", "").lower()
