"""Redaction, for IBANs of every country and every text around them."""

from __future__ import annotations

import string

from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban

from processor.triage.redaction import redact

STRUCTURES = {  # some of the IBAN registry's, written out here so that the code is not judged by its own table
    "DE": "n" * 18,
    "FR": "n" * 10 + "c" * 11 + "nn",
    "GB": "aaaa" + "n" * 14,
    "NL": "aaaa" + "n" * 10,
    "ES": "n" * 20,
    "BE": "n" * 12,
    "CH": "n" * 5 + "c" * 12,
    "PL": "n" * 24,
    "MT": "aaaa" + "n" * 5 + "c" * 18,
    "NO": "n" * 11,
}
KINDS = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}
GAPS = ("", " ", "-", "\u00a0", "\n", "\r\n> ", "\u202f", ".", "\t", "  ", "\u2011", "|")


@st.composite
def ibans(draw: st.DrawFn) -> str:
    country = draw(st.sampled_from(sorted(STRUCTURES)))
    bban = "".join(draw(st.sampled_from(KINDS[kind])) for kind in STRUCTURES[country])
    return country + iban.calc_check_digits(f"{country}00{bban}") + bban


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """An IBAN, and the same in other letters, digits and gaps."""
    number = draw(ibans())
    shift = draw(st.sampled_from((0, 0xFEE0)))
    symbols = [chr(ord(symbol) + shift) for symbol in draw(st.sampled_from((number, number.lower())))]
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=len(number), max_size=len(number)))
    return number, "".join(symbol + gap for symbol, gap in zip(symbols, gaps, strict=True)).rstrip()


@given(written(), st.text("abc ,;!é€銀\n", max_size=40), st.text("abc ,;!é€銀\n", max_size=40))
def test_an_iban_is_taken_out_of_any_text(number: tuple[str, str], before: str, after: str) -> None:
    introduced = "" if number[1][0].isupper() else "IBAN: "  # small letters with gaps may be words
    redacted = redact(f"{before},{introduced}{number[1]},{after}")
    assert redacted.found == 1
    assert f"[IBAN ...{number[0][-4:]}]" in redacted.text
    assert redacted.text.startswith(f"{before},{introduced}[")
    assert redacted.text.endswith(f",{after}")


@given(st.lists(st.one_of(st.text(max_size=20), ibans(), written().map(lambda pair: pair[1])), max_size=6).map("".join))
@example("DE89DE89370400440532013000")
@example("[IBAN ...3000] 370400440532013000")
def test_what_was_redacted_once_stays_as_it_is(text: str) -> None:
    once = redact(text)
    assert redact(once.text).text == once.text
    assert redact(once.text).found == 0
    assert (once.text == text) is (once.found == 0)


@given(ibans(), st.integers(2, 33), st.sampled_from(string.digits))
def test_a_number_with_a_wrong_checksum_stays(number: str, place: int, digit: str) -> None:
    place = min(place, len(number) - 1)
    changed = number[:place] + digit + number[place + 1 :]
    assert redact(changed).found == (1 if iban.is_valid(changed, check_country=False) else 0)
