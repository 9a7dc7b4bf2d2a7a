"""Whatever a text holds, its passages joined are the text to the character, and its new words stand in it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.new_words import new_words
from ingest.passages import passages

LINES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "my words",
            "> quoted",
            ">From here",
            "On Mon, 3 Feb 2025 at 10:15, Ada <ada@client.example> wrote:",
            "Ada <ada@client.example> schrieb am",
            "3.2.2025 um 10:15 Uhr:",
            "-----Original Message-----",
            "From: Ada <ada@client.example>",
            "Sent: Monday",
            "To: desk@example.org",
            "Subject: x",
            "-- ",
            "--",
            "Ada Byron",
            "Sent from my iPhone",
            "| a | b |",
            "___________",
        ]
    ),
)
TEXTS = st.lists(LINES, max_size=25).map("\n".join)


@given(TEXTS)
@example("")
@example("\n")
@example("mine\n> quoted")
@example("mine\n> quoted\n")
def test_all_passages_together_are_the_text(text: str) -> None:
    found = passages(text)
    assert "".join(one.text for one in found) == text
    assert all(one.text for one in found)
    assert all(one.quoted != other.quoted for one, other in pairwise(found))


@given(TEXTS)
def test_new_words_are_those_of_the_passages_that_are_not_quoted(text: str) -> None:
    own = "".join(one.text for one in passages(text) if not one.quoted).split()
    found = new_words(text).split()
    assert found == own[: len(found)]
    assert "".join(own[len(found) :]).strip(" *-_=—#~+ᐧ‐>") == "" or not found
