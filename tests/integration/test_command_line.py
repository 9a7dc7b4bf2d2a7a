"""The command line on the desk that the demo leaves behind, and on none."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from processor.cli import main


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What a command left: its exit code and its words."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Daydesk = Callable[..., Ended]


@pytest.fixture
def daydesk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Daydesk:
    """The command in this process; it ends as it would for a shell."""

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["daydesk", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        words = capsys.readouterr()
        return Ended(code=int(ended.value.code or 0), out=words.out, err=words.err)

    return run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The policy file of a desk after its demo, and what the demo said."""
    folder = tmp_path_factory.mktemp("demo") / "desk"
    argv, out = sys.argv, sys.stdout
    sys.argv, sys.stdout = ["daydesk", "demo", "--keep", str(folder)], io.StringIO()
    try:
        with pytest.raises(SystemExit) as ended:
            main()
        said = sys.stdout.getvalue()
    finally:
        sys.argv, sys.stdout = argv, out
    assert not ended.value.code
    return folder / "daydesk.toml", said


@pytest.fixture
def desk(kept: tuple[Path, str]) -> Path:
    return kept[0]


def test_the_demo_shows_a_report_an_acknowledgement_an_explanation_and_where_the_page_is(
    kept: tuple[Path, str],
) -> None:
    config, said = kept
    assert "Accounts receivable" in said
    assert "Subject: [DD-" in said
    assert "please reply to this mail with" in said
    assert "Went to: queue" in said
    page = config.parent / "queues.html"
    assert str(page) in said
    assert page.is_file()


def test_the_demo_touches_no_folder_that_holds_something(daydesk: Daydesk, desk: Path) -> None:
    ended = daydesk("demo", "--keep", desk.parent)
    assert ended.code == 78
    assert "Name a new one" in ended.err


def test_every_sample_mail_has_an_outcome_in_the_ledger(daydesk: Daydesk, desk: Path) -> None:
    ledger = daydesk("inbox", "--json", "--config", desk).data
    states = ledger["mailboxes"]["accounts"]
    assert states["pending"] == 0
    assert states["duplicate"] == 1
    assert states["case"] > 40
    assert set(ledger["outbox"]) == {"sent"}
    assert "accounts: " in daydesk("inbox", "--config", desk).out


def test_cases_are_listed_by_queue_and_status(daydesk: Daydesk, desk: Path) -> None:
    every = daydesk("case", "list", "--json", "--config", desk).data
    legal = daydesk("case", "list", "--queue", "legal", "--json", "--config", desk).data
    assert {case["queue"] for case in legal} == {"legal"}
    assert 0 < len(legal) < len(every)
    assert daydesk("case", "list", "--status", "closed", "--config", desk).out.strip() == "No cases."
    table = daydesk("case", "list", "--limit", "3", "--config", desk).out
    assert [line.split()[0] for line in table.splitlines()[1:4]] == [case["reference"] for case in every[:3]]
    assert every[0]["reference"] in table
    unknown = daydesk("case", "list", "--queue", "nonesuch", "--config", desk)
    assert unknown.code == 1
    assert "There is no queue 'nonesuch': there are account-managers, " in unknown.err


def test_a_case_is_shown_with_its_whole_story(daydesk: Daydesk, desk: Path) -> None:
    reference = daydesk("case", "list", "--queue", "billing", "--json", "--config", desk).data[0]["reference"]
    story = daydesk("case", "show", reference.lower().replace("-", ""), "--json", "--config", desk).data
    kinds = [event["kind"] for event in story["events"]]
    assert kinds[:4] == ["received", "routed", "details", "acknowledgement decided"]
    assert story["messages"][0]["direction"] == "in"
    words = daydesk("case", "show", reference, "--config", desk).out
    assert story["messages"][0]["new_text"].split()[0] in words
    assert "acknowledgement decided, promising a reply by" in words
    assert "acknowledgement sent, to" in words
    assert "sent at the first try; the server said: 250" in " ".join(words.split())


@pytest.mark.parametrize(
    ("reference", "words"), [("DD-0000-0000-0", "There is no case"), ("nonsense", "is not a case reference")]
)
def test_a_case_that_is_not_there_is_told_so(daydesk: Daydesk, desk: Path, reference: str, words: str) -> None:
    ended = daydesk("case", "show", reference, "--config", desk)
    assert (ended.code, ended.out) == (1, "")
    assert words in ended.err


def test_a_case_is_explained_by_what_was_decided_when_it_came(daydesk: Daydesk, desk: Path) -> None:
    reference = daydesk("case", "list", "--queue", "legal", "--json", "--config", desk).data[0]["reference"]
    told = daydesk("explain", reference, "--json", "--config", desk).data
    assert told["schema_version"] == 1
    assert told["mails"][0]["routing"]["queue"] == "legal"
    words = daydesk("explain", reference, "--config", desk).out
    assert "Went to: queue legal" in words
    assert "Acknowledged: " in words


def test_a_file_is_explained_as_if_it_came_now(daydesk: Daydesk, desk: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(
        b"From: Ann <ann@client.example>\r\nTo: accounts@daydesk.example\r\nSubject: Invoice INV-1 wrong\r\n"
        b"Message-ID: <1@client.example>\r\n\r\nDear team, the amount on our invoice INV-1 is wrong.\r\n"
    )
    words = daydesk("explain", mail, "--config", desk).out
    assert "As if it came now: Invoice INV-1 wrong" in words
    assert "Acknowledged: yes" in words
    assert "As if it came now" not in daydesk("inbox", "--config", desk).out


def test_a_mail_that_is_not_answered_is_explained_with_every_reason(
    daydesk: Daydesk, desk: Path, tmp_path: Path
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: no-reply@shop.example\r\nTo: else@where.example\r\nPrecedence: bulk\r\n\r\nSale!\r\n")
    words = daydesk("explain", mail, "--config", desk).out
    for code in ("NOREPLY", "PRECEDENCE", "NOT_ADDRESSED"):
        assert f"\n  - {code}: " in words


def test_what_is_read_in_a_mail_is_printed_as_json(daydesk: Daydesk, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: Ann <ann@client.example>\r\nSubject: =?utf-8?q?Fr=C3=B6sche?=\r\n\r\nHello\r\n")
    read = daydesk("parse", mail).data
    assert (read["schema_version"], read["subject"], read["new_text"].strip()) == (1, "Frösche", "Hello")
    missing = daydesk("parse", tmp_path / "none.eml")
    assert missing.code == 1
    assert "cannot be read" in missing.err


def test_the_report_is_written_in_every_format(daydesk: Daydesk, desk: Path, tmp_path: Path) -> None:
    assert "Accounts receivable" in daydesk("report", "queues", "--config", desk).out
    figures = daydesk("report", "queues", "--format", "json", "--config", desk).data
    rows = list(csv.reader(io.StringIO(daydesk("report", "queues", "-f", "csv", "--config", desk).out)))
    assert (figures["schema"], figures["version"]) == ("daydesk.queue-report", 1)
    assert len(rows) - 1 == len(daydesk("case", "list", "--json", "--config", desk).data)
    page = tmp_path / "page.html"
    assert daydesk("report", "queues", "-f", "html", "-o", page, "--config", desk).out == ""
    assert "</html>" in page.read_text(encoding="utf-8")
    nowhere = daydesk("report", "queues", "-o", tmp_path / "none" / "page.html", "--config", desk)
    assert nowhere.code == 1
    assert "cannot be written" in nowhere.err


def test_a_new_policy_and_key_are_written_once_and_the_policy_is_sound(daydesk: Daydesk, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert "Wrote" in daydesk("init", folder).out
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "daydesk.key").stat().st_mode & 0o777 == 0o600
    again = daydesk("init", folder)
    assert again.code == 78
    assert "is there already" in again.err
    checked = daydesk("check", "--config", folder / "daydesk.toml")
    assert "ok    policy: " in checked.out
    assert "ok    examples: every rule wins its own examples" in checked.out
    assert "WRONG database: " in checked.out
    assert checked.code == 78


def test_the_database_is_upgraded_once_and_checked(daydesk: Daydesk, tmp_path: Path) -> None:
    daydesk("init", tmp_path)
    config = tmp_path / "daydesk.toml"
    refused = daydesk("case", "list", "--config", config)
    assert refused.code == 78
    assert "run `daydesk db upgrade`" in refused.err
    assert "at revision" in daydesk("db", "upgrade", "--config", config).out
    assert "already at revision" in daydesk("db", "upgrade", "--config", config).out
    assert "all tables as they should be" in daydesk("db", "check", "--config", config).out


def test_every_mistake_of_a_policy_is_told_at_once_with_its_place(daydesk: Daydesk, tmp_path: Path) -> None:
    config = tmp_path / "daydesk.toml"
    config.write_text(
        'include = ["default"]\n[desk]\nname = ""\naddress = "nobody"\nkey = { file = "k" }\n'
        '[[mailboxes]]\nkind = "folder"\nname = "A B"\npath = "mail"\n[smtp]\nhost = "mail.example"\nport = 99999\n',
        encoding="utf-8",
    )
    ended = daydesk("run", "--once", "--config", config)
    assert ended.code == 78
    assert "4 mistakes" in ended.err
    for place in (":3: desk.name", ":4: desk.address", ":8: mailboxes.0.name", ":12: smtp.port"):
        assert place in ended.err
    assert "Traceback" not in ended.err


def test_a_policy_that_is_not_there_is_told_so(daydesk: Daydesk, tmp_path: Path) -> None:
    ended = daydesk("check", "--config", tmp_path / "none.toml")
    assert ended.code == 78
    assert "daydesk init" in ended.err


def test_wrong_usage_exits_2(daydesk: Daydesk) -> None:
    assert daydesk("case", "list", "--nonsense").code == 2


def test_the_version_is_told(daydesk: Daydesk) -> None:
    assert daydesk("--version").out.strip()
