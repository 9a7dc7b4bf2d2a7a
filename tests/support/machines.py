"""Six machines that answer mail: two desks of this make, and four that answer whatever comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from support.autoresponders import Answer, Machine, World, a_mail, a_world, header, parsed

DESK = "accounts@desk.example"
OTHER_DESKS = ["help@beta.example", "office@gamma.example"]
VACATION, BOUNCER = "bob@unix.example", "carol@full.example"
OUT_OF_OFFICE, TICKETS = "dora@exchange.example", "support@tickets.example"
CORRESPONDENTS = [*OTHER_DESKS, VACATION, BOUNCER, OUT_OF_OFFICE, TICKETS]
SECONDS, MINUTES = timedelta(seconds=1), timedelta(minutes=1)
DELAYS = (3 * SECONDS, 4 * MINUTES, 25 * MINUTES, 55 * MINUTES)


def vacation(raw: bytes, _count: int) -> Iterator[Answer]:
    """vacation(1), without its memory: it answers each time, and Precedence alone tells of it."""
    subject = str(parsed(raw)["Subject"])
    mark = "Precedence: junk\r\n"
    yield 5 * SECONDS, a_mail(VACATION, _back(raw), f"away from my mail: {subject}", "On holiday.", mark)


def bouncer(raw: bytes, count: int) -> Iterator[Answer]:
    """A server that bounces to From, though the envelope sender was <>, in words of its own."""
    thread = f"In-Reply-To: {parsed(raw)['Message-ID']}\r\n" if count % 2 else ""
    fields = f"Return-Path: <>\r\n{thread}"
    sender = "Mail Delivery Subsystem <MAILER-DAEMON@full.example>"
    yield 2 * SECONDS, a_mail(sender, _back(raw), "Undelivered Mail", "452 4.2.2 mailbox full", fields)


def out_of_office(raw: bytes, count: int) -> Iterator[Answer]:
    """An out-of-office that answers each mail: by its subject alone, by fields, or in the thread."""
    thread = f"In-Reply-To: {parsed(raw)['Message-ID']}\r\n"
    marks = ("", "X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated\r\n", thread)[count % 3]
    subject = "Re: " if marks == thread else "Automatic reply: "
    yield 3 * SECONDS, a_mail(OUT_OF_OFFICE, _back(raw), subject + str(parsed(raw)["Subject"]), "I am away.", marks)


def ticket_desk(raw: bytes, count: int) -> Iterator[Answer]:
    """Answers everything from an address that is read, with no sign of a machine, under a new number each time.

    Each answer has another shape and comes after another time; some send a second mail hours later.
    """
    subject = str(parsed(raw)["Subject"]).replace("\r\n", "")
    number, to, delay = 100_000 + count, _back(raw), DELAYS[count // 6 % len(DELAYS)]
    shape = count % 6
    if shape == 0:
        yield delay, _ticket(to, f"[#{number}] Your request", "Thank you for contacting us.")
    elif shape == 1:
        yield delay, _ticket(to, f"Message no. {number}", "We look into your matter.")
    elif shape == 2:
        yield delay, _ticket(to, f"Re: {subject} (no. {number})", "It is with us.")
    elif shape == 3:
        yield delay, _ticket(to, f"Levelek {number}", "Hamarosan jelentkezünk.")
    elif shape == 4:
        text = f"You wrote under {subject}, and we look into it."
        yield delay, a_mail(f"support+{number}@tickets.example", to, f"Update {number}", text)
    else:
        thread = f"In-Reply-To: {parsed(raw)['Message-ID']}\r\n"
        yield delay, a_mail(TICKETS, to, f"Our no. {number}", "We look into it.", thread)
    if count % 2:
        yield timedelta(hours=7), _ticket(to, f"Ticket {number} was closed", "How did we do?")


def _ticket(to: str, subject: str, words: str) -> bytes:
    return a_mail(f"Support <{TICKETS}>", to, subject, words)


def _back(raw: bytes) -> str:
    return header(raw, "From")


MACHINES: dict[str, Machine] = {
    VACATION: vacation,
    BOUNCER: bouncer,
    OUT_OF_OFFICE: out_of_office,
    TICKETS: ticket_desk,
}


def live(folder: Path, days: int, start: datetime, upgraded: Path | None = None) -> World:
    """So many days on which each of the six writes one mail as a person does, and everything follows."""
    with a_world(folder, [DESK, *OTHER_DESKS], start, upgraded) as world:
        world.machines = dict(MACHINES)
        for day in range(days):
            _write(world, day, start + timedelta(days=day))
            world.live(start + timedelta(days=day + 1) - SECONDS)
        world.live(start + timedelta(days=days + 2))
        return world


def _write(world: World, day: int, morning: datetime) -> None:
    """The mails of a day; somebody forges the desk towards the other two."""
    for place, who in enumerate(CORRESPONDENTS):
        mail = a_mail(who, DESK, f"Question {day} of {who}", f"When do you pay invoice {day}-{place}?")
        world.post(mail, DESK, morning + place * 7 * MINUTES)
        if who in OTHER_DESKS:
            mail = a_mail(DESK, who, f"Statement {day}", f"Where is statement {day}-{place}?")
            world.post(mail, who, morning + timedelta(hours=9, minutes=place))
