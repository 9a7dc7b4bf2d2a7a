"""The policy as a whole, and what must agree between its tables."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field

from processor.policy.base import Slug, Table
from processor.policy.desk import Acknowledgement, Database, Desk, FolderSource, ImapSource, Run, Smtp
from processor.policy.routing import Detail, Queue, RequestType, Rule, Urgency

Source = Annotated[ImapSource | FolderSource, Field(discriminator="kind")]
Mistake = tuple[tuple[str | int, ...], str]  # where, and what is wrong

CATCH_ALL_QUEUE = "triage"


class Policy(Table):
    """daydesk.toml with what it includes."""

    desk: Desk
    database: Database = Database()
    mailboxes: tuple[Source, ...] = Field(min_length=1)
    smtp: Smtp
    acknowledgement: Acknowledgement = Acknowledgement()
    run: Run = Run()
    queues: dict[Slug, Queue]
    details: dict[Slug, Detail] = Field(default_factory=dict)
    request_types: dict[Slug, RequestType] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = Field(min_length=1)
    urgency: tuple[Urgency, ...] = ()

    folder: Path = Field(default=Path(), exclude=True)  # relative paths are looked for here

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change whenever the policy does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def mistakes(self) -> Iterator[Mistake]:
        """What the tables say of each other that cannot be so."""
        yield from self._unknown_names()
        for (kind, name), count in Counter(self._named()).items():
            if count > 1:
                yield (kind,), f"two entries are named {name!r}; give each a name of its own"
        last = self.rules[-1]
        if not last.when.always or last.queue != CATCH_ALL_QUEUE:
            where = ("rules", len(self.rules) - 1)
            yield where, f'the last rule must take every mail: no "when", and queue = "{CATCH_ALL_QUEUE}"'
        for index, rule in enumerate(self.rules[:-1]):
            if rule.when.always:
                yield ("rules", index), f'rule {rule.name!r} has no "when" and hides every rule after it'

    def _named(self) -> Iterator[tuple[str, str]]:
        yield from (("mailboxes", mailbox.name) for mailbox in self.mailboxes)
        yield from (("rules", rule.name) for rule in self.rules)

    def _unknown_names(self) -> Iterator[Mistake]:
        for index, rule in enumerate(self.rules):
            if rule.queue is not None:
                yield from _unknown(("rules", index, "queue"), rule.queue, self.queues)
            if rule.request_type is not None:
                yield from _unknown(("rules", index, "request_type"), rule.request_type, self.request_types)
        for key, kind in self.request_types.items():
            yield from _unknown(("request_types", key, "queue"), kind.queue, self.queues)
            for asked in kind.details:
                yield from _unknown(("request_types", key, "details"), asked.detail, self.details)
                if asked.when_detail is not None:
                    yield from _unknown(("request_types", key, "details"), asked.when_detail, self.details)


def _unknown(
    where: tuple[str | int, ...], name: str, known: dict[str, Queue] | dict[str, Detail] | dict[str, RequestType]
) -> Iterator[Mistake]:
    if name not in known:
        yield where, f"{name!r} is not defined; there are {', '.join(sorted(known)) or 'none'}"
