"""Which case a mail belongs to, and what the writer has to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice

from ingest.message import Message
from processor.policy import Policy
from processor.triage.addressing import is_own, recipients, tag_of
from processor.triage.automatic import brings_back, reports_on_our_mail
from processor.triage.bounce import returned_ids
from processor.triage.context import Claims, Context, KnownCase
from processor.triage.reference import read_reference, reference_of, reference_of_address, references_in

_MOST = 20  # references looked up for one mail


class Standing(StrEnum):
    """What the writer has to do with the case."""

    PARTICIPANT = "participant"  # of the case joined, or of a new one as its first writer
    NOT_PARTICIPANT = "not_participant"  # a stranger, or nobody can tell who it is
    NOT_CONFIRMED = "not_confirmed"  # refuted by DMARC
    REPORTER = "reporter"  # a machine that tells what became of our mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """The case that the mail joins, or None for a new one, and why."""

    case: KnownCase | None
    how: str  # "token", "reference" or "none"
    standing: Standing
    suggested: tuple[str, ...] = ()  # references of cases that weaker signs point to
    follows: KnownCase | None = None  # the case that it would have joined, were that not closed for so long


def claims_of(message: Message, key: bytes, policy: Policy) -> Claims:
    """The references of ours that this mail names, proven by our key or merely written."""
    prefix = policy.desk.reference_prefix
    proven = _unique(_proven(message, key, prefix))
    written = (reference for reference in _written(message, policy) if reference not in proven)
    return Claims(proven=proven, written=_unique(written))


def correlate(message: Message, context: Context, refuted: bool) -> Correlation:
    """Join the case of a proven reference; of a written one only for a participant; else a new case.

    `refuted` says that the sender is not who he claims to be (DMARC fail). A mail without exactly one valid From
    is nobody's: it never counts as a participant's.
    """
    sender = None if message.from_ambiguous or message.sender is None else message.sender.address.casefold()
    proven = [context.cases[name] for name in context.claims.proven if name in context.cases]
    written = [context.cases[name] for name in context.claims.written if name in context.cases]
    own = [case for case in written if sender in case.participants and not refuted]
    case, how = (proven[0], "token") if proven else (own[0], "reference") if own else (None, "none")
    named = chain((other.reference for other in (*proven, *written)), context.related)
    return Correlation(
        case=case,
        how=how,
        standing=_standing(message, case, sender, refuted),
        suggested=_unique(name for name in named if case is None or name != case.reference),
    )


def _standing(message: Message, case: KnownCase | None, sender: str | None, refuted: bool) -> Standing:
    if refuted:
        return Standing.NOT_CONFIRMED
    if case is not None and reports_on_our_mail(message):
        return Standing.REPORTER
    if sender is None or (case is not None and sender not in case.participants):
        return Standing.NOT_PARTICIPANT
    return Standing.PARTICIPANT


def _proven(message: Message, key: bytes, prefix: str) -> Iterator[str | None]:
    named = chain(message.in_reply_to, reversed(message.references))
    yield from (reference_of(message_id, key, prefix) for message_id in named)
    if message.report is not None and message.report.original_message_id is not None:
        yield reference_of(message.report.original_message_id, key, prefix)
    yield from (reference_of_address(address, key, prefix) for address in recipients(message))
    returned = [known for message_id in returned_ids(message) if (known := reference_of(message_id, key, prefix))]
    if returned and brings_back(message):  # a person who quotes or attaches a mail of ours answers another way
        yield from returned


def _written(message: Message, policy: Policy) -> Iterator[str | None]:
    prefix = policy.desk.reference_prefix
    yield from references_in(message.subject, prefix)
    own = policy.desk.own_addresses
    yield from (read_reference(tag_of(to), prefix) for to in recipients(message) if is_own(to, own))


def _unique(references: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(reference for reference in references if reference), _MOST))
