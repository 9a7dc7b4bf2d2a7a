"""What the tables of a policy say of each other that cannot be so, read before it is known whether each is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from processor.policy.facts_named import facts_not_there, people_of_no_queue
from processor.policy.raw import Mistake
from processor.policy.raw import is_word as _is_word
from processor.policy.raw import named as _named
from processor.policy.raw import tables as _tables
from processor.policy.raw import unknown as _unknown
from processor.policy.raw import words as _words
from processor.policy.routing import Rule
from processor.policy.word_weights import WordWeights

CATCH_ALL_QUEUE = "triage"


def disagreements(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Mistakes between the tables. What is not of the right type is left to the tables' own checks."""
    for key in ("mailboxes", "rules", "urgency", "placing", "teams"):
        yield from _named_twice(key, _tables(data, key))
    yield from _logins_by_nothing(data)
    yield from _rules_to_nowhere(data)
    yield from _unknown_words(data)
    yield from _requests_to_nowhere(data)
    yield from _teams_to_nowhere(data)
    yield from _unknown(("diversion", "queue"), _named(data, "diversion").get("queue"), _named(data, "queues"))
    yield from _last_rule(_tables(data, "rules"))
    yield from facts_not_there(data)
    yield from people_of_no_queue(data)


def _named_twice(key: str, tables: list[tuple[int, Mapping[str, Any]]]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, table in tables:
        name = table.get("name")
        if isinstance(name, str) and name in seen:
            yield (key, index, "name"), f"another entry is named {name!r} too; give each a name of its own"
        elif isinstance(name, str):
            seen.add(name)


def _logins_by_nothing(data: Mapping[str, Any]) -> Iterator[Mistake]:
    for index, mailbox in _tables(data, "mailboxes"):
        yield from _unknown(("mailboxes", index, "oauth2"), mailbox.get("oauth2"), _named(data, "oauth2"))
    yield from _unknown(("smtp", "oauth2"), _named(data, "smtp").get("oauth2"), _named(data, "oauth2"))


def _rules_to_nowhere(data: Mapping[str, Any]) -> Iterator[Mistake]:
    for key in ("rules", "placing"):
        for index, rule in _tables(data, key):
            yield from _unknown((key, index, "queue"), rule.get("queue"), _named(data, "queues"))
    for index, rule in _tables(data, "rules"):
        yield from _unknown(("rules", index, "request_type"), rule.get("request_type"), _named(data, "request_types"))


def _unknown_words(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Evidence by words that the vocabulary has not."""
    vocabulary = _named(data, "vocabulary")
    for index, rule in _tables(data, "rules"):
        for _, evidence in _tables(rule, "evidence"):
            for term in (*_words(evidence.get("all")), *_words(evidence.get("none"))):
                for name in term.split("|"):
                    yield from _unknown(("rules", index, "evidence"), name.strip(), vocabulary)


def labels_never_learned(rules: Iterable[Rule], words: WordWeights) -> Iterator[Mistake]:
    """Evidence by a label that the word weights have not."""
    known = dict.fromkeys(words.labels)
    for index, rule in enumerate(rules):
        for evidence in rule.evidence:
            yield from _unknown(("rules", index, "evidence"), evidence.learned, known)


def _requests_to_nowhere(data: Mapping[str, Any]) -> Iterator[Mistake]:
    for name, request in _named(data, "request_types").items():
        if not isinstance(request, Mapping):
            continue
        yield from _unknown(("request_types", name, "queue"), request.get("queue"), _named(data, "queues"))
        asked = request.get("details")
        for item in asked if isinstance(asked, list) else ():
            table = item if isinstance(item, Mapping) else {"detail": item}
            for key in ("detail", "when_detail"):
                yield from _unknown(("request_types", name, "details"), table.get(key), _named(data, "details"))


def _teams_to_nowhere(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Each address is one team's, and one of the desk's: else its mails would count as not addressed to us."""
    desk, taken = _named(data, "desk"), set[str]()
    own = {address.lower() for address in (desk.get("address"), *_words(desk.get("addresses"))) if _is_word(address)}
    for index, team in _tables(data, "teams"):
        for queue in _words(team.get("queues")):
            yield from _unknown(("teams", index, "queues"), queue, _named(data, "queues"))
        for address in _words(team.get("addresses")):
            place = ("teams", index, "addresses")
            if address.lower() not in own:
                yield place, f"{address!r} is none of the desk's own addresses; name it in desk.addresses too"
            if address.lower() in taken:
                yield place, f"{address!r} is another team's too; give each address to one team"
            taken.add(address.lower())


def _last_rule(rules: list[tuple[int, Mapping[str, Any]]]) -> Iterator[Mistake]:
    for index, rule in rules[:-1]:
        if not rule.get("when") and not rule.get("evidence"):
            yield ("rules", index), 'has no "when" and hides every rule after it'
    for index, rule in rules[-1:]:
        if rule.get("when") or rule.get("evidence") or rule.get("queue") != CATCH_ALL_QUEUE:
            yield ("rules", index), f'the last rule must take every mail: no "when", and queue = "{CATCH_ALL_QUEUE}"'
