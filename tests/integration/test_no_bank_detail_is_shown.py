"""All labelled requests through a whole desk: no bank detail reaches a table, a log line, a report or a client."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email import message_from_bytes
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import sqlalchemy as sa
from support.asked import DESK, Asked, asked
from support.working_desk import WorkingDesk

from processor.demo.smtp_sink import SmtpSink
from processor.store.models import Base, Case, Inbound

pytest.importorskip("pypdf", reason="install daydesk[documents]: some bank details stand in PDFs")

SHORTEST = 8  # of six digits, as a bank code has, one stands by chance in a number of another mail
RAW = ("raw_message", "data")  # the mails as they came, which no list and no report reads
POLICY = """\
include = ["default"]
[desk]
name = "Accounts"
address = "{desk}"
timezone = "Europe/Paris"
key = {{ file = "key" }}
[database]
url = "{url}"
[[mailboxes]]
kind = "folder"
name = "inbox"
path = "mail"
[smtp]
host = "127.0.0.1"
port = {port}
security = "plain"
[acknowledgement]
authserv_id = "mx.desk.example"
caps = {{ same_subject_per_day = 100000, address_per_day = 100000, domain_per_hour = 100000, all_per_hour = 100000 }}
"""
CONFIRMED = b"Authentication-Results: mx.desk.example; dmarc=pass header.from=%b\r\n"  # its words may be repeated to it


class Numbers:
    """Every bank number of the labels, looked for in any spacing."""

    def __init__(self, mails: tuple[Asked, ...]) -> None:
        accounts = {max(map(signs, number.split()), key=len) for one in mails for number in one.bank}
        accounts = {number for number in accounts if len(number) >= SHORTEST}
        assert len(accounts) > 30
        self._any = re.compile("|".join(sorted(map(re.escape, accounts))))

    def shown_in(self, text: str) -> bool:
        return bool(self._any.search(signs(text)))


def signs(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


@pytest.fixture
def mails(database_url: str) -> tuple[Asked, ...]:
    """All labelled mails on SQLite; on PostgreSQL, which changes nothing about what is written, a fifth."""
    return asked()[:: 5 if database_url.startswith("postgresql") else 1]


@pytest.fixture
def desk(sink: SmtpSink, database_url: str, mails: tuple[Asked, ...], tmp_path: Path) -> WorkingDesk:
    """The shipped policy over a folder of these mails."""
    made = WorkingDesk(tmp_path, database_url)
    made.config.write_text(POLICY.format(desk=DESK, url=database_url, port=sink.port))
    (tmp_path / "mail").mkdir()
    for number, one in enumerate(mails):
        domain = one.sender.rpartition("@")[2].strip("> ").encode()
        (tmp_path / "mail" / f"{number:04}.eml").write_bytes(CONFIRMED % domain + one.raw)
    return made


@pytest.mark.no_cover
def test_no_bank_detail_of_the_labelled_mails_is_shown_anywhere(
    desk: WorkingDesk, mails: tuple[Asked, ...], sink: SmtpSink
) -> None:
    numbers = Numbers(asked())
    with desk.start("run", "--once") as process:
        _, log = process.communicate(timeout=200)
    assert process.returncode == 0, log
    assert len(desk.rows(Inbound)) == len(mails)
    answers = [letter(one.content) for one in sink.received]
    assert len(answers) > len(mails) * 0.6
    shown = [place for place, text in columns(desk) if numbers.shown_in(text)]
    shown += ["log" for line in log.splitlines() if numbers.shown_in(line)]
    shown += ["acknowledgement" for text in answers if numbers.shown_in(text)]
    shown += [command for command, done in commands(desk) if numbers.shown_in(done.stdout + done.stderr)]
    assert sorted(set(shown)) == []


def test_the_search_for_bank_details_would_find_them() -> None:
    numbers = Numbers(asked())
    mails = [one for one in asked() if one.bank]
    assert all(numbers.shown_in(one.words) for one in mails)


def columns(desk: WorkingDesk) -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text."""
    with desk.store() as store, store.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(sa.select(table)).mappings():
                for name, value in row.items():
                    if (table.name, name) != RAW:
                        yield f"{table.name}.{name}", letter(value) if isinstance(value, bytes) else str(value)


@cache
def letter(content: bytes) -> str:
    """All that a mail of ours says: its fields, and its texts decoded."""
    mail = message_from_bytes(content, policy=email.policy.default)
    texts = (part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
    return "\n".join((*(f"{name}: {value}" for name, value in mail.items()), *texts))


def commands(desk: WorkingDesk) -> Iterator[tuple[str, CompletedProcess[str]]]:
    """The reports in every format, lists, health, and some cases of mails with bank details."""
    for kind in ("text", "html", "csv", "json"):
        yield f"report {kind}", desk.command_here("report", "queues", "--format", kind)
    for words in (("case", "list"), ("inbox",), ("health",), ("inbox", "quarantine", "list")):
        yield " ".join(words), desk.command_here(*words)
    subjects = [one.subject for one in asked() if one.bank]
    cases = [row for row in desk.rows(Case, Case.reference, Case.subject) if row.subject in subjects]
    for row in cases[:: max(1, len(cases) // 4)]:
        yield f"show {row.reference}", desk.command_here("case", "show", row.reference)
        yield f"explain {row.reference}", desk.command_here("explain", row.reference, "--json")
