"""The fields and files of public mails, beside what the standard library reads; and every file in a winmail.dat."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the public test mail is not there: put it into {CORPUS}")


def test_every_field_is_read_as_the_standard_library_does_or_better_and_no_octet_of_a_file_is_lost() -> None:
    found = runpy.run_path(str(ROOT / "bench" / "fidelity_fields.py"))["fields"](CORPUS)
    assert (found.mails, found.raised, found.lost) == (158, [], [])
    assert found.files > 50
    assert [f"{row.field} of {row.file}: {row.ours!r}, not {row.theirs!r}" for row in found.against_us] == []
    assert all(row.judged for row in found.rows)


def test_every_file_that_is_listed_of_a_winmail_dat_comes_out_with_its_octets() -> None:
    found = runpy.run_path(str(ROOT / "bench" / "fidelity_tnef.py"))["packed"](CORPUS)
    assert (found.lists, found.listed, found.missed) == (17, 32, [])
