"""Does a mail try to divert a payment? Every signal with its evidence, and the level that they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.message import Message
from processor.policy import Policy
from processor.triage.account_digest import account_key
from processor.triage.bank_details import bank_details
from processor.triage.context import Context
from processor.triage.correlation import Correlation
from processor.triage.correspondent import ascii_domain
from processor.triage.diversion_money import Writing, about_accounts, unknown_accounts, writing
from processor.triage.diversion_request import Wanted
from processor.triage.diversion_sender import about_answers, about_likeness, about_sender, about_thread
from processor.triage.diversion_text import undisguised
from processor.triage.diversion_values import Code, Diversion, Level, Signal
from processor.triage.routing import Routing, Tried

HELD = "payment-diversion"  # in the trace, behind the rules

# Without one of these nobody's money moves: the others alone never hold a case.
_GROUNDS = frozenset((Code.CHANGE_REQUESTED, Code.BANK_DIFFERS, Code.BANK_GIVEN, Code.INVOICE_COUNTRY, Code.LOOK_ALIKE))
_OF_CHANGES = frozenset((Code.CHANGE_REQUESTED, Code.BANK_DIFFERS, Code.INVOICE_COUNTRY))
_WITH_GROUNDS = frozenset((Code.URGENCY, Code.FIRST_DOMAIN, Code.RETURN_PATH_ELSEWHERE))  # else every day's

NONE = Diversion()


class Watch:
    """What the policy says of payment diversion, made ready for many mails."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy.diversion
        self._shared = frozenset(policy.acknowledgement.caps.webmail_domains)
        self._addresses = policy.desk.own_addresses
        own = {ascii_domain(address.rpartition("@")[2]) for address in self._addresses}
        self._own = tuple(sorted((own | set(map(ascii_domain, self._policy.own_domains))) - self._shared))
        self._accounts = frozenset(
            filter(None, (account_key(one) for text in self._policy.own_accounts for one in bank_details(text)))
        )
        self._types = frozenset(name for name, one in policy.request_types.items() if one.changes_bank_details)
        self._wanted = Wanted()
        queue = self._policy.queue or "accounts-payable"
        self.queue = queue if queue in policy.queues else None

    def assess(
        self, message: Message, context: Context, correlation: Correlation, dmarc: str, request_type: str | None = None
    ) -> Diversion:
        """All signals of the mail, which was read as one of that type, and their level."""
        if not self._policy.enabled:
            return NONE
        case = correlation.case
        written = writing(message, joins_held=case is not None and case.held)
        changing = request_type if case is None and request_type in self._types else None
        found = dict(self._found(message, written, context, correlation, dmarc, changing))
        grounds = not found.keys().isdisjoint(_GROUNDS)
        kept = {code: told for code, told in found.items() if grounds or code not in _WITH_GROUNDS}
        return self._weighed(kept, grounds)

    def placed(self, routing: Routing, diversion: Diversion) -> Routing:
        """Where a held case goes, whatever rule took it."""
        if not diversion.holds or self.queue is None:
            return routing
        tried = Tried(rule=HELD, matched=True, why=f"held: {', '.join(one.code for one in diversion.signals)}")
        return replace(routing, queue=self.queue, trace=(*routing.trace, tried))

    def _found(
        self,
        message: Message,
        written: Writing,
        context: Context,
        correlation: Correlation,
        dmarc: str,
        changing: str | None,  # the request type of a new mail, where it is one of changes of bank details
    ) -> Iterator[tuple[Code, str]]:
        contact = context.contact
        accounts = unknown_accounts(written, self._accounts)
        money = dict(about_accounts(accounts, written, contact, context.salt))
        text = undisguised(written.every)
        if words := self._wanted.change(text, named=bool(accounts), unread=written.unread):
            money[Code.CHANGE_REQUESTED] = f"asks that money go to another account: {words}"
        elif changing is not None:
            money[Code.CHANGE_REQUESTED] = f"is read as a request of the type {changing!r}"
        yield from money.items()
        if not money.keys().isdisjoint(_OF_CHANGES) and not (contact is not None and contact.owners_address):
            yield Code.NOT_OWNER, "the sender's is not an address on file from which bank details may be changed"
        yield from about_sender(context, dmarc)
        yield from about_likeness(message, context, self._own, self._shared)
        yield from about_answers(message)
        yield from about_thread(message, context, correlation, self._addresses)
        own = text if written.own == written.every else undisguised(written.own)
        if words := self._wanted.urgency(own):
            yield Code.URGENCY, f"is in haste: {words!r}"
        if words := self._wanted.secrecy(own):
            yield Code.SECRECY, f"wants nobody to know, or nobody to call: {words!r}"

    def _weighed(self, found: dict[Code, str], grounds: bool) -> Diversion:
        policy = self._policy
        signals = tuple(
            sorted(
                (Signal(code=code, evidence=told, weight=weight) for code, told in found.items()
                 if (weight := getattr(policy.weights, code.replace("-", "_")))),
                key=lambda signal: -signal.weight,
            )
        )  # fmt: skip
        score = _sum(signals)
        if not grounds:
            score = min(score, policy.hold - 1)
        level = (
            Level.HOLD if score >= policy.hold
            else Level.WARN if score >= policy.warn
            else Level.NOTE if score >= policy.note
            else Level.NONE
        )  # fmt: skip
        return Diversion(level=level, score=score, signals=signals)


def _sum(signals: Iterable[Signal]) -> int:
    return sum(signal.weight for signal in signals)
