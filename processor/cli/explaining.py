"""What `daydesk explain` tells: of a case from its events, of a file from judging it now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from processor.cli.case import story_of
from processor.cli.dates import cycle_words, window_words
from processor.cli.opening import open_model, open_store
from processor.cli.options import hang, moment
from processor.cli.story import assigned
from processor.policy import Policy
from processor.reading.reader import open_reader
from processor.triage import telling
from processor.triage.context import Context
from processor.triage.correlation import claims_of
from processor.triage.verdict import compile_policy, triage

if TYPE_CHECKING:
    from rich.console import Console


def explain_case(reference: str, policy: Policy) -> dict[str, Any]:
    """What was decided of each mail of this case, when it came."""
    with open_store(policy) as store:
        story = story_of(store, reference, policy.desk.reference_prefix)
    mails: list[dict[str, Any]] = []
    latest: dict[int | None, dict[str, Any]] = {}  # by ledger row: two mails may have been decided side by side
    for event in story["events"]:
        if event["kind"] == telling.RECEIVED:
            mails.append({})
            latest[event["inbound_id"]] = mails[-1]
        if event["kind"] in _SECTIONS and event["inbound_id"] in latest:  # people assign cases too, by no mail
            latest[event["inbound_id"]][_SECTIONS[event["kind"]]] = event["data"]
    return {"case": story["reference"], "subject": story["subject"], "mails": mails}


def explain_file(raw: bytes, policy: Policy, now: datetime) -> dict[str, Any]:
    """What would be decided of this mail if it came now, to a desk without cases."""
    with open_reader(policy.run) as reader:
        message = reader.read_one(raw)
    claims = claims_of(message, policy.desk.key.reveal(policy.folder).encode(), policy)
    verdict = triage(message, Context(received_at=now, claims=claims), compile_policy(policy, open_model(policy)), now)
    cases = (telling.told(each, message, now) for each in (verdict, *verdict.others))
    mails = [{_SECTIONS[kind]: data for kind, data in told} for told in cases]
    return {"case": None, "subject": verdict.readable.subject, "mails": mails}


_SECTIONS = {
    telling.RECEIVED: "received",
    telling.ROUTED: "routing",
    telling.ASSIGNED: "owner",
    telling.OFFERED: "requester",
    telling.DETAILS: "details",
    telling.ANSWER: "acknowledgement",
}


def tell(out: Console, told: dict[str, Any], zone: ZoneInfo) -> None:
    """The explanation in sentences; times are of this zone."""
    hang(out, f"{told['case'] or 'As if it came now'}: {told['subject'] or '(no subject)'}", style="bold")
    for mail in told["mails"]:
        out.print()
        _received(out, mail["received"])
        if "routing" in mail:
            _routing(out, mail["routing"])
            _handling(out, mail["routing"], mail.get("owner"), zone)
        if "requester" in mail:
            hang(
                out, f"Sent on for: {mail['requester']['name']} <{mail['requester']['address']}>, offered as requester."
            )
        _details(out, mail.get("details", {}))
        _acknowledgement(out, mail.get("acknowledgement", {}), zone)


def _received(out: Console, data: dict[str, Any]) -> None:
    kind = "a person's mail" if data["kind"] == "person" else f"automatic mail ({data['kind']})"
    hang(out, f"Read as: {kind} from {data['from'] or 'nobody'}, language {data['language'] or 'not known'}.")
    if data["outcome"] == "appended":
        hang(out, f"Joined this case by {data['joined_by']}; the writer is: {data['standing'].replace('_', ' ')}.")
    if data["suggested"]:
        hang(out, f"May belong to: {', '.join(data['suggested'])} (too weak a sign to join by itself).")
    for warning in data["warnings"]:
        hang(out, f"Warning: {warning}.")
    if data["bank_details_removed"]:
        hang(out, f"Bank details taken out: {data['bank_details_removed']}.")
    for defect in data["defects"]:
        hang(out, f"Broken in the mail: {defect}")


def _routing(out: Console, data: dict[str, Any]) -> None:
    team = f" of team {data['team']}" if data.get("team") else ""
    kind = f"request type {data['request_type']}" if data["request_type"] else "no known request type"
    hang(out, f"Went to: queue {data['queue']}{team} as {kind}, {data['priority']}, by rule {data['rule']}.")
    for rule, matched, why in data["tried"]:
        hang(out, f"{rule}: {why}", first="  MATCHED " if matched else "  no      ")
    if data.get("placed_by"):
        hang(out, f"Moved there from {data['rules_queue']}, by placing row {data['placed_by']}.")
    for row, matched, why in data.get("placing_tried", ()):
        hang(out, f"{row}: {why}", first="  MATCHED " if matched else "  no      ")
    out.print(f"  (policy version {data['policy_version']})")


def _handling(out: Console, data: dict[str, Any], given: dict[str, Any] | None, zone: ZoneInfo) -> None:
    """Whose it is, and when it is answered and paid."""
    if given is not None:
        hang(out, f"Owner: {assigned(given)}.")
    elif assigning := data.get("owner"):
        hang(out, f"Owner: {assigning['how']}, of {', '.join(assigning['people']) or 'nobody who is there'}.")
    if words := window_words(data, zone):
        hang(out, f"Answered: {words}.")
    if words := cycle_words(data):
        hang(out, f"Round of payments: {words}.")


def _details(out: Console, data: dict[str, Any]) -> None:
    first = {name: f" ({telling.where(*place)})" for name, *place in reversed(data.get("where", ()))}
    if data.get("found"):
        hang(out, f"Found: {', '.join(name + first.get(name, '') for name in data['found'])}.")
    if data.get("missing"):
        hang(out, f"Missing, to be asked for: {', '.join(data['missing'])}.")


def _acknowledgement(out: Console, data: dict[str, Any], zone: ZoneInfo) -> None:
    if data.get("send"):
        at = data["promise_at"]
        promise = f"promising a reply by {moment(datetime.fromisoformat(at), zone)}" if at else "without a promise"
        hang(out, f"Acknowledged: yes, {promise}.")
    else:
        out.print("Acknowledged: no." if data else "Acknowledged: not decided.")
    for code, evidence in data.get("reasons", []):
        hang(out, f"{code}: {evidence}" if evidence else code, first="  ")
    if data.get("note"):
        hang(out, f"Note: {data['note']}", first="  ")
