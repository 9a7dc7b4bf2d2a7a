"""The whole story of a case as text: what is known of it, its mails, and what happened, in order."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from processor.cli.dates import cycle_words, window_words
from processor.cli.folding import folded
from processor.cli.options import hang, moment, plain
from processor.triage import kinds
from processor.triage.details import where

if TYPE_CHECKING:
    from rich.console import Console

_SETTLING = (kinds.REOPENED, kinds.LINKED, "merged", "resolved", "closed")
_ATTEMPTS = ("acknowledgement ", "asking ", "asking-")  # a mail's purpose; the kind ends in how its attempt did


def tell_case(out: Console, story: dict[str, Any], zone: ZoneInfo, *, quoted: bool = False) -> None:
    """The story in lines as wide as the terminal; times are of this zone. `quoted`: with what its mails quote."""
    hang(out, story["subject"] or "(no subject)", first=f"{story['reference']}  ", style="bold")
    for label, words in _heads(story, zone):
        hang(out, words, first=f"{label:<10}")
    for message in story["messages"]:
        _message(out, message, zone, quoted)
    out.print("\n--- What happened", style="bold")
    _events(out, story["events"], zone)
    for row in story["outbox"]:
        out.print()
        hang(out, f"{row['purpose']} to {row['recipient']}: {_dispatch(row, zone)}")


def _heads(story: dict[str, Any], zone: ZoneInfo) -> list[tuple[str, str]]:
    sender = f"{story['requester_name']} <{story['requester_address']}>" if story["requester_address"] else "(nobody)"
    urgent = ", urgent" if story["priority"] == "urgent" else ""
    promise = story["promise_at"]
    found = [_found(detail) for detail in story["details"] if detail["value"] is not None]
    heads = [
        ("from", sender.strip()),
        ("for", _offered(story)),
        ("WARNING", story["undelivered"] or ""),
        ("HELD", _held(story, zone)),
        ("diversion", "" if story["diversion"] == "none" else f"level {story['diversion']}"),
        ("received", moment(story["received_at"], zone)),
        ("promised", f"a reply by {moment(promise, zone)}" if promise else "nothing (automatic mail)"),
        ("status", story["status"].replace("_", " ") + urgent),
        ("queue", story["queue"]),
        ("owner", story["owner"] or "nobody"),
        ("answered", window_words(story, zone)),
        ("paid", cycle_words(story)),
        ("request", story["request_type"] or "type not known"),
        ("found", "; ".join(found)),
        ("missing", ", ".join(story["missing"]) or ("nothing: complete" if story["complete"] else "")),
        ("merged", ", ".join(story["merged"])),
        ("see also", "; ".join(f"{link['case']} ({link['how']})" for link in story["links"])),
    ]
    return [(label, words) for label, words in heads if words]


def _found(detail: dict[str, Any]) -> str:
    place = where(detail["evidence"], detail["line"], detail["certainty"])
    return f"{detail['name']} {detail['value']} ({place})"


def _held(story: dict[str, Any], zone: ZoneInfo) -> str:
    """What must be done before the case can be settled."""
    if not story["held"]:
        return ""
    name = story["reference"]
    return (
        f"payment diversion is suspected, since {moment(story['held_since'], zone)}: call back on the number on file "
        f"(`daydesk case call-back {name}`), then a second person confirms (`daydesk case confirm {name}`)"
    )


def _offered(story: dict[str, Any]) -> str:
    """For whom a colleague wrote, until a person says whether it is so."""
    address = story["offered_address"]
    if not address:
        return ""
    client = f"{story['offered_name']} <{address}>".strip()
    return f"{client}, offered: see `daydesk case requester {story['reference']} {address}`"


def _message(out: Console, message: dict[str, Any], zone: ZoneInfo, quoted: bool) -> None:
    writer = (message["from_address"] or "nobody") if message["direction"] == "in" else "the desk"
    out.print()
    hang(out, f"{moment(message['received_at'], zone)}, {writer} wrote", first="--- ", style="bold")
    text = message["text"].strip() if quoted else folded(message["text"])
    out.print(plain(text) or "(no words)")
    for file in message["attachments"]:
        kind = file["detected_type"] or file["declared_type"]
        unread = f"; not wholly read: {file['unread']}" if file["unread"] else ""
        hang(out, f"attached: {file['name']} ({kind}, {file['size']:,} bytes){unread}", first="  ")


def _events(out: Console, events: list[dict[str, Any]], zone: ZoneInfo) -> None:
    """Each event on a line of its own; a time is told once."""
    before = ""
    for event in events:
        at = moment(event["at"], zone)
        actor = "" if event["actor"] == "daydesk" else f" (by {event['actor']})"
        hang(
            out, _event(event["kind"], event["data"], zone) + actor, first=f"{at if at != before else '':<{len(at)}}  "
        )
        before = at


def _event(kind: str, data: dict[str, Any], zone: ZoneInfo) -> str:
    if kind == kinds.RECEIVED:
        return _received(data)
    if kind == kinds.ROUTED:
        return _routed(data)
    if kind == kinds.DETAILS:
        missing = f"; missing: {', '.join(data['missing'])}" if data["missing"] else ""
        return f"details found: {', '.join(data['found']) or 'none'}{missing}"
    if kind == kinds.ANSWER:
        return _answer(data, zone)
    if kind == kinds.OFFERED:
        return f"sent on for {data['name']} <{data['address']}> ({data['how']}), who is offered as the requester"
    if kind == kinds.MOVED:
        return _moved(data)
    if kind == "asked for details":
        return f"{data['to']} is asked for {', '.join(data['details'])}" + (
            f" ({data['note']})" if data["note"] else ""
        )
    if kind == kinds.SUGGESTED:
        return suggested(data)
    if kind == kinds.ASSIGNED:
        return assigned(data)
    if kind == "requester accepted":
        return f"the requester is {data['address']}; it was {data['was'] or 'nobody'}"
    if kind == kinds.DIVERSION:
        return f"payment diversion: {data['level']} ({data['score']}): {'; '.join(one[1] for one in data['signals'])}"
    if kind == "called back":
        known = "the number on file" if data["on_file"] else "no number on file"
        return f"called back {data['number']} ({known}), spoke with {data['spoke_with']}: {data['outcome']}"
    if kind == "released by a second person":
        return f"a second person confirmed the call of {data['called_by']}: {data['outcome']}"
    if kind == kinds.COPY:
        return f"a copy of the mail came to mailbox {data['mailbox']} too"
    if kind in _SETTLING:
        return _settled(kind, data, zone)
    if "recipients" in data:
        return _returned(kind, data)
    if kind.startswith(_ATTEMPTS):
        again = f", try {data['try']}" if data["try"] > 1 else ""
        given_up = ", given up" if data.get("gave_up") else ""
        return f"{kind}{again}{given_up}, to {data['to']}; the server said: {data['reply']}"
    return f"{kind}: {' '.join(f'{name}={value}' for name, value in data.items())}"


def suggested(data: dict[str, Any]) -> str:
    """Where people would probably send the mail, for which words, and whether it went there."""
    words = f"suggested by what was learned: queue {data['queue']} ({data['probability']:.0%}"
    words += f", for {_quoted(data['words'])})" if data["words"] else ")"
    if data["request_type"]:
        words += f", request {data['request_type']} ({data['type_probability']:.0%}"
        words += f", for {_quoted(data['type_words'])})" if data["type_words"] else ")"
    return f"{words}; {'it went there' if data['applied'] else 'not applied'}"


def _quoted(words: list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _moved(data: dict[str, Any]) -> str:
    """A person says that another team is to work on it, or that something else is asked for."""
    words = f"moved to {data['queue']}; it was in {data['was']}" if data["queue"] != data["was"] else "of another kind"
    if data["request_type"] != data["request_type_was"]:
        words += f"; asked is {data['request_type']}, not {data['request_type_was'] or 'something unknown'}"
    return f"{words}: {data['note']}" if data["note"] else words


def _routed(data: dict[str, Any]) -> str:
    moved = f", moved from {data['rules_queue']} by {data['placed_by']}" if data.get("placed_by") else ""
    return f"went to {data['queue']} as {data['request_type'] or 'no known request'}, by rule {data['rule']}{moved}"


def assigned(data: dict[str, Any]) -> str:
    """Whose the case is, how it came to that, and whose it was."""
    away = f"; away: {', '.join(data['away'])}" if data["away"] else ""
    was = f"; it was {data['was']}'s" if data["was"] else ""
    how = "" if data["how"] == "person" else f" ({data['how']})"
    note = f": {data['note']}" if data["note"] else ""
    return f"the case is {data['owner'] or 'nobody'}'s{how}{was}{away}{note}"


def _settled(kind: str, data: dict[str, Any], zone: ZoneInfo) -> str:
    """A person, or a client's mail, changed where the work on the case stands, or what it has to do with."""
    if kind == kinds.LINKED:
        return f"linked: {data['how']} {data['case']}"
    if kind == "merged":
        return f"{data['case']} was merged into this case; it was {data['was'].replace('_', ' ')}"
    words = f"{kind}; it was {data['was'].replace('_', ' ')}"
    promise = data.get("promise_at")
    return f"{words}; a reply is promised by {moment(datetime.fromisoformat(promise), zone)}" if promise else words


def _received(data: dict[str, Any]) -> str:
    joined = f"joined this case by {data['joined_by']}" if data["outcome"] == "appended" else "opened this case"
    parts = [f"mail from {data['from'] or 'nobody'} {joined}"]
    if data["kind"] != "person":
        parts.append(f"written by a machine: {data['kind'].replace('_', ' ')}")
    if data["suggested"]:
        parts.append(f"may belong to {', '.join(data['suggested'])}")
    if data["bank_details_removed"]:
        parts.append(f"bank details taken out: {data['bank_details_removed']}")
    return "; ".join([*parts, *data["warnings"], *data["defects"]])


def _returned(kind: str, data: dict[str, Any]) -> str:
    """What a report said became of a mail of ours, recipient by recipient."""
    told = []
    for one in data["recipients"]:
        whose = "" if one["ours"] else " (not whom we wrote to)"
        said = " ".join(part for part in (one["action"], one["status"]) if part)
        told.append(f"{one['address'] or 'somebody'}{whose} {said}" + (f": {one['words']}" if one["words"] else ""))
    if data["recipients_not_told"]:
        told.append(f"and {data['recipients_not_told']} more")
    doubt = "" if data["believed"] else "; not believed, since its sender is not confirmed"
    return f"{kind}, says a report: {'; '.join(told)}{doubt}"


def _answer(data: dict[str, Any], zone: ZoneInfo) -> str:
    note = f" ({data['note']})" if data.get("note") else ""
    if not data["send"]:
        return f"no acknowledgement: {', '.join(code for code, _evidence in data['reasons'])}{note}"
    shared = f", by the mail of {data['with']}" if data.get("with") else ""
    promise = data["promise_at"]
    words = f"promising a reply by {moment(datetime.fromisoformat(promise), zone)}" if promise else "without a promise"
    return f"acknowledgement decided, {words}{shared}{note}"


def _dispatch(row: dict[str, Any], zone: ZoneInfo) -> str:
    tries = f" after {row['tries']} tries" if row["tries"] > 1 else " at the first try" if row["tries"] else ""
    again = f", tried again from {moment(row['next_at'], zone)}" if row["state"] in ("due", "unknown") else ""
    words = f"; the server said: {row['last_reply']}" if row["last_reply"] else ""
    return f"{row['state']}{tries}{again}{words}"
