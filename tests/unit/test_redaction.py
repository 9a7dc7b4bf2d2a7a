"""No IBAN reaches a text that people read, however it is written, and other numbers stay."""

from __future__ import annotations

import time

import pytest

from processor.triage.redaction import Redacted, redact

GERMAN, FRENCH, BRITISH, NORWEGIAN, MALTESE = (
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "GB82WEST12345698765432",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
)
EXAMPLES = (GERMAN, FRENCH, BRITISH, NORWEGIAN, MALTESE)


def by_fours(number: str, gap: str) -> str:
    return gap.join(number[start : start + 4] for start in range(0, len(number), 4))


@pytest.mark.parametrize("number", EXAMPLES)
@pytest.mark.parametrize(
    "gap",
    [
        "",
        " ",
        "  ",
        "-",
        "\u00a0",
        "\u202f",
        "\n",
        "\r\n",
        "\n> ",
        " | ",
        ".",
        "\t",
        "\u2013",
        "/",
        "\u200b",
        "\u00ad",
        "\n\n" * 9,
    ],
)
def test_an_iban_is_taken_out_with_any_spacing(number: str, gap: str) -> None:
    expected = Redacted(text=f"pay to [IBAN ...{number[-4:]}], please", found=1)
    assert redact(f"pay to {by_fours(number, gap)}, please") == expected


@pytest.mark.parametrize("number", EXAMPLES)
def test_an_iban_is_taken_out_symbol_by_symbol_and_in_small_letters(number: str) -> None:
    assert redact(" ".join(number)).text == redact(number.lower()).text == f"[IBAN ...{number[-4:]}]"


@pytest.mark.parametrize("gap", ["\uff0e", "\uff0d", "\u3000", "\uff5c"])
def test_gaps_of_full_width_are_gaps(gap: str) -> None:
    assert redact(by_fours(GERMAN, gap)).text == "[IBAN ...3000]"


def test_digits_and_letters_of_other_scripts_and_widths_are_read() -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in GERMAN)
    arabic = "DE" + "".join(chr(0x660 + int(digit)) for digit in GERMAN[2:])
    bold = "".join(chr(0x1D7CE + int(c)) if c.isdigit() else chr(0x1D400 + ord(c) - ord("A")) for c in GERMAN)
    for text in (wide, arabic, bold, f"銀行 {wide}、"):
        assert redact(text).text.strip("銀行 、") == "[IBAN ...3000]"


@pytest.mark.parametrize("before", ["", "IBAN", "IBAN:", "(", "é ", "x", "7", "DE"])
@pytest.mark.parametrize("after", ["", "EUR", ".", ")", " 500", "x"])
def test_what_stands_beside_it_stays(before: str, after: str) -> None:
    assert redact(before + GERMAN + after) == Redacted(text=f"{before}[IBAN ...3000]{after}", found=1)


def test_every_iban_of_a_text_is_taken_out() -> None:
    text = "\n".join((GERMAN, "é", by_fours(FRENCH, " ") + ".", BRITISH + NORWEGIAN))
    assert redact(text) == Redacted(text="[IBAN ...3000]\né\n[IBAN ...2606].\n[IBAN ...5432][IBAN ...7947]", found=4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no candidate",
        "DE88370400440532013000",  # a wrong checksum
        "DE8937040044053201300",  # a digit less
        "ZZ89370400440532013000",  # no such country
        "FR1420041010050500013M0260X",  # a letter where France has a digit
        "DE89!3704!0044!0532!0130!00",
        "invoice INV-2024-00123 of 12 March 2024 over 1,234.56 EUR",
        "facture de 12 345 678 901 234 567 890 12",
        "DE89 3704 0044 (0532) 0130 00",
        "½ DE89 ß \ud800",
    ],
)
def test_what_is_no_iban_stays(text: str) -> None:
    assert redact(text) == Redacted(text=text, found=0)


def test_a_number_that_its_country_would_refuse_is_taken_out_all_the_same() -> None:
    # The checksum is right, Spain's own check digits inside are not.
    assert redact("ES0601234567890123456789").text == "[IBAN ...6789]"


def test_a_candidate_inside_an_iban_is_not_counted_again() -> None:
    assert redact("GB82WEST12345698765432 DE89").found == 1


@pytest.mark.parametrize(
    "piece", ["1 ", "DE1 ", "de89 3704 ", "DE89370400440532013000 ", "D" * 20, "> \n", "\u202f1", "é12", "\u0301"]
)
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begin = time.process_time()
        redact(text)
        return time.process_time() - begin

    seconds(10_000)
    assert seconds(400_000) < 20  # a quadratic run would take minutes


@pytest.mark.parametrize("between", ["\u2063", "\u2061", "\u034f", "\u00b7", "\u061c", "\U000e0020"])
def test_signs_that_nobody_sees_and_raised_dots_hide_no_iban(between: str) -> None:
    assert redact(between.join("DE89370400440532013000")).text == "[IBAN ...3000]"
