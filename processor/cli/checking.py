"""What `daydesk check` looks at; each finding says in one sentence what was seen."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ingest.errors import Configuration, DeskError
from processor.cli.logs import make_log
from processor.cli.opening import open_store
from processor.outgoing.render import open_renderer
from processor.policy import FolderSource, ImapSource, Policy
from processor.reports.health import secrets
from processor.stages.connections import open_mailbox, open_sender
from processor.stages.tokens import Tokens
from processor.store.database import Store

SHORTEST_KEY = 16  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    words: str
    exit_code: int = 0

    @property
    def ok(self) -> bool:
        return self.exit_code == 0


def findings(policy: Policy, now: datetime) -> Iterator[Finding]:
    """Everything that can be known without changing anything."""
    tokens = Tokens(make_log(logging.WARNING))
    yield Finding(what="policy", words=f"version {policy.version}, {len(policy.rules)} rules")
    yield _looked("key", lambda: _key(policy))
    yield _mistakes("examples", "every rule wins its own examples", lambda: _examples(policy))
    yield _mistakes("templates", "all can be filled", lambda: open_renderer(policy).check())
    yield _mistakes("payment diversion", "mail that wants money to go elsewhere is held", lambda: lax(policy))
    yield _looked("database", lambda: _database(policy))
    for secret in secrets(policy, now):
        yield Finding(what=f"secret {secret.name}", words=secret.words, exit_code=secret.exit_code)
    for source in policy.mailboxes:
        yield _looked(f"mailbox {source.name}", partial(_mailbox, policy, source, tokens))
    yield _looked("smtp", lambda: _smtp(policy, tokens))


def _looked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, words=look())
    except DeskError as error:
        return Finding(what=what, words=str(error), exit_code=error.exit_code)


def _mistakes(what: str, well: str, look: Callable[[], tuple[str, ...]]) -> Finding:
    found = look()
    return Finding(what=what, words="; ".join(found) or well, exit_code=78 if found else 0)


def lax(policy: Policy) -> tuple[str, ...]:
    """By what the policy lets payments be diverted."""
    diversion = policy.diversion
    if not diversion.enabled:
        return ("SWITCHED OFF (diversion.enabled): nothing is held, whoever asks that money go to another account",)
    return tuple(
        f"diversion.weights.{name} is below diversion.hold: from a mailbox that somebody broke into {what} passes"
        for name, what in (("change_requested", "a request to pay elsewhere"), ("bank_differs", "another account"))
        if getattr(diversion.weights, name) < diversion.hold
    )


def _key(policy: Policy) -> str:
    length = len(policy.desk.key.reveal(policy.folder))
    if length < SHORTEST_KEY:
        raise Configuration(
            f"desk.key has {length} characters: use at least {SHORTEST_KEY}, such as `daydesk init` writes."
        )
    return "can be read"


def _examples(policy: Policy) -> tuple[str, ...]:
    from processor.triage.examples import run_examples
    from processor.triage.routing import compile_rules

    return run_examples(policy, compile_rules(policy))


def _database(policy: Policy) -> str:
    with open_store(policy) as store:
        return f"{store.shown} is of revision {store.revision()}"


def _mailbox(policy: Policy, source: ImapSource | FolderSource, tokens: Tokens) -> str:
    mailbox = open_mailbox(source, policy, Store(policy.database.url, policy.folder), tokens)
    with mailbox:
        return mailbox.check()


def _smtp(policy: Policy, tokens: Tokens) -> str:
    with open_sender(policy, tokens) as sender:
        return sender.check()
