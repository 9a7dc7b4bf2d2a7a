"""What conditions, queues and absences name that cannot be so: nobody knows it, or not yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from processor.policy.raw import Mistake, Place, is_word, named, tables, unknown, words

_LISTS = ("rules", "urgency", "placing")
_TOO_EARLY = {  # conditions on what is decided only later
    ("rules", "request_type"): "the rules decide it: write this row in [[placing]], which is tried after them",
    ("rules", "urgent"): "it is decided after the rules: write this row in [[placing]], which is tried last",
    ("rules", "people"): "it looks at the queue that the rules decide: write this row in [[placing]]",
    ("urgency", "people"): "it looks at the queue that is decided: write this row in [[placing]]",
    ("urgency", "urgent"): "these rows decide it: write this row in [[placing]], which is tried after them",
}


def facts_not_there(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Names in conditions that stand for nothing, and conditions on what is not decided yet."""
    boxes = {box.get("name"): box for _, box in tables(data, "mailboxes") if is_word(box.get("name"))}
    for key in _LISTS:
        for index, row in tables(data, key):
            when, where = named(row, "when"), (key, index, "when")
            yield from (((*where, name), told) for (of, name), told in _TOO_EARLY.items() if of == key and name in when)
            yield from _unknown_all((*where, "mailbox"), when.get("mailbox"), boxes)
            yield from _unknown_all((*where, "lacks"), when.get("lacks"), named(data, "details"))
            yield from _unknown_all((*where, "request_type"), when.get("request_type"), named(data, "request_types"))
            yield from _details(where, when, named(data, "details"))


def _details(where: Place, when: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Mistake]:
    for name in named(when, "details"):
        yield from unknown((*where, "details"), name, known)
    if "amount" in when:
        yield from unknown((*where, "amount"), named(when, "amount").get("detail", "amount"), known)


def _unknown_all(where: Place, listed: object, known: Mapping[Any, Any]) -> Iterator[Mistake]:
    for name in words(listed):
        yield from unknown(where, name, known)


def people_of_no_queue(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Absences of people whom no queue names, which would keep no case from anybody."""
    queues = named(data, "queues").values()
    owners = {person: True for queue in queues if isinstance(queue, Mapping) for person in words(queue.get("owners"))}
    for index, absence in tables(data, "absences"):
        if is_word(person := absence.get("person")) and person not in owners:
            there = ", ".join(sorted(owners)) or "none"
            yield ("absences", index, "person"), f"{person!r} is an owner of no queue; there are {there}"
