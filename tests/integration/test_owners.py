"""New cases are given to people: fairly, by two workers at once, and however often one of them dies."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections import Counter
from typing import Any

import pytest
from support.conversing import Conversing
from support.mails import a_mail
from support.mortal import Killed, Life, MortalStore

from processor import workers
from processor.policy import Run
from processor.reading.reader import open_reader
from processor.stages.triage import triage_batch
from processor.store.models import Case

CASES = 1000 if os.environ.get("DAYDESK_LONG") else 130  # nightly; in either one of three gets one more
PEOPLE = ["ada", "bob", "cyd"]


def assigning(talk: Conversing, assign: str, **more: Any) -> Conversing:
    """A desk that gives the cases of its catch-all queue to three people."""
    triage = {"label": "Triage", "owners": PEOPLE, "assign": assign, **more}
    talk.desk.change(queues={"triage": triage}, rules=[{"name": "rest", "queue": "triage"}])
    return talk


def mails(count: int, first: int = 1) -> list[bytes]:
    return [a_mail(number) for number in range(first, first + count)]


def owners(talk: Conversing) -> Counter[str | None]:
    return Counter(row.owner for row in talk.desk.rows(Case, Case.owner))


def test_many_cases_are_shared_fairly_by_two_workers_at_once(talk: Conversing) -> None:
    assigning(talk, "round-robin")
    together = 1 if talk.desk.tables["database"]["url"].startswith("sqlite") else 2  # there one process works
    talk.put(*mails(CASES))
    with talk.desk.opened(talk.now) as desk:
        workers.run_once(desk, "receive")

    def work() -> None:
        with talk.desk.opened(talk.now) as desk, open_reader(Run()) as reader:
            while triage_batch(desk, reader):
                continue

    threads = [threading.Thread(target=work) for _ in range(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    shares = sorted(owners(talk).values())
    assert (sum(shares), shares[-1] - shares[0]) == (CASES, 1)
    assert len(talk.events("assigned")) == CASES


def test_a_worker_that_dies_takes_no_turn_with_it(talk: Conversing) -> None:
    assigning(talk, "round-robin")
    talk.put(*mails(12))
    with talk.desk.opened(talk.now) as desk:
        workers.run_once(desk, "receive")
        for breaths in range(3):  # before the transaction, before its commit, after it
            store = MortalStore(talk.desk.tables["database"]["url"], Life(breaths))
            try:
                with pytest.raises(Killed):
                    triage_batch(dataclasses.replace(desk, store=store), talk.reader, 4)
            finally:
                store.close()
        while triage_batch(desk, talk.reader, 4):
            continue
    assert owners(talk) == dict.fromkeys(PEOPLE, 4)


def test_the_one_with_the_fewest_open_cases_gets_the_next_one(talk: Conversing) -> None:
    assigning(talk, "least-loaded")
    talk.take_in(*mails(6))
    assert owners(talk) == dict.fromkeys(PEOPLE, 2)
    for case in talk.cases():
        if case.owner == "bob":
            talk.act("close", case.reference)
    talk.take_in(*mails(2, first=7))
    assert owners(talk) == {"ada": 2, "bob": 4, "cyd": 2}


def test_who_is_away_gets_none_and_where_all_are_it_is_nobody_s(talk: Conversing) -> None:
    assigning(talk, "fixed")
    today = talk.now().date()
    talk.desk.change(absences=[{"person": "ada", "first": today, "last": today}])
    talk.take_in(a_mail(1))
    assert owners(talk) == {"bob": 1}
    talk.desk.change(absences=[{"person": person, "first": today, "last": today} for person in PEOPLE])
    talk.take_in(a_mail(2))
    reference = talk.cases()[1].reference
    assert owners(talk) == {"bob": 1, None: 1}
    assert "the case is nobody's (fixed); away: ada, bob, cyd" in talk.act("show", reference)


def test_a_later_mail_leaves_the_case_with_its_owner(talk: Conversing) -> None:
    assigning(talk, "round-robin")
    talk.take_in(a_mail(1))
    talk.take_in(talk.answer())
    assert owners(talk) == {"ada": 1}
    assert len(talk.events("assigned")) == 1


def test_people_give_a_case_to_somebody_and_take_it_back(talk: Conversing) -> None:
    assigning(talk, "round-robin")
    talk.take_in(a_mail(1))
    reference = talk.cases()[0].reference
    assert talk.act("assign", reference, "grace", "--note", "knows them", "--by", "ada") == f"{reference} is grace's."
    assert owners(talk) == {"grace": 1}
    shown = talk.act("show", reference)
    assert "owner grace" in shown
    assert "the case is ada's (round-robin)" in shown
    assert "the case is grace's; it was ada's: knows them (by ada)" in shown
    assert talk.refused("assign", reference, "grace") == f"daydesk: {reference} is grace's already."
    assert talk.act("assign", reference, "--none") == f"{reference} is nobody's."
    assert owners(talk) == {None: 1}
    assert "one of the two" in talk.refused("assign", reference)
    assert "one of the two" in talk.refused("assign", reference, "ada", "--none")
    assert "one line" in talk.refused("assign", reference, "a\nb")


def test_show_and_explain_tell_whose_it_is_and_when_it_is_answered_and_paid(talk: Conversing) -> None:
    windows = ["00:00-12:00", "12:00-24:00"]
    every_day = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    cycle = {"requests_by": "wednesday", "verified": "friday", "credited": "tuesday"}
    kind = {"payment": {"label": {"en": "Payment"}, "queue": "triage", "cycle": cycle}}
    assigning(talk, "fixed", answer_windows=windows)
    rules = [{"name": "pay", "when": {"words": ["payment"]}, "request_type": "payment"}, *talk.desk.tables["rules"]]
    talk.desk.change(calendar={"working_days": every_day}, request_types=kind, rules=rules)
    talk.take_in(a_mail(1, subject="Payment", words="Where is my payment?\n"))
    reference = talk.cases()[0].reference
    story = talk.story(reference)
    assert sorted(story["cycle"]) == ["credited", "requests_by", "verified"]
    shown, explained = talk.act("show", reference), talk.desk.command_here("explain", reference).stdout
    for words, label in ((shown, "answered"), (" ".join(explained.split()), "Answered:")):
        assert f"{label} in the window " in words
        assert "requests by Wed " in words
        assert "verified Fri " in words
        assert "credited Tue " in words
    assert "Owner: the case is ada's (fixed)." in explained
    talk.act("close", reference)
    assert talk.story(reference)["cycle"] is None
    assert "answered in the window" not in talk.act("show", reference)


def test_a_file_is_explained_with_who_may_get_it(talk: Conversing) -> None:
    assigning(talk, "round-robin")
    file = talk.desk.folder / "mail.eml"
    file.write_bytes(a_mail(1))
    assert "Owner: round-robin, of ada, bob, cyd." in talk.desk.command_here("explain", str(file)).stdout
