"""Whatever happens, in whatever order: after each step nothing is lost and nothing doubled (I1 to I4)."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from imapclient import IMAPClient
from support.dovecot import Dovecot
from support.mails import a_mail, message_id_of
from support.mortal import Killed, Life, Mortal, MortalStore
from support.postgresql import PostgreSql
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.policy.desk import Run
from processor.reading.reader import Reader, open_reader
from processor.stages.connections import open_mailbox, open_sender
from processor.stages.deliver import LEASE, deliver_batch, release_attempts
from processor.stages.desk import Desk
from processor.stages.receive import receive
from processor.stages.triage import triage_batch
from processor.store.locks import deliverer_lock, receiver_lock
from processor.store.models import Base, Case, CaseLink, Inbound, Outbox, RawMessage
from processor.store.raw import unpacked

LONG = bool(os.environ.get("DAYDESK_LONG"))  # nightly
SETTINGS = settings(
    max_examples=300 if LONG else 6,
    stateful_step_count=50 if LONG else 20,
    derandomize=not LONG,
    phases=tuple(Phase) if LONG else (Phase.explicit, Phase.generate),  # to shrink a failure takes minutes
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TEAM, PROCESSED = "Team", "Processed"  # an INBOX cannot be recreated
BREATHS = st.integers(0, 12) | st.none()  # None: it lives to the end of its work
TO_BOTH = "Cc: Legal <legal@desk.example>\r\n"
TEAMS = [
    {"name": "accounts", "addresses": ["accounts@desk.example"], "queues": ["receivable", "statements"]},
    {"name": "legal", "addresses": ["legal@desk.example"], "queues": ["triage"]},
]
Database = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What all examples share."""

    dovecot: Dovecot
    reader: Reader
    database: Database


class DeskMachine(RuleBasedStateMachine):
    """One desk, its servers, other people's mail programs, and the clock."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.user = f"user-{uuid.uuid4().hex[:12]}"
        self.time = datetime.now(UTC)
        self.came: dict[str, bytes] = {}  # every mail by its digest
        self.first: dict[str, str] = {}  # by the digest of a mail's second copy that of its first
        self.of_both: set[str] = set()  # mails to both teams, by the digest of their first copy
        self.expunged: set[str] = set()  # by somebody else
        self.acknowledgements: dict[int, tuple[str, bytes]] = {}  # by case, as they were first seen
        self.stack = ExitStack()
        self.sink = self.stack.enter_context(SmtpSink())
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.url = self.stack.enter_context(world.database())
        self.working = WorkingDesk(
            folder, self.url, smtp={"port": self.sink.port, "batch": 2}, run={"batch_messages": 2}, teams=TEAMS
        )
        self.working.change(desk={"addresses": ["legal@desk.example"]})
        self.working.add_mailbox(world.dovecot, self.user, folder=TEAM)
        self.desk = self.stack.enter_context(self.working.opened(lambda: self.time))
        with self.mail_program() as client:
            client.create_folder(TEAM)

    # What the desk does, and dies of.

    @rule(breaths=BREATHS)
    def receive(self, breaths: int | None) -> None:
        def work(desk: Desk, life: Life) -> None:
            source = desk.policy.mailboxes[0]
            with receiver_lock(desk.store, "inbox"), open_mailbox(source, desk.policy, desk.store, desk.tokens) as box:
                for _ in receive(desk, Mortal(box, life)):
                    pass

        self.lives(breaths, work)

    @rule(breaths=BREATHS)
    def triage(self, breaths: int | None) -> None:
        def work(desk: Desk, life: Life) -> None:
            while triage_batch(desk, self.world.reader, 2):
                life.breathe()

        self.lives(breaths, work)

    @rule(breaths=BREATHS)
    def deliver(self, breaths: int | None) -> None:
        def work(desk: Desk, life: Life) -> None:
            release = partial(release_attempts, desk)
            with deliverer_lock(desk.store, release), open_sender(desk.policy, desk.tokens) as sender:
                while deliver_batch(desk, Mortal(sender, life)):
                    pass

        self.lives(breaths, work)

    def lives(self, breaths: int | None, work: Callable[[Desk, Life], None]) -> None:
        life = Life(breaths)
        store = MortalStore(self.url, life)
        try:
            work(dataclasses.replace(self.desk, store=store), life)
        except Killed:
            pass
        finally:
            store.close()

    # What the world does.

    @initialize()
    def some_mail_is_there(self) -> None:
        self.mail_comes(3, False)

    @rule(count=st.integers(1, 3), again=st.booleans())
    def mail_comes(self, count: int, again: bool) -> None:
        """Also the very same bytes again, and other bytes under a known Message-ID."""
        number = len(self.came)
        mails = [a_mail(number + place) for place in range(count)]
        if again and self.came:
            known = next(iter(self.came.values()))
            mails += [known, a_mail(number + count, message_id=message_id_of(known))]
        self.world.dovecot.deliver(self.user, mails, folder=TEAM, received_at=self.time)
        self.came |= {digest(mail): mail for mail in mails}

    @rule()
    def a_mail_to_both_teams_comes(self) -> None:
        mail = a_mail(len(self.came), fields=TO_BOTH)
        self.world.dovecot.deliver(self.user, [mail], folder=TEAM, received_at=self.time)
        self.came[digest(mail)] = mail
        self.of_both.add(digest(mail))

    @precondition(lambda self: self.came)
    @rule(place=st.integers(0, 100))
    def a_second_copy_comes(self, place: int) -> None:
        """As another server hands it over."""
        known, mail = list(self.came.items())[place % len(self.came)]
        copy = f"Received: from relay{len(self.came)}.example; Sat, 21 Nov 2026 10:00:00 +0100\r\n".encode() + mail
        self.world.dovecot.deliver(self.user, [copy], folder=TEAM, received_at=self.time)
        self.came[digest(copy)] = copy
        self.first[digest(copy)] = self.first.get(known, known)

    @rule(place=st.integers(0, 100))
    def somebody_expunges(self, place: int) -> None:
        with self.mail_program() as client:
            if uids := listed(client, TEAM):
                uid = uids[place % len(uids)]
                self.expunged.add(digest(client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]))
                client.delete_messages([uid])
                client.expunge()

    @rule(place=st.integers(0, 100))
    def somebody_puts_back(self, place: int) -> None:
        with self.mail_program() as client:
            if uids := listed(client, PROCESSED):
                client.move([uids[place % len(uids)]], TEAM)

    @precondition(lambda self: self.came)
    @rule()
    def the_folder_is_recreated(self) -> None:
        with self.mail_program() as client:
            client.rename_folder(TEAM, "Old")
            client.create_folder(TEAM)
            if uids := listed(client, "Old"):
                client.copy(uids, TEAM)
            client.unselect_folder()
            client.delete_folder("Old")

    @rule(minutes=st.integers(-180, 180) | st.sampled_from([-1440, 1500]))
    def the_clock_jumps(self, minutes: int) -> None:
        self.time += timedelta(minutes=minutes)

    # What must hold.

    @invariant()
    def every_mail_is_somewhere(self) -> None:
        """I2: filed away only after it was committed; lost only where somebody else expunged it first."""
        ledger = {row.sha256 for row in self.rows(Inbound, Inbound.sha256)}
        team, processed = self.held(TEAM), self.held(PROCESSED)
        assert processed <= ledger
        assert self.came.keys() <= ledger | team | self.expunged

    @invariant()
    def the_ledger_is_sound(self) -> None:
        """I1 and I3: one state, one row for each place, its bytes kept; a mail opens a case once, and one for each of
        the teams that it is to.
        """
        rows = self.rows(Inbound)
        places = Counter((row.folder, row.uidvalidity, row.uid) for row in rows)
        assert set(places.values()) <= {1}
        kept = {row.sha256: digest(unpacked(row.compression, row.data, row.size)) for row in self.rows(RawMessage)}
        assert all(name == found for name, found in kept.items())
        assert {row.sha256 for row in rows} <= kept.keys()
        assert {row.state for row in rows} <= {"pending", "case", "duplicate"}
        opened = Counter(self.first.get(row.sha256, row.sha256) for row in rows if row.state == "case")
        assert set(opened.values()) <= {1}
        assert {self.first.get(row.sha256, row.sha256) for row in rows if row.state == "duplicate"} <= opened.keys()
        assert len(self.rows(Case, Case.id)) == len(opened) + len(opened.keys() & self.of_both)
        assert len(self.rows(CaseLink)) == len(opened.keys() & self.of_both)

    @invariant()
    def a_case_has_one_acknowledgement(self) -> None:
        """I4: one row, one Message-ID, one content, however often it goes out."""
        rows = self.rows(Outbox)
        assert len({row.case_id for row in rows}) == len(rows)
        for row in rows:
            before = self.acknowledgements.setdefault(row.case_id, (row.message_id, row.content))
            assert (row.message_id, row.content) == before
        sent = {mail.content for mail in self.sink.received}
        assert len({message_id_of(content) for content in sent}) == len(sent)
        assert {message_id_of(content) for content in sent} <= {row.message_id for row in rows}

    def teardown(self) -> None:
        """Undisturbed, the desk brings all of it to an end."""
        try:
            self.time = max(self.time, datetime.now(UTC)) + timedelta(days=3) + LEASE
            for work in (self.receive, self.triage, self.deliver):
                work(None)
            ledger = self.rows(Inbound)
            assert self.came.keys() <= {row.sha256 for row in ledger} | self.expunged
            assert "pending" not in {row.state for row in ledger}
            assert self.held(TEAM) == set()
            assert {row.state for row in self.rows(Outbox)} <= {"sent"}
            assert {row.message_id for row in self.rows(Outbox)} == {
                message_id_of(mail.content) for mail in self.sink.received
            }
        finally:
            self.stack.close()

    def rows(self, table: type[Base], *columns: Any) -> list[sa.Row[Any]]:
        with self.desk.store.reading() as session:
            return list(session.execute(sa.select(*(columns or table.__table__.columns))).all())

    def held(self, folder: str) -> set[str]:
        """The digests of what is there."""
        with self.mail_program() as client:
            there = client.fetch(listed(client, folder), ["BODY.PEEK[]"])
            return {digest(item[b"BODY[]"]) for item in there.values()}

    def mail_program(self) -> AbstractContextManager[IMAPClient]:
        return self.world.dovecot.client(self.user)


def listed(client: IMAPClient, folder: str) -> list[int]:
    if not client.folder_exists(folder):
        return []
    client.select_folder(folder)
    return list(client.search())


def digest(raw: bytes) -> str:
    return sha256(raw).hexdigest()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Makes a new upgraded database."""
    if request.param == "sqlite":
        upgraded: Path = request.getfixturevalue("upgraded_sqlite")

        @contextmanager
        def on_sqlite() -> Iterator[str]:
            with tempfile.TemporaryDirectory() as folder:
                yield f"sqlite:///{shutil.copy(upgraded, Path(folder) / 'desk.db')}"

        return on_sqlite
    server: PostgreSql = request.getfixturevalue("postgres")
    template: str = request.getfixturevalue("upgraded_postgres")
    return lambda: server.database(template)


@pytest.mark.timeout(7200 if LONG else 240)
def test_nothing_is_lost_or_doubled_in_whatever_order_things_happen(dovecot: Dovecot, database: Database) -> None:
    with open_reader(Run()) as reader:
        world = World(dovecot=dovecot, reader=reader, database=database)
        run_state_machine_as_test(lambda: DeskMachine(world), settings=SETTINGS)
