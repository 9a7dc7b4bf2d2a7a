"""A person's mail opens a settled case again; a participant's to one closed for long makes a new one that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.triage import CLIENT, RECEIVED, a_case

from processor.triage.automatic import Kind
from processor.triage.context import KnownCase
from processor.triage.correlation import Correlation, Standing
from processor.triage.reopening import followed, reopens

DAY = timedelta(days=1)


def joined(status: str, standing: Standing = Standing.PARTICIPANT, days: int | None = 0) -> Correlation:
    closed_at = RECEIVED - days * DAY if days is not None else None
    case: KnownCase = replace(a_case("DD-7K3M-9QXW-S", CLIENT), status=status, closed_at=closed_at)
    return Correlation(case=case, how="token", standing=standing)


NEW = Correlation(case=None, how="none", standing=Standing.PARTICIPANT)


@pytest.mark.parametrize("status", ["resolved", "closed"])
def test_a_participants_own_mail_opens_a_settled_case_again(status: str) -> None:
    assert reopens(joined(status), Kind.PERSON)


@pytest.mark.parametrize("status", ["new", "open", "waiting_internal", "waiting_client"])
def test_what_is_not_settled_need_not_be_opened(status: str) -> None:
    assert not reopens(joined(status), Kind.PERSON)
    assert not reopens(NEW, Kind.PERSON)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PERSON])
def test_no_machine_opens_a_case_again_or_has_one_follow_it(kind: Kind) -> None:
    assert not reopens(joined("resolved"), kind)
    old = joined("closed", days=400)
    assert followed(old, kind, RECEIVED, 30) is old


@pytest.mark.parametrize("standing", [Standing.NOT_PARTICIPANT, Standing.NOT_CONFIRMED])
def test_a_stranger_who_has_the_token_opens_a_case_again_so_that_his_mail_is_seen(standing: Standing) -> None:
    assert reopens(joined("closed", standing), Kind.PERSON)
    assert not reopens(joined("open", standing), Kind.PERSON)
    assert not reopens(joined("closed", Standing.REPORTER), Kind.PERSON)


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.PARTICIPANT])
def test_nobody_but_a_participant_has_a_case_follow_another(standing: Standing) -> None:
    old = joined("closed", standing, days=400)
    assert followed(old, Kind.PERSON, RECEIVED, 30) is old


@pytest.mark.parametrize(
    ("status", "days", "limit", "new"),
    [
        ("closed", 30, 30, False),
        ("closed", 31, 30, True),
        ("closed", 0, 0, True),
        ("closed", None, 30, True),  # nobody knows since when
        ("closed", -1, 30, False),  # closed after the mail had come
        ("resolved", 400, 30, False),
        ("resolved", 400, 0, False),
        ("open", 400, 0, False),
    ],
)
def test_a_case_closed_for_longer_than_the_policy_says_is_followed(
    status: str, days: int | None, limit: int, new: bool
) -> None:
    before = joined(status, days=days)
    found = followed(before, Kind.PERSON, RECEIVED, limit)
    assert found == (replace(before, case=None, how="none", follows=before.case) if new else before)


def test_a_new_case_follows_nothing() -> None:
    assert followed(NEW, Kind.PERSON, RECEIVED, 0) is NEW
