"""Other rules are tried on the mail that came: what would be otherwise is shown, nothing is stored or sent."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.conversing import Conversing
from support.mails import a_mail

from ingest.errors import Transient
from processor.store.database import Store
from processor.store.models import Base, Case, RawMessage

IBAN = "DE89 3704 0044 0532 0130 00"


def replayed(talk: Conversing, *options: str, code: int = 0) -> dict[str, Any]:
    """What `daydesk replay --json` tells."""
    done = talk.desk.command_here("replay", "--json", *options)
    assert (done.returncode, done.stderr) == (code, "")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def shown(talk: Conversing, *options: str) -> str:
    done = talk.desk.command_here("replay", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk that took in three mails: of an invoice, of a statement, and of neither; and an answer."""
    talk.take_in(
        a_mail(1, subject="Invoice 4711", words=f"Please pay to {IBAN}."),
        a_mail(2, subject="Your statement of account", words="Please send it."),
        a_mail(3, subject="A question", words="Which cheque do you mean?"),
    )
    talk.take_in(talk.answer(0))
    return talk


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Heard by what the test starts: a shell lets what it runs in the background ignore it, and that is inherited."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def new_rules(talk: Conversing) -> str:
    """A policy file beside the desk's, with other rules and request types."""
    before, own = dict(talk.desk.tables), talk.desk.config.read_text()
    talk.desk.tables["rules"] = [
        {"name": "cheque", "when": {"words": ["cheque"]}, "request_type": "payment"},
        *before["rules"],
    ]
    asked = {"en": "the date"}
    talk.desk.change(
        details={"payment-date": {"ask": asked, "patterns": ["(20[0-9]{2}-[0-9]{2}-[0-9]{2})"]}},
        request_types={
            "payment": {"label": {"en": "Payment"}, "queue": "receivable", "details": ["payment-date"]},
        },
    )
    other = talk.desk.folder / "new.toml"
    other.write_text(talk.desk.config.read_text())
    talk.desk.config.write_text(own)
    talk.desk.tables = before
    return str(other)


def test_what_would_have_gone_elsewhere_is_told_with_its_type_and_what_it_lacks(
    talk: Conversing, new_rules: str
) -> None:
    told = replayed(talk, "--policy", new_rules)
    (change,) = told["changes"]
    assert (change["case"], change["subject"]) == (talk.cases()[2].reference, "A question")
    assert change["changed"] == ["queue", "request_type", "missing"]
    assert (change["then"]["queue"], change["then"]["rule"], change["then"]["missing"]) == ("triage", "rest", [])
    now = change["now"]
    assert (now["queue"], now["request_type"], now["rule"], now["missing"]) == (
        "receivable", "payment", "cheque", ["payment-date"],
    )  # fmt: skip
    assert told["queues"] == [{"then": "triage", "now": "receivable", "cases": 1}]
    assert (told["mails"], told["replayed"], told["complete"], told["unread"]) == (3, 3, True, [])
    assert told["recorded_versions"] == {talk.cases()[0].policy_version: 3}

    text = " ".join(shown(talk, "--policy", new_rules).split())
    assert "queue: triage -> receivable" in text
    assert "rule: rest -> cheque" in text
    assert "missing: (none) -> payment-date" in text
    assert "3 of 3 mails that opened cases were read again from their raw bytes" in text
    assert text.endswith("Nothing was stored, nothing was sent.")


def test_the_rules_that_decided_decide_the_same_again_wherever_people_moved_the_case(talk: Conversing) -> None:
    talk.act("move", str(talk.cases()[2].reference), "statements")
    told = replayed(talk)
    assert (told["changes"], told["replayed"]) == ([], 3)
    assert "Nothing would be decided otherwise." in " ".join(shown(talk).split())


def test_an_acknowledgement_that_would_be_decided_otherwise_is_told_with_its_reasons(talk: Conversing) -> None:
    before = dict(talk.desk.tables)
    talk.desk.change(acknowledgement={"dry_run": True})
    told = replayed(talk)
    assert told["different"]["acknowledged"] == 3
    assert told["changes"][0]["now"]["reasons"] == [{"code": "DRY_RUN", "evidence": ""}]
    assert "acknowledged: yes -> no (DRY_RUN)" in shown(talk)
    talk.desk.tables = before


def test_a_cap_that_held_then_holds_in_a_replay(talk: Conversing) -> None:
    talk.desk.change(acknowledgement={"caps": {}})
    talk.take_in(*(a_mail(n, sender="jo@c9.example", subject="Invoice again") for n in (11, 12)))
    assert [row.data["send"] for row in talk.events("acknowledgement decided")][-2:] == [True, False]
    assert replayed(talk)["changes"] == []


def test_mails_are_chosen_by_day_queue_and_number(talk: Conversing) -> None:
    talk.now.forward(days=2)
    talk.take_in(a_mail(5, subject="Invoice 5"))
    day = (talk.now() - timedelta(days=1)).date().isoformat()
    assert replayed(talk, "--since", day)["mails"] == 1
    assert replayed(talk, "--until", day)["mails"] == 3
    assert replayed(talk, "--queue", "statements")["mails"] == 1
    assert replayed(talk, "--limit", "2")["mails"] == 2
    done = talk.desk.command_here("replay", "--queue", "attic")
    assert (done.returncode, "no queue 'attic'" in done.stderr) == (1, True)


def test_a_mail_that_cannot_be_read_again_is_told_and_the_others_are_replayed(talk: Conversing, new_rules: str) -> None:
    with talk.desk.store() as store, store.writing() as session:
        first = sa.select(RawMessage.sha256).order_by(RawMessage.size).limit(1).scalar_subquery()
        session.execute(sa.update(RawMessage).where(RawMessage.sha256 == first).values(compression="rot13"))
    told = replayed(talk)
    assert (told["mails"], told["replayed"], len(told["unread"])) == (3, 2, 1)
    assert "kept as 'rot13'" in told["unread"][0]["reason"]
    assert "not read again: the raw message is kept as 'rot13'" in " ".join(shown(talk).split())


def test_a_replay_writes_nothing_and_speaks_to_no_server(talk: Conversing, new_rules: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        talk.desk.change(smtp={"port": server.getsockname()[1]})
        before = _everything(talk)
        replayed(talk, "--policy", new_rules)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert _everything(talk) == before


def test_who_opens_the_database_for_reading_can_change_nothing_in_it(database_url: str) -> None:
    store = Store(database_url, read_only=True)
    with pytest.raises(Transient, match=r"read.?only"), store.writing() as session:
        session.execute(sa.delete(Case))
    store.close()


def test_bank_details_of_a_subject_are_not_shown(talk: Conversing) -> None:
    talk.take_in(a_mail(7, subject=f"Invoice to {IBAN}"))
    talk.desk.change(acknowledgement={"dry_run": True})
    assert "0532" not in shown(talk)
    assert "0532" not in json.dumps(replayed(talk))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc, to see the reading process begin")
def test_ctrl_c_ends_it_with_what_was_found_so_far(talk: Conversing, ctrl_c: None) -> None:
    talk.take_in(*(a_mail(n) for n in range(20, 140)))
    with talk.desk.start("replay") as process:
        threads = Path(f"/proc/{process.pid}/task")
        for _ in range(3_000):
            if any(children.read_text() for children in threads.glob("*/children")):
                break
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        out, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "")
    assert "Stopped before the end." in " ".join(out.split())


def _everything(talk: Conversing) -> list[Any]:
    with talk.desk.store() as store, store.reading() as session:
        return [session.execute(sa.select(table)).all() for table in Base.metadata.sorted_tables]


def test_a_mail_is_met_as_the_stranger_s_that_it_was(talk: Conversing) -> None:
    """Its own arrival made its sender and his domain known; a second policy must not profit from that."""
    words = f"We have a new bank account: please pay to {IBAN} from now on."
    talk.take_in(a_mail(30, sender="jo@new-here.example", subject="Invoice", words=words))
    before = talk.events("payment diversion")[-1]
    assert "first-domain" in [code for code, *_more in before.data["signals"]]
    threshold = before.data["score"]
    talk.desk.change(diversion={"hold": threshold, "warn": 1, "note": 1, "queue": "statements"})
    (change,) = (one for one in replayed(talk)["changes"] if one["subject"] == "Invoice")
    assert change["now"]["queue"] == "statements"  # each point of the score is there again
