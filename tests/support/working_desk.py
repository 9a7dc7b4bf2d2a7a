"""A whole desk in a folder of its own: policy file, key and password; its stages run here, or as the real command."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from support.dovecot import Dovecot
from support.mails import DESK
from support.reading import shared_reader

from processor import workers
from processor.cli import main
from processor.cli.logs import make_log
from processor.cli.opening import make_desk, open_policy, open_store
from processor.cli.options import now as clock
from processor.stages.desk import Desk
from processor.store.database import Store
from processor.store.models import Base

CHECKOUT = Path(__file__).resolve().parents[2]
NO_CAPS = dict.fromkeys(
    ("same_subject_per_day", "address_per_day", "domain_per_hour", "webmail_per_hour", "all_per_hour"), 1_000_000
) | {"pause_minutes": 0}


class WorkingDesk:
    """A compact policy: two queues beside the catch-all one, and acknowledgements without caps."""

    def __init__(self, folder: Path, database_url: str, **tables: Any) -> None:
        self.folder = folder
        self.config = folder / "daydesk.toml"
        (folder / "key").write_text("a key of the desk's own, long enough\n")
        self.tables: dict[str, Any] = {
            "desk": {"name": "Accounts", "address": DESK, "timezone": "Europe/Paris", "key": {"file": "key"}},
            "database": {"url": database_url},
            "mailboxes": [],
            "smtp": {"host": "127.0.0.1", "port": 1, "security": "plain"},
            "acknowledgement": {"caps": NO_CAPS},
            "run": {"poll_seconds": 1},
            "queues": {
                "receivable": {"label": "Accounts receivable"},
                "statements": {"label": "Statements"},
                "triage": {"label": "Triage"},
            },
            "rules": [
                {"name": "statement", "when": {"words": ["statement of account"]}, "queue": "statements"},
                {"name": "invoice", "when": {"words": ["invoice*", "facture*", "rechnung*"]}, "queue": "receivable"},
                {"name": "rest", "queue": "triage"},
            ],
        }
        self.change(**tables)

    def change(self, **tables: Any) -> None:
        """These settings in these tables, on top of what there is."""
        for name, table in tables.items():
            self.tables[name] = {**self.tables.get(name, {}), **table} if isinstance(table, dict) else table
        self.config.write_text("".join(f"{name} = {_toml(table)}\n" for name, table in self.tables.items()))

    def add_mailbox(self, server: Dovecot, user: str, name: str = "inbox", **settings: Any) -> None:
        """An account of this server, with all the mail that it holds."""
        (self.folder / f"{name}.password").write_text(f"{server.password}\n")
        usual = {
            "kind": "imap",
            "name": name,
            "host": server.host,
            "port": server.port,
            "security": "plain",
            "username": user,
            "password": {"file": f"{name}.password"},
            "start": "everything",
        }
        self.change(mailboxes=[*self.tables["mailboxes"], usual | settings])

    @contextmanager
    def opened(self, now: Callable[[], datetime] = clock) -> Iterator[Desk]:
        """The desk, in this process."""
        policy = open_policy(self.config)
        with open_store(policy) as store:
            desk = make_desk(policy, store, make_log(logging.CRITICAL))
            yield dataclasses.replace(desk, now=now, open_reader=shared_reader)

    def run_once(self, only: str | None = None, now: Callable[[], datetime] = clock) -> None:
        """One pass of each stage, in this process."""
        with self.opened(now) as desk:
            workers.run_once(desk, only)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The real command; the caller ends it."""
        command = [sys.executable, "-m", "processor.cli", *arguments, "--config", str(self.config)]
        return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The real command, from its start to its end."""
        with self.start(*arguments) as process:
            out, told = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, told)

    def command_here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command in this process, which is sooner done; it ends as it would for a shell."""
        out, told, argv = io.StringIO(), io.StringIO(), sys.argv
        sys.argv = ["daydesk", *arguments, "--config", str(self.config)]
        try:
            with redirect_stdout(out), redirect_stderr(told):
                main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.argv = argv
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), told.getvalue())

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The desk's database."""
        store = Store(self.tables["database"]["url"], self.folder)
        try:
            yield store
        finally:
            store.close()

    def rows(self, table: type[Base], *columns: Any) -> list[sa.Row[Any]]:
        """What the table holds, in the order it was written."""
        with self.store() as store, store.reading() as session:
            query = (
                sa.select(*(columns or table.__table__.columns))
                .select_from(table)
                .order_by(*table.__mapper__.primary_key)
            )
            return list(session.execute(query).all())


def _toml(value: Any) -> str:
    """The value on one line; JSON's strings, numbers and booleans are TOML's as well."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)
