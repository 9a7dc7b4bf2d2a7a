"""A person asks the client again for what is still missing: one mail, on record, and the case waits for him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.errors import DeskError
from ingest.message import Address
from processor.casework.confirming import refuse_held
from processor.casework.moving import note_missing
from processor.casework.taking import Act, act
from processor.outgoing.compose import compose
from processor.outgoing.render import Renderer
from processor.outgoing.view import AcknowledgementView
from processor.policy import Policy
from processor.policy.base import in_language
from processor.store import asking
from processor.store.casebook import Held
from processor.store.database import Store
from processor.store.models import Status
from processor.triage.addressing import is_own
from processor.triage.automatic import Kind
from processor.triage.noreply import is_noreply
from processor.triage.redaction import redact
from processor.triage.reference import own_message_id, verp_address

ASKED = "asked for details"  # a kind of event


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What the desk writes with."""

    policy: Policy
    renderer: Renderer
    key: bytes


def ask(
    store: Store, reference: str, wanted: Sequence[str], writing: Writing, actor: str, now: datetime
) -> tuple[str, ...]:
    """Asks for the wanted of the missing details, or for all of them; returns their names.

    It is a person's mail: it has no marks of an automatic one, and an envelope sender to whom it can come back. It is
    not the answer that was promised, so the promise stands. Raises DeskError where the client may not be written to,
    or nothing is missing.
    """
    with act(store, actor, now) as doing:
        case = doing.take(reference)
        refuse_held(case)
        _require_no_dry_run(writing.policy)
        _require_open(case)
        _require_queue_that_writes(case, writing.policy)
        _require_client(doing, case, writing.policy)
        if case.request_type in writing.policy.request_types:  # a later mail may have made another detail mandatory
            note_missing(doing.book, case, writing.policy, case.request_type)
        names = _wanted(asking.missing(doing.book.session, case.id), wanted, reference)
        told = _send(doing, case, names, writing)
        doing.book.change(case, status=Status.WAITING_CLIENT)
        doing.tell(case, ASKED, details=list(names), **told)
        return names


def _require_no_dry_run(policy: Policy) -> None:
    if policy.acknowledgement.dry_run:
        raise DeskError("This desk writes to nobody: acknowledgement.dry_run is true. Set it to false to ask clients.")


def _require_open(case: Held) -> None:
    if case.settled:
        raise DeskError(f"{case.reference} is {case.status}: see `daydesk case reopen {case.reference}`.")


def _require_queue_that_writes(case: Held, policy: Policy) -> None:
    queue = policy.queues.get(case.queue)
    if queue is None or not queue.writes_to_clients:
        may = ", ".join(sorted(name for name, one in policy.queues.items() if one.writes_to_clients)) or "none"
        raise DeskError(
            f"{case.reference} is in queue {case.queue}, which does not write to clients. These do: {may}. "
            f"Move it with `daydesk case move {case.reference} QUEUE`."
        )


def _require_client(doing: Act, case: Held, policy: Policy) -> None:
    """Nobody gets a mail whom we do not know to be there, to be a person, and to be the one who wrote."""
    address, shown = case.requester_address, redact(case.requester_address).text
    if case.automatic != Kind.PERSON or not address or is_noreply(address.rpartition("@")[0]):
        raise DeskError(f"{case.reference} came from a machine: nobody there can be asked.")
    if is_own(address, policy.desk.own_addresses):
        raise DeskError(f"{shown} is an address of the desk itself: see `daydesk case requester`.")
    if not asking.is_participant(doing.book.session, case.id, address):
        raise DeskError(
            f"Nobody has confirmed that {shown} wrote {case.reference}. Where you know that he did, see "
            f"`daydesk case requester {case.reference} ADDRESS`."
        )
    if (reason := asking.suppressed(doing.book.session, address)) is not None:
        raise DeskError(f"{shown} is on the suppression list ({reason}): see `daydesk suppressed`.")


def _wanted(lacking: tuple[str, ...], wanted: Sequence[str], reference: str) -> tuple[str, ...]:
    if not lacking:
        raise DeskError(f"{reference} lacks no detail: there is nothing to ask for.")
    if strange := [name for name in wanted if name not in lacking]:
        raise DeskError(f"{reference} does not lack {', '.join(strange)}; it lacks {', '.join(lacking)}.")
    return tuple(name for name in lacking if not wanted or name in wanted)


def _send(doing: Act, case: Held, names: Sequence[str], writing: Writing) -> dict[str, str | None]:
    """One row of the outbox; what is to be told of it."""
    policy, session, about = writing.policy, doing.book.session, writing.policy.desk
    purpose = asking.next_purpose(session, case.id)
    latest, before = asking.thread(session, case.id, case.requester_address)
    rendered = writing.renderer.asking(_view(case, names, writing))
    signed = verp_address(about.address, case.reference, writing.key)
    mail = compose(
        rendered,
        sender=Address(name=about.name, address=about.address),
        recipient=case.requester_address,
        message_id=own_message_id(case.reference, purpose, writing.key, about.address.rpartition("@")[2]),
        in_reply_to=latest,
        references=before,
        envelope_from=signed if policy.smtp.envelope == "verp" else about.address,
        date=doing.now,
        automatic=False,
    )
    asking.post(session, case.id, purpose, mail, doing.now)
    return {"to": redact(mail.recipient).text, "message_id": mail.message_id, "note": rendered.fell_back}


def _view(case: Held, names: Sequence[str], writing: Writing) -> AcknowledgementView:
    about, details = writing.policy.desk, writing.policy.details
    language = writing.renderer.language_for(case.language)
    return AcknowledgementView(
        reference=case.reference,
        desk_name=about.name,
        desk_address=about.address,
        language=language,
        missing=tuple(in_language(details[name].ask, language) if name in details else name for name in names),
    )
