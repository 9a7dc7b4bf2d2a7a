"""A desk with two mailboxes of files, under a clock that a test moves: mails come, cases are talked about."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from support.delivering import Watch
from support.mails import an_answer
from support.working_desk import WorkingDesk

from processor import workers
from processor.reading.reader import Reader
from processor.stages.triage import triage_batch
from processor.store.models import Case, Event, Inbound, Outbox

MAILBOXES = ("inbox", "legal")


@dataclass
class Conversing:
    """What came, what became of it, and what people do with it."""

    desk: WorkingDesk
    reader: Reader
    now: Watch = field(default_factory=Watch)

    def __post_init__(self) -> None:
        sources = [{"kind": "folder", "name": name, "path": name} for name in MAILBOXES]
        for name in MAILBOXES:
            (self.desk.folder / name).mkdir()
        self.desk.change(mailboxes=sources)

    def put(self, *mails: bytes, mailbox: str = "inbox") -> None:
        """These mails lie in the mailbox since now."""
        folder = self.desk.folder / mailbox
        first = len(list(folder.iterdir())) + 1
        for number, mail in enumerate(mails, start=first):
            file = folder / f"{number:04}.eml"
            file.write_bytes(mail)
            os.utime(file, (self.now().timestamp(),) * 2)

    def take_in(self, *mails: bytes, mailbox: str = "inbox") -> None:
        """These mails come, and are decided."""
        self.put(*mails, mailbox=mailbox)
        with self.desk.opened(self.now) as desk:
            workers.run_once(desk, "receive")
            while triage_batch(desk, self.reader):
                continue

    def cases(self) -> list[sa.Row[Any]]:
        return self.desk.rows(Case)

    def states(self) -> list[str]:
        return [row.state for row in self.desk.rows(Inbound)]

    def ours(self, number: int = 0) -> bytes:
        """The acknowledgement of this number."""
        content: bytes = self.desk.rows(Outbox)[number].content
        return content

    def read(self, number: int = 0) -> EmailMessage:
        return message_from_bytes(self.ours(number), policy=policy.default)

    def answer(self, number: int = 0, mail: int = 9000, **more: Any) -> bytes:
        """What the client sends when he presses "reply" on this acknowledgement."""
        return an_answer(self.ours(number), mail, **more)

    def events(self, kind: str) -> list[sa.Row[Any]]:
        return [row for row in self.desk.rows(Event) if row.kind == kind]

    def act(self, *words: str) -> str:
        """`daydesk case ...`, which must succeed; what it prints."""
        done = self.desk.command_here("case", *words)
        assert (done.returncode, done.stderr) == (0, "")
        return " ".join(done.stdout.split())

    def refused(self, *words: str) -> str:
        """Why `daydesk case ...` is not done."""
        done = self.desk.command_here("case", *words)
        assert (done.returncode, done.stdout) == (1, "")
        return " ".join(done.stderr.split())

    def story(self, reference: str) -> dict[str, Any]:
        done = self.desk.command_here("case", "show", reference, "--json")
        assert done.returncode == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def listed(self, *options: str) -> list[str]:
        """The references that `daydesk case list` shows."""
        done = self.desk.command_here("case", "list", "--json", *options)
        return [case["reference"] for case in json.loads(done.stdout)]
