"""A suggestion for a mail that only the last rule takes, by what was learned from people."""

from __future__ import annotations

from dataclasses import dataclass, replace

from processor.policy import Policy
from processor.triage.learned import Guess, Model
from processor.triage.routing import Routing, Tried

LEARNED = "learned from people"  # instead of a rule's name; with a blank, which no rule has in its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Where people would probably send the mail."""

    queue: Guess
    request_type: Guess | None
    model: str  # when it was made
    applied: bool  # the policy's threshold was reached: the mail went there by itself


def suggest(routing: Routing, subject: str, text: str, policy: Policy, model: Model | None) -> Suggestion | None:
    """None where another rule than the last took the mail or a row placed it, where nothing was learned, and where
    nothing is probable enough. `subject` and `text` are the redacted ones.
    """
    if model is None or routing.rule != policy.rules[-1].name or routing.placed_by is not None:
        return None
    queue, kind = model.guesses(subject, text)
    bar = policy.learning
    if queue is None or queue.label not in policy.queues or queue.probability < bar.suggest_from:
        return None
    known = kind is not None and kind.label in policy.request_types and kind.probability >= bar.suggest_from
    return Suggestion(
        queue=queue,
        request_type=kind if known else None,
        model=model.made_at,
        applied=bar.apply_from is not None and queue.probability >= bar.apply_from,
    )


def applied(routing: Routing, suggestion: Suggestion | None, policy: Policy) -> Routing:
    """Where the mail goes with a suggestion that is sure enough; the request type only where that is as sure."""
    if suggestion is None or not suggestion.applied:
        return routing
    queue, kind, bar = suggestion.queue, suggestion.request_type, policy.learning.apply_from or 1
    sure = kind.label if kind is not None and kind.probability >= bar else routing.request_type
    why = f"{queue.probability:.0%} for queue {queue.label}, and [learning] applies from {bar:.0%}"
    tried = Tried(rule=LEARNED, matched=True, why=why)
    return replace(routing, queue=queue.label, request_type=sure, rule=LEARNED, trace=(*routing.trace, tried))
