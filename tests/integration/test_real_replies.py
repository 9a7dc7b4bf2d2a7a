"""Real replies of many mail programs: what their writers wrote is kept, and what they quoted is told apart."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the public test mail is not there: put it into {CORPUS}")
def test_hardly_a_word_of_the_writers_is_lost_and_most_replies_are_exact() -> None:
    found = runpy.run_path(str(ROOT / "bench" / "fidelity_replies.py"))["replies"](CORPUS)
    assert found.files >= 60
    assert len(found.lost) <= 1, found.lost
    assert found.exact >= 0.85 * found.files, found.more
