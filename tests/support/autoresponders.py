"""A small world of desks and machines that answer mail, under a clock that leaps from one event to the next."""

from __future__ import annotations

import heapq
import itertools
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from pathlib import Path

from support.delivering import Watch
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import Received, SmtpSink
from processor.reading.reader import Reader, open_reader
from processor.resources import migrations_folder
from processor.stages.connections import open_mailbox, open_sender
from processor.stages.deliver import deliver_batch
from processor.stages.desk import Desk
from processor.stages.receive import receive
from processor.stages.triage import triage_batch
from processor.store.database import Store
from processor.store.migrating import upgrade

Answer = tuple[timedelta, bytes]  # a mail of a machine, and after how long it comes
Machine = Callable[[bytes, int], Iterator[Answer]]  # given a mail to it, and how many it got so far
MOMENT = timedelta(seconds=2)  # a mail on its way


@dataclass
class Office:
    """A Daydesk with a database and a mailbox of its own."""

    address: str
    desk: Desk
    reader: Reader
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def take(self, raw: bytes, at: datetime) -> None:
        """A mail comes in, everything is done about it, and what is to be sent is handed to the SMTP server."""
        file = self.folder / "mail" / f"{next(self.numbers)}.eml"
        file.write_bytes(raw)
        os.utime(file, (at.timestamp(), at.timestamp()))
        desk = self.desk
        (source,) = desk.policy.mailboxes
        with open_mailbox(source, desk.policy, desk.store, desk.tokens) as mailbox:
            for _count in receive(desk, mailbox):
                pass
        while triage_batch(desk, self.reader):
            pass
        with open_sender(desk.policy, desk.tokens) as sender:
            while deliver_batch(desk, sender):
                pass


@dataclass
class World:
    """Desks, machines, and the mails under way between them."""

    sink: SmtpSink
    now: Watch
    offices: dict[str, Office] = field(default_factory=dict)
    machines: dict[str, Machine] = field(default_factory=dict)
    acknowledged: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # desk, correspondent, day
    mails: Counter[str] = field(default_factory=Counter)  # to whom
    _under_way: list[tuple[datetime, int, str, bytes]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)
    _seen: int = 0

    def post(self, raw: bytes, to: str, at: datetime) -> None:
        """This mail will be there then."""
        heapq.heappush(self._under_way, (at, next(self._order), to, raw))

    def live(self, until: datetime) -> None:
        """Each mail comes when its time has come, and whatever follows from it."""
        while self._under_way and self._under_way[0][0] <= until:
            self.now.time, _order, to, raw = heapq.heappop(self._under_way)
            self.mails[to] += 1
            if to in self.offices:
                self.offices[to].take(raw, self.now.time)
                self._carry()
            elif machine := self.machines.get(to.replace(f"+{tag_of(to)}", "")):
                for delay, answer in machine(raw, self.mails[to]):
                    self.post(answer, header(answer, "To"), self.now.time + delay)

    def _carry(self) -> None:
        """What a desk has handed over goes to whom it is for; each is an acknowledgement."""
        handed, self._seen = self.sink.received[self._seen :], len(self.sink.received)
        for mail in handed:
            (recipient,) = mail.recipients
            self.acknowledged[sender_of(mail), mailbox(recipient), f"{self.now.time:%Y-%m-%d}"] += 1
            self.post(with_envelope(mail), recipient, self.now.time + MOMENT)


@contextmanager
def a_world(folder: Path, addresses: list[str], start: datetime, upgraded: Path | None = None) -> Iterator[World]:
    """Daydesks at these addresses, with the caps that a policy has by default; each on a copy of this database."""
    with ExitStack() as stack:
        world = World(stack.enter_context(SmtpSink()), Watch(start))
        for address in addresses:
            world.offices[address] = stack.enter_context(_an_office(folder / address, address, world, upgraded))
        yield world


@contextmanager
def _an_office(folder: Path, address: str, world: World, upgraded: Path | None) -> Iterator[Office]:
    (folder / "mail").mkdir(parents=True)
    url = new_database(folder, upgraded)
    desk = WorkingDesk(folder, url, desk={"address": address}, smtp={"port": world.sink.port})
    (folder / "key").write_text(f"the key of {address}, which nobody else has\n")
    desk.change(mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])
    desk.tables.pop("acknowledgement")  # the usual caps
    desk.change()
    with desk.opened(world.now) as opened, open_reader(opened.policy.run) as reader:
        yield Office(address, opened, reader, folder)


def new_database(folder: Path, upgraded: Path | None) -> str:
    """Its URL; a copy of this one, which is sooner made, or made anew."""
    url = f"sqlite:///{folder / 'desk.db'}"
    if upgraded is not None:
        shutil.copy(upgraded, folder / "desk.db")
        return url
    store = Store(url)
    upgrade(store, migrations_folder())
    store.close()
    return url


def a_mail(sender: str, to: str, subject: str, words: str, fields: str = "") -> bytes:
    """A mail with as few fields as machines write."""
    head = f"{fields}From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n".encode()


def header(raw: bytes, name: str) -> str:
    """The bare address in this field."""
    return parseaddr(str(message_from_bytes(raw)[name]))[1]


def parsed(raw: bytes) -> Message:
    return message_from_bytes(raw)


def sender_of(mail: Received) -> str:
    return header(mail.content, "From")


def with_envelope(mail: Received) -> bytes:
    """As the recipient's server stores it."""
    return f"Return-Path: <{mail.envelope_from}>\r\n".encode() + mail.content


def tag_of(address: str) -> str:
    return address.partition("@")[0].partition("+")[2]


def mailbox(address: str) -> str:
    """A plus address is the same correspondent."""
    tag = tag_of(address)
    return address.replace(f"+{tag}", "") if tag else address
