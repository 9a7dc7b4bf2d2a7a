"""What the rules do with the mails that came is shown: rules without mail, mails of the last one, conflicts."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from support.conversing import Conversing
from support.mails import a_mail

from processor.store.models import RawMessage

IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk with overlapping rules that took in three mails."""
    weighing = {"name": "money", "queue": "receivable", "evidence": [{"all": ["money"], "weight": 3}]}
    heavier = {"name": "cash", "queue": "receivable", "evidence": [{"all": ["money"], "weight": 4}]}
    talk.desk.change(
        vocabulary={"money": {"en": ["cheque"]}},
        rules=[
            {"name": "cheque", "when": {"words": ["cheque"]}, "queue": "statements"},
            {"name": "never", "when": {"words": ["ornithopter"]}, "queue": "statements"},
            weighing,
            heavier,
            {"name": "also", "when": {"words": ["cheque"]}, "queue": "receivable"},
            {"name": "rest", "queue": "triage"},
        ],
    )
    talk.take_in(
        a_mail(1, subject="Your cheque", words="Did it come?"),
        a_mail(2, subject=f"Nothing to {IBAN}", words="Good evening."),
        a_mail(3, subject="Lost", words="Its bytes will not be there."),
    )
    return talk


def covered(talk: Conversing, *options: str) -> dict[str, Any]:
    done = talk.desk.command_here("rules", "coverage", "--json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_rules_without_mail_mails_of_the_last_rule_and_conflicts_are_told(talk: Conversing) -> None:
    told = covered(talk)
    assert {one["rule"]: one["mails"] for one in told["rules"]} == {
        "cheque": 1, "never": 0, "money": 0, "cash": 0, "also": 0, "rest": 2,
    }  # fmt: skip
    assert told["without_mail"] == ["never", "money", "cash", "also"]
    cases = talk.cases()
    assert told["caught_by_the_last"][0] == {"case": cases[1].reference, "subject": "Nothing to [IBAN ...3000]"}
    assert told["conflicts"] == [{"took": "cheque", "other": other, "mails": 1} for other in ("money", "cash", "also")]
    assert (told["mails"], told["read"], told["complete"]) == (3, 3, True)

    done = talk.desk.command_here("rules", "coverage")
    text = " ".join(done.stdout.split())
    assert "1 cheque -> statements" in text
    assert "Rules that took no mail: never, money, cash, also." in text
    assert "Taken by the last rule alone: 2." in text
    assert "1 cheque took it, money would have" in text
    assert text.endswith("3 of 3 mails that opened cases were read again. Nothing was stored.")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_mails_before_the_day_and_those_whose_bytes_are_gone_are_not_counted(talk: Conversing) -> None:
    assert covered(talk, "--since", "2199-01-01")["mails"] == 0
    with talk.desk.store() as store, store.writing() as session:
        session.execute(sa.update(RawMessage).values(compression="rot13"))
    told = covered(talk)
    assert (told["mails"], told["read"]) == (3, 0)
