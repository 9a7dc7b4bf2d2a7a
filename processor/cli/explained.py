"""An explanation in sentences, for somebody who has never seen the policy."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from processor.cli.dates import cycle_words, window_words
from processor.cli.options import hang, moment
from processor.cli.plain_conditions import plainly
from processor.cli.reason_words import IN_WORDS
from processor.cli.story import assigned, suggested
from processor.policy import Policy
from processor.triage.details import where

if TYPE_CHECKING:
    from rich.console import Console

LANGUAGES = {"en": "English", "fr": "French", "de": "German", "es": "Spanish"}
MOST_NEAR = 5  # rules that came near; --all lists every one
_TODAY = {
    "queue": "goes to queue",
    "request_type": "is read as request type",
    "priority": "has the priority",
    "missing": "lacks",
    "acknowledged": "is acknowledged:",
}
_CHECKED = {
    "pass": "our mail gateway confirmed the domain (DMARC pass)",
    "fail": "our mail gateway says that it is not who it claims to be (DMARC fail)",
    "none": "no mail gateway of ours has checked the domain (DMARC)",
}


class Teller:
    """Writes one explanation: each section is a method that looks at its own part of what was gathered."""

    def __init__(self, out: Console, policy: Policy, *, every: bool = False) -> None:
        """`every`: with all the rules that were tried."""
        self._out = out
        self._policy = policy
        self._every = every
        self._zone = ZoneInfo(policy.desk.timezone)

    def tell(self, told: dict[str, Any]) -> None:
        """All of it."""
        title = f"{told['case'] or 'As if it came now'}: {told['subject'] or '(no subject)'}"
        hang(self._out, title, style="bold")
        if told["now"]:
            self._now(told["now"])
        for number, mail in enumerate(told["mails"], start=1):
            self._out.print()
            if told["case"]:
                at = self._moment(mail["received"]["received_at"])
                hang(self._out, f"Mail {number} of {len(told['mails'])}, received {at}", style="bold")
            self._mail(mail)
        if told["today"]:
            self._out.print()
            self._today(told["today"])

    def _mail(self, mail: dict[str, Any]) -> None:
        self._received(mail["received"])
        if "requester" in mail:
            offered = mail["requester"]
            self._say("Sent on for", f"{offered['name']} <{offered['address']}>, offered as requester.")
        self._details(mail["found"], mail.get("details", {}))
        if "routing" in mail:
            self._routing(mail["routing"])
            self._handling(mail["routing"], mail.get("owner"))
        if "suggestion" in mail:
            words = suggested(mail["suggestion"]).removeprefix("suggested by what was learned: ")
            self._say("Learned from people", f"{words}.")
        if "diversion" in mail:
            self._diversion(mail["diversion"])
        self._acknowledgement(mail.get("acknowledgement", {}))

    def _now(self, now: dict[str, Any]) -> None:
        """Where the case stands, and who brought it there."""
        owner = f"owner {now['owner']}" if now["owner"] else "nobody's yet"
        self._say("Now", f"queue {now['queue']}, {now['status'].replace('_', ' ')}, {owner}.")
        for move in now["moves"]:
            note = f": {move['note']}" if move["note"] else ""
            to = f"{move['was']} -> {move['queue']}" if move["was"] != move["queue"] else f"in {move['queue']}"
            kind = f", as {move['request_type']}" if move["request_type"] != move["request_type_was"] else ""
            self._say("Moved", f"{to}{kind}, by {move['by']} on {self._moment(move['at'])}{note}")
        promise = f"a reply by {self._moment(now['promise_at'])}" if now["promise_at"] else "nothing (automatic mail)"
        self._say("Promised", f"{promise}; our own target is {self._moment(now['internal_due_at'])}.")
        if now["held"]:
            self._say("Held", "payment diversion is suspected; two people must confirm (see `daydesk case show`).")

    def _received(self, data: dict[str, Any]) -> None:
        kind = "a person's mail" if data["kind"] == "person" else f"automatic mail ({data['kind'].replace('_', ' ')})"
        language = LANGUAGES.get(data["language"] or "", data["language"]) or "not known"
        self._say("Read as", f"{kind} from {data['from'] or 'nobody'}, language {language}.")
        self._say("Sender", f"{_on_file(data.get('contact'))}; {_CHECKED[data.get('dmarc', 'none')]}.")
        if data["outcome"] == "appended":
            standing = data["standing"].replace("_", " ")
            self._say("Joined", f"this case by {data['joined_by']}; the writer is: {standing}.")
        if data["suggested"]:
            self._say("May belong to", f"{', '.join(data['suggested'])} (too weak a sign to join by itself).")
        for warning in data["warnings"]:
            self._say("Warning", f"{warning}.")
        if data["bank_details_removed"]:
            self._say("Bank details taken out", f"{data['bank_details_removed']}.")
        for defect in data["defects"]:
            self._say("Broken in the mail", defect)

    def _details(self, found: list[dict[str, Any]], data: dict[str, Any]) -> None:
        if found:
            self._say("Found", "")
        for one in found:
            place = where(one["place"], one["line"], one["certainty"])
            value = f" {one['value']}" if one["value"] is not None else ""
            self._item(f"{one['name']}{value} ({place})")
        if data.get("missing"):
            names = [f"{name} ({self._asked(name)})" for name in data["missing"]]
            self._say("Missing, to be asked for", f"{'; '.join(names)}.")

    def _routing(self, data: dict[str, Any]) -> None:
        team = f" of team {data['team']}" if data.get("team") else ""
        kind = f"request type {data['request_type']}" if data["request_type"] else "no known request type"
        self._say("Went to", f"queue {data['queue']}{team} as {kind}, {data['priority']}, by rule {data['rule']}.")
        tried = data["tried"]
        rules = [one for one in tried if not one[1]]
        for name, matched, why in tried:
            if matched:
                too = "" if name == data["rule"] else " too"
                self._item(f"{name} matched{too}: {plainly(why)}.")
        if data.get("placed_by"):
            self._item(f"Moved from {data['rules_queue']}, where the rules led, by placing row {data['placed_by']}.")
        if self._every:
            self._each(tried, data.get("placing_tried", ()))
        else:
            self._near(data.get("near", ()), len(rules))
        self._item(f"policy version {data['policy_version']}")

    def _near(self, near: Any, others: int) -> None:
        """The rules that had something of the mail, and what they lacked."""
        for rule, held, why in near[:MOST_NEAR]:
            lacks = "" if held == why else f", but {plainly(why)}"  # one that weighs lacks nothing but weight
            self._item(f"{rule} came near ({plainly(held)}){lacks}.")
        rest = others - min(len(near), MOST_NEAR)
        if rest > 0:
            self._item(f"{rest} other rules were tried before and did not match; --all lists them.")

    def _each(self, tried: Any, placing: Any) -> None:
        for rule, matched, why in (*tried, *placing):
            hang(self._out, f"{rule}: {why}", first="  MATCHED " if matched else "  no      ")

    def _handling(self, data: dict[str, Any], given: dict[str, Any] | None) -> None:
        """Whose it is, and when it is answered and paid."""
        if given is not None:
            self._say("Owner", f"{assigned(given)}.")
        elif assigning := data.get("owner"):
            self._say("Owner", f"{assigning['how']}, of {', '.join(assigning['people']) or 'nobody who is there'}.")
        if words := window_words(data, self._zone):
            self._say("Answered", f"{words}.")
        if words := cycle_words(data):
            self._say("Round of payments", f"{words}.")

    def _diversion(self, data: dict[str, Any]) -> None:
        self._say("Payment diversion", f"level {data['level']} (score {data['score']}), for these signs:")
        for _code, evidence, weight in data["signals"]:
            self._item(f"{evidence} ({weight})")

    def _acknowledgement(self, data: dict[str, Any]) -> None:
        if data.get("send"):
            at = data["promise_at"]
            promise = f"promising a reply by {self._moment(at)}" if at else "without a promise"
            shared = f", by the mail of {data['with']}" if data.get("with") else ""
            self._say("Acknowledged", f"yes, {promise}{shared}.")
        else:
            self._say("Acknowledged", "no." if data else "not decided.")
        for code, evidence in data.get("reasons", []):
            shown = f" ({evidence})" if evidence else ""
            self._item(f"{code}: {IN_WORDS.get(code, 'see the reference')}{shown}")
        if data.get("note"):
            self._item(f"Note: {data['note']}")

    def _today(self, data: dict[str, Any]) -> None:
        """What the policy as it is now would do with the first mail."""
        version = f"The policy is another one now (version {data['policy_version']})"
        if data["unread"]:
            self._say("Today", f"{version}. What it would decide is not known: {data['unread']}.")
        elif not data["changed"]:
            self._say("Today", f"{version}, and would decide the same of the first mail.")
        else:
            self._say("Today", f"{version}. By it the first mail:")
            for name in data["changed"]:
                self._item(f"{_TODAY[name]} {_value(data['placed'][name])}")
            self._item(f"by rule {data['placed']['rule']}")

    def _asked(self, name: str) -> str:
        """A detail's name in words, as the policy has them now."""
        detail = self._policy.details.get(name)
        if detail is None:
            return "not in the policy any more"
        return detail.ask.get("en") or next(iter(detail.ask.values()), name)

    def _item(self, words: str) -> None:
        hang(self._out, words, first="  - ")

    def _say(self, label: str, words: str) -> None:
        hang(self._out, f"{label}: {words}".rstrip())

    def _moment(self, at: Any) -> str:
        return moment(at if isinstance(at, datetime) else datetime.fromisoformat(at), self._zone)


def _on_file(contact: dict[str, Any] | None) -> str:
    if contact is None:
        return "not on file"
    if not contact["confirmed"]:
        return "has written before, and nobody has put the address on file"
    return f"on file as {contact['kind'] or 'contact'} {contact['code']}".rstrip()


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (", ".join(value) if isinstance(value, list) else value) or "(none)"
