"""What hostile mail, and workers side by side, must not bring about in triage, on the databases where it matters."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.mails import a_mail
from support.working_desk import WorkingDesk

from ingest.errors import Configuration
from processor.reading.reader import open_reader
from processor.stages import triage as stage
from processor.stages.triage import triage_batch
from processor.store.models import Case, Inbound, Outbox

pytestmark = pytest.mark.no_cover

IBAN = "DE89 3704 0044 0532 0130 00"
REFUSING = (  # and quoting the mail, as a constraint or a library may
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION USING ERRCODE = 'check_violation',"
    f" MESSAGE = replace(NEW.new_text, '[IBAN ...3000]', '{IBAN}'); "
    "END $$",
    "CREATE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION refuse()",
)


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> WorkingDesk:
    """A desk with a folder of files, on each kind of database."""
    return a_desk(database_url, tmp_path)


def a_desk(url: str, folder: Path) -> WorkingDesk:
    (folder / "mail").mkdir()
    return WorkingDesk(folder, url, mailboxes=[{"kind": "folder", "name": "inbox", "path": "mail"}])


def put(desk: WorkingDesk, *mails: bytes) -> None:
    for number, raw in enumerate(mails):
        (desk.folder / "mail" / f"{number:04}.eml").write_bytes(raw)


def test_large_mails_are_not_all_in_memory_at_once(desk: WorkingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BATCH_OCTETS", 3_000)
    put(desk, *(a_mail(number, words="invoice " * size) for number, size in enumerate((100, 100, 100, 2_000, 100))))
    desk.run_once("receive")

    with desk.opened() as opened, open_reader(opened.policy.run) as reader:
        batches = [triage_batch(opened, reader) for _ in range(5)]

    assert batches == [2, 1, 1, 1, 0]
    assert [row.state for row in desk.rows(Inbound)] == ["case"] * 5


def test_the_reason_of_a_poison_mail_holds_no_half_of_a_bank_detail(postgres_url: str, tmp_path: Path) -> None:
    desk = a_desk(postgres_url, tmp_path)
    put(desk, *(a_mail(number, words=f"{'x' * (380 + 8 * number)} {IBAN}\n") for number in range(15)))
    desk.run_once("receive")
    with desk.store() as store, store.writing() as session:
        for statement in REFUSING:
            session.execute(sa.text(statement))

    with desk.opened() as opened, open_reader(opened.policy.run) as reader:
        triage_batch(opened, reader)

    reasons = [row.reason for row in desk.rows(Inbound, Inbound.reason)]
    assert all("xxx" in reason for reason in reasons)
    assert not any("3704" in reason for reason in reasons)


def test_workers_side_by_side_answer_one_address_no_oftener_than_its_cap(postgres_url: str, tmp_path: Path) -> None:
    desk = a_desk(postgres_url, tmp_path)
    desk.change(acknowledgement={"caps": {"same_subject_per_day": 100, "address_per_day": 3}})
    put(desk, *(a_mail(number, sender="victim@client.example") for number in range(60)))
    desk.run_once("receive")
    ready = threading.Barrier(4)

    def work() -> None:
        with desk.opened() as opened, open_reader(opened.policy.run) as reader:
            ready.wait()
            while triage_batch(opened, reader, batch=5):
                continue

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(row.state for row in desk.rows(Inbound)) == {"case": 60}
    assert len(desk.rows(Outbox)) == 3


@pytest.mark.cell(
    "store",
    "the file of the SQLite database is damaged",
    "The pass ends with exit code 78 and says to restore a backup; no mail is blamed for it. `daydesk inbox reconcile "
    "--repair` then takes in what came since the backup.",
)
def test_a_damaged_database_stops_the_pass_and_blames_no_mail(sqlite_url: str, tmp_path: Path) -> None:
    desk = a_desk(sqlite_url, tmp_path)
    put(desk, a_mail(1))
    desk.run_once("receive")
    with desk.store() as store, store.engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        root = connection.scalar(sa.text("SELECT rootpage FROM sqlite_master WHERE name = 'cases'"))
        size = connection.scalar(sa.text("PRAGMA page_size"))
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    octets = bytearray(file.read_bytes())
    octets[(root - 1) * size : root * size] = b"\xff" * size
    file.write_bytes(octets)

    with (
        desk.opened() as opened,
        open_reader(opened.policy.run) as reader,
        pytest.raises(Configuration, match="restore it from a backup"),
    ):
        triage_batch(opened, reader)

    assert [(row.state, row.tries) for row in desk.rows(Inbound, Inbound.state, Inbound.tries)] == [("pending", 0)]


def test_a_file_that_is_no_database_is_told_in_one_sentence(sqlite_url: str, tmp_path: Path) -> None:
    desk = a_desk(sqlite_url, tmp_path)
    Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"no database " * 1_000)

    done = desk.command("case", "list")

    assert (done.returncode, done.stderr.count("\n")) == (78, 1)
    assert "restore it from a backup" in done.stderr


def test_an_address_that_is_a_bank_detail_is_shown_to_nobody_yet_mail_still_goes_to_it(desk: WorkingDesk) -> None:
    sender = "DE89370400440532013000@client.example"
    put(desk, a_mail(1, sender=sender, message_id=f"<{sender}>"))
    desk.run_once("receive")
    desk.run_once("triage")

    (reference,) = [row.reference for row in desk.rows(Case)]
    shown = [
        desk.command_here(*command).stdout
        for command in (
            ("case", "list", "--json"),
            ("case", "show", reference),
            ("case", "show", reference, "--json"),
            ("explain", reference, "--json"),
            *(("report", "queues", "--format", kind) for kind in ("text", "html", "csv", "json")),
        )
    ]
    # Not by redact: one "by 23 Nov 2026 00:59" in a hundred has the check digits of an IBAN of Belarus.
    assert [text for text in shown if "0532013" in text] == []
    assert all("[IBAN ...3000]" in text for text in shown[:3])
    assert [row.recipient for row in desk.rows(Outbox)] == [sender]
