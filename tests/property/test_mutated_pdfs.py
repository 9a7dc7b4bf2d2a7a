"""Whatever is done to a PDF, reading it raises nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pypdf", reason="install daydesk[documents]")

from support.plain_pdf import plain_pdf

from ingest.pdf_text import pdf_text

PLAIN = plain_pdf("Invoice 4711\nTotal 15.00")
PIECES = st.sampled_from(
    (b"", b"<<", b">>", b"[", b"/Kids", b" 3 0 R", b"stream\n", b"endobj\n", b"999999999", b"\0", b"(")
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(PLAIN)), st.integers(0, 40), st.one_of(PIECES, st.binary(max_size=8))),
        min_size=1,
        max_size=5,
    )
)
def test_a_mutated_pdf_is_read_or_says_why_not(changes: list[tuple[int, int, bytes]]) -> None:
    octets = PLAIN
    for at, gone, new in changes:
        octets = octets[:at] + new + octets[at + gone :]
    said = pdf_text(octets, 1)
    assert said.text.strip() or said.unread
