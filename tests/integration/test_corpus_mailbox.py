"""Real mail of every kind, taken in by the real command from a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from processor.demo.smtp_sink import SmtpSink

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"

POLICY = """
include = ["default"]
[desk]
name = "Corpus"
address = "accounts@desk.example"
key = {{ file = "key" }}
[[mailboxes]]
kind = "folder"
name = "corpus"
path = "mail"
[smtp]
host = "127.0.0.1"
port = {port}
security = "plain"
"""


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the public test mail is not there: put it into {CORPUS}")
@pytest.mark.no_cover
def test_every_file_of_the_corpus_gets_an_outcome_and_none_stops_the_others(tmp_path: Path) -> None:
    files = [file for file in sorted(CORPUS.rglob("*")) if file.is_file()]
    (tmp_path / "mail").mkdir()
    for number, file in enumerate(files):
        (tmp_path / "mail" / f"{number:04}.eml").write_bytes(file.read_bytes())
    (tmp_path / "key").write_text("a key for this test alone", encoding="utf-8")
    with SmtpSink() as sink:
        (tmp_path / "daydesk.toml").write_text(POLICY.format(port=sink.port), encoding="utf-8")
        daydesk(tmp_path, "db", "upgrade")
        assert daydesk(tmp_path, "run", "--once") == ""
    states = json.loads(daydesk(tmp_path, "inbox", "--json"))["mailboxes"]["corpus"]
    assert sum(states.values()) == len(files)
    assert (states["pending"], states["quarantined"]) == (0, 0)


def daydesk(folder: Path, *arguments: str) -> str:
    words = [sys.executable, "-m", "processor.cli", *arguments, "--config", str(folder / "daydesk.toml")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
