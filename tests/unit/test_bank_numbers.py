"""Bank details of every kind, changed in every way that mails know, are taken out; bench/bank_details.py does more."""

from __future__ import annotations

import random

import pytest
from support.bank_numbers import KINDS, MUTATIONS, shown, written

EACH = 6  # of each kind and mutation: some 500 altogether


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_bank_detail_is_shown_to_nobody_however_it_was_changed(kind: str, mutation: str) -> None:
    random_ = random.Random(f"{kind} {mutation}")  # noqa: S311 - the same ones every time
    assert [one.raw for one in (written(random_, kind, mutation) for _ in range(EACH)) if shown(one)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_looked_for_would_be_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = written(random.Random(kind), kind, "groups")  # noqa: S311 - the same one every time
    assert not shown(one)
    monkeypatch.setattr("processor.triage.redaction.bank_details", lambda _text: ())
    assert shown(one)
