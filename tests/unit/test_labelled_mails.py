"""Every labelled mail, read from its octets, gets exactly the codes on its label: all of them, and no other."""

from __future__ import annotations

from collections import Counter

import pytest
from support.labelled import Labelled, labelled

from processor.triage.reasons import Code
from processor.triage.verdict import Outcome

UNREADABLE = {"QUARANTINED"}
READABLE = [one for one in labelled() if one.codes != UNREADABLE]


@pytest.mark.parametrize("one", READABLE, ids=lambda one: one.name)
def test_a_labelled_mail_has_the_codes_of_its_label_and_is_kept_whether_answered_or_not(one: Labelled) -> None:
    verdict = one.verdict()
    decision = verdict.acknowledgement
    assert {reason.code.value for reason in decision.reasons} == one.codes
    harmless = {"STALE"} if one.told.get("policy", {}).get("stale") == "without_promise" else set()
    assert decision.send is (one.codes <= harmless)
    assert verdict.outcome is (Outcome.APPENDED if "EXISTING" in one.codes or _joins(one) else Outcome.CASE)


def test_there_are_four_hundred_of_which_a_hundred_and_twenty_are_people() -> None:
    assert len(labelled()) >= 400
    assert sum(not one.codes for one in labelled()) >= 120
    assert len({one.name for one in labelled()}) == len(labelled())
    assert all(one.name.isascii() for one in labelled())  # names of tests: mutation testing asks for each by its name


def test_every_code_is_on_at_least_five_labels() -> None:
    counts = Counter(code for one in labelled() for code in one.codes)
    assert counts.keys() <= {code.value for code in Code}
    assert {code.value: counts[code] for code in Code if counts[code] < 5} == {}


def _joins(one: Labelled) -> bool:
    """An answer in a case that nobody acknowledged yet."""
    return not one.codes and not one.told.get("case", {}).get("acknowledged", True)
