"""Adversarial requests to pay elsewhere become cases that nobody settles alone; the bench sends five hundred."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from support.diverted_desk import a_desk, every_way, harmless_answers, levels, release, settled_without_two
from support.diverting import diverted

from processor.reading.reader import Reader
from processor.store.models import Case


def test_no_way_leads_round_a_second_person(sqlite_url: str, tmp_path: Path, reader: Reader) -> None:
    talk = a_desk(tmp_path, sqlite_url, reader)
    mails = list(diverted(24))
    talk.take_in(*(mail.raw for mail in mails))
    assert set(levels(talk).values()) == {"hold"}
    references = [row.reference for row in talk.desk.rows(Case)]
    assert len(references) == len(mails)
    with talk.desk.store() as store:
        for reference, other in pairwise(references[:5]):
            assert every_way(store, reference, other, datetime.now(UTC)) == []
    talk.take_in(*harmless_answers(talk, mails))
    assert settled_without_two(talk, references) == []
    assert {row.queue for row in talk.desk.rows(Case)} == {"accounts-payable"}
    with talk.desk.store() as store:
        release(store, references[0], datetime.now(UTC))
    assert settled_without_two(talk, references) == [references[0]]
