"""A whole desk on trial: mail comes, a fault strikes, the fault ends, and the sums are exact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from typing import Any

from support.dovecot import Dovecot
from support.mails import a_mail
from support.nursery import born
from support.proxy import Fault, Proxy, Rule
from support.sums import assert_filed_once, assert_nothing_doubled, assert_nothing_lost
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Inbound


@dataclass(slots=True, kw_only=True)
class Trial:
    """The desk and the servers that it works with; `proxy` stands between it and the mail server."""

    desk: WorkingDesk
    dovecot: Dovecot
    user: str
    sink: SmtpSink
    proxy: Proxy
    mails: list[bytes] = field(default_factory=list)  # all that came
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def bring(self, count: int = 3, *, folder: str = "INBOX") -> None:
        """So many new mails are delivered."""
        fresh = [a_mail(next(self._numbers)) for _ in range(count)]
        self.dovecot.deliver(self.user, fresh, folder=folder)
        self.mails += fresh

    def bring_english(self, received_at: datetime | None = None) -> None:
        """One mail in English, so that its acknowledgement is in English too."""
        self.mails.append(a_mail(next(self._numbers), words="Dear team, when will our invoice be paid? Thank you.\n"))
        self.dovecot.deliver(self.user, self.mails[-1:], received_at=received_at)

    def mailbox(self, **settings: Any) -> None:
        """These settings of the mailbox, from now on."""
        self.desk.change(mailboxes=[self.desk.tables["mailboxes"][0] | settings])

    def fails(self, code: int, *words: str, only: str | None = None) -> str:
        """A pass that ends with this exit code and says these words; returns all it said, on one line of its own."""
        done = self.desk.command_here("run", "--once", *(("--only", only) if only else ()))
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert [word for word in words if word not in done.stderr] == [], done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def passes(self, *, only: str | None = None) -> None:
        """A pass that ends well and has nothing to say."""
        done = self.desk.command_here("run", "--once", *(("--only", only) if only else ()))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done.stderr

    def held(self, folder: str) -> int:
        """How many messages the server has there."""
        with self.dovecot.client(self.user) as client:
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def is_killed_at(self, **place: Any) -> None:
        """A pass in a process of its own, which dies by SIGKILL at this place of its connection to the mail server."""
        is_killed_at(self.desk, self.proxy, **place)

    def nothing_was_touched(self) -> None:
        """The ledger is as empty as the sink, and the inbox as full as it was (I2, I7)."""
        assert self.desk.rows(Inbound) == []
        assert self.sink.received == []
        with self.dovecot.client(self.user) as client:
            client.select_folder("INBOX", readonly=True)
            flags = client.get_flags(client.search())
            assert len(flags) == len(self.mails)
            assert {flag for one in flags.values() for flag in one} <= {rb"\Recent"}
            assert not client.folder_exists("Processed")

    def comes_home(self, *, sent: int | None = None) -> None:
        """The fault is over, and a pass brings all mail home; `sent`: acknowledgements, where some went out twice."""
        self.proxy.obey()
        self.mailbox(timeout_seconds=10, deadline_seconds=300)
        self.desk.run_once()
        assert_nothing_lost(self.desk, self.mails)
        assert_nothing_doubled(self.desk, self.sink)
        assert_filed_once(self.dovecot, self.user, self.mails)
        assert len(self.sink.received) == (len(self.mails) if sent is None else sent)


def is_killed_at(desk: WorkingDesk, proxy: Proxy, **place: Any) -> None:
    """A pass in a process of its own, which dies by SIGKILL at this place of a connection through the proxy."""
    passing: list[BaseProcess] = []
    proxy.obey(Rule(call=lambda: passing[0].kill(), fault=Fault.CUT, **place))
    passing.append(born(desk.config, desk.folder / "stderr", "run", "--once"))
    passing[0].join(20)
    code = passing[0].exitcode
    passing[0].kill()
    passing[0].join()
    passing[0].close()
    assert code == -9, (desk.folder / "stderr").read_text()
