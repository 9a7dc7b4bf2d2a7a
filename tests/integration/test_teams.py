"""A mail to several teams makes a case for each, linked; its sender gets one acknowledgement that names all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.conversing import Conversing
from support.mails import a_bounce, a_mail
from support.working_desk import NO_CAPS, WorkingDesk

from processor.reading.reader import Reader
from processor.store.models import (
    CaseDetail,
    CaseLink,
    CaseMessage,
    Inbound,
    Outbox,
    Participant,
    StoredAttachment,
)
from processor.store.reconciling import orphans

LEGAL = "legal@desk.example"
TO_BOTH = f"Cc: Legal <{LEGAL}>\r\n"
CLIENT = "client1@c1.example"
TEAMS = [
    {"name": "accounts", "addresses": ["accounts@desk.example"], "queues": ["receivable", "statements"]},
    {"name": "law", "addresses": [LEGAL], "queues": ["legal", "contracts"]},
]


def with_teams(talk: Conversing) -> Conversing:
    usual = talk.desk.tables
    rules = [{"name": "contract", "when": {"words": ["contract*"]}, "queue": "contracts"}, *usual["rules"]]
    queues = {**usual["queues"], "legal": {"label": "Legal", "internal_target_hours": 5}, "contracts": {"label": "C"}}
    talk.desk.change(desk={"addresses": [LEGAL]}, queues=queues, rules=rules, teams=TEAMS)
    return talk


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk of two teams."""
    return with_teams(talk)


def test_a_mail_to_both_makes_a_case_for_each_in_its_own_queue(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=TO_BOTH, words="The invoice does not match our contract.\n"))

    assert talk.states() == ["case"]
    one, two = talk.cases()
    assert [(case.queue, case.rule) for case in (one, two)] == [("contracts", "contract"), ("receivable", "invoice")]
    assert one.promise_at == two.promise_at
    assert [row.case_id for row in talk.desk.rows(Inbound)] == [one.id]
    assert [(row.case_id, row.inbound_id) for row in talk.desk.rows(CaseMessage)] == [(one.id, 1), (two.id, 1)]
    assert {(row.case_id, row.address) for row in talk.desk.rows(Participant)} == {(1, CLIENT), (2, CLIENT)}
    (link,) = talk.desk.rows(CaseLink)
    assert (link.case_id, link.other_id, link.kind) == (one.id, two.id, "same mail")
    assert [row.data["team"] for row in talk.events("routed")] == ["law", "accounts"]
    for case, other in ((one, two), (two, one)):
        shown = talk.act("show", case.reference)
        assert f"see also {other.reference} (same mail)" in shown
        assert f"linked: same mail {other.reference}" in shown
        explained = talk.desk.command_here("explain", case.reference)
        assert (explained.returncode, explained.stdout.count("Read as:")) == (0, 1)


def test_one_acknowledgement_names_both_and_counts_for_both(talk: Conversing) -> None:
    talk.desk.change(acknowledgement={"caps": NO_CAPS | {"address_per_day": 2}})
    talk.take_in(a_mail(1, fields=TO_BOTH))

    one, two = talk.cases()
    (row,) = talk.desk.rows(Outbox)
    assert (row.case_id, row.recipient, two.acknowledged_with) == (one.id, CLIENT, one.id)
    assert one.acknowledged_with is None
    ours = talk.read()
    assert one.reference in str(ours["Subject"])
    for part in ("plain", "html"):
        words = str(ours.get_body((part,)).get_content())  # type: ignore[union-attr] # it has both parts
        assert [one.reference in words, two.reference in words] == [True, True]
        assert "law" not in words
    assert f"by the mail of {one.reference}" in talk.act("show", two.reference)
    assert [row["recipient"] for row in talk.story(two.reference)["outbox"]] == [CLIENT]

    talk.take_in(a_mail(2, sender=CLIENT))  # the caps have counted one mail
    assert len(talk.desk.rows(Outbox)) == 2
    talk.take_in(a_mail(3, sender=CLIENT))
    assert len(talk.desk.rows(Outbox)) == 2


def test_a_mail_that_answers_one_of_them_joins_that_one_alone_and_is_not_acknowledged_again(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=TO_BOTH))
    one, two = talk.cases()

    talk.take_in(talk.answer())
    talk.take_in(a_mail(9, fields=TO_BOTH, sender=CLIENT, subject=f"[{two.reference}]"))

    assert talk.states() == ["case", "appended", "appended"]
    assert [row.case_id for row in talk.desk.rows(CaseMessage)] == [1, 2, 1, 2]
    assert (len(talk.cases()), len(talk.desk.rows(Outbox))) == (2, 1)
    decided = talk.events("acknowledgement decided")
    assert [[code for code, _ in event.data["reasons"]] for event in decided] == [[], [], ["EXISTING"], ["EXISTING"]]
    assert [event.data.get("with") for event in decided] == [None, one.reference, None, None]


def test_a_mail_to_one_team_or_without_teams_is_one_case_wherever_the_rules_lead(talk: Conversing) -> None:
    talk.take_in(a_mail(1, words="About our contract.\n", subject="Contract"))
    talk.desk.change(teams=[])
    talk.take_in(a_mail(2, fields=TO_BOTH, words="About our contract.\n", subject="Contract"))

    assert [(case.queue, case.rule) for case in talk.cases()] == [("contracts", "contract")] * 2
    assert talk.desk.rows(CaseLink) == []
    assert [row.data["team"] for row in talk.events("routed")] == [None, None]


def test_where_no_rule_leads_into_a_teams_queues_its_case_goes_to_the_first_of_them(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=TO_BOTH))
    one, two = talk.cases()
    assert [(case.queue, case.rule) for case in (one, two)] == [("receivable", "invoice"), ("legal", "team law")]
    assert (one.internal_due_at - one.received_at).total_seconds() == 24 * 3600
    assert (two.internal_due_at - two.received_at).total_seconds() == 5 * 3600
    assert "by rule team law" in talk.act("show", two.reference)
    assert "queue legal of team law" in talk.desk.command_here("explain", two.reference).stdout


def test_each_case_has_its_own_details_and_what_any_of_them_lacks_is_asked_for_once(talk: Conversing) -> None:
    details = {"amount": {"ask": {"en": "the amount"}}, "cheque": {"ask": {"en": "the cheque number"}}}
    types = {
        "query": {"label": {"en": "Q"}, "queue": "receivable", "details": ["amount"]},
        "treaty": {"label": {"en": "T"}, "queue": "contracts", "details": ["amount", "cheque"]},
    }
    rules = [
        {"name": "contract", "when": {"words": ["contract*"]}, "request_type": "treaty"},
        {"name": "invoice", "when": {"words": ["invoice*"]}, "request_type": "query"},
        {"name": "rest", "queue": "triage"},
    ]
    talk.desk.change(details=details, request_types=types, rules=rules)
    talk.take_in(a_mail(1, fields=TO_BOTH, subject="Invoice and contract", words="Dear team, please see to it.\n"))

    missing = [(row.case_id, row.name) for row in talk.desk.rows(CaseDetail) if row.value is None]
    assert missing == [(1, "amount"), (1, "cheque"), (2, "amount")]
    text = str(talk.read().get_body(("plain",)).get_content())  # type: ignore[union-attr] # it has both parts
    assert (text.count("the amount"), text.count("the cheque number")) == (1, 1)


def test_a_mail_that_may_not_be_answered_makes_both_cases_and_neither_counts_as_acknowledged(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=TO_BOTH + "Auto-Submitted: auto-generated\r\n"))
    one, two = talk.cases()
    assert (talk.desk.rows(Outbox), one.acknowledged_with, two.acknowledged_with) == ([], None, None)

    talk.take_in(a_mail(2, sender=CLIENT, subject=f"[{two.reference}]"))
    assert [row.case_id for row in talk.desk.rows(Outbox)] == [two.id]


def test_what_came_back_shows_on_both(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=TO_BOTH))
    talk.take_in(a_bounce(talk.ours()))

    for case in talk.cases():
        assert f"{CLIENT} could not be reached" in talk.story(case.reference)["undelivered"]
    totals = json.loads(talk.desk.command_here("report", "queues", "--format", "json").stdout)["totals"]
    assert (totals["open"], totals["undelivered"]) == (2, 2)


def test_a_file_is_explained_for_each_team(talk: Conversing) -> None:
    file = talk.desk.folder / "both.eml"
    file.write_bytes(a_mail(1, fields=TO_BOTH))
    done = json.loads(talk.desk.command_here("explain", str(file), "--json").stdout)
    assert [(mail["routing"]["team"], mail["routing"]["queue"]) for mail in done["mails"]] == [
        ("accounts", "receivable"), ("law", "legal"),
    ]  # fmt: skip


def test_a_copy_by_the_other_teams_mailbox_makes_no_more_cases(talk: Conversing) -> None:
    mail = a_mail(1, fields=TO_BOTH)
    talk.take_in(b"Delivered-To: accounts@desk.example\r\n" + mail)
    talk.take_in(b"Delivered-To: legal@desk.example\r\n" + mail, mailbox="legal")

    assert (talk.states(), len(talk.cases()), len(talk.desk.rows(Outbox))) == (["case", "duplicate"], 2, 1)


def test_several_mails_of_a_batch_keep_to_themselves(talk: Conversing) -> None:
    talk.take_in(a_mail(1), a_mail(2, fields=TO_BOTH), a_mail(1), a_mail(3, fields=TO_BOTH), a_mail(4))

    assert talk.states() == ["case", "case", "duplicate", "case", "case"]
    cases = talk.cases()
    senders = ["client1@c1.example", *["client2@c2.example"] * 2, *["client3@c3.example"] * 2, "client4@c4.example"]
    assert [case.requester_address for case in cases] == senders
    assert [cases[row.case_id - 1].requester_address for row in talk.desk.rows(Outbox)] == list(dict.fromkeys(senders))
    assert [(row.case_id, row.other_id) for row in talk.desk.rows(CaseLink)] == [(2, 3), (4, 5)]
    assert [case.acknowledged_with for case in cases] == [None, None, 2, None, 4, None]
    ledger = {row.id: row.case_id for row in talk.desk.rows(Inbound)}
    assert ledger == {1: 1, 2: 2, 3: None, 4: 4, 5: 6}
    assert [row.from_address for row in talk.desk.rows(CaseMessage)] == senders
    assert talk.desk.rows(StoredAttachment) == []


def test_the_case_of_the_other_team_is_no_orphan_of_the_ledger(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=TO_BOTH))
    with talk.desk.store() as store, store.reading() as session:
        assert orphans(session) == {}


def test_both_cases_of_a_mail_can_be_merged_and_show_it_once(talk: Conversing) -> None:
    talk.take_in(a_mail(1, fields=TO_BOTH))
    one, two = (case.reference for case in talk.cases())
    talk.act("merge", two, one)

    story = talk.story(two)
    assert (story["reference"], len(story["messages"]), story["links"]) == (one, 1, [])
    talk.take_in(a_mail(2, sender=CLIENT, subject=f"[{two}]"))
    assert (talk.states()[-1], len(talk.desk.rows(Outbox))) == ("appended", 1)


def test_a_mail_that_follows_a_case_closed_for_long_makes_one_case(
    sqlite_url: str, tmp_path: Path, reader: Reader
) -> None:
    talk = with_teams(Conversing(WorkingDesk(tmp_path, sqlite_url), reader))
    talk.take_in(a_mail(1))
    talk.act("close", talk.cases()[0].reference)
    talk.now.forward(days=40)
    talk.take_in(TO_BOTH.encode() + talk.answer())
    assert len(talk.cases()) == 2


@pytest.mark.parametrize(
    ("team", "mistake"),
    [
        ({"addresses": ["other@desk.example"]}, "none of the desk's own addresses; name it in desk.addresses too"),
        ({"addresses": ["Accounts@desk.example"]}, "another team's too; give each address to one team"),
        ({"queues": ["nowhere"]}, "'nowhere' is not defined"),
        ({"name": "accounts"}, "another entry is named 'accounts' too"),
        ({"queues": []}, "queues"),
    ],
)
def test_teams_that_cannot_be_are_told(
    sqlite_url: str, tmp_path: Path, reader: Reader, team: dict[str, object], mistake: str
) -> None:
    talk = with_teams(Conversing(WorkingDesk(tmp_path, sqlite_url), reader))
    talk.desk.change(teams=[TEAMS[0], TEAMS[1] | team])
    done = talk.desk.command_here("case", "list")
    assert (done.returncode, mistake in " ".join(done.stderr.split())) == (78, True)
