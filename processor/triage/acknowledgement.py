"""May the desk answer this mail by itself? Every condition is looked at; one that holds is enough for no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.message import Address, Message, utc
from processor.policy import Caps, Policy
from processor.triage.addressing import is_own, recipients
from processor.triage.authentication import authenticate
from processor.triage.automatic import Automatic
from processor.triage.clock import breached, promise
from processor.triage.context import Answered, Context
from processor.triage.correlation import Correlation, Standing
from processor.triage.ping_pong import answers_ours
from processor.triage.reasons import Code, Reason

_ORDER = {code: place for place, code in enumerate(Code)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether an acknowledgement goes out, every reason against it, and what it may say."""

    send: bool
    reasons: tuple[Reason, ...] = ()  # all that hold; also those that did not keep it from being sent
    authenticated: bool = False  # words of the mail may be repeated to the sender
    with_promise: bool = True  # the promise would be true


def decide(
    message: Message,
    automatic: Automatic,
    correlation: Correlation,
    context: Context,
    policy: Policy,
    now: datetime,
) -> Decision:
    """Look at every condition. A late mail alone is answered without a promise, where the policy says so."""
    authentication = authenticate(message, policy)
    reasons = [*automatic.signs, *_sender_reasons(message, policy)]
    if authentication.dmarc == "fail":
        reasons.append(Reason(code=Code.AUTH_FAIL, evidence="dmarc=fail"))
    reasons += _case_reasons(message, correlation, context, policy)
    reasons += _rate_reasons(message.sender, context.answered, policy.acknowledgement.caps)
    reasons += _desk_reasons(context, policy, now)
    codes = {reason.code for reason in reasons}
    harmless = {Code.STALE} if policy.acknowledgement.stale == "without_promise" else set()
    return Decision(
        send=codes <= harmless,
        reasons=tuple(sorted(reasons, key=lambda reason: _ORDER[reason.code])),
        authenticated=authentication.dmarc == "pass",
        with_promise=Code.STALE not in codes,
    )


def _sender_reasons(message: Message, policy: Policy) -> Iterator[Reason]:
    """SELF, NOT_ADDRESSED, FROM_AMBIGUOUS, LIMITED, SPAM: what the mail's own fields say."""
    own = policy.desk.own_addresses
    if mine := next((address.address for address in message.from_ if is_own(address.address, own)), None):
        yield Reason(code=Code.SELF, evidence=mine)
    if not any(is_own(address, own) for address in recipients(message)):
        yield Reason(code=Code.NOT_ADDRESSED)
    if message.from_ambiguous or message.sender is None:
        yield Reason(code=Code.FROM_AMBIGUOUS, evidence=", ".join(message.fields("From")))
    if message.header_cut:  # a field that nobody saw may say that a machine wrote it
        yield Reason(code=Code.LIMITED, evidence=message.header_cut)
    for verdict in policy.acknowledgement.spam:
        begins = verdict.begins.lower()
        marked = (value for value in message.fields(verdict.field) if value.strip().lower().startswith(begins))
        if (value := next(marked, None)) is not None:
            yield Reason(code=Code.SPAM, evidence=f"{verdict.field}: {value}")
            return


def _case_reasons(message: Message, correlation: Correlation, context: Context, policy: Policy) -> Iterator[Reason]:
    """EXISTING, PING_PONG. A mail that joins a case is answered only where the case has no acknowledgement yet (its
    first mail came from a machine, say) and a participant wrote: nothing of a case goes out to anybody else.
    """
    case = correlation.case
    if case is not None:
        if case.acknowledged or correlation.standing is not Standing.PARTICIPANT:
            yield Reason(code=Code.EXISTING, evidence=f"{case.reference}, {correlation.standing}")
        return
    pause = timedelta(minutes=policy.acknowledgement.caps.pause_minutes)
    if (evidence := answers_ours(message, context, policy.desk.reference_prefix, pause)) is not None:
        yield Reason(code=Code.PING_PONG, evidence=evidence)


def _rate_reasons(sender: Address | None, answered: Answered, caps: Caps) -> Iterator[Reason]:
    """RATE_*. This mail would be one more: a cap of 5 is reached with 5 already answered."""
    if answered.same_subject_day >= caps.same_subject_per_day:
        yield Reason(code=Code.RATE_ADDRESS, evidence=f"{answered.same_subject_day} of the same subject in 24 hours")
    elif answered.address_day >= caps.address_per_day:
        yield Reason(code=Code.RATE_ADDRESS, evidence=f"{answered.address_day} in 24 hours")
    shared = sender is not None and sender.domain.lower() in {domain.lower() for domain in caps.webmail_domains}
    if answered.domain_hour >= (caps.webmail_per_hour if shared else caps.domain_per_hour):
        yield Reason(code=Code.RATE_DOMAIN, evidence=f"{answered.domain_hour} in an hour")
    if answered.all_hour >= caps.all_per_hour:
        yield Reason(code=Code.RATE_ALL, evidence=f"{answered.all_hour} in an hour")


def _desk_reasons(context: Context, policy: Policy, now: datetime) -> Iterator[Reason]:
    """SUPPRESSED, STALE, DRY_RUN. A mail is stale, too, once its own promise has passed."""
    if context.suppressed is not None:
        yield Reason(code=Code.SUPPRESSED, evidence=context.suppressed)
    late = utc(now) - utc(context.received_at) > timedelta(hours=policy.acknowledgement.stale_hours)
    if late or breached(promise(context.received_at, policy), now):
        yield Reason(code=Code.STALE, evidence=f"received {utc(context.received_at):%Y-%m-%d %H:%M} UTC")
    if policy.acknowledgement.dry_run:
        yield Reason(code=Code.DRY_RUN)
