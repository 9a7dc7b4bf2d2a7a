"""Whom we know goes where we know him: a contact's open case, then his own queue, before the general rules."""

from __future__ import annotations

from dataclasses import replace

from processor.policy import Policy
from processor.triage.contact import KnownContact
from processor.triage.routing import Routing, Tried

CONTACT = "known-contact"  # in the trace, behind the rules


def known_first(routing: Routing, contact: KnownContact | None, policy: Policy) -> Routing:
    """Where a new mail of a contact on file goes.

    Where exactly one of his cases of the same known request type is open, to the queue of that; else to the queue on
    file of him; else where the rules led. A queue that the policy no longer has counts as none.
    """
    if contact is None or not contact.confirmed:
        return routing
    same = [case for case in contact.open_cases if routing.request_type and case.request_type == routing.request_type]
    if len(same) == 1 and same[0].queue in policy.queues:
        return _to(routing, same[0].queue, f"the contact's open case {same[0].reference} is there")
    if contact.queue is not None and contact.queue in policy.queues:
        return _to(routing, contact.queue, "the contact's own queue, on file")
    return routing


def _to(routing: Routing, queue: str, why: str) -> Routing:
    if queue == routing.queue:
        return routing
    tried = Tried(rule=CONTACT, matched=True, why=why)
    return replace(routing, queue=queue, trace=(*routing.trace, tried))
