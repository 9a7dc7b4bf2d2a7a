"""What the rules do with the mails that came: which take none, what only the last one takes, where two would."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from processor.policy import Policy
from processor.replay.running import Replayed
from processor.triage.addressing import recipients
from processor.triage.automatic import Kind
from processor.triage.facts import Circumstances
from processor.triage.routing import RuleTable


@dataclass(slots=True, kw_only=True)
class Coverage:
    """What was found so far."""

    policy: Policy
    table: RuleTable
    mails: int = 0
    unread: int = 0
    stopped: bool = False  # before the end, by Ctrl-C
    taken: Counter[str] = field(default_factory=Counter)  # mails by the rule that took them
    caught: list[tuple[str, str]] = field(default_factory=list)  # by the last rule: case and redacted subject
    conflicts: Counter[tuple[str, str]] = field(default_factory=Counter)  # the rule that took it, and another

    @property
    def catch_all(self) -> str:
        """The last rule, which takes every mail."""
        return self.policy.rules[-1].name

    @property
    def without(self) -> list[str]:
        """The rules that took no mail, in their order."""
        return [rule.name for rule in self.policy.rules if not self.taken[rule.name]]

    def add(self, one: Replayed) -> None:
        """One mail more."""
        self.mails += 1
        if one.verdict is None or one.message is None:
            self.unread += 1
            return
        verdict = one.verdict
        took = verdict.routing.rule
        self.taken[took] += 1
        if took == self.catch_all:
            self.caught.append((", ".join(one.mail.references), verdict.readable.subject))
            return
        machine = verdict.automatic.kind is not Kind.PERSON
        beside = Circumstances(details=verdict.details, mailbox=one.mail.mailbox, received_at=one.mail.received_at)
        takers = self.table.takers(one.message, verdict.language, machine, recipients(one.message), beside)
        self.conflicts.update((took, other) for other in takers if self._elsewhere(took, other))

    def _elsewhere(self, took: str, other: str) -> bool:
        return other != took and self.table.queue_of(other) != self.table.queue_of(took)
