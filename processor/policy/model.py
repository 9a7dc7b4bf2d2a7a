"""The policy as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr

from processor.policy.base import Language, Phrase, Slug, Table
from processor.policy.calendar import Absence, Calendar
from processor.policy.desk import Acknowledgement, Database, Desk, FolderSource, Health, ImapSource, Run, Smtp
from processor.policy.diversion import DiversionPolicy
from processor.policy.learning import Learning
from processor.policy.oauth2 import OAuth2
from processor.policy.routing import Detail, Placing, Queue, RequestType, Rule, Team, Urgency
from processor.policy.word_weights import WordWeights, read_word_weights

Source = Annotated[ImapSource | FolderSource, Field(discriminator="kind")]


class Policy(Table):
    """daydesk.toml with what it includes."""

    desk: Desk
    database: Database = Database()
    mailboxes: tuple[Source, ...] = Field(min_length=1)
    smtp: Smtp
    oauth2: dict[Slug, OAuth2] = Field(default_factory=dict)
    acknowledgement: Acknowledgement = Acknowledgement()
    diversion: DiversionPolicy = DiversionPolicy()
    run: Run = Run()
    health: Health = Health()
    calendar: Calendar = Calendar()
    absences: tuple[Absence, ...] = ()
    learning: Learning = Learning()
    queues: dict[Slug, Queue]
    details: dict[Slug, Detail] = Field(default_factory=dict)
    request_types: dict[Slug, RequestType] = Field(default_factory=dict)
    # Words by what they mean, then by language. Rules weigh them by name. Two names have a meaning of their own:
    # a sentence that holds a word of `asking` asks, and one that holds a word of `passing-over` is not read.
    vocabulary: dict[Slug, dict[Language, tuple[Phrase, ...]]] = Field(default_factory=dict)
    # A file of JSON, beside the policy file that names it: what single words weigh for each request type, learned from
    # labelled mails. "none": no words are weighed so.
    word_weights: Path | Literal["none"] = "none"
    rules: tuple[Rule, ...] = Field(min_length=1)
    urgency: tuple[Urgency, ...] = ()
    placing: tuple[Placing, ...] = ()
    teams: tuple[Team, ...] = ()

    folder: Path = Field(default=Path(), exclude=True)  # relative paths are looked for here

    _agree: Callable[[WordWeights], None] | None = PrivateAttr(default=None)

    @cached_property
    def colleagues(self) -> frozenset[str]:
        """Addresses and domains of those who may write for a client; by default the desk's own domains, unless
        strangers have addresses there too.
        """
        if self.desk.colleagues is not None:
            return frozenset(self.desk.colleagues)
        own = {address.rpartition("@")[2] for address in self.desk.own_addresses}
        return frozenset(own.difference(self.acknowledgement.caps.webmail_domains))

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change whenever the policy does."""
        learned = self.words.digest if self.words else ""
        return hashlib.sha256(f"{self.model_dump_json(exclude={'word_weights'})}{learned}".encode()).hexdigest()[:12]

    @cached_property
    def words(self) -> WordWeights | None:
        """What single words weigh; None where the policy names no file. Raises Configuration.

        Read by those who decide mails and by `daydesk check`: the file is larger than all others together.
        """
        if self.word_weights == "none":
            return None
        words = read_word_weights(self.folder / self.word_weights)
        if self._agree is not None:
            self._agree(words)
        return words

    def held_to(self, agree: Callable[[WordWeights], None]) -> Self:
        """The same, whose word weights `agree` must let pass once they are read: else it raises Configuration."""
        self._agree = agree
        return self
