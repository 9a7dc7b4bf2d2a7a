"""What a mail quotes is one line that says how much it is; the new words stand as they are."""

from __future__ import annotations

import pytest

from processor.cli.folding import folded

INTRODUCTION = "On Mon, 3 Feb 2025 at 10:15, Desk <desk@example.org> wrote:"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("only my words\n", "only my words"),
        ("", ""),
        ("> all\n> quoted", "> all\n> quoted"),
        (f"mine\n\n{INTRODUCTION}\n\n> theirs\n> more\n", "mine\n\n[3 quoted lines; --quoted shows them]"),
        (
            "> question\nanswer\n> other\n\nmine",
            "[1 quoted line; --quoted shows it]\nanswer\n[1 quoted line; --quoted shows it]\n\nmine",
        ),
        ("mine\n\n-- \nAda Byron\nClient plc", "mine\n\n[3 signature lines; --quoted shows them]"),
        ("mine\n\nSent from my iPhone", "mine\n\n[1 signature line; --quoted shows it]"),
        (f"mine\n-- \nAda\n\n{INTRODUCTION}\n> theirs", "mine\n[4 quoted lines; --quoted shows them]"),
    ],
)
def test_each_quoted_run_is_one_line_in_its_place(text: str, shown: str) -> None:
    assert folded(text) == shown
