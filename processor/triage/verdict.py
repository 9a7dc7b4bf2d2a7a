"""What is decided of one mail: the one place where all the rules come together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ingest.message import Attachment, Message
from processor.policy import Policy, RequestType
from processor.policy.routing import Team
from processor.triage.acknowledgement import Decision, decide
from processor.triage.addressing import recipients
from processor.triage.answer_windows import DeskHours
from processor.triage.authentication import authenticate
from processor.triage.automatic import REPORTING, Automatic, Kind, read_automatic
from processor.triage.clock import promise
from processor.triage.colleague import Offer, offered
from processor.triage.concealed import conceals
from processor.triage.contact import KnownContact
from processor.triage.context import Context
from processor.triage.correlation import Correlation, Standing, correlate
from processor.triage.details import FoundDetail, missing
from processor.triage.details.table import DetailTable, compile_details
from processor.triage.diversion import NONE, Watch
from processor.triage.diversion_values import Diversion
from processor.triage.facts import Circumstances
from processor.triage.familiar import known_first
from processor.triage.handling import Handling, handle
from processor.triage.language import detect
from processor.triage.learned import Model
from processor.triage.owner import Assigning
from processor.triage.redaction import redact
from processor.triage.reopening import followed, reopens
from processor.triage.returned import Returned, read_returned
from processor.triage.routing import Routing, RuleTable, compile_rules
from processor.triage.suggesting import Suggestion, applied, suggest
from processor.triage.teams import addressed

LONGEST_LINE = 1_000  # characters of a subject or name that lists and reports show; the raw bytes hold the rest


class Outcome(StrEnum):
    """What becomes of a mail in the ledger."""

    CASE = "case"
    APPENDED = "appended"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPolicy:
    """The policy with its tables made ready, once."""

    policy: Policy
    rules: RuleTable
    details: DetailTable
    hours: DeskHours
    watch: Watch
    model: Model | None = None  # what was learned from people


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableText:
    """What people, logs and reports may read of a mail (I9)."""

    from_name: str
    subject: str
    text: str
    new_text: str
    attachments: tuple[Attachment, ...]
    removed: int  # bank details that were taken out


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everything that was decided of a mail, with its reasons."""

    outcome: Outcome
    copy_of: int | None  # of a duplicate with other bytes: the ledger row of the copy that was taken in
    automatic: Automatic
    correlation: Correlation
    reopens: bool  # the case that it joins, which was resolved or closed
    language: str | None  # of the writer's own words; None where it cannot be told
    answer_in: str | None  # the mail's language, else the contact's; None: the desk's own
    routing: Routing
    details: tuple[FoundDetail, ...]
    missing: tuple[str, ...]
    acknowledgement: Decision
    promise_at: datetime | None  # None for automatic mail: nobody was promised anything
    internal_due_at: datetime
    warnings: tuple[str, ...]
    readable: ReadableText
    offer: Offer | None  # for whom a colleague wrote
    returned: Returned | None  # what a bounce or complaint says of a mail of ours, under our own token
    dmarc: str = "none"  # of the sender's domain, by our own gateway: pass, fail or none
    suggestion: Suggestion | None = None  # by what was learned, of a mail that only the last rule takes
    contact: KnownContact | None = None  # what is on file of the sender's address, or that it was learned
    held_in: str | None = None  # the queue of held cases, where this mail is held and there is one
    diversion: Diversion = NONE  # how much it smells of payment diversion; never told to clients (I8)
    handling: Handling | None = None  # of a new case: what its queue does with it
    team: str | None = None  # of several that the mail is for
    others: tuple[Verdict, ...] = ()  # the same mail as a case of each other team

    @property
    def assigning(self) -> Assigning | None:
        """How a new case gets its owner; None where it is nobody's at first."""
        return self.handling.owner if self.handling else None

    @property
    def refuted(self) -> bool:
        """Its sender is not who he claims to be (DMARC fail)."""
        return self.correlation.standing is Standing.NOT_CONFIRMED


def compile_policy(policy: Policy, model: Model | None = None) -> CompiledPolicy:
    """Make the policy ready for many mails; with what was learned from people, where something was."""
    return CompiledPolicy(
        policy=policy,
        rules=compile_rules(policy),
        details=compile_details(policy),
        hours=DeskHours(policy),
        watch=Watch(policy),
        model=model,
    )


def triage(message: Message, context: Context, compiled: CompiledPolicy, now: datetime) -> Verdict:
    """Decide: duplicate, joined or new; what it asks and lacks; where it goes; whether it is answered."""
    policy = compiled.policy
    automatic = read_automatic(message, policy.acknowledgement)
    dmarc = authenticate(message, policy).dmarc
    refuted = dmarc == "fail"
    joined = correlate(message, context, refuted)
    correlation = followed(joined, automatic.kind, context.received_at, policy.desk.reopen_days)
    language = detect(message.new_text)
    to = recipients(message)
    outcome, readable = _outcome(context, correlation), _readable(message)
    # What became of a mail of ours is no answer to what we asked for, whatever words of the mail come back with it.
    silent = outcome is Outcome.APPENDED and automatic.kind in REPORTING
    found = () if silent else _details(message, readable, context, compiled, language)
    beside = _beside(found, context, correlation)
    routing = compiled.rules.route(message, language, automatic.kind is not Kind.PERSON, to, beside=beside)
    diversion, suggestion = NONE, None
    if outcome is not Outcome.DUPLICATE:
        diversion = compiled.watch.assess(message, context, correlation, dmarc, routing.request_type)
    if outcome is Outcome.CASE and automatic.kind is Kind.PERSON and not diversion.holds:
        suggestion = suggest(routing, readable.subject, readable.new_text, policy, compiled.model)
        routing = applied(routing, suggestion, policy)
    if automatic.kind is Kind.PERSON and not (refuted or diversion.holds):
        routing = known_first(routing, context.contact, policy)
    routing = compiled.watch.placed(routing, diversion)
    details, lacking = _asked(routing, found, policy)
    verdict = Verdict(
        outcome=outcome,
        copy_of=context.copy_of if context.duplicate_of is None else None,
        automatic=automatic,
        correlation=correlation,
        reopens=reopens(correlation, automatic.kind, diversion.holds),
        language=language,
        answer_in=language or context.contact_language,
        routing=routing,
        details=details if outcome is Outcome.CASE else found,
        missing=lacking,
        acknowledgement=decide(message, automatic, correlation, context, policy, now),
        promise_at=promise(context.received_at, policy) if automatic.kind is Kind.PERSON else None,
        internal_due_at=_due(context.received_at, _working_queue(correlation, routing, policy), policy),
        warnings=tuple(_warnings(message, context, correlation)),
        readable=readable,
        suggestion=suggestion,
        offer=offered(message, automatic.kind, correlation, policy),
        returned=read_returned(message, automatic.kind, correlation),
        dmarc=dmarc,
        contact=context.contact,
        diversion=diversion,
        held_in=compiled.watch.queue if diversion.holds else None,
    )
    if outcome is not Outcome.CASE:
        return verdict
    verdict = _handled(verdict, context, compiled, now)
    if correlation.follows is not None:
        return verdict
    return _for_teams(verdict, addressed(to, policy, routing.queue), message, found, compiled, context, now)


def _for_teams(
    verdict: Verdict,
    teams: Sequence[Team],
    message: Message,
    found: tuple[FoundDetail, ...],
    compiled: CompiledPolicy,
    context: Context,
    now: datetime,
) -> Verdict:
    """The same for each team, by the rules that lead into its own queues; the first holds the others."""
    verdicts = []
    for team in teams:
        machine = verdict.automatic.kind is not Kind.PERSON
        to, beside = recipients(message), _beside(found, context, verdict.correlation)
        routing = compiled.rules.route(message, verdict.language, machine, to, team.name, beside)
        routing = compiled.watch.placed(routing, verdict.diversion)
        details, lacking = _asked(routing, found, compiled.policy)
        due = _due(context.received_at, routing.queue, compiled.policy)
        placed = replace(verdict, team=team.name, routing=routing, internal_due_at=due, suggestion=None)
        verdicts.append(_handled(replace(placed, details=details, missing=lacking), context, compiled, now))
    return replace(verdicts[0], others=tuple(verdicts[1:])) if verdicts else verdict


def _handled(verdict: Verdict, context: Context, compiled: CompiledPolicy, now: datetime) -> Verdict:
    """With what its queue does with it. Who may be somebody else gets no attention from who knows him."""
    contact = None if verdict.refuted or verdict.diversion.holds else context.contact
    queue, kind = verdict.routing.queue, verdict.routing.request_type
    handling = handle(queue, kind, contact, compiled.policy, compiled.hours, context.received_at, now)
    return replace(verdict, handling=handling)


def _beside(found: tuple[FoundDetail, ...], context: Context, correlation: Correlation) -> Circumstances:
    """What the rules may look at beside the words of the mail. A refuted sender is nobody whom we know."""
    contact = None if correlation.standing is Standing.NOT_CONFIRMED else context.contact
    return Circumstances(
        details=found,
        mailbox=context.mailbox,
        received_at=context.received_at,
        contact_kind=contact.kind if contact else None,
        accounts=tuple(filter(None, (contact.account_number, contact.account_name))) if contact else (),
    )


def _asked(
    routing: Routing, found: tuple[FoundDetail, ...], policy: Policy
) -> tuple[tuple[FoundDetail, ...], tuple[str, ...]]:
    """Of the details those that are worth keeping for such a request, and the names of those that it lacks."""
    kind = policy.request_types.get(routing.request_type) if routing.request_type else None
    return _worth_keeping(found, kind), missing(kind, found) if kind else ()


def _due(received_at: datetime, queue: str, policy: Policy) -> datetime:
    return received_at + timedelta(hours=policy.queues[queue].internal_target_hours)


def _outcome(context: Context, correlation: Correlation) -> Outcome:
    if context.duplicate_of is not None or context.copy_of is not None:
        return Outcome.DUPLICATE
    return Outcome.CASE if correlation.case is None else Outcome.APPENDED


def _working_queue(correlation: Correlation, routing: Routing, policy: Policy) -> str:
    """The queue that the case is in, where the policy still has it; of a new one that which it goes to."""
    case = correlation.case
    return case.queue if case is not None and case.queue in policy.queues else routing.queue


def _worth_keeping(found: tuple[FoundDetail, ...], kind: RequestType | None) -> tuple[FoundDetail, ...]:
    """What the writer states, and of what his address and attachments tell that which this kind of request needs."""
    needed = {asked.detail for asked in kind.details} if kind else set()
    return tuple(detail for detail in found if detail.worth_keeping or detail.name in needed)


def _warnings(message: Message, context: Context, correlation: Correlation) -> list[str]:
    """What a person should know before he trusts this mail; never told to clients (I8)."""
    found = []
    if correlation.standing is Standing.NOT_CONFIRMED:
        found.append("sender not confirmed: DMARC fail")
    if correlation.case is not None and correlation.standing is Standing.NOT_PARTICIPANT:
        found.append("not a participant of this case")
    if message.from_ambiguous:
        found.append("not exactly one sender in From")
    if conceals(message):
        found.append("holds text that its reader does not see")
    if context.oversize:
        found.append("too large to fetch whole: the rest is on the mail server")
    if message.protection.endswith("encrypted"):
        found.append(f"encrypted ({message.protection}): the desk cannot read it")
    found += [f"not wholly read: {redact(one).text}" for one in message.limited]
    senders = {address.domain for address in message.from_}
    if message.reply_to and not senders.intersection(address.domain for address in message.reply_to):
        found.append("answers would go to another domain (Reply-To)")
    return found


def _readable(message: Message) -> ReadableText:
    subject, text, new_text = redact(message.subject), redact(message.text), redact(message.new_text)
    names = [redact(attachment.name) for attachment in message.attachments]
    documents = [redact(attachment.text) for attachment in message.attachments]
    sender = redact(message.sender.name if message.sender else "")
    return ReadableText(
        from_name=sender.text[:LONGEST_LINE],
        subject=subject.text[:LONGEST_LINE],
        text=text.text,
        new_text=new_text.text,
        attachments=tuple(
            replace(attachment, name=name.text, declared_type=redact(attachment.declared_type).text, text=text.text)
            for attachment, name, text in zip(message.attachments, names, documents, strict=True)
        ),
        removed=subject.found + text.found + sender.found + sum(one.found for one in (*names, *documents)),
    )


def _details(
    message: Message, readable: ReadableText, context: Context, compiled: CompiledPolicy, language: str | None
) -> tuple[FoundDetail, ...]:
    """What it states, read in the texts that people may read: no value holds a bank detail."""
    texts = {name: getattr(readable, name) for name in ("subject", "text", "new_text", "attachments")}
    found = compiled.details.find(replace(message, **texts), context.received_at, language)
    return tuple(_redacted(detail) if detail.evidence == "sender" else detail for detail in found)


def _redacted(detail: FoundDetail) -> FoundDetail:
    return replace(detail, value=redact(detail.value).text)
