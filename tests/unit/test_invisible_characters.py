"""Characters that nobody sees do not split words; scripts that need joiners keep them."""

from __future__ import annotations

import pytest
from support.cost import within_its_time

from ingest.charset import clean_line, clean_text

ZWNJ, ZWJ = "\u200c", "\u200d"


@pytest.mark.parametrize(
    "invisible",
    ["\u200b", ZWNJ, ZWJ, "\u2060", "\u00ad", "\ufeff", "\U000e0041", ZWNJ * 3 + ZWJ],
    ids=ascii,
)
def test_a_word_split_by_what_nobody_sees_is_one_word(invisible: str) -> None:
    assert clean_text(f"in{invisible}voice{invisible}") == "invoice"
    assert clean_line(f"{invisible}DE89{invisible}3704") == "DE893704"
    assert clean_text(f"é{invisible}é") == "éé"


@pytest.mark.parametrize(
    "word", [f"می{ZWNJ}خواهم", f"क्{ZWJ}ष", f"\N{WOMAN}{ZWJ}\N{PERSONAL COMPUTER}", f"ශ්{ZWJ}රී"], ids=ascii
)
def test_a_script_that_needs_joiners_keeps_them(word: str) -> None:
    assert clean_text(word) == word
    assert clean_line(word) == word


def test_a_hundred_thousand_joiners_take_a_moment() -> None:
    with within_its_time():
        assert clean_text("ب" + ZWNJ * 100_000 + "ب") == "ب" + ZWNJ * 100_000 + "ب"
        assert clean_text("b" + ZWNJ * 100_000 + "ب") == "bب"
        assert clean_text(("ب" + ZWNJ) * 50_000).endswith("ب")
