"""The acknowledgement that follows from a verdict. Nothing that an unauthenticated sender chose goes into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ingest.message import Address, Message
from processor.outgoing.compose import OutgoingMail, compose
from processor.outgoing.view import AcknowledgementView
from processor.outgoing.wording import promise
from processor.policy import Policy
from processor.policy.base import in_language
from processor.stages.desk import Desk
from processor.triage.details import FoundDetail
from processor.triage.reference import own_message_id, verp_address
from processor.triage.verdict import Verdict

PURPOSE = "ack"  # within our Message-IDs


def acknowledge(
    desk: Desk, message: Message, sender: Address, verdict: Verdict, references: Sequence[str], now: datetime
) -> tuple[OutgoingMail, str | None]:
    """The finished mail, and why the operator's own template was not used (None where all is well).

    `references`: of the case that it belongs to, then of the cases of other teams.
    """
    reference = references[0]
    policy, about = desk.policy, desk.policy.desk
    language = desk.renderer.language_for(verdict.answer_in)
    rendered = desk.renderer.acknowledgement(_view(policy, verdict, references, language))
    mail = compose(
        rendered,
        sender=Address(name=about.name, address=about.address),
        recipient=sender.address,
        message_id=own_message_id(reference, PURPOSE, desk.key, about.address.rpartition("@")[2]),
        in_reply_to=message.message_id,
        references=message.references,
        envelope_from=verp_address(about.address, reference, desk.key) if policy.smtp.envelope == "verp" else "",
        date=now,
    )
    return mail, rendered.fell_back


def _view(policy: Policy, verdict: Verdict, references: Sequence[str], language: str) -> AcknowledgementView:
    decision, desk = verdict.acknowledgement, policy.desk
    by = verdict.promise_at if decision.with_promise else None
    every = (verdict, *verdict.others)
    found = dict.fromkeys(one for each in every for one in _asked_and_found(policy, each))
    lacking = dict.fromkeys(name for each in every for name in each.missing)
    return AcknowledgementView(
        reference=references[0],
        also=tuple(references[1:]),
        desk_name=desk.name,
        desk_address=desk.address,
        language=language,
        promise=promise(by, zone=desk.timezone, language=language) if by else None,
        faq=desk.faq,
        missing=tuple(in_language(policy.details[name].ask, language) for name in lacking),
        found=tuple((in_language(policy.details[one.name].ask, language), one.value) for one in found)
        if decision.authenticated
        else (),
        subject=verdict.readable.subject if decision.authenticated else None,
    )


def _asked_and_found(policy: Policy, verdict: Verdict) -> tuple[FoundDetail, ...]:
    """Of the details found, those that this kind of request needs: the client sees that we need not ask."""
    kind = policy.request_types.get(verdict.routing.request_type or "")
    needed = {asked.detail for asked in kind.details} if kind else set()
    return tuple(detail for detail in verdict.details if detail.name in needed)
