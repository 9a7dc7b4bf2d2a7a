"""Somebody who has never seen the policy learns why a mail went where it went, and what would be different today."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from support.conversing import Conversing
from support.mails import a_mail

from processor.store.models import RawMessage

RULES = [
    {"name": "refund", "when": {"words": ["refund"], "and_words": ["cheque"]}, "queue": "statements"},
    {"name": "not-paid", "when": {"words": ["paid"], "not_words": ["yesterday"]}, "queue": "statements"},
    {"name": "invoice", "when": {"words": ["invoice*"]}, "request_type": "query"},
    {"name": "rest", "queue": "triage"},
]


def told(talk: Conversing, *words: str) -> str:
    done = talk.desk.command_here("explain", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def plain(talk: Conversing, *words: str) -> str:
    return " ".join(told(talk, *words).split())


def as_json(talk: Conversing, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told(talk, *words, "--json"))
    return found


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk with one case, and rules of which two came near."""
    talk.desk.tables["rules"] = RULES
    talk.desk.change(
        details={
            "number": {"ask": {"en": "the number of the invoice"}, "patterns": ["INV-([0-9]+)"]},
            "date": {"ask": {"en": "the date of the payment"}, "patterns": ["on (20[0-9]{2})"]},
        },
        request_types={"query": {"label": {"en": "Q"}, "queue": "receivable", "details": ["number", "date"]}},
        urgency=[{"name": "haste", "when": {"words": ["at once"]}}],
    )
    words = "Please refund at once the invoice INV-4711; it was paid yesterday."
    talk.take_in(a_mail(1, sender="ann@c1.example", subject="A question", words=words))
    return talk


@pytest.fixture
def one(talk: Conversing) -> str:
    return str(talk.cases()[0].reference)


def test_it_tells_what_was_read_found_missing_and_why_it_went_there(talk: Conversing, one: str) -> None:
    words = plain(talk, one)
    for part in (
        f"{one}: A question",
        "Now: queue receivable, new, nobody's yet.",
        "Read as: a person's mail from ann@c1.example, language English.",
        "Sender: not on file; no mail gateway of ours has checked the domain (DMARC).",
        "- number 4711 (text, line 1)",
        "Missing, to be asked for: date (the date of the payment).",
        "Went to: queue receivable as request type query, urgent, by rule invoice.",
        "- invoice matched: 'invoice*' in the text.",
        "- haste matched too: 'at once' in the text.",
        "- refund came near ('refund' in the text), but none of the 1 words that it wants besides is in the mail.",
        "- not-paid came near ('paid' in the text), but it wants no mail with 'yesterday' in the text.",
        "Acknowledged: yes, promising a reply by ",
    ):
        assert part in words
    assert "other rules were tried" not in words
    assert "Today:" not in words


def test_no_line_is_wider_than_the_terminal_and_all_rules_are_listed_where_that_is_asked_for(
    talk: Conversing, one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = told(talk, one, "--all").splitlines()
    assert max(map(len, lines)) <= 80
    assert "  no      refund: and_words: none of 1" in lines
    assert "  MATCHED invoice: words: 'invoice*' in the text" in lines


def test_who_moved_the_case_is_told_beside_where_the_rules_had_put_it(talk: Conversing, one: str) -> None:
    talk.act("move", one, "triage", "--note", "not ours", "--by", "amina")
    words = plain(talk, one)
    assert "Now: queue triage, new" in words
    assert "Moved: receivable -> triage, by amina on " in words
    assert "Went to: queue receivable" in words
    (move,) = as_json(talk, one)["now"]["moves"]
    assert (move["by"], move["queue"], move["was"], move["note"]) == ("amina", "triage", "receivable", "not ours")


def test_an_answer_that_joined_the_case_is_told_with_the_standing_of_its_writer(talk: Conversing, one: str) -> None:
    talk.take_in(talk.answer())
    words = plain(talk, one)
    assert "Mail 2 of 2, received" in words
    assert "Joined: this case by token; the writer is: participant." in words
    assert "Sender: has written before, and nobody has put the address on file;" in words
    assert "- EXISTING: it joins a case that was acknowledged before" in words


def test_what_would_be_different_by_the_policy_of_today_is_told(talk: Conversing, one: str) -> None:
    talk.desk.change(rules=[{"name": "yesterday", "when": {"words": ["yesterday"]}, "queue": "statements"}, *RULES])
    words = plain(talk, one)
    assert "Today: The policy is another one now (version " in words
    assert "- goes to queue statements - is read as request type (none)" in words
    assert words.endswith("- by rule yesterday")
    today = as_json(talk, one)["today"]
    assert (today["changed"], today["placed"]["queue"], today["unread"]) == (
        ["queue", "request_type", "missing"], "statements", None,
    )  # fmt: skip


def test_a_policy_that_would_decide_the_same_is_told_too(talk: Conversing, one: str) -> None:
    talk.desk.change(desk={"promise_hours": 48})
    assert "and would decide the same of the first mail." in plain(talk, one)


def test_a_mail_that_cannot_be_read_again_leaves_the_explanation_of_what_was_decided(
    talk: Conversing, one: str
) -> None:
    talk.desk.change(desk={"promise_hours": 48})
    with talk.desk.store() as store, store.writing() as session:
        session.execute(sa.update(RawMessage).values(compression="rot13"))
    words = plain(talk, one)
    assert "Went to: queue receivable" in words
    assert "What it would decide is not known: the raw message is kept as 'rot13'" in words


def test_details_are_told_to_programs_with_value_and_place(talk: Conversing, one: str) -> None:
    found = {detail["name"]: detail for detail in as_json(talk, one)["mails"][0]["found"]}
    assert found["number"] == {
        "name": "number", "value": "4711", "place": "text", "line": 1, "certainty": "stated",
    }  # fmt: skip
    near = as_json(talk, one)["mails"][0]["routing"]["near"]
    assert [rule for rule, _held, _why in near] == ["refund", "not-paid"]


def test_a_detail_that_the_policy_has_no_more_is_told_by_its_name(talk: Conversing, one: str) -> None:
    del talk.desk.tables["details"]["date"]
    talk.desk.change(request_types={"query": {"label": {"en": "Q"}, "queue": "receivable"}})
    assert "Missing, to be asked for: date (not in the policy any more)." in plain(talk, one)


def test_a_file_is_explained_alike(talk: Conversing) -> None:
    file = talk.desk.folder / "mail.eml"
    file.write_bytes(a_mail(9, subject="Invoice INV-1"))
    words = plain(talk, str(file))
    assert "As if it came now: Invoice INV-1" in words
    assert "- number 1 (subject)" in words
    assert "Now:" not in words
