"""Which teams a mail is for, by the addresses that it was sent to."""

from __future__ import annotations

from collections.abc import Collection

from processor.policy import Policy
from processor.policy.routing import Team
from processor.triage.addressing import is_own


def addressed(recipients: Collection[str], policy: Policy, queue: str) -> tuple[Team, ...]:
    """The teams of these addresses, where there are several: first the one that works this queue, then as the policy
    names them. Else none, since a mail to one team is a mail like any other.
    """
    teams = [team for team in policy.teams if any(is_own(one, frozenset(team.addresses)) for one in recipients)]
    return tuple(sorted(teams, key=lambda team: queue not in team.queues)) if len(teams) > 1 else ()
