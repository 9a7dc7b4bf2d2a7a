"""A desk whose acknowledgements wait for an SMTP server that plays a script, under a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from support.mails import a_mail, message_id_of
from support.scripted_smtp import Script, ScriptedSmtp
from support.working_desk import WorkingDesk

from processor import workers
from processor.store.models import Case, Outbox, Suppression
from processor.store.stories import tell_story


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@dataclass
class Delivering:
    """A desk whose acknowledgements wait for a server that plays a script."""

    desk: WorkingDesk
    server: ScriptedSmtp
    now: Watch = field(default_factory=Watch)

    def take_in(self, *mails: bytes) -> None:
        """These mails come, and are decided."""
        folder = self.desk.folder / "mail"
        first = len(list(folder.iterdir())) + 1
        for number, mail in enumerate(mails, start=first):
            (folder / f"{number}.eml").write_bytes(mail)
        with self.desk.opened(self.now) as desk:
            workers.run_once(desk, "receive")
            workers.run_once(desk, "triage")

    def deliver(self) -> None:
        self.desk.run_once("deliver", self.now)

    def row(self) -> sa.Row[Any]:
        (row,) = self.desk.rows(Outbox)
        return row

    @property
    def sent(self) -> list[str]:
        """The Message-ID of each mail that the server got whole, whatever it answered."""
        return [message_id_of(content) for content in self.server.contents]

    @property
    def suppressed(self) -> dict[str, str]:
        """Why each address on the list is there."""
        return {row.address: row.reason for row in self.desk.rows(Suppression)}

    def story(self, case: int = 0) -> dict[str, Any]:
        """Of this case, by default the first."""
        with self.desk.store() as store, store.reading() as session:
            story = tell_story(session, self.desk.rows(Case)[case].reference)
        assert story is not None
        return story

    def kinds(self, case: int = 0) -> list[str]:
        """What happened to the case, in order."""
        return [event["kind"] for event in self.story(case)["events"]]


Opening = Callable[..., Delivering]


@contextmanager
def desks(folder: Path, database_url: str) -> Iterator[Opening]:
    """Opens a desk with so many acknowledgements due, each for a server of its own."""
    servers: list[ScriptedSmtp] = []

    def opened(*scripts: Script, mails: int = 1, now: Watch | None = None, **smtp: Any) -> Delivering:
        server = ScriptedSmtp(*scripts).__enter__()
        servers.append(server)
        desk = WorkingDesk(folder, database_url, smtp={"port": server.port, "timeout_seconds": 5, **smtp})
        (folder / "mail").mkdir()
        desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
        found = Delivering(desk, server, now or Watch())
        found.take_in(*(a_mail(number) for number in range(1, mails + 1)))
        return found

    yield opened
    for server in servers:
        server.__exit__(None, None, None)
