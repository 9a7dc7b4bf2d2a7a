"""What was decided of a mail then, beside what would be decided of it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from processor.policy import Policy
from processor.store.met import Met, Placing
from processor.triage.reasons import Code
from processor.triage.verdict import Verdict

# What the desk was at that time, and not what the rules make of a mail: taken over as it was recorded.
_OF_THE_DESK = frozenset(
    (Code.EXISTING, Code.PING_PONG, Code.RATE_ADDRESS, Code.RATE_DOMAIN, Code.RATE_ALL, Code.SUPPRESSED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One case, then and now; None where the one or the other would have none."""

    reference: str | None
    subject: str
    then: Placing | None
    now: Placing | None

    @property
    def changed(self) -> tuple[str, ...]:
        """What of it is decided otherwise."""
        if self.then is None or self.now is None:
            return ("queue",)
        return tuple(name for name in COMPARED if getattr(self.then, name) != getattr(self.now, name))


COMPARED = ("queue", "request_type", "priority", "acknowledged", "missing")


def compared(mail: Met, verdict: Verdict, policy: Policy) -> list[Difference]:
    """Each of its cases, whether or not anything is different."""
    now = {verdict.team: _placing(verdict, mail.placed[0], policy)}
    now |= {other.team: _placing(other, mail.placed[0], policy) for other in verdict.others}
    if len(mail.placed) == len(now) == 1:  # of one case alone it does not matter whose team it is
        pairs: list[tuple[str | None, Placing | None, Placing | None]]
        pairs = [(mail.references[0], mail.placed[0], next(iter(now.values())))]
    else:
        then = {one.team: (name, one) for name, one in zip(mail.references, mail.placed, strict=True)}
        teams: Sequence[str | None] = list(dict.fromkeys([*then, *now]))
        pairs = [(*then.get(team, (None, None)), now.get(team)) for team in teams]
    return [Difference(reference=name, subject=mail.subject, then=one, now=other) for name, one, other in pairs]


def _placing(verdict: Verdict, recorded: Placing, policy: Policy) -> Placing:
    reasons = {reason.code.value: reason.evidence for reason in verdict.acknowledgement.reasons}
    reasons |= {code: evidence for code, evidence in recorded.reasons if code in _OF_THE_DESK}
    harmless = {Code.STALE.value} if policy.acknowledgement.stale == "without_promise" else set()
    # Nothing spoke against it, and yet none went out: no mail could be addressed to this sender.
    unaddressed = not recorded.acknowledged and not recorded.reasons
    routing = verdict.routing
    return Placing(
        team=verdict.team,
        queue=routing.queue,
        request_type=routing.request_type,
        priority=routing.priority,
        rule=routing.rule,
        policy_version=routing.policy_version,
        missing=verdict.missing,
        acknowledged=reasons.keys() <= harmless and not unaddressed,
        reasons=tuple(reasons.items()),
    )
