"""What a replay found, as JSON and as a table for a terminal."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from processor.cli.options import hang, plain
from processor.replay.comparing import COMPARED, Difference
from processor.replay.running import Replayed
from processor.store.met import Placing

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA_VERSION = 1
NOTHING = "(none)"
_LABELS = {"queue": "queue", "request_type": "request", "priority": "priority",
           "acknowledged": "acknowledged", "missing": "missing"}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was found so far; of mails of which nothing is different no more than their number."""

    mails: int = 0
    stopped: bool = False  # before the end, by Ctrl-C
    different: list[Difference] = field(default_factory=list)
    unread: list[Replayed] = field(default_factory=list)
    recorded: Counter[str] = field(default_factory=Counter)  # by version of the policy that decided

    def add(self, one: Replayed) -> None:
        self.mails += 1
        self.recorded.update({placing.policy_version for placing in one.mail.placed})
        if one.unread:
            self.unread.append(one)
        self.different += [each for each in one.differences if each.changed]


def as_json_of(tally: Tally, there: int, version: str) -> dict[str, Any]:
    """The names of docs/reference/replay.md."""
    pairs = Counter(
        (one.then.queue if one.then else None, one.now.queue if one.now else None)
        for one in tally.different
        if "queue" in one.changed
    )
    return {
        "schema_version": SCHEMA_VERSION,
        "policy_version": version,
        "recorded_versions": dict(tally.recorded),
        "mails": there,
        "replayed": tally.mails - len(tally.unread),
        "complete": not tally.stopped,
        "different": {name: sum(name in one.changed for one in tally.different) for name in COMPARED},
        "queues": [{"then": then, "now": now, "cases": count} for (then, now), count in pairs.most_common()],
        "changes": [_change(one) for one in tally.different],
        "unread": [_unread(one) for one in tally.unread],
    }


def tell(out: Console, told: dict[str, Any]) -> None:
    """The table, the sums, and what could not be read."""
    if told["changes"]:
        _table(out, told["changes"])
        out.print()
    for pair in told["queues"]:
        hang(out, f"{pair['then'] or NOTHING} -> {pair['now'] or NOTHING}", first=f"{pair['cases']:>7,}  ")
    for one in told["unread"]:
        hang(out, f"not read again: {one['reason']}", first=f"{', '.join(one['cases'])}  ")
    hang(out, _summary(told))


def _summary(told: dict[str, Any]) -> str:
    there, read, different = told["mails"], told["replayed"], told["different"]
    words = f"{read:,} of {there:,} mails that opened cases were read again from their raw bytes, by policy version "
    words += f"{told['policy_version']}. "
    if not told["complete"]:
        words = f"Stopped before the end. {words}"
    if not told["changes"]:
        words += "Nothing would be decided otherwise. "
    else:
        words += (
            f"Cases that would be in another queue: {different['queue']:,}; of another request type: "
            f"{different['request_type']:,}; of another priority: {different['priority']:,}; acknowledged or not, "
            f"otherwise: {different['acknowledged']:,}; lacking other details: {different['missing']:,}. "
        )
    if told["unread"]:
        words += f"Could not be read again: {len(told['unread']):,}. "
    return f"{words}Nothing was stored, nothing was sent."


def _table(out: Console, changes: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    table.add_column("case", no_wrap=True, min_width=14)
    table.add_column("subject", overflow="ellipsis", no_wrap=True, ratio=1)
    table.add_column("then -> now", overflow="fold", ratio=2)
    for change in changes:
        subject = change["subject"] or "(no subject)"
        cells = (change["case"] or NOTHING, subject, "\n".join(_lines(change)))
        table.add_row(*(Text(plain(cell)) for cell in cells))
    out.print(table)


def _lines(change: dict[str, Any]) -> list[str]:
    """What is otherwise, each thing on a line, and the rule."""
    then, now = change["then"], change["now"]
    if then is None or now is None:
        return [f"queue: {_queue_of(then)} -> {_queue_of(now)}"]
    lines = [f"{_LABELS[name]}: {_words(name, then)} -> {_words(name, now)}" for name in change["changed"]]
    rule = f"rule: {then['rule']} -> {now['rule']}" if then["rule"] != now["rule"] else f"rule: {now['rule']}"
    return [*lines, rule]


def _queue_of(placing: dict[str, Any] | None) -> str:
    return placing["queue"] if placing else NOTHING


def _words(name: str, placing: dict[str, Any]) -> str:
    value = placing[name]
    if name == "acknowledged":
        codes = ", ".join(reason["code"] for reason in placing["reasons"])
        return "yes" if value else f"no ({codes})" if codes else "no"
    return (", ".join(value) if name == "missing" else value) or NOTHING


def _change(one: Difference) -> dict[str, Any]:
    return {
        "case": one.reference,
        "subject": one.subject,
        "changed": list(one.changed),
        "then": one.then and placed(one.then),
        "now": one.now and placed(one.now),
    }


def placed(placing: Placing) -> dict[str, Any]:
    """As JSON tells it."""
    values = asdict(placing)
    del values["note"]
    return values | {
        "missing": list(placing.missing),
        "reasons": [{"code": code, "evidence": evidence} for code, evidence in placing.reasons],
    }


def _unread(one: Replayed) -> dict[str, Any]:
    mail = one.mail
    return {"cases": mail.references, "subject": mail.subject, "received_at": mail.received_at, "reason": one.unread}
