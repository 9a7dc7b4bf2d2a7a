"""Access tokens for the connections of one process: one source for each [oauth2] table, whoever uses it."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import Configuration
from processor.policy import OAuth2, Policy, Secret

if TYPE_CHECKING:
    from ingest.oauth2 import Client, TokenSource
    from processor.stages.desk import Log


def client_of(name: str, table: OAuth2, folder: Path) -> Client:
    """Who we are to the provider of this table; relative paths start at `folder`."""
    from ingest.oauth2 import Client
    from ingest.token_request import Endpoint

    return Client(
        endpoint=Endpoint(
            name=name,
            url=table.url,
            ca_file=str(folder / table.ca_file) if table.ca_file else None,
            timeout_seconds=table.timeout_seconds,
        ),
        client_id=table.client_id,
        scope=table.asked_scope,
        client_secret=partial(table.client_secret.reveal, folder) if table.client_secret else None,
        refresh_token=partial(table.refresh_token.reveal, folder) if table.refresh_token else None,
        basic=table.provider == "other",
    )


class Tokens:
    """Outlives a new policy: a table that did not change keeps its tokens, and a refresh token that was renewed."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._warned: set[str] = set()
        self._sources: dict[tuple[str, Path, str], TokenSource] = {}

    def source(self, policy: Policy, name: str | None) -> TokenSource | None:
        """The one of this table; None where no table is named."""
        if name is None:
            return None
        from ingest.oauth2 import TokenSource  # a desk with passwords alone starts sooner without it

        table = policy.oauth2[name]
        with self._lock:
            key = (name, policy.folder, table.model_dump_json())
            if key not in self._sources:
                self._sources[key] = TokenSource(self._client(name, table, policy.folder))
            return self._sources[key]

    def try_at_once(self) -> None:
        """No provider is spared any longer: the operator has read the policy anew."""
        with self._lock:
            for source in self._sources.values():
                source.forget_failure()

    def _client(self, name: str, table: OAuth2, folder: Path) -> Client:
        keep = partial(self._keep, name, table.refresh_token, folder)
        return replace(client_of(name, table, folder), keep=keep)

    def _keep(self, name: str, secret: Secret | None, folder: Path, token: str) -> None:
        """A token that cannot be kept works until this process ends: worth a warning, no reason to stop."""
        try:
            kept = secret is not None and secret.replace(folder, token)
            reason = "it is not kept in a file: put it into one, as refresh_token = { file = ... }"
        except Configuration as error:
            kept, reason = False, str(error)
        if not kept and name not in self._warned:
            self._warned.add(name)
            self._log.warning("the provider's new refresh token could not be kept", oauth2=name, reason=reason)
