"""Whose a new case is: the known person first, then the queue's people; those who are away are left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from processor.policy import Policy
from processor.triage.answer_windows import DeskHours
from processor.triage.contact import KnownContact, OpenCase
from processor.triage.owner import Assigning, Share, assigning, choose

NOW = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)  # 25 December in Paris
PEOPLE = ("ada", "bob", "cyd")


def policy(assign: str, **more: Any) -> Policy:
    queue = {"label": "Triage", "owners": PEOPLE, "assign": assign}
    return Policy.model_validate(
        {
            "desk": {
                "name": "Desk",
                "address": "d@desk.example",
                "key": {"env": "KEY"},
                "timezone": "Europe/Paris",
            },
            "mailboxes": [{"kind": "folder", "name": "scans", "path": "scans"}],
            "smtp": {"host": "localhost"},
            "queues": {"triage": queue},
            "rules": [{"name": "rest", "queue": "triage"}],
            **more,
        }
    )


def away(*people: str) -> list[dict[str, str]]:
    return [{"person": person, "first": "2026-12-25", "last": "2026-12-25"} for person in people]


def assigned(assign: str, contact: KnownContact | None = None, *absent: str) -> Assigning | None:
    made = policy(assign, absences=away(*absent))
    return assigning("triage", made.queues["triage"], contact, DeskHours(made), NOW)


def known(**more: Any) -> KnownContact:
    return KnownContact(**{"address": "c@client.example", "confirmed": True, **more})


def test_without_a_way_to_assign_it_is_nobody_s() -> None:
    assert assigned("none") is None


@pytest.mark.parametrize("how", ["fixed", "round-robin", "least-loaded"])
def test_who_is_away_by_the_desk_s_own_day_is_left_out_and_told(how: str) -> None:
    assert assigned(how, None, "ada") == Assigning(how=how, people=("bob", "cyd"), away=("ada",))
    assert assigned(how, None, *PEOPLE) == Assigning(how=how, people=(), away=PEOPLE)
    assert choose(Assigning(how=how, people=()), {}) is None


@pytest.mark.parametrize(
    ("how", "owner"), [("fixed", "ada"), ("round-robin", "cyd"), ("least-loaded", "bob"), ("contact", "ada")]
)
def test_the_owner_is_found_by_the_way_that_the_policy_names(how: str, owner: str) -> None:
    shares = {"ada": Share(turn=3, unsettled=2), "bob": Share(turn=4, unsettled=1), "cyd": Share(turn=2, unsettled=1)}
    shares["cyd"] = Share(turn=2, unsettled=5)
    assert choose(Assigning(how=how, people=PEOPLE), shares) == owner


def test_of_those_with_as_much_to_do_it_is_whose_turn_it_is_and_then_the_first_of_the_policy() -> None:
    least = Assigning(how="least-loaded", people=PEOPLE)
    assert choose(least, {"ada": Share(turn=9), "bob": Share(turn=8), "cyd": Share(unsettled=1)}) == "bob"
    assert choose(least, {}) == "ada"


def test_who_looks_after_the_client_comes_before_the_department() -> None:
    assert assigned("round-robin", known(owner="grace")) == Assigning(how="contact", people=("grace",))
    assert assigned("none", known(owner="grace")) == Assigning(how="contact", people=("grace",))


def test_where_the_known_person_is_away_the_department_takes_it() -> None:
    assert assigned("fixed", known(owner="ada"), "ada") == Assigning(how="fixed", people=("bob", "cyd"), away=("ada",))


def test_whose_an_open_case_of_the_client_in_this_queue_is_gets_the_next_one_too() -> None:
    cases = tuple(
        OpenCase(reference=f"DD-{number}", request_type=None, queue=queue, owner=owner)
        for number, (queue, owner) in enumerate((("legal", "eve"), ("triage", None), ("triage", "cyd")))
    )
    assert assigned("fixed", known(open_cases=cases)) == Assigning(how="open case", people=("cyd",))


def test_what_is_only_learned_of_an_address_gives_it_no_owner() -> None:
    assert assigned("none", known(owner="grace", confirmed=False)) is None
