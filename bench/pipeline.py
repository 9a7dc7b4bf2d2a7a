#!/usr/bin/env python3
"""How fast the whole of Daydesk is beside a bare pipeline without rules, in one run, on a real Dovecot and SMTP sink.

    .venv/bin/python bench/pipeline.py [--mails 2000] [--rounds 3] [--url sqlite:///daydesk.db]

Needs dovecot-imapd and postfix (its smtp-sink), and the yardsticks of ../shared/tools. Every round runs both, so that a
noisy machine disturbs both alike; the printed ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "shared" / "tools"
IMAP_PORT, SMTP_PORT = 20143, 20025
STAGES = ("receive", "triage", "deliver")

POLICY = """
include = ["default"]
[desk]
name = "Bench"
address = "accounts@example.test"
timezone = "Europe/Paris"
key = {{ file = "key" }}
[database]
url = "{url}"
[[mailboxes]]
kind = "imap"
name = "accounts"
host = "127.0.0.1"
port = {imap}
security = "plain"
username = "bench@example.test"
password = {{ file = "password" }}
start = "everything"
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "plain"
[acknowledgement.caps]
same_subject_per_day = 1000000
address_per_day = 1000000
domain_per_hour = 1000000
all_per_hour = 1000000
pause_minutes = 0
"""


@dataclass(frozen=True, kw_only=True)
class Took:
    """What one command cost."""

    seconds: float
    cpu: float  # seconds, user and system
    megabytes: float  # the largest that the process and its children had together; what they share counts once


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--mails", type=int, default=2000)
    wanted.add_argument("--rounds", type=int, default=3)
    wanted.add_argument("--url", default="sqlite:///daydesk.db", help="the desk's database")
    options = wanted.parse_args()
    for tool, package in (("dovecot", "dovecot-imapd"), ("smtp-sink", "postfix")):
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin"):
            sys.exit(f"{tool} is missing: apt-get install {package}")
    if not TOOLS.is_dir():
        sys.exit(f"The yardsticks are missing: {TOOLS}")
    with tempfile.TemporaryDirectory(prefix="daydesk-bench-") as folder, servers(Path(folder)) as base:
        compare(base, options.mails, options.rounds, options.url)


def compare(base: Path, mails: int, rounds: int, url: str) -> None:
    run(sys.executable, TOOLS / "make_mail.py", mails, base / "mails", 7)
    ratios = []
    for number in range(1, rounds + 1):
        load(base)
        bare = bare_pipeline(base)
        load(base)
        whole = daydesk(base, url)
        ratios.append(bare.seconds / whole.seconds)
        print(
            f"round {number}: bare {mails / bare.seconds:.0f}/s ({bare.cpu / mails * 1000:.2f} ms CPU a mail), "
            f"daydesk {mails / whole.seconds:.0f}/s ({whole.cpu / mails * 1000:.2f} ms, {whole.megabytes:.0f} MB), "
            f"ratio {ratios[-1]:.2f}"
        )
    load(base)
    new_desk(base, url)
    for stage in STAGES:
        took = measured("run", "--once", "--only", stage, config=base / "daydesk.toml")
        print(f"{stage} alone: {took.seconds / mails * 1000:.2f} ms a mail, {took.megabytes:.0f} MB")
    print(
        f"ratio: {statistics.median(ratios):.2f} of the bare pipeline (mail-parser, batch 50, threads), start included"
    )


def bare_pipeline(base: Path) -> Took:
    return timed(
        sys.executable, TOOLS / "bare_pipeline.py", "--port", IMAP_PORT, "--smtp", SMTP_PORT, "--nodebug",
        "--url", f"sqlite:///{base}/bare.db", "--parser", "mailparser",
        "--build", "mime", "--batch", 50, "--mode", "threads",
    )  # fmt: skip


def daydesk(base: Path, url: str) -> Took:
    new_desk(base, url)
    took = measured("run", "--once", config=base / "daydesk.toml")
    ledger = json.loads(
        subprocess.check_output([*command(), "inbox", "--json", "--config", str(base / "daydesk.toml")], text=True)
    )
    print("  ledger:", ledger["mailboxes"]["accounts"], "outbox:", ledger["outbox"])
    return took


def new_desk(base: Path, url: str) -> None:
    for file in base.glob("daydesk.db*"):
        file.unlink()
    (base / "daydesk.toml").write_text(POLICY.format(url=url, imap=IMAP_PORT, smtp=SMTP_PORT))
    (base / "key").write_text("a key for the bench alone")
    (base / "password").write_text("bench")
    run(*command(), "db", "upgrade", "--config", base / "daydesk.toml")


def measured(*arguments: str, config: Path) -> Took:
    return timed(*command(), *arguments, "--config", config)


def command() -> tuple[str, ...]:
    return (sys.executable, "-m", "processor.cli")


def timed(*words: object) -> Took:
    began = time.perf_counter()
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    kilobytes = 0
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        kilobytes = max(kilobytes, sum(map(held, family(process.pid))))
        time.sleep(0.1)
    _, status, usage = ended
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{words} ended with {process.returncode}")
    return Took(seconds=seconds, cpu=usage.ru_utime + usage.ru_stime, megabytes=kilobytes / 1024)


def family(process: int) -> set[int]:
    """This process and all that descend from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {process}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def held(process: int) -> int:
    """Kilobytes in memory; of what it shares with others, its part."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def load(base: Path) -> None:
    run("bash", TOOLS / "dovecot.sh", "load", base / "dovecot", base / "mails")


def run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])


@contextmanager
def servers(base: Path) -> Iterator[Path]:
    base.chmod(0o755)
    run("bash", TOOLS / "dovecot.sh", "start", base / "dovecot", IMAP_PORT)
    try:
        run("bash", TOOLS / "sink.sh", "start", base / "sink", SMTP_PORT)
        try:
            yield base
        finally:
            run("bash", TOOLS / "sink.sh", "stop", base / "sink")
    finally:
        run("bash", TOOLS / "dovecot.sh", "stop", base / "dovecot")


if __name__ == "__main__":
    main()
