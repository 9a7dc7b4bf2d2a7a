"""Killed at any moment and started again, the desk loses nothing and doubles nothing (I1 to I4)."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
import sqlalchemy as sa
from support.dovecot import Dovecot
from support.mails import a_mail
from support.nursery import born
from support.sums import assert_filed_once, assert_nothing_doubled, assert_nothing_lost
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Dispatch, Inbound, Outbox, State

LONG = bool(os.environ.get("DAYDESK_LONG"))  # nightly: 2,000 kills
KILLS = 2_000 if LONG else 50
MAILS_A_LIFE = 4


@pytest.mark.timeout(7200 if LONG else 240)
def test_nothing_is_lost_or_doubled_however_often_the_desk_is_killed(
    desk: WorkingDesk, dovecot: Dovecot, user: str, sink: SmtpSink
) -> None:
    desk.change(run={"batch_messages": 2}, smtp={"batch": 2})
    draw = random.Random(20261121)  # noqa: S311 - moments, no secrets
    assert lived_out(desk, None)  # the first one is slow to be born
    mails: list[bytes] = []
    found: Counter[str] = Counter()
    span, kills = 1.0, 0
    while kills < KILLS:
        fresh = [a_mail(len(mails) + number) for number in range(MAILS_A_LIFE)]
        dovecot.deliver(user, fresh)
        mails += fresh
        if lived_out(desk, draw.uniform(0.01, span)):
            span *= 0.8  # so that moments are spread over the work, and not over what comes after it
            continue
        span *= 1.05
        kills += 1
        found.update(left_behind(desk))
    assert lived_out(desk, None)

    assert_nothing_lost(desk, mails)
    assert_nothing_doubled(desk, sink)
    assert_filed_once(dovecot, user, mails)
    assert "Traceback" not in (desk.folder / "stderr").read_text()
    assert found.keys() == {"not filed", "not triaged", "not sent", "half sent"}  # every stage was hit


def lived_out(desk: WorkingDesk, seconds: float | None) -> bool:
    """One life of the desk; false where it was killed after this time."""
    process = born(desk.config, desk.folder / "stderr", "run", "--once")
    process.join(seconds)
    process.kill()
    process.join()
    code = process.exitcode
    process.close()
    assert code in (0, -9, 75), (desk.folder / "stderr").read_text()  # 75: the killed one's lock is not yet given back
    assert seconds is not None or code == 0, (desk.folder / "stderr").read_text()
    return code != -9


def left_behind(desk: WorkingDesk) -> list[str]:
    """Between which steps the desk was killed."""
    with desk.store() as store, store.reading() as session:
        states = set(session.scalars(sa.select(Outbox.state).distinct()))
        signs = {
            "not filed": session.scalar(sa.select(Inbound.id).where(Inbound.filed_at.is_(None)).limit(1)) is not None,
            "not triaged": session.scalar(sa.select(Inbound.id).where(Inbound.state == State.PENDING).limit(1))
            is not None,
            "not sent": Dispatch.DUE in states,
            "half sent": Dispatch.ATTEMPTED in states,
        }
    return [sign for sign, seen in signs.items() if seen]
