"""Mails are read in a process of its own, which may die of one of them."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.mails import a_mail
from support.poison import a_poison, put_on_path

from ingest.errors import Permanent, Transient
from ingest.message import Message
from ingest.parser import parse
from processor.reading.limits import Limits
from processor.reading.reader import Kept, Poison, Reader
from processor.reading.wire import LENGTH, framed, unframed
from processor.store.raw import packed

LIMITS = Limits(seconds=1, clock_seconds=60, megabytes=100)
FATES = {
    "crash": "killed by SIGSEGV",
    "abort": "killed by SIGABRT",
    "leave": "ended by itself with 3",
    "hang": "needed more than 1 s of processor time",
    "hang_in_c": "needed more than 1 s of processor time",
    "bloat": "needed more than 100 MB of memory",
    "killed": "killed from outside",
    "babble": "an answer that is none",
    "babble_briefly": "an answer that is none",
    "lie": "an answer that is none",
}


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """One with the poisonous codecs on its path."""
    monkeypatch.syspath_prepend(put_on_path(tmp_path / "path"))
    with Reader(LIMITS) as opened:
        yield opened


def kept(raw: bytes) -> Kept:
    row = packed("", raw)
    return row["compression"], row["data"], row["size"]


def test_what_is_read_there_is_what_is_read_here(reader: Reader) -> None:
    mails = [a_mail(number, fields="Cc: x@y.example\r\nBcc: broken\r\n") for number in range(20)]
    assert reader.read([kept(raw) for raw in mails]) == [parse(raw) for raw in mails]


def test_a_mail_that_is_refused_is_told_and_the_others_go_on(reader: Reader) -> None:
    found = reader.read([kept(a_mail(1)), ("zstd", b"junk", 4), kept(a_mail(2))])
    assert [type(one) for one in found] == [Message, Permanent, Message]
    assert "cannot be unpacked" in str(found[1])


@pytest.mark.parametrize(("act", "words"), FATES.items(), ids=FATES)
def test_a_poison_ends_the_list_and_is_told_by_what_it_did(reader: Reader, act: str, words: str) -> None:
    mails = [kept(raw) for raw in (a_mail(1), a_mail(2), a_poison(act, 3), a_mail(4))]

    found = reader.read(mails)

    assert [type(one) for one in found[2:]] == [Poison]
    assert found[:2] == [parse(a_mail(1)), parse(a_mail(2))]
    assert words in str(found[2])
    assert reader.read(mails[3:]) == [parse(a_mail(4))]


@pytest.mark.parametrize("act", ["sleep", "stop"])
def test_a_reader_that_does_nothing_at_all_is_ended_by_the_clock(reader: Reader, act: str) -> None:
    with Reader(Limits(clock_seconds=1)) as hasty, pytest.raises(Poison, match="took more than 1 s"):
        hasty.read_one(a_poison(act))


def test_one_mail_too_deep_for_python_is_refused_without_harm(reader: Reader) -> None:
    with pytest.raises(Permanent, match="RecursionError"):
        reader.read_one(a_poison("recurse"))


def test_a_process_that_keeps_much_memory_is_replaced_after_its_batch(reader: Reader) -> None:
    reader.read_one(a_mail(1))
    slim = child_of(os.getpid())
    reader.read_one(a_mail(2))
    assert child_of(os.getpid()) == slim

    assert reader.read([kept(a_poison("swell")), kept(a_mail(3))])[1] == parse(a_mail(3))

    with pytest.raises(LookupError):
        child_of(os.getpid())
    assert reader.read_one(a_mail(4)) == parse(a_mail(4))


def test_a_mail_of_fifty_megabytes_is_within_the_ordinary_limits() -> None:
    header = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    with Reader(Limits()) as ordinary:
        assert ordinary.read_one(header + os.urandom(49_000_000)).attachments[0].size == 49_000_000


def test_a_process_that_died_while_it_had_nothing_to_do_costs_no_mail_anything(reader: Reader) -> None:
    reader.read_one(a_mail(1))
    os.kill(child_of(os.getpid()), signal.SIGKILL)
    assert reader.read_one(a_mail(2)) == parse(a_mail(2))


def test_a_stop_that_reaches_everybody_lets_the_batch_in_hand_be_read(reader: Reader) -> None:
    reader.read_one(a_mail(1))
    child = child_of(os.getpid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(child, number)
    assert reader.read_one(a_mail(2)) == parse(a_mail(2))
    assert child_of(os.getpid()) == child


def test_it_has_neither_our_secrets_nor_our_open_files(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYDESK_KEY", "secret")
    with Path(__file__).open():
        reader.read_one(a_mail(1))
    child = Path(f"/proc/{child_of(os.getpid())}")
    assert b"DAYDESK_KEY" not in (child / "environ").read_bytes()
    opened = [os.readlink(one) for one in (child / "fd").iterdir()]
    assert sorted(one.partition(":")[0] for one in opened) == [*["/dev/null"] * (len(opened) - 2), "pipe", "pipe"]


@pytest.mark.parametrize("act", ["hang", None], ids=["at work", "idle"])
def test_where_its_parent_is_killed_no_process_is_left(tmp_path: Path, act: str | None) -> None:
    mail = tmp_path / "mail"
    mail.write_bytes(a_poison(act) if act else a_mail(1))
    words = (
        "import sys, time\nfrom pathlib import Path\nfrom processor.reading.limits import Limits\n"
        "from processor.reading.reader import Reader\n"
        "with Reader(Limits(seconds=1)) as reader:\n"
        "    reader.read_one(b'From: a@b.example')\n    print('ready', flush=True)\n"
        f"    reader.read_one(Path({str(mail)!r}).read_bytes())\n    time.sleep(60)\n"
    )
    path = os.pathsep.join([str(put_on_path(tmp_path / "path")), *sys.path])
    with subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, env={"PYTHONPATH": path}) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        child = child_of(parent.pid)
        parent.kill()
    eventually(lambda: gone(child))


def test_a_process_that_cannot_be_had_is_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Reader(LIMITS) as reader, pytest.raises(Transient, match=r"does not start \(No such file"):
        reader.read_one(a_mail(1))


def test_a_process_that_cannot_import_what_it_needs_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "quotequail.py").write_text("raise ImportError('no quotes here')")
    monkeypatch.syspath_prepend(tmp_path)
    with Reader(LIMITS) as reader, pytest.raises(Transient, match="no quotes here"):
        reader.read_one(a_mail(1))


def test_a_process_that_was_taken_over_cannot_make_us_call_anything() -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
            return os.system, ("true",)

    with pytest.raises(pickle.UnpicklingError, match="system is no value of a mail"):
        unframed(framed(Evil())[LENGTH.size :])


def child_of(parent: int) -> int:
    """The process that this one has begun."""
    if not Path("/proc/self/stat").is_file():
        pytest.skip("this system has no /proc that tells of processes")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            words = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"processor.reading.child" in words:
            return int(stat.parent.name)
    raise LookupError("it has no such child")


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
