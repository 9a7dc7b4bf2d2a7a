"""Is the desk well? What an operator watches, judged by the policy's [health], one finding for each subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from processor.policy import Policy
from processor.reports.words import counted, duration, moment
from processor.store.database import Store
from processor.store.disk import MEGABYTE, free_bytes
from processor.store.health import Facts, Waiting, facts
from processor.store.heartbeats import Beat
from processor.store.models import Dispatch

WRONG, LACK = 1, 75  # exit codes
SUBJECTS = ("mailbox", "stage", "outbox", "quarantine", "promises", "secret", "disk")

_SHORT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was seen of one subject; `figures` says the same to programs."""

    what: str  # one of SUBJECTS
    name: str = ""  # which mailbox, stage, or table of oauth2
    words: str
    exit_code: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.exit_code == 0


def health(store: Store, policy: Policy, now: datetime) -> tuple[Finding, ...]:
    """Every finding, in the order in which they are shown. Raises Transient where the database is away."""
    with store.reading() as session:
        seen = facts(session, now, now - timedelta(hours=policy.health.failed_hours))
    return (
        *_mailboxes(seen, policy, now),
        *(_stage(name, seen, policy, now) for name in ("triage", "deliver")),
        _outbox(seen, policy, now),
        _quarantine(seen, policy),
        _promises(seen, policy, now),
        *secrets(policy, now),
        *_disk(free_bytes(store), policy),
    )


def _mailboxes(seen: Facts, policy: Policy, now: datetime) -> Iterator[Finding]:
    for source in policy.mailboxes:
        polls = policy.run.poll_seconds
        beat = seen.beats.get(f"receive {source.name}", Beat())
        silent, silence, figures = _life(beat, policy, now, 2 * polls)
        late, waits, more = _pending(seen.pending.get(source.name, Waiting()), policy, now)
        yield _finding("mailbox", source.name, silent or late, _joined(silence, waits, _failure(beat)), figures | more)
    known = {source.name for source in policy.mailboxes}
    for name in sorted(seen.pending.keys() - known):
        late, waits, more = _pending(seen.pending[name], policy, now)
        yield _finding("mailbox", name, late, f"no longer in the policy; {waits}", more)


def _stage(name: str, seen: Facts, policy: Policy, now: datetime) -> Finding:
    beat = seen.beats.get(name, Beat())
    silent, silence, figures = _life(beat, policy, now)
    return _finding("stage", name, silent, _joined(silence, _failure(beat)), figures)


def _life(beat: Beat, policy: Policy, now: datetime, least_seconds: int = 0) -> tuple[bool, str, dict[str, Any]]:
    """Is it silent for too long, in words, in figures."""
    allowed = max(timedelta(minutes=policy.health.silent_minutes), timedelta(seconds=least_seconds))
    age = _age(beat.succeeded_at, now)
    words = "no success yet" if age is None else f"last success {_told(age)} ago"
    figures = {"last_success": beat.succeeded_at, "silent_seconds": _seconds(age), "error": beat.error}
    return age is None or age > allowed, words, figures


def _failure(beat: Beat) -> str:
    return f"since then: {beat.error}" if beat.error and beat.succeeded_at else beat.error or ""


def _pending(waiting: Waiting, policy: Policy, now: datetime) -> tuple[bool, str, dict[str, Any]]:
    age = _age(waiting.since, now)
    late = age is not None and age > timedelta(minutes=policy.health.pending_minutes)
    words = "nothing pending" if age is None else f"{waiting.count:,} pending, the oldest for {_told(age)}"
    return late, words, {"pending": waiting.count, "oldest_pending_seconds": _seconds(age)}


def _outbox(seen: Facts, policy: Policy, now: datetime) -> Finding:
    states = {
        state: seen.waiting.get(state, Waiting()) for state in (Dispatch.DUE, Dispatch.ATTEMPTED, Dispatch.UNKNOWN)
    }
    age = _age(min((waiting.since for waiting in states.values() if waiting.since), default=None), now)
    late = age is not None and age > timedelta(minutes=policy.health.outbox_minutes)
    parts = [f"{state.value} {waiting.count:,}" for state, waiting in states.items() if waiting.count]
    words = f"{', '.join(parts)}, the oldest for {_told(age)}" if age is not None else "nothing waits"
    back = f" ({seen.bounced:,} came back)" if seen.bounced else ""
    words += (
        f"; failed {seen.failed:,}{back}, of these {seen.failed_lately:,} in the last {policy.health.failed_hours} h"
    )
    return _finding(
        "outbox",
        "",
        late or seen.failed_lately > 0,
        words,
        {state.value: waiting.count for state, waiting in states.items()}
        | {"oldest_seconds": _seconds(age)}
        | {"failed": seen.failed, "failed_lately": seen.failed_lately, "bounced": seen.bounced},
    )


def _quarantine(seen: Facts, policy: Policy) -> Finding:
    words = counted(seen.quarantined, "mail", "mails") if seen.quarantined else "empty"
    return _finding("quarantine", "", seen.quarantined > policy.health.quarantined, words, {"mails": seen.quarantined})


def _promises(seen: Facts, policy: Policy, now: datetime) -> Finding:
    first, late = seen.promise, seen.overdue > 0
    figures: dict[str, Any] = {"unanswered": seen.unanswered, "overdue": seen.overdue}
    if first is None:
        return _finding("promises", "", False, "no client waits for a promised answer", figures)
    left = first.at - now
    clock = f"has passed {_told(-left)} ago" if left < timedelta() else f"is due in {_told(left)}"
    words = (
        f"{counted(seen.unanswered, 'client waits', 'clients wait')} for a promised answer, {seen.overdue:,} overdue; "
        f"the first promise, of {first.reference}, {clock} ({moment(first.at, now, policy.desk.timezone)})"
    )
    figures |= {"case": first.reference, "promise_at": first.at, "seconds_left": int(left.total_seconds())}
    return _finding("promises", "", late and policy.health.overdue, words, figures)


def secrets(policy: Policy, now: datetime) -> Iterator[Finding]:
    """Client secrets of which the policy says when they expire; days are those of UTC."""
    for name, table in policy.oauth2.items():
        if table.secret_expires is None:
            continue
        left = (table.secret_expires - now.astimezone(UTC).date()).days
        soon = left <= policy.health.secret_days
        when = f"in {counted(left, 'day', 'days')}" if left > 0 else f"{counted(-left, 'day', 'days')} ago"
        words = f"{'expires' if left > 0 else 'expired'} on {table.secret_expires}, {when if left else 'today'}"
        remedy = "; make a new one at the provider, put it where client_secret says, and mend secret_expires"
        ends = datetime.combine(table.secret_expires, time(), UTC)
        figures = {"expires_timestamp_seconds": int(ends.timestamp())}
        yield _finding("secret", name, soon, words + (remedy if soon else ""), figures)


def _disk(free: int | None, policy: Policy) -> Iterator[Finding]:
    if free is None:
        return
    floor = policy.health.disk_floor_megabytes
    low = free < floor * MEGABYTE
    words = f"{free // MEGABYTE:,} MB free, the floor is {floor:,} MB" + ("; no mail is taken in" if low else "")
    figures = {"free_bytes": free, "floor_bytes": floor * MEGABYTE}
    yield Finding(what="disk", words=words, exit_code=LACK if low else 0, figures=figures)


def _finding(what: str, name: str, wrong: bool, words: str, figures: Mapping[str, Any]) -> Finding:
    return Finding(what=what, name=name, words=words, exit_code=WRONG if wrong else 0, figures=figures)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _age(since: datetime | None, now: datetime) -> timedelta | None:
    """Never negative: another machine's clock may be ahead of ours."""
    return None if since is None else max(now - since, timedelta())


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


def _told(length: timedelta) -> str:
    return f"{int(length.total_seconds())} s" if length < _SHORT else duration(length)
