"""Two thousand mails made wrong by their structure: each is read, soon, in little memory, and says nothing that harms.

bench/mutated.py reads as many as it is asked for.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.cost import within_its_time
from support.mutations import mutated, seeds

from ingest.parser import parse

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
SEEDS = [raw for raw in seeds(CORPUS) if len(raw) < 6_000]  # where the public mails are not there, of ours alone
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LINES = ("subject", "name", "address", "declared_type", "content_type", "message_id", "summary", "uid", "location")


@given(st.integers(0, 2**32))
@settings(max_examples=2_000, deadline=None)
def test_a_mutated_mail_is_read_and_says_nothing_that_harms(number: int) -> None:
    with within_its_time():
        message = parse(mutated(number, SEEDS))
    for key, text in texts("", asdict(message)):
        assert not CONTROLS.search(text), key
        assert key not in LINES or "\n" not in text, key
    assert not any("/" in one.name or "\\" in one.name or not one.name for one in message.attachments)


def texts(key: str, value: Any) -> list[tuple[str, str]]:
    """Every text of a value, with its name."""
    if isinstance(value, str):
        return [(key, value)]
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in texts(name, one)]
    return [found for one in value for found in texts(key, one)] if isinstance(value, list | tuple) else []
