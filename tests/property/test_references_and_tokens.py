"""References and tokens, for every number and every change."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from processor.triage.reference import (
    mint_reference,
    own_message_id,
    read_reference,
    reference_of,
    reference_of_address,
    references_in,
    verp_address,
)

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY = b"a key of the desk's own"

numbers = st.integers(0, 2**40 - 1).filter(lambda number: number % 37 not in range(32, 36))
prefixes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=6)
references = numbers.map(lambda number: mint_reference("DD", lambda _: number))
purposes = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=40)


@given(prefixes, numbers)
def test_what_is_minted_reads_back(prefix: str, number: int) -> None:
    reference = mint_reference(prefix, lambda _: number)
    assert read_reference(reference, prefix) == reference
    assert read_reference(reference.lower().replace("-", ""), prefix) == reference
    assert list(references_in(f"Re: [{reference}] x", prefix)) == [reference]


@given(references, st.sampled_from((3, 4, 5, 6, 8, 9, 10, 11, 13)), st.sampled_from(SYMBOLS + "U"))
def test_a_change_of_one_symbol_is_noticed(reference: str, place: int, symbol: str) -> None:
    assume(reference[place] != symbol)
    assert read_reference(reference[:place] + symbol + reference[place + 1 :], "DD") is None


@given(references, st.sampled_from((3, 4, 5, 8, 9, 10)))
def test_two_neighbours_in_each_others_place_are_noticed(reference: str, place: int) -> None:
    assume(reference[place] != reference[place + 1])
    swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
    assert read_reference(swapped, "DD") is None


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_reference(text, "DD")
    assert found is None or read_reference(found, "DD") == found


@given(references, purposes)
def test_our_message_ids_and_addresses_read_back(reference: str, purpose: str) -> None:
    assert reference_of(own_message_id(reference, purpose, KEY, "desk.example"), KEY, "DD") == reference
    assert reference_of_address(verp_address("a@desk.example", reference, KEY), KEY, "DD") == reference


@given(references, references, purposes, purposes)
def test_a_token_is_of_no_use_for_another_reference_or_purpose(
    mine: str, other: str, purpose: str, another: str
) -> None:
    assume(mine != other)
    assume(purpose != another)
    token = own_message_id(mine, purpose, KEY, "desk.example").rpartition(".")[0].rpartition(".")[2].partition("@")[0]
    assert reference_of(f"<{mine.lower()}.{purpose}.{token}@x.example>", KEY, "DD") == mine
    assert reference_of(f"<{other.lower()}.{purpose}.{token}@x.example>", KEY, "DD") is None
    assert reference_of(f"<{mine.lower()}.{another}.{token}@x.example>", KEY, "DD") is None
    signed = verp_address("a@desk.example", mine, KEY).replace(_plain(mine), _plain(other))
    assert reference_of_address(signed, KEY, "DD") is None


@given(references, st.integers(0, 25), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_one_symbol_changed_proves_nothing(reference: str, place: int, symbol: str) -> None:
    own = own_message_id(reference, "ack", KEY, "desk.example")
    start = own.index(".ack.") + len(".ack.") + place
    assume(own[start] != symbol)
    assert reference_of(own[:start] + symbol + own[start + 1 :], KEY, "DD") is None


@pytest.mark.parametrize("read", [reference_of, reference_of_address])
@given(text=st.text(max_size=120))
def test_any_message_id_or_address_is_read_or_refused(read: type, text: str) -> None:
    assert read(text, KEY, "DD") is None


def _plain(reference: str) -> str:
    return reference.replace("-", "").lower()
