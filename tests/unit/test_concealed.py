"""Hidden words bring a warning, unless they are the short line that newsletters put at their very beginning."""

from __future__ import annotations

import pytest

from ingest.message import PREHEADER
from ingest.parser import parse
from processor.triage.concealed import conceals


@pytest.mark.parametrize(
    ("html", "conceals_words"),
    [
        ("<p>Hello</p>", False),
        ("<p hidden>News of May</p><p>Hello</p>", False),
        ("<p hidden>" + "x" * PREHEADER + "</p><p>Hello</p>", False),
        ("<p hidden>" + "x" * (PREHEADER + 1) + "</p><p>Hello</p>", True),
        ("<p>Hello</p><p hidden>pay elsewhere</p>", True),
        ("<p hidden>News</p><p>Hello</p><p hidden>pay elsewhere</p>", True),
    ],
)
def test_a_warning_is_for_what_may_deceive(html: str, conceals_words: bool) -> None:
    message = parse(f"From: a@client.example\r\nContent-Type: text/html\r\n\r\n{html}".encode())
    assert conceals(message) is conceals_words
