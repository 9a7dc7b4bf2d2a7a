#!/usr/bin/env python3
"""Mutation testing of who is answered: of every small change to the rules, how many do the tests notice?

    .venv/bin/pip install -e '.[mutation]'
    .venv/bin/python bench/mutation.py [--least 95] [--children 1] [--work DIR]

mutmut changes `processor/triage/automatic.py` and `acknowledgement.py` in some 370 places, one at a time, in a copy of
the checkout, and runs their unit tests and the labelled mails against each. Prints what survived, and exits 1 where
less than `--least` percent were noticed. With `--work` an interrupted run goes on where it was. It takes a quarter of
an hour on a machine with nothing else to do.

Two that survive change nothing: the field From is asked for as "from" and as "FROM", and names are read in any letter
case.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("ingest", "processor", "templates", "migrations", "tests", "setup.cfg")
SETTINGS = """
[tool.mutmut]
source_paths = ["ingest", "processor"]
only_mutate = ["processor/triage/automatic.py", "processor/triage/acknowledgement.py"]
also_copy = ["templates"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist"]
pytest_add_cli_args_test_selection = [
    "tests/unit/test_acknowledgement.py", "tests/unit/test_automatic.py", "tests/unit/test_labelled_mails.py",
]
"""
NOTICED = ("killed", "timeout", "segfault", "suspicious", "caught by type check")


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--least", type=float, default=95, help="percent")
    wanted.add_argument("--children", type=int, default=1, help="mutants tried at once")
    wanted.add_argument("--work", type=Path, help="a folder of its own, which is kept")
    options = wanted.parse_args()
    with ExitStack() as stack:
        work = options.work or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="daydesk-mutation-")))
        copied(work)
        mutmut(work, "run", "--max-children", str(options.children))
        results = [line.split(": ") for line in mutmut(work, "results", "--all", "true").splitlines() if ": " in line]
        counts = Counter(what.strip() for _name, what in results)
        for name, what in results:
            if what.strip() not in NOTICED:
                print(mutmut(work, "show", name.strip()))
    noticed = sum(counts[what] for what in NOTICED)
    share = 100 * noticed / max(len(results), 1)
    print(f"{noticed} of {len(results)} noticed, {share:.1f} %: {dict(counts)}")
    sys.exit(0 if share >= options.least else 1)


def copied(work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, work / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, work / name)
    (work / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text() + SETTINGS)


def mutmut(work: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "mutmut", *arguments], cwd=work, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"mutmut {arguments[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
