"""People move and settle cases; the desk learns from it, and suggests where the next mails belong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.conversing import Conversing
from support.lessons import made_lessons, of_queue
from support.mails import a_mail
from support.working_desk import CHECKOUT, WorkingDesk

from processor.casework.moving import move
from processor.casework.settling import resolve
from processor.cli.opening import open_policy
from processor.store.lessons import lessons
from processor.store.models import Event

pytest.importorskip("sklearn", reason="needs scikit-learn: pip install 'daydesk[learn]'")

QUEUES = ("billing", "payment-tracking", "legal", "tax", "triage")
IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
def talk(talk: Conversing) -> Conversing:
    """A desk that knows no rule but the last one, and 64 mails that people moved to where they belong."""
    talk.desk.tables |= {"queues": {}, "rules": [{"name": "rest", "queue": "triage"}]}
    talk.desk.change(queues={name: {"label": name} for name in QUEUES})
    made = made_lessons(64)
    talk.desk.change(
        request_types={one.request_type or "": {"label": {"en": "X"}, "queue": one.queue} for one in made[:4]}
    )
    mails = (a_mail(n, subject=one.subject, words=f"{one.text} {IBAN}") for n, one in enumerate(made))
    talk.take_in(*mails)
    policy = open_policy(talk.desk.config)
    with talk.desk.store() as store:
        for one, case in zip(made, talk.cases(), strict=True):
            move(store, case.reference, one.queue, policy, "amina", talk.now(), request_type=one.request_type)
        resolve(store, talk.cases()[0].reference, "amina", talk.now())
    return talk


def learn(talk: Conversing) -> str:
    done = talk.desk.command_here("learn")
    assert (done.returncode, done.stderr) == (0, "")
    return " ".join(done.stdout.split())


def test_what_people_did_is_learned_and_suggested_and_followed_where_the_policy_says_so(talk: Conversing) -> None:
    said = learn(talk)
    assert "Learned from 64 mails whose cases people settled or moved." in said
    assert "cross-validation" in said
    assert "precision" in said
    assert "A running desk reads it at SIGHUP" in said
    model = (talk.desk.folder / "daydesk.model").read_text()
    assert "3704" not in model

    unseen = of_queue("legal")
    talk.take_in(a_mail(100, subject=unseen.subject, words=unseen.text))
    (event,) = talk.events("suggested")
    assert (event.data["queue"], event.data["request_type"], event.data["applied"]) == ("legal", "legal-notice", False)
    case = talk.cases()[-1]
    assert case.queue == "triage"
    shown = talk.act("show", case.reference)
    assert "suggested by what was learned: queue legal (" in shown
    assert "; not applied" in shown

    talk.desk.change(learning={"apply_from": 0.5})
    talk.take_in(a_mail(101, subject=unseen.subject, words=unseen.text))
    case = talk.cases()[-1]
    assert (case.queue, case.rule) == ("legal", "learned from people")
    assert "; it went there" in talk.act("show", case.reference)


def test_how_well_it_does_is_told_to_programs_too(talk: Conversing) -> None:
    done = talk.desk.command_here("learn", "--json")
    told = json.loads(done.stdout)
    assert (told["mails"], told["refused"]) == (64, None)
    assert told["queue"]["better_than_chance"] is True
    assert Path(told["model"]).name == "daydesk.model"


def test_with_too_little_to_learn_from_no_model_is_made_and_the_old_one_stays(talk: Conversing) -> None:
    (talk.desk.folder / "daydesk.model").write_text("the old one")
    done = talk.desk.command_here("learn", "--since", "2099-01-01")
    assert done.returncode == 1
    assert "There are 0 mails of 0 queues to learn from: too few." in " ".join(done.stdout.split())
    assert (talk.desk.folder / "daydesk.model").read_text() == "the old one"


def test_a_lesson_is_the_first_mail_as_redacted_and_what_waits_to_be_placed_teaches_nothing(talk: Conversing) -> None:
    talk.take_in(a_mail(200, subject="Still there"))
    with talk.desk.store() as store, store.reading() as session:
        taught = list(lessons(session, "triage"))
    assert len(taught) == 64
    assert not [one for one in taught if "3704" in one.text]
    assert all("[IBAN ...3000]" in one.text for one in taught)
    assert len([row for row in talk.desk.rows(Event) if row.kind == "moved"]) == 64


def test_without_the_extra_the_desk_works_and_learning_says_how_to_install_it(tmp_path: Path, sqlite_url: str) -> None:
    desk = WorkingDesk(tmp_path, sqlite_url)
    desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
    (tmp_path / "mail").mkdir()
    without = "import sys; sys.modules['sklearn'] = None; from processor.cli import main; main()"
    for command, code, words in (
        (("learn",), 78, "Learning needs scikit-learn, which is not installed: pip install 'daydesk[learn]'."),
        (("run", "--once", "--only", "triage"), 0, ""),
    ):
        arguments = [sys.executable, "-c", without, *command, "--config", str(desk.config)]
        done = subprocess.run(arguments, capture_output=True, text=True, cwd=CHECKOUT, check=False)
        assert (done.returncode, words in done.stderr) == (code, True)
