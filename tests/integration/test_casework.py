"""Cases are merged, linked, resolved, closed and opened again; a client's mail finds them wherever they went."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from support.conversing import Conversing
from support.mails import a_bounce, a_mail
from support.plans import plans
from support.working_desk import WorkingDesk

from ingest.errors import DeskError
from processor.casework.merging import merge
from processor.casework.settling import close
from processor.policy import Policy
from processor.reading.reader import Reader, open_reader
from processor.reports.queues import queue_report
from processor.stages.triage import triage_batch
from processor.store.known_cases import holders, known_cases
from processor.store.models import Case, CaseDetail, CaseLink, CaseMessage, Event, Inbound, Outbox, Participant

EVE = "eve@evil.example"
REFUTED = "Authentication-Results: mx.desk.example; dmarc=fail header.from=c1.example\r\n"


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk with two cases, which are acknowledged."""
    talk.desk.change(acknowledgement={"authserv_id": "mx.desk.example"})
    talk.take_in(a_mail(1), a_mail(2))
    return talk


@pytest.fixture
def one(talk: Conversing) -> str:
    return str(talk.cases()[0].reference)


@pytest.fixture
def two(talk: Conversing) -> str:
    return str(talk.cases()[1].reference)


def changed(talk: Conversing, **values: object) -> None:
    with talk.desk.store() as store, store.writing() as session:
        session.execute(Case.__table__.update().values(**values))


# Resolved and closed


@pytest.mark.parametrize("act", ["resolve", "close"])
def test_a_participants_mail_opens_a_settled_case_again_and_its_clocks_start_anew(
    talk: Conversing, one: str, act: str
) -> None:
    talk.act(act, one, "--by", "amina")
    before = talk.cases()[0]
    assert (before.status, before.closed_at is not None) == (f"{act}d", True)
    changed(talk, first_response_at=talk.now())
    talk.now.forward(days=3)

    talk.take_in(talk.answer())

    case = talk.cases()[0]
    received = talk.desk.rows(Inbound)[-1].received_at
    assert (case.status, case.closed_at, case.first_response_at) == ("open", None, None)
    assert (case.reopened_at, case.promise_at) == (received, received + timedelta(hours=24))
    assert case.internal_due_at == received + timedelta(hours=24)
    assert (case.received_at, talk.states()[-1]) == (before.received_at, "appended")
    (event,) = talk.events("reopened")
    assert event.data["was"] == f"{act}d"
    assert event.data["promise_was"] == before.promise_at.isoformat()
    assert event.data["first_response_was"] is not None
    assert len(talk.desk.rows(Outbox)) == 2  # EXISTING: it was acknowledged
    assert f"reopened; it was {act}d; a reply is promised by" in talk.act("show", one)


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_no_automatic_mail_opens_a_settled_case(talk: Conversing, status: str) -> None:
    changed(talk, status=status, closed_at=talk.now())
    before = talk.cases()
    of_machines = (
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "X-Autoreply: yes\r\n",
        "Precedence: bulk\r\n",
        "Return-Path: <>\r\n",
    )
    mails = [field.encode() + talk.answer(mail=9000 + number) for number, field in enumerate(of_machines)]
    talk.take_in(*mails, a_bounce(talk.ours()))

    assert talk.states()[2:] == ["appended"] * 6
    assert talk.cases() == before
    assert talk.events("reopened") == []


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_a_stranger_with_the_token_opens_a_settled_case_and_gets_nothing_of_it(talk: Conversing, status: str) -> None:
    changed(talk, status=status, closed_at=talk.now())
    sent = len(talk.desk.rows(Outbox))
    for mail in (talk.answer(mail=9100, sender=EVE), REFUTED.encode() + talk.answer(mail=9101)):
        changed(talk, status=status, closed_at=talk.now())
        talk.take_in(mail)
        assert (talk.states()[-1], talk.cases()[0].status) == ("appended", "open")

    assert len(talk.events("reopened")) == 2
    assert len(talk.desk.rows(Outbox)) == sent
    assert EVE not in talk.story(talk.cases()[0].reference)["participants"]


@pytest.mark.parametrize("status", ["new", "open", "waiting_internal", "waiting_client"])
def test_an_automatic_answer_leaves_a_case_where_it_is(talk: Conversing, status: str) -> None:
    changed(talk, status=status)
    before = talk.cases()[0]
    talk.take_in(b"Auto-Submitted: auto-replied\r\n" + talk.answer())
    assert (talk.cases()[0], talk.states()[-1]) == (before, "appended")

    talk.take_in(talk.answer(mail=9001))
    assert talk.cases()[0].status == ("open" if status == "waiting_client" else status)


def test_of_two_mails_in_one_batch_the_first_opens_the_case_again(talk: Conversing, one: str) -> None:
    talk.act("close", one)
    talk.take_in(talk.answer(mail=9000), talk.answer(mail=9001))
    assert (talk.cases()[0].status, len(talk.events("reopened"))) == ("open", 1)


def test_a_case_closed_for_longer_is_followed_by_a_new_one_that_is_acknowledged_as_such(
    talk: Conversing, one: str
) -> None:
    talk.act("close", one)
    before = talk.cases()[0]
    talk.now.forward(days=31)
    talk.take_in(talk.answer())

    old, _two, new = talk.cases()
    assert (old, new.status, talk.states()[-1]) == (before, "new", "case")
    assert "no acknowledgement" not in talk.act("show", new.reference)
    assert (len(talk.desk.rows(Outbox)), new.reference in str(talk.read(2)["Subject"])) == (3, True)
    (link,) = talk.desk.rows(CaseLink)
    assert (link.case_id, link.other_id, link.kind, link.actor) == (new.id, old.id, "follows", "daydesk")
    assert f"see also {one} (follows)" in talk.act("show", new.reference)
    assert f"see also {new.reference} (followed by)" in talk.act("show", one)
    assert talk.story(new.reference)["participants"] == ["client1@c1.example"]
    assert [row.data["suggested"] for row in talk.events("received")][-1] == []


def test_who_is_not_a_participant_gets_nothing_of_a_case_closed_for_long(talk: Conversing, one: str) -> None:
    talk.act("close", one)
    talk.now.forward(days=31)
    talk.take_in(b"Auto-Submitted: auto-replied\r\n" + talk.answer(mail=9000), talk.answer(mail=9001, sender=EVE))

    assert (talk.states()[-2:], len(talk.cases()), len(talk.desk.rows(Outbox))) == (["appended"] * 2, 2, 2)


@pytest.mark.parametrize(("days", "age", "opened"), [(30, 29, True), (30, 31, False), (0, 0, False), (365, 300, True)])
def test_the_policy_says_for_how_long_a_closed_case_is_opened_again(
    talk: Conversing, one: str, days: int, age: int, opened: bool
) -> None:
    talk.desk.change(desk={"reopen_days": days})
    talk.act("close", one)
    talk.now.forward(days=age, minutes=1)
    talk.take_in(talk.answer())
    assert (talk.cases()[0].status, len(talk.cases())) == (("open", 2) if opened else ("closed", 3))


def test_a_resolved_case_is_opened_again_whenever_the_client_writes(talk: Conversing, one: str) -> None:
    talk.desk.change(desk={"reopen_days": 0})
    talk.act("resolve", one)
    talk.now.forward(days=400)
    talk.take_in(talk.answer())
    assert (talk.cases()[0].status, len(talk.cases())) == ("open", 2)


def test_a_person_opens_a_case_again_and_no_clock_starts(talk: Conversing, one: str) -> None:
    before = talk.cases()[0]
    assert talk.act("resolve", one) == f"{one} is resolved."
    assert talk.act("close", one.lower().replace("-", "")) == f"{one} is closed."
    assert talk.act("reopen", one) == f"{one} is open again."
    after = talk.cases()[0]
    assert (after.status, after.closed_at) == ("open", None)
    assert (after.promise_at, after.reopened_at) == (before.promise_at, None)


def test_acts_that_make_no_sense_are_refused_with_the_reason(talk: Conversing, one: str, two: str) -> None:
    assert f"{one} is new: it was never settled" in talk.refused("reopen", one)
    talk.act("resolve", one)
    assert f"{one} is resolved already" in talk.refused("resolve", one)
    talk.act("close", one)
    assert f"{one} is closed already" in talk.refused("close", one)
    assert f"{one} is closed already" in talk.refused("resolve", one)
    assert f"{one} is closed, and {two} is not: see `daydesk case reopen {one}`" in talk.refused("merge", two, one)
    assert "There is no case DD-7K3M-9QXW-S" in talk.refused("close", "DD-7K3M-9QXW-S")
    assert "is not a case reference" in talk.refused("close", "DD-7K3M-9QXW-T")
    assert f"{one} is one case: name two" in talk.refused("merge", one, one)
    assert f"{one} is one case: name two" in talk.refused("link", one, one.lower())
    talk.act("link", one, two)
    assert f"{two} and {one} are linked already" in talk.refused("link", two, one)
    talk.act("merge", one, two)
    for act in (("close", one), ("resolve", one), ("reopen", one), ("merge", one, two), ("link", two, one)):
        assert f"{one} was merged into {two}: name that one" in talk.refused(*act)


# Linked


def test_a_link_shows_on_both_cases_with_who_made_it(talk: Conversing, one: str, two: str) -> None:
    assert talk.act("link", one, two, "--by", "amina") == f"{one} and {two} are linked."
    assert [link["case"] for link in talk.story(one)["links"]] == [two]
    assert [(link["case"], link["actor"]) for link in talk.story(two)["links"]] == [(one, "amina")]
    assert f"linked: related {one} (by amina)" in talk.act("show", two)


# Merged


def test_a_merged_case_is_found_by_its_reference_and_not_listed(talk: Conversing, one: str, two: str) -> None:
    assert talk.act("merge", one, two, "--by", "amina") == f"{one} went into {two}: mails to it land there."

    assert talk.listed() == [two]
    assert talk.listed("--status", "closed") == []
    assert talk.story(one) == talk.story(two)
    story = talk.story(one)
    assert (story["reference"], story["merged"]) == (two, [one])
    assert [message["from_address"] for message in story["messages"]] == ["client1@c1.example", "client2@c2.example"]
    assert len(story["outbox"]) == 2
    assert story["participants"] == ["client1@c1.example", "client2@c2.example"]
    (event,) = talk.events("merged")
    assert (event.actor, event.data) == ("amina", {"case": one, "was": "new"})
    assert f"{one} was merged into this case; it was new (by amina)" in talk.act("show", one)
    explained = talk.desk.command_here("explain", one)
    assert (explained.returncode, explained.stdout.count("Read as:")) == (0, 2)


def test_a_mail_to_a_merged_case_lands_on_the_survivor_however_long_the_chain(
    talk: Conversing, one: str, two: str
) -> None:
    talk.take_in(a_mail(3))
    three = talk.cases()[2].reference
    talk.act("merge", one, two)
    talk.act("merge", two, three)
    assert [case.merged_into for case in talk.cases()] == [3, 3, None]
    assert f"{two} was merged into {three}" in talk.refused("merge", three, two)  # no circle

    talk.act("resolve", three)
    talk.take_in(talk.answer(0))
    assert [(row.case_id, row.standing) for row in talk.desk.rows(CaseMessage)][-1] == (3, "participant")
    assert talk.cases()[2].status == "open"

    written = a_mail(9001, sender="client2@c2.example", subject=f"[{two}] and another thing")
    talk.take_in(written)
    assert [(row.case_id, row.standing) for row in talk.desk.rows(CaseMessage)][-1] == (3, "participant")
    assert [case.status for case in talk.cases()] == ["closed", "closed", "open"]
    assert len(talk.desk.rows(Outbox)) == 3  # what was acknowledged before counts for the whole


def test_what_only_names_a_merged_case_is_told_of_the_survivor(talk: Conversing, one: str, two: str) -> None:
    talk.act("merge", one, two)
    talk.take_in(
        a_mail(7, sender=EVE, subject=f"[{one}]"),
        a_mail(8, fields="In-Reply-To: <mail-1@c1.example>\r\n", sender=EVE, subject="x"),
    )
    assert [row.data["suggested"] for row in talk.events("received")][-2:] == [[two], [two]]
    assert talk.states()[-2:] == ["case", "case"]


def test_a_bounce_of_what_a_merged_case_sent_shows_on_the_survivor(talk: Conversing, one: str, two: str) -> None:
    talk.act("merge", one, two)
    talk.take_in(a_bounce(talk.ours()))
    assert "client1@c1.example could not be reached" in talk.story(two)["undelivered"]
    assert [row.state for row in talk.desk.rows(Outbox)] == ["bounced", "due"]


def test_a_merger_forgets_neither_promise_nor_urgency_nor_details(talk: Conversing, one: str, two: str) -> None:
    first, second = talk.cases()
    with talk.desk.store() as store, store.writing() as session:
        early = first.promise_at - timedelta(hours=3)
        session.execute(Case.__table__.update().where(Case.id == first.id).values(promise_at=early, priority="urgent"))
        rows = [(1, "amount", "120.00"), (1, "cheque-number", None), (1, "customer", None)]
        rows += [(2, "amount", None), (2, "cheque-number", None), (2, "customer", "4711")]
        session.execute(
            CaseDetail.__table__.insert(), [{"case_id": case, "name": n, "value": v} for case, n, v in rows]
        )

    talk.act("merge", one, two)

    survivor = talk.cases()[1]
    assert (survivor.promise_at, survivor.priority) == (early, "urgent")
    assert survivor.internal_due_at == min(first.internal_due_at, second.internal_due_at)
    details = {(row.name, row.value) for row in talk.desk.rows(CaseDetail) if row.name != "invoice-number"}
    assert details == {("amount", "120.00"), ("cheque-number", None), ("customer", "4711")}
    assert {row.case_id for row in talk.desk.rows(CaseDetail)} == {2}


def test_a_promise_that_was_kept_presses_nobody_after_a_merger(talk: Conversing, one: str, two: str) -> None:
    promise = talk.cases()[1].promise_at
    with talk.desk.store() as store, store.writing() as session:
        kept = {"first_response_at": talk.now(), "promise_at": promise - timedelta(hours=5)}
        session.execute(Case.__table__.update().where(Case.id == 1).values(**kept))
    talk.act("merge", one, two)
    assert (talk.cases()[1].promise_at, talk.cases()[1].first_response_at) == (promise, None)


def test_merged_cases_are_counted_once(talk: Conversing, one: str, two: str) -> None:
    def reported() -> tuple[int, int]:
        with talk.desk.opened(talk.now) as desk, desk.store.reading() as session:
            policy: Policy = desk.policy
            totals = queue_report(session, policy, talk.now() + timedelta(minutes=1)).totals
        return totals.open, totals.response.answered

    changed(talk, first_response_at=talk.now())
    assert reported() == (2, 2)
    talk.act("merge", one, two)
    assert reported() == (1, 1)


def test_the_time_to_answer_a_case_that_was_opened_again_begins_with_that_mail(talk: Conversing, one: str) -> None:
    talk.act("resolve", one)
    talk.now.forward(days=10)
    talk.take_in(talk.answer())
    talk.now.forward(hours=2)
    with talk.desk.store() as store, store.writing() as session:
        session.execute(Case.__table__.update().where(Case.id == 1).values(first_response_at=talk.now()))
    with talk.desk.opened(talk.now) as desk, desk.store.reading() as session:
        response = queue_report(session, desk.policy, talk.now()).totals.response
    assert response.median is not None
    assert timedelta(hours=1, minutes=59) < response.median <= timedelta(hours=2, seconds=1)


def test_a_mail_that_arrives_while_its_case_is_merged_is_not_lost(
    postgres_url: str, tmp_path: Path, reader: Reader
) -> None:
    talk = Conversing(WorkingDesk(tmp_path, postgres_url), reader)
    talk.take_in(*(a_mail(number) for number in range(1, 9)))
    names = [case.reference for case in talk.cases()]
    talk.put(*(talk.answer(number, 9000 + number) for number in range(8)))
    talk.desk.run_once("receive", talk.now)
    ready = threading.Barrier(3)

    def work() -> None:
        with talk.desk.opened(talk.now) as opened, open_reader(opened.policy.run) as reader:
            ready.wait()
            while triage_batch(opened, reader, batch=1):
                continue

    def put_together() -> None:
        with talk.desk.store() as store:
            ready.wait()
            for name in names[:7]:
                merge(store, name, names[7], "amina", talk.now())
            close(store, names[7], "amina", talk.now())

    threads = [threading.Thread(target=act) for act in (work, work, put_together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert talk.states() == ["case"] * 8 + ["appended"] * 8
    assert len(talk.story(names[0])["messages"]) == 16
    survivor = talk.cases()[7]
    assert {case.merged_into for case in talk.cases()[:7]} == {survivor.id}
    last = [row.kind for row in talk.desk.rows(Event)]
    assert survivor.status == ("open" if "reopened" in last[last.index("closed") :] else "closed")


def test_of_two_mergers_at_once_in_a_circle_one_is_refused(postgres_url: str, tmp_path: Path, reader: Reader) -> None:
    talk = Conversing(WorkingDesk(tmp_path, postgres_url), reader)
    talk.take_in(a_mail(1), a_mail(2))
    names = [case.reference for case in talk.cases()]
    ready = threading.Barrier(2)
    refused: list[str] = []

    def put(one: str, other: str) -> None:
        with talk.desk.store() as store:
            ready.wait()
            try:
                merge(store, one, other, "amina", talk.now())
            except DeskError as error:
                refused.append(str(error))

    threads = [threading.Thread(target=put, args=pair) for pair in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert "was merged into" in refused[0]
    assert [case.merged_into for case in talk.cases()].count(None) == 1


def test_what_a_mail_names_is_found_by_indexes_alone(talk: Conversing, one: str) -> None:
    with talk.desk.store() as store:
        found = plans(
            store, lambda session: (known_cases(session, {one}), list(holders(session, {"<mail-1@c1.example>"})))
        )
    assert len(found) == 5
    assert [plan for plan in found if "SCAN" in plan or "Seq Scan" in plan] == []
    assert {row.address for row in talk.desk.rows(Participant)} == {"client1@c1.example", "client2@c2.example"}
