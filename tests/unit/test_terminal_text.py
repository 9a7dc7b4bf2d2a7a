"""Texts for a terminal: lines fit it and hang below each other, and a stranger's mail cannot steer it."""

from __future__ import annotations

import io
import json
import ssl
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from ingest.errors import in_words
from processor.cli.logs import make_log
from processor.cli.options import hang
from processor.cli.story import tell_case

AT = datetime(2026, 11, 21, 22, 46, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def told(quoted: bool = False, **changes: Any) -> str:
    """The story of a case of which little is known, with these changes, at 80 columns."""
    story = {
        "reference": "DD-7K3M-9QXW-S", "subject": "Statement", "requester_name": "Ann",
        "requester_address": "ann@client.example", "received_at": AT, "promise_at": None, "status": "new",
        "priority": "normal", "queue": "triage", "request_type": None, "details": [], "messages": [], "events": [],
        "outbox": [], "undelivered": None, "offered_address": None,
        "owner": None, "missing": [], "complete": False, "held": False, "diversion": "none",
    "merged": [],
    "links": [], **changes,
    }  # fmt: skip
    page = io.StringIO()
    tell_case(Console(file=page, width=80, markup=False), story, PARIS, quoted=quoted)
    return page.getvalue()


def event(kind: str, actor: str = "daydesk", **data: Any) -> dict[str, Any]:
    return {"at": AT, "actor": actor, "kind": kind, "data": data}


def sent(state: str, tries: int) -> dict[str, Any]:
    return {"purpose": "acknowledgement", "recipient": "ann@client.example", "state": state, "tries": tries,
            "next_at": AT, "last_reply": None}  # fmt: skip


def message(text: str) -> dict[str, Any]:
    return {"direction": "in", "from_address": "", "received_at": AT, "text": text, "attachments": []}


def test_further_lines_begin_below_the_words_of_the_first() -> None:
    page = io.StringIO()
    hang(Console(file=page, width=40), "one two three four five six seven eight nine", first="label  ")
    assert page.getvalue() == "label  one two three four five six seven\n       eight nine\n"


def test_a_time_is_told_once_and_in_the_desks_zone() -> None:
    words = told(events=[event("details", found=["name"], missing=["amount"]), event("noted", "amina", text="hi")])
    assert "21 Nov 2026 23:46  details found: name; missing: amount\n" in words
    assert " " * 19 + "noted: text=hi (by amina)\n" in words


@pytest.mark.parametrize(
    ("state", "tries", "words"),
    [
        ("sent", 1, "sent at the first try"),
        ("failed", 2, "failed after 2 tries"),
        ("due", 0, "due, tried again from 21 Nov 2026 23:46"),
    ],
)
def test_the_tries_of_an_acknowledgement_are_counted_as_people_do(state: str, tries: int, words: str) -> None:
    assert f"acknowledgement to ann@client.example: {words}\n" in told(outbox=[sent(state, tries)])


def test_what_is_not_known_of_a_case_is_said() -> None:
    words = told(subject="", requester_name="", requester_address="", messages=[message("")])
    for said in (
        "(no subject)",
        "(nobody)",
        "nothing (automatic mail)",
        "type not known",
        "nobody wrote",
        "(no words)",
    ):
        assert said in words


def test_a_letter_cannot_steer_the_terminal_and_keeps_its_own_characters() -> None:
    words = told(subject="a\x1b[2Jb \u202ec", messages=[message("1\u00a0284,60 € 🧾\x07\n\x9b2J")])
    assert "a?[2Jb ?c" in words
    assert "1\u00a0284,60 € 🧾?\n?2J" in words


def test_a_log_line_stays_one_line_and_reads_as_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    make_log().error("the new policy is not used", reason="The policy has a mistake:\n  daydesk.toml:16: \x1b[2J")
    logged = json.loads(capsys.readouterr().err)
    assert logged["reason"] == "The policy has a mistake: daydesk.toml:16: ?[2J"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"), "wrong version number"),
        (OSError("unknown"), "unknown"),
        (TimeoutError(), "no reason was given"),
    ],
)
def test_an_error_of_the_system_is_told_in_its_words_alone(error: OSError, words: str) -> None:
    assert in_words(error) == words


def test_what_a_mail_quotes_is_told_in_one_line_and_shown_on_request() -> None:
    one = message("my words\n> theirs\n> more")
    assert "my words\n[2 quoted lines; --quoted shows them]\n" in told(messages=[one])
    assert "my words\n> theirs\n> more\n" in told(quoted=True, messages=[one])
