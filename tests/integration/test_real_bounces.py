"""Real bounces of sixty mail systems: recognised, with their status; and no other mail is taken for one."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from support.about_bounces import mails
from support.triage import a_policy

from ingest.parser import parse
from processor.triage.automatic import Kind, read_automatic

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the public test mail is not there: put it into {CORPUS}")
def test_nearly_all_are_recognised_with_their_status_and_nothing_else_is() -> None:
    found = runpy.run_path(str(ROOT / "bench" / "fidelity_bounces.py"))["bounces"](CORPUS)
    recognised, status, taken = found.figures
    assert found.bounces > 300
    assert recognised >= 0.99, found.misses
    assert status >= 0.97, found.misses
    assert found.exact[0] >= 0.98 * found.exact[1], found.misses
    assert found.named[0] >= 0.98 * found.named[1]
    assert found.others == {"feedback report": (9, 9), "automatic reply": (3, 3)}
    assert found.more[0] == found.more[1] > 5
    assert found.mails > 200
    assert taken == 0, found.misses


def test_people_who_write_about_bounces_are_people() -> None:
    settings = a_policy(postmaster=True).acknowledgement
    kinds = {name: read_automatic(parse(raw), settings).kind for name, raw in mails()}
    assert len(kinds) >= 200
    assert [name for name, kind in kinds.items() if kind is not Kind.PERSON] == []
